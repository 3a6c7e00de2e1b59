"""Settings: every value by its type, every mistake by its name."""

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from restore_models.configs import changed, completed, read_toml, typed
from restore_models.restorer import ModelError
from restore_models.settings import Training, rate_at
from restore_models.settings_file import to_toml
from restore_models.train import configured
from restore_models.zoo import models


@dataclass(frozen=True)
class Inner:
    width: int = 64
    depth: int = field(default=3, metadata={"before": 1})
    norm: Literal["instance", "layer"] = "layer"


@dataclass(frozen=True)
class Outer:
    rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.99)
    blocks: tuple[int, ...] = (1, 2)
    on: bool = False
    choice: bool | None = None
    inner: Inner = field(default_factory=Inner)


def test_values_go_where_they_belong() -> None:
    settings = ["rate=1", "betas=[0.5, 0.9]", "blocks=[4,5,6]", "on=true", "choice=false", "inner.width=8"]
    found = changed(Outer(), typed([*settings, "inner.norm=instance"]), "model")
    assert found == Outer(1.0, (0.5, 0.9), (4, 5, 6), True, False, Inner(8, 3, "instance"))
    assert isinstance(found.rate, float)
    assert changed(found, typed(["choice=none"]), "model").choice is None


def test_settings_that_an_earlier_version_did_not_have_are_as_it_did_it_and_no_others_are_touched() -> None:
    assert completed({"on": True, "gone": 3, "inner": {"width": 8}}, Outer()) == {
        **asdict(Outer()),
        "on": True,
        "gone": 3,
        "inner": {"width": 8, "depth": 1, "norm": "layer"},
    }
    assert completed({}, Outer())["inner"] == asdict(Inner())
    whole = asdict(Outer(choice=True, inner=Inner(depth=7)))
    assert completed(whole, Outer()) == whole


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["inner.widht=8"], r"model.inner.widht: no such setting; did you mean width\?"),
        (["zzz=8"], "model.zzz: no such setting; there are rate, betas, blocks, on, choice, inner"),
        (["inner.width=1.5"], "model.inner.width = 1.5: must be int"),
        (["inner.width=true"], "model.inner.width = True: must be int"),
        (["on=1"], "model.on = 1: must be bool"),
        (["inner.norm=group"], "model.inner.norm = 'group': none of instance, layer"),
        (["betas=[1]"], r"model.betas = \[1\]: must have 2 values"),
        (["blocks=3"], "model.blocks = 3: must be a list"),
        (["choice=7"], "model.choice = 7: must be bool"),
    ],
)
def test_a_mistake_is_named(settings: list[str], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        changed(Outer(), typed(settings), "model")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("nafnet", "width"),
        ("pix2pix", "width"),
        ("pix2pix", "depth"),
        ("cyclegan", "width"),
        ("detector", "width"),
        ("faces", "critic_width"),
        ("triplet", "mapping_width"),
    ],
)
def test_a_network_of_no_width_is_refused_before_it_is_built(model: str, name: str) -> None:
    for value in (0, -4):
        with pytest.raises(ModelError, match=f"^model: {name} = {value}: must be at least 1$"):
            changed(models()[model].config, {name: value}, "model")


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        ("nafnet", "encoder", (2, -1)),
        ("nafnet", "middle", -5),
        ("nafnet", "window", -1),
        ("pix2pix", "patch_layers", -1),
        ("pix2pix", "l1_weight", float("nan")),
        ("cyclegan", "blocks", -3),
        ("cyclegan", "pool", -3),
        ("detector", "overlap", -1.0),
        ("triplet", "blocks", -1),
        ("triplet", "most_cells", -1),
        ("faces", "matching_weight", -1.0),
    ],
)
def test_numbers_of_things_and_weights_are_not_negative(model: str, name: str, value: Any) -> None:
    with pytest.raises(ModelError, match=rf"^model: {name} = {re.escape(str(value))}: must be at least 0$"):
        changed(models()[model].config, {name: value}, "model")


@pytest.mark.parametrize("name", [name for name, model in models().items() if model.stages])
def test_the_file_of_all_settings_gives_the_settings(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(to_toml(models()[name]), "utf-8")
    values = read_toml(tmp_path / "mine.toml")
    assert configured(models()[name], values, "mine.toml") == (models()[name].config, Training())
    assert values["training"].keys() == asdict(Training()).keys()


@pytest.mark.parametrize("text", ["rate", "=3", "a..b=3"])
def test_settings_without_a_name_or_a_value_are_refused(text: str) -> None:
    with pytest.raises(ModelError, match=r"give a name and a value, as --set model\.width=32"):
        typed([text])


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[model\n")
    for name, message in (("a.toml", "no TOML"), ("b.toml", "cannot be read")):
        with pytest.raises(ModelError, match=message):
            read_toml(tmp_path / name)


@pytest.mark.parametrize(
    "values",
    [
        {"steps": -1},
        {"decay": 1.5},
        {"ema": 1.0},
        {"log_every": 0},
        {"checked": 0},
        {"minutes": -1.0},
        {"minutes": float("nan")},
        {"minutes": float("inf")},
        {"clip": float("nan")},
    ],
)
def test_settings_that_make_no_sense_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=rf"training: {next(iter(values))} = "):
        changed(Training(), values, "training")


def test_the_rate_stays_and_then_falls_to_nothing() -> None:
    assert [rate_at(done, 0.5) for done in (0, 0.5, 0.75, 1, 1.1)] == [1, 1, 0.5, 0, 0]
    assert rate_at(1, 0) == 1

"""Anybody's own model in Python: functions, classes and objects, and one clear line for each that goes wrong."""

import sys
from pathlib import Path

import numpy as np
import pytest
from small_photos import IMAGE, MASK

from restore_models.foreign import answering
from restore_models.resolve import opened
from restore_models.restorer import ModelError

MODULE = """
import numpy as np

def inverted(image): return 255 - image
def masked(image, mask): return image if mask is None else np.where(mask[..., None] > 0, np.uint8(7), image)
def by_name(image, *, mask): return masked(image, mask)
def by_place(image, damage): return masked(image, damage)
def kept(image, strength=3): return image
def spoils(image):
    image[:] = 0
    return image
def floats(image): return image / 255
def broken(image): return np.full(image.shape, np.nan)
def smaller(image): return image[::2, ::2]
def flat(image): return image[..., 0]
def nothing(image): return None
def fails(image): raise RuntimeError("out of paint\\nand brushes")

def exits(image): raise SystemExit(3)
print("loading")

class Restorer:
    name = "mine"
    def restore(self, image, mask=None): return masked(image, mask)

class Plain:
    def restore(self, image): return inverted(image)

class Needs:
    def __init__(self, weights): ...

ready = Plain()
number = 3
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"theirs_{tmp_path.name}".replace("-", "_")
    (tmp_path / f"{name}.py").write_text(MODULE, "utf-8")
    (tmp_path / f"{name}_broken.py").write_text("import no_such_thing", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    return name


@pytest.mark.parametrize("name", ["inverted", "Plain", "ready", "ready.restore"])
def test_a_function_a_class_and_an_object_restore(module: str, name: str) -> None:
    assert np.array_equal(opened(f"{module}:{name}").restore(IMAGE, MASK), 255 - IMAGE)


@pytest.mark.parametrize("name", ["masked", "by_name", "by_place", "Restorer"])
def test_what_takes_a_mask_gets_it(module: str, name: str) -> None:
    restorer = opened(f"{module}:{name}")
    assert (restorer.restore(IMAGE, MASK)[10:20] == 7).all()
    assert np.array_equal(restorer.restore(IMAGE), IMAGE)


def test_another_parameter_with_a_default_is_no_mask(module: str) -> None:
    assert np.array_equal(opened(f"{module}:kept").restore(IMAGE, MASK), IMAGE)
    assert answering(np.frompyfunc(abs, 1, 1))[0](IMAGE, MASK).shape == IMAGE.shape


def test_a_function_that_writes_into_the_photo_spoils_only_its_copy(module: str) -> None:
    before = IMAGE.copy()
    assert not opened(f"{module}:spoils").restore(IMAGE).any()
    assert np.array_equal(IMAGE, before)


WRONG = {
    "floats": "gave float64, not uint8",
    "broken": "gave float64 with NaN, not uint8",
    "smaller": "gave 26 x 21 pixels for a photo of 52 x 41",
    "flat": r"gave an array of \(41, 52\)",
    "nothing": "gave NoneType, not a NumPy array",
    "fails": "failed: RuntimeError: out of paint and brushes",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_result_is_one_line_that_names_the_model(module: str, name: str) -> None:
    with pytest.raises(ModelError, match=f"{module}:{name} {WRONG[name]}") as caught:
        opened(f"{module}:{name}").restore(IMAGE)
    assert len(str(caught.value).splitlines()) == 1


MISSING = {
    "no_such_module:thing": "no module 'no_such_module' can be imported",
    "{module}_broken:thing": "no module 'no_such_thing' can be imported",
    "{module}:thing": "has no attribute 'thing'",
    "{module}:number": "is int: neither a function nor an object",
    "{module}:Needs": r"cannot be loaded: TypeError: .*weights",
}


@pytest.mark.parametrize("what", MISSING)
def test_what_cannot_be_loaded_is_one_line(module: str, what: str) -> None:
    with pytest.raises(ModelError, match=MISSING[what]):
        opened(what.format(module=module))


def test_a_model_that_exits_has_failed_and_what_it_prints_is_no_result(
    module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError, match="exits failed: SystemExit: 3"):
        opened(f"{module}:exits").restore(IMAGE)
    assert capsys.readouterr() == ("", "loading\n")


def test_a_name_that_stands_for_nothing_gets_the_nearest_right_one() -> None:
    with pytest.raises(ModelError, match=r"no model and no checkpoint 'tela'; did you mean telea\?"):
        opened("tela")

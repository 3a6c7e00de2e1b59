"""The adapter of pyiqa: its rules on a stand-in for the library, and our metrics against it where it is installed."""

import hashlib
import importlib.util
import os
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from charts import chart, grey
from PIL import Image as Pillow

from benchmark import offline, perceptual
from benchmark.metric import UnsupportedError
from benchmark.metrics import METRICS, scores
from benchmark.perceptual import folder_score, names, probes
from degrade.types import Image
from restore_models.restorer import ModelError

PYIQA = importlib.util.find_spec("pyiqa") is not None


class Standing:
    """A metric as pyiqa has them: lower is better, the mean distance times what its weights say."""

    metric_mode = "FR"
    lower_better = True

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = torch.tensor([factor])

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> torch.Tensor:
        images = [torch.from_numpy(np.array(each, np.float32)) for each in (target, ref)]
        if min(images[0].shape[:2]) < 32:
            raise AssertionError("too small")
        return (images[0] - images[1]).abs().mean()[None] * self.factor

    def state_dict(self) -> dict[str, torch.Tensor]:
        return {"factor": self.factor}


class Alone(Standing):
    metric_mode = "NR"
    lower_better = False

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> torch.Tensor:
        assert ref is None
        return torch.from_numpy(np.array(target, np.float32)).std()[None, None]


class Folders(Standing):
    def __call__(self, target: Any, ref: Any = None, **_: Any) -> torch.Tensor:
        return torch.tensor(float(len(list(Path(target).iterdir())) + len(list(Path(ref).iterdir()))))


class Nothing(Standing):
    def __call__(self, target: Any, ref: Any = None, **_: Any) -> torch.Tensor:
        return torch.tensor(float("nan"))


def stand_in(folder: Path) -> ModuleType:
    library = ModuleType("pyiqa")
    built = iter(range(1000))

    def read() -> Standing:
        with (folder / "lpips.pth").open("rb") as file:
            return Standing(float(file.read()))

    def fetched() -> Standing:
        urllib.request.urlopen("http://127.0.0.1:9/weights.pth")  # nobody is there
        return Standing()

    made: dict[str, Callable[[], Standing]] = {
        "lpips": read,
        "niqe": Alone,
        "musiq": fetched,
        "random": lambda: Standing(1.0 + next(built)),
        "piqe": Nothing,
        "fid": Folders,
    }
    library.__version__ = "0.1.99"
    library.list_models = lambda: list(made)
    library.create_metric = lambda name, device=None: made[name]()
    return library


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "lpips.pth").write_text("2.0")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    standing = stand_in(tmp_path)
    monkeypatch.setitem(sys.modules, "pyiqa", standing)
    perceptual._library.cache_clear()
    yield standing
    perceptual._library.cache_clear()


CLEAN, RESTORED = chart(40, 50), chart(40, 50) // 2


@pytest.mark.usefixtures("library")
def test_a_metric_of_pyiqa_is_pinned_by_its_version_and_its_weights(tmp_path: Path) -> None:
    (probe,) = probes(["lpips"])
    assert probe.weights == {str(tmp_path / "lpips.pth"): hashlib.sha256(b"2.0").hexdigest()}
    metric = probe.metric
    assert metric is not None
    assert metric.spec.startswith("pyiqa-lpips/v1?pyiqa=0.1.99&range=255&quant=uint8-round&weights=")
    assert not metric.higher_is_better
    distance = np.abs(RESTORED.astype(float) - CLEAN).mean()
    assert metric.score(RESTORED, CLEAN, None) == {"whole": pytest.approx(2 * distance, rel=1e-6)}
    assert probes(["lpips"])[0].metric.spec == metric.spec  # type: ignore[union-attr]
    (tmp_path / "lpips.pth").write_text("3.0")
    assert probes(["lpips"])[0].metric.spec != metric.spec  # type: ignore[union-attr]


@pytest.mark.usefixtures("library")
def test_a_metric_without_reference_needs_no_clean_photo() -> None:
    (probe,) = probes(["niqe"])
    assert probe.metric is not None
    assert not probe.metric.needs_clean
    assert probe.metric.higher_is_better
    value = probe.metric.score(RESTORED, None, None)["whole"]
    assert value == pytest.approx(RESTORED.astype(float).std(ddof=1), rel=1e-5)


@pytest.mark.usefixtures("library")
def test_a_metric_that_needs_the_clean_photo_says_so() -> None:
    metric = perceptual.perceptual("lpips")
    with pytest.raises(UnsupportedError, match="pyiqa-lpips needs the clean photo"):
        metric.score(RESTORED, None, None)


@pytest.mark.usefixtures("library")
def test_a_photo_smaller_than_the_metric_can_take_is_unsupported() -> None:
    metric = perceptual.perceptual("lpips")
    with pytest.raises(UnsupportedError, match=r"pyiqa-lpips has no value for 20 x 30 pixels .*too small"):
        metric.score(RESTORED[:30, :20], CLEAN[:30, :20], None)
    assert "pyiqa-lpips" not in scores(RESTORED[:30, :20], CLEAN[:30, :20], None, [metric])


@pytest.mark.usefixtures("library")
def test_missing_weights_are_one_line_and_stop_no_other_metric(tmp_path: Path) -> None:
    (tmp_path / "lpips.pth").unlink()
    found = {each.name: each for each in probes(["lpips", "musiq", "niqe", "nique"])}
    assert found["niqe"].metric is not None
    assert found["lpips"].error == (
        f"FileNotFoundError: {tmp_path / 'lpips.pth'}: No such file or directory; its weights are not here, and there "
        "is no network to fetch them"
    )
    assert "offline: nothing is fetched" in found["musiq"].error
    assert found["nique"].error == "pyiqa has no metric 'nique'; did you mean niqe?"
    assert all("\n" not in each.error for each in found.values())
    with pytest.raises(ModelError, match=r"pyiqa-musiq cannot run: .*offline"):
        perceptual.perceptual("musiq")


@pytest.mark.usefixtures("library")
def test_weights_that_are_left_to_chance_are_found_out() -> None:
    (probe,) = probes(["random"])
    assert probe.metric is None
    assert "built twice it gives" in probe.error


@pytest.mark.usefixtures("library")
def test_a_metric_that_gives_no_number_is_not_taken() -> None:
    assert probes(["piqe"])[0].error == "it gives nan for a test picture"


@pytest.mark.usefixtures("library")
def test_metrics_of_folders_are_kept_apart_from_those_of_photos(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, count in ((one, 3), (other, 4)):
        folder.mkdir()
        for number in range(count):
            Pillow.fromarray(CLEAN).save(folder / f"{number}.png")
    found = folder_score("fid", one, other)
    assert found.value == 7
    assert str(found).endswith("n = 3 and 4")
    assert "folder_score" in probes(["fid"])[0].error
    with pytest.raises(ModelError, match="judges photos"):
        folder_score("lpips", one, other)


@pytest.mark.usefixtures("library")
def test_the_licence_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    probes(["niqe"])
    probes(["niqe", "lpips"])
    assert names()[0] == "lpips"
    assert capsys.readouterr().err.count("PolyForm Noncommercial") == 1


@pytest.mark.skipif(PYIQA, reason="pyiqa is installed")
def test_without_pyiqa_the_extra_is_named() -> None:
    perceptual._library.cache_clear()
    assert probes(["lpips"])[0].error == (
        "this metric is pyiqa's, which is not installed; install the extra with: pip install 'foxing[metrics]'"
    )
    with pytest.raises(ModelError, match="not installed"):
        names()


def test_the_users_word_on_being_offline_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert offline.is_offline()
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert not offline.is_offline()


def test_a_host_that_answers_is_told_from_one_that_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert offline.is_reachable("127.0.0.1", port)
    assert not offline.is_reachable("127.0.0.1", port)


def test_offline_the_switch_of_the_hub_is_set_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    hub = ModuleType("huggingface_hub.constants")
    hub.HF_HUB_OFFLINE = False  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huggingface_hub.constants", hub)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with offline.watched(offline=True):
            assert os.environ["HF_HUB_OFFLINE"] == "1"
            assert hub.HF_HUB_OFFLINE
            with pytest.raises(ConnectionError, match="nothing is fetched"):
                socket.create_connection(address)
        with offline.watched(offline=False):
            socket.create_connection(address).close()
    assert "HF_HUB_OFFLINE" not in os.environ
    assert not hub.HF_HUB_OFFLINE


def test_only_weights_that_are_read_inside_are_noted(tmp_path: Path) -> None:
    for name in ("a.pth", "b.pth", "words.txt"):
        (tmp_path / name).write_text("1")
    with offline.watched(offline=False) as files:
        (tmp_path / "a.pth").read_bytes()
        (tmp_path / "words.txt").read_bytes()
    (tmp_path / "b.pth").read_bytes()
    assert files == {str(tmp_path / "a.pth")}


def noisy(clean: Image) -> Image:
    noise = np.random.default_rng(5).normal(0, 12, clean.shape)
    return np.clip(np.rint(clean + noise), 0, 255).astype(np.uint8)


@pytest.mark.skipif(not PYIQA, reason="pyiqa is not installed")
def test_our_metrics_are_those_of_pyiqa_where_the_definitions_agree() -> None:
    clean = grey(chart(192, 208))  # of grey photos, luma has whole levels: pyiqa rounds it
    restored = grey(noisy(clean))
    ours = scores(restored, clean)
    for name, theirs in {"ssim": "ssimc", "ms-ssim": "ms_ssim", "gmsd": "gmsd"}.items():
        value = perceptual.perceptual(theirs).score(restored, clean, None)["whole"]
        assert ours[name]["whole"] == pytest.approx(value, abs=1e-6)


@pytest.mark.skipif(not PYIQA, reason="pyiqa is not installed")
def test_where_pyiqa_differs_it_is_by_its_own_choices() -> None:
    clean = chart(192, 208)
    restored = noisy(clean)
    ours = scores(restored, clean)
    capped = 10 * np.log10(1 / (10 ** (-ours["psnr"]["whole"] / 10) + 1e-8))  # it adds 1e-8 to the squared error
    assert perceptual.perceptual("psnr").score(restored, clean, None)["whole"] == pytest.approx(capped, abs=1e-4)
    yiq = perceptual.perceptual("psnry").score(restored, clean, None)["whole"]  # luma from 0 to 255, not 16 to 235
    full = ours["psnr-y"]["whole"] + 20 * np.log10(219 / 255)
    assert yiq == pytest.approx(full, abs=0.05)
    assert METRICS["psnr"].score(clean, clean, None)["whole"] == 100
    assert perceptual.perceptual("psnr").score(clean, clean, None)["whole"] == pytest.approx(80, abs=1e-3)

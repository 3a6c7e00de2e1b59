"""The adapter of pyiqa: its rules, on a stand-in that behaves as the library does; `test_pyiqa` has the library."""

import hashlib
import importlib
import importlib.util
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import huggingface_hub
import numpy as np
import pytest
import torch
from charts import chart, flat
from PIL import Image as Pillow

from benchmark import offline, perceptual
from benchmark.metric import UnsupportedError
from benchmark.metrics import scores
from benchmark.perceptual import folder_score, names, probes
from benchmark.scoring import readings_of
from benchmark.suite import Suite
from restore_models.restorer import ModelError

PYIQA = importlib.util.find_spec("pyiqa") is not None


class Net:
    """What computes a metric: with the choices that pyiqa's have as attributes."""


class OfLuma(Net):
    test_y_channel = True
    crop_border = 4
    downsample = False


class Standing:
    """A metric as pyiqa has them: lower is better, the mean distance times what its weights say."""

    metric_mode = "FR"
    lower_better = True
    score_range: str | None = "0, 1"

    def __init__(self, factor: float = 1.0, net: type[Net] = Net) -> None:
        self.factor, self.net = torch.tensor([factor]), net()

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        images = [torch.from_numpy(np.array(each, np.float32) / 255) for each in (target, ref)]
        if min(images[0].shape[:2]) < 32:
            raise AssertionError("too small")
        return (images[0] - images[1]).abs().mean()[None] * self.factor

    def state_dict(self) -> dict[str, torch.Tensor]:
        return {"factor": self.factor, "dummy_param": torch.empty(0)}


class Alone(Standing):
    metric_mode = "NR"
    lower_better = False
    score_range = "~0, ~100"

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        assert ref is None
        return torch.from_numpy(np.array(target, np.float32)).std()[None, None]


class Folders(Standing):
    metric_mode = "NR"
    score_range = "0, ~"

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        return float(len(list(Path(target).iterdir())) + len(list(Path(ref).iterdir())))  # no tensor


class OneFolder(Folders):
    lower_better = False

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        count = len(list(Path(target).iterdir()))
        return {"inception_score_mean": np.float64(count), "inception_score_std": np.float64(0)}


class Nothing(Standing):
    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        return torch.tensor(float("nan"))


class Wild(Standing):
    """As `cw_ssim` of flat pictures."""

    def __call__(self, target: Any, ref: Any = None, **_: Any) -> Any:
        return torch.tensor([1e6 if np.ptp(np.array(target)) == 0 else 0.9])


ADDRESS = "http://127.0.0.1:9/weights-0a1b2c3d.pth"
"""Where nobody is."""


def stand_in(folder: Path) -> ModuleType:
    library = ModuleType("pyiqa")
    built = iter(range(1000))

    def read() -> Standing:
        with (folder / "lpips.pth").open("rb") as file:
            return Standing(float(file.read()))

    def fetched() -> Standing:  # pyiqa says so before it tries, and PyTorch fetches
        sys.stdout.write(f'Downloading: "{ADDRESS}" to {folder / "musiq.pth"}')
        torch.hub.download_url_to_file(ADDRESS, str(folder / "musiq.pth"), None, progress=False)
        return Standing()

    def of_the_hub() -> Standing:  # as timm does, whose networks are in many of pyiqa's metrics
        huggingface_hub.hf_hub_download("timm/a_network", "model.safetensors", cache_dir=folder / "hub")
        return Standing()

    made: dict[str, Callable[[], Standing]] = {
        "cw_ssim": Wild,
        "fid": Folders,
        "inception_score": OneFolder,
        "lpips": read,
        "musiq": fetched,
        "niqe": Alone,
        "piqe": Nothing,
        "qalign": lambda: importlib.import_module("a_module_that_nobody_has").Metric(),
        "random": lambda: Standing(1.0 + next(built)),
        "ssim": lambda: Standing(net=OfLuma),
        "topiq_nr": of_the_hub,
    }

    def create(name: str, as_loss: bool = False, device: Any = None, **_: Any) -> Standing:
        assert name in made, f"Metric {name} not implemented yet."
        return made[name]()

    library.__version__ = "0.1.99"
    library.list_models = lambda: sorted(made)
    library.create_metric = create
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
    assert metric.spec.startswith("pyiqa-lpips/v1?pyiqa=0.1.99&better=lower&range=255&quant=uint8-round&weights=")
    assert not metric.higher_is_better
    distance = np.abs(RESTORED.astype(float) - CLEAN).mean() / 255
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
def test_what_a_metric_does_to_a_photo_first_is_in_its_spec() -> None:
    spec = perceptual.perceptual("ssim").spec
    assert "?pyiqa=0.1.99&better=lower&space=y-of-yiq&crop=4&downsample=false&range=255&" in spec


@pytest.mark.usefixtures("library")
def test_a_number_that_cannot_be_meant_is_none() -> None:
    metric = perceptual.perceptual("cw_ssim")
    assert metric.score(CLEAN, CLEAN, None) == {"whole": pytest.approx(0.9)}
    with pytest.raises(UnsupportedError, match="pyiqa-cw_ssim gave 1e\\+06, far outside its range of 0, 1"):
        metric.score(flat(9), flat(9), None)


@pytest.mark.usefixtures("library")
def test_missing_weights_are_one_line_with_the_remedy_and_stop_no_other_metric(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lpips.pth").unlink()
    found = {each.name: each for each in probes(["lpips", "musiq", "niqe", "nique", "qalign", "topiq_nr"])}
    assert found["niqe"].metric is not None
    assert found["lpips"].error == (
        f"FileNotFoundError: {tmp_path / 'lpips.pth'}: No such file or directory; its weights are not here, and there "
        "is no network to fetch them"
    )
    forbidden = "is not here, and HF_HUB_OFFLINE=1 forbids the network"
    assert found["musiq"].error == f"musiq.pth {forbidden}; get {ADDRESS} and put it at {tmp_path / 'musiq.pth'}"
    assert found["topiq_nr"].error == (
        f"timm/a_network {forbidden}; fetch it where there is a network: hf download timm/a_network"
    )
    assert found["qalign"].error == (
        "the module a_module_that_nobody_has is not installed: pip install a_module_that_nobody_has"
    )
    assert found["nique"].error == "pyiqa has no metric 'nique'; did you mean niqe?"
    assert all("\n" not in each.error for each in found.values())
    with pytest.raises(ModelError, match=r"pyiqa-musiq cannot run: musiq.pth is not here"):
        perceptual.perceptual("musiq")
    assert "Downloading" not in "".join(capsys.readouterr())  # nothing is


@pytest.mark.usefixtures("library")
def test_a_damaged_file_of_weights_is_named(tmp_path: Path) -> None:
    (tmp_path / "lpips.pth").write_text("half of")
    assert probes(["lpips"])[0].error == (
        f"ValueError: could not convert string to float: b'half of', after reading {tmp_path / 'lpips.pth'}"
    )


@pytest.mark.usefixtures("library")
def test_with_a_network_a_download_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    (probe,) = probes(["musiq"])
    assert probe.error.startswith("musiq.pth is not here and cannot be fetched (")
    assert "refused" in probe.error
    assert probe.error.endswith(f"; get {ADDRESS} and put it at {tmp_path / 'musiq.pth'}")


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
    assert found.spec.startswith("pyiqa-fid/v1?pyiqa=0.1.99&better=lower&weights=")
    assert str(found).endswith("n = 3 and 4")
    assert folder_score("inception_score", one, other).value == 3
    assert "folder_score" in probes(["fid"])[0].error
    with pytest.raises(ModelError, match="judges photos"):
        folder_score("lpips", one, other)


@pytest.mark.usefixtures("library")
def test_the_licence_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    probes(["niqe"])
    probes(["niqe", "lpips"])
    assert names()[:2] == ["cw_ssim", "fid"]
    assert capsys.readouterr().err.count("PolyForm Noncommercial") == 1


def test_which_way_a_metric_goes_is_known_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptual, "is_installed", lambda: False)
    specs = tuple(f"pyiqa-{name}/v1?pyiqa=0.1.99&better={name}&weights=0" for name in ("higher", "lower"))
    readings = readings_of(Suite("mine", "of others", "restore", "none", specs, ()))
    assert [readings[each].higher_is_better for each in specs] == [True, False]


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


def test_behind_a_proxy_it_is_the_proxy_that_must_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert offline.gate() == ("huggingface.co", 443)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")
    assert offline.gate() == ("127.0.0.1", 3128)
    monkeypatch.setenv("no_proxy", "huggingface.co")
    assert offline.gate() == ("huggingface.co", 443)


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
    assert list(files) == [str(tmp_path / "a.pth")]

"""The adapter of pyiqa: its rules, on a stand-in that behaves as the library does; `test_pyiqa` has the library."""

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from charts import chart, flat
from PIL import Image as Pillow
from pyiqa_stand_in import ADDRESS, stand_in

from benchmark import perceptual
from benchmark.metric import UnsupportedError
from benchmark.metrics import scores
from benchmark.perceptual import folder_score, names, probes
from benchmark.scoring import readings_of
from benchmark.suite import Suite
from restore_models.restorer import ModelError

PYIQA = importlib.util.find_spec("pyiqa") is not None


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
    assert "foxing benchmark sets --metric pyiqa-fid" in probes(["fid"])[0].error
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

"""Our metrics beside those of pyiqa, and the adapter around the real library: all skipped where it is not installed.

    pip install -e '.[dev,metrics]' && python -m pytest tests/benchmark/test_pyiqa.py

Where definitions agree, values do to 1e-6. Where they differ, the test says how, and by how much.
"""

import importlib.util
import json
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from charts import chart, flat, grey
from PIL import Image as Pillow
from small_suites import write_photos

from benchmark.metric import UnsupportedError
from benchmark.metrics import METRICS, scores
from benchmark.perceptual import Probe, names, probes
from benchmark.scoring import of_pyiqa
from benchmark.sets import fid
from benchmark.ssim import similarity
from degrade.types import Image
from foxing import main

if importlib.util.find_spec("pyiqa") is None:
    pytest.skip("pyiqa is not installed", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings(r"ignore:(?s).*default_dataset_configs")  # a file that pyiqa leaves open

CLEAN = chart(192, 208)
"""Sides that can be halved four times without a rest."""


def noisy(clean: Image, deviation: float = 12) -> Image:
    noise = np.random.default_rng(5).normal(0, deviation, clean.shape)
    return np.clip(np.rint(clean + noise), 0, 255).astype(np.uint8)


PAIRS = {
    "noise": (noisy(CLEAN), CLEAN),
    "little noise": (noisy(CLEAN, 2), CLEAN),
    "blur": (cv2.GaussianBlur(CLEAN, (0, 0), 2), CLEAN),
    "odd sides": (noisy(chart(193, 211)), chart(193, 211)),
    "grey": (grey(noisy(CLEAN)), grey(CLEAN)),
}

pairs = pytest.mark.parametrize(("restored", "clean"), PAIRS.values(), ids=PAIRS)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def theirs(name: str, restored: Image, clean: Image | None) -> float:
    return of_pyiqa(name, "cpu").score(restored, clean, None)["whole"]


def ours(name: str, restored: Image, clean: Image) -> float:
    return METRICS[name].score(restored, clean, None)["whole"]


def with_their_floor(decibels: float) -> float:
    """Decibels with 1e-8 added to the mean squared error of photos from 0 to 1, as pyiqa does."""
    return float(-10 * np.log10(10 ** (-decibels / 10) + 1e-8))


@pairs
def test_psnr_differs_by_what_pyiqa_adds_to_the_squared_error(restored: Image, clean: Image) -> None:
    value = theirs("psnr", restored, clean)
    assert value == pytest.approx(with_their_floor(ours("psnr", restored, clean)), abs=1e-5)  # theirs is float32
    assert 0 < ours("psnr", restored, clean) - value < 1e-3


def test_equal_photos_have_80_decibels_there_and_100_here() -> None:
    assert theirs("psnr", CLEAN, CLEAN) == pytest.approx(80, abs=1e-5)
    assert ours("psnr", CLEAN, CLEAN) == 100


@pairs
def test_psnr_y_of_pyiqa_is_1_32_decibels_lower_as_its_luma_fills_the_whole_range(
    restored: Image, clean: Image
) -> None:
    full = ours("psnr-y", restored, clean) + 20 * np.log10(219 / 255)
    assert theirs("psnry", restored, clean) == pytest.approx(with_their_floor(full), abs=1e-5)


@pairs
def test_psnr_y_is_that_of_pyiqa_where_its_luma_is_told_to_be_that_of_video(restored: Image, clean: Image) -> None:
    import pyiqa  # noqa: PLC0415 - an extra

    video = pyiqa.create_metric("psnry", device="cpu", color_space="ycbcr")
    value = float(video(Pillow.fromarray(restored), Pillow.fromarray(clean)))
    assert value == pytest.approx(with_their_floor(ours("psnr-y", restored, clean)), abs=1e-5)


@pairs
def test_ssim_is_ssimc_of_pyiqa(restored: Image, clean: Image) -> None:
    assert ours("ssim", restored, clean) == pytest.approx(theirs("ssimc", restored, clean), abs=1e-6)


def test_where_structure_is_turned_round_pyiqa_counts_none_and_ours_counts_it_below_nothing() -> None:
    planes = zip(cv2.split(255 - CLEAN), cv2.split(CLEAN), strict=True)
    found = [similarity(one.astype(np.float64), other.astype(np.float64)) for one, other in planes]
    cut = float(np.mean([np.where(each.structure > 0, each.all, 0) for each in found]))
    assert theirs("ssimc", 255 - CLEAN, CLEAN) == pytest.approx(cut, abs=1e-6)
    assert ours("ssim", 255 - CLEAN, CLEAN) == pytest.approx(cut - 0.166, abs=1e-3)


def test_what_pyiqa_calls_ssim_is_of_luma_in_whole_levels() -> None:
    restored, clean = PAIRS["noise"]
    one, other = (np.rint(cv2.transform(each, np.array([[0.299, 0.587, 0.114]]))) for each in (restored, clean))
    value = theirs("ssim", restored, clean)
    assert value == pytest.approx(similarity(one.astype(float), other.astype(float)).all.mean(), abs=1e-4)
    assert value - ours("ssim", restored, clean) == pytest.approx(0.147, abs=1e-3)


def test_ms_ssim_is_that_of_pyiqa_for_grey_photos_of_even_sides() -> None:
    assert ours("ms-ssim", *PAIRS["grey"]) == pytest.approx(theirs("ms_ssim", *PAIRS["grey"]), abs=1e-6)


def test_ms_ssim_of_pyiqa_rounds_luma_and_puts_black_around_odd_sides() -> None:
    rounded = ours("ms-ssim", *PAIRS["noise"]) - theirs("ms_ssim", *PAIRS["noise"])
    assert rounded == pytest.approx(1.6e-4, abs=2e-5)
    odd = [grey(each) for each in PAIRS["odd sides"]]
    assert ours("ms-ssim", *odd) - theirs("ms_ssim", *odd) == pytest.approx(1.55e-3, abs=5e-5)


def test_gmsd_is_that_of_pyiqa_for_grey_photos_and_that_of_others_it_rounds_the_luma_of() -> None:
    for restored, clean in (PAIRS["grey"], [grey(each) for each in PAIRS["odd sides"]]):
        assert ours("gmsd", restored, clean) == pytest.approx(theirs("gmsd", restored, clean), abs=1e-6)
    assert ours("gmsd", *PAIRS["noise"]) - theirs("gmsd", *PAIRS["noise"]) == pytest.approx(-4.5e-4, abs=2e-5)


@pytest.mark.filterwarnings("ignore:The `disp` argument:DeprecationWarning")  # of SciPy, which pyiqa calls
def test_fid_is_the_distance_of_pyiqa() -> None:
    from pyiqa.archs.fid_arch import frechet_distance  # noqa: PLC0415 - an extra

    random = np.random.default_rng(0)
    one, other = random.normal(0, 1, (200, 16)) @ random.normal(0, 1, (16, 16)), random.normal(0.3, 1, (150, 16))
    moments = [value for each in (one, other) for value in (each.mean(0), np.cov(each, rowvar=False))]
    assert fid(one, other).value == pytest.approx(frechet_distance(*moments), rel=1e-9)


PINNED = {
    "cw_ssim": ("higher&space=y-of-yiq", "ac320388c42998f0"),
    "entropy": ("higher", "1a406cb74d38c157"),
    "fsim": ("higher", "1a406cb74d38c157"),
    "gmsd": ("lower&space=y-of-yiq", "1a406cb74d38c157"),
    "ms_ssim": ("higher&space=y-of-yiq&downsample=false", "1a406cb74d38c157"),
    "nlpd": ("lower&space=y-of-yiq", "b88e9a095822cf5a"),
    "piqe": ("lower", "1a406cb74d38c157"),
    "psnr": ("higher&space=rgb&crop=0", "1a406cb74d38c157"),
    "psnry": ("higher&space=y-of-yiq&crop=0", "1a406cb74d38c157"),
    "ssim": ("higher&space=y-of-yiq&crop=0&downsample=false", "1a406cb74d38c157"),
    "ssimc": ("higher&space=rgb&crop=0&downsample=false", "1a406cb74d38c157"),
    "vif": ("higher", "1a406cb74d38c157"),
    "vsi": ("higher", "1a406cb74d38c157"),
}
"""Those without weights; and `mad`, which takes seconds. The hash is of what a network holds that is constant."""


@pytest.fixture(scope="module")
def found() -> dict[str, Probe]:
    return {each.name: each for each in probes(PINNED)}


@pytest.mark.parametrize("name", PINNED)
def test_metrics_without_weights_run_and_are_pinned(name: str, found: dict[str, Probe]) -> None:
    import pyiqa  # noqa: PLC0415 - an extra

    metric, (choices, weights) = found[name].metric, PINNED[name]
    assert metric is not None, found[name].error
    assert metric.spec == (
        f"pyiqa-{name}/v1?pyiqa={pyiqa.__version__}&better={choices}&range=255&quant=uint8-round&weights={weights}"
    )
    assert metric.higher_is_better == choices.startswith("higher")
    assert metric.needs_clean == (name not in {"entropy", "piqe"})
    assert found[name].weights == {}


def test_luma_of_which_pyiqa_says_no_more_is_that_of_yiq() -> None:
    from inspect import signature  # noqa: PLC0415

    from pyiqa.utils.color_util import to_y_channel  # noqa: PLC0415 - an extra

    assert signature(to_y_channel).parameters["color_space"].default == "yiq"


def test_pyiqa_knows_a_hundred_metrics() -> None:
    assert len(names()) > 100
    assert {"dists", "fid", "lpips", "musiq", "niqe"} < set(names())


def test_of_flat_pictures_there_is_no_cw_ssim() -> None:
    with pytest.raises(UnsupportedError, match="far outside its range of 0, 1"):
        theirs("cw_ssim", flat(9), flat(9))


def test_of_small_pictures_there_is_none_that_needs_large_ones() -> None:
    metrics = [of_pyiqa(name, "cpu") for name in ("ms_ssim", "gmsd")]
    assert set(scores(chart(40, 40) // 2, chart(40, 40), None, metrics)) == {"pyiqa-gmsd"}


@pytest.fixture
def nothing_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for weights that holds none, and no network."""
    import pyiqa.utils.download_util as download  # noqa: PLC0415 - an extra

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(download, "DEFAULT_CACHE_DIR", str(tmp_path / "hub" / "pyiqa"))  # as TORCH_HOME would set it
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hf"))
    return tmp_path / "hub"


def refuse(seconds: float) -> None:
    raise AssertionError(f"somebody waits for {seconds} s")


def test_what_lacks_its_weights_says_at_once_which_and_how_to_get_them(
    nothing_fetched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", refuse)  # by itself pyiqa tries and waits for a minute to get the last alone
    errors = {each.name: each.error for each in probes(["niqe", "lpips", "topiq_nr"])}
    forbidden = "is not here, and HF_HUB_OFFLINE=1 forbids the network"
    assert errors["niqe"] == (
        f"niqe_modelparameters.mat {forbidden}; get "
        "https://huggingface.co/chaofengc/IQA-PyTorch-Weights/resolve/main/niqe_modelparameters.mat and put it at "
        f"{nothing_fetched}/pyiqa/niqe_modelparameters.mat"
    )
    assert errors["lpips"].startswith(f"alexnet-owt-7be5be79.pth {forbidden}; get https://download.pytorch.org/")
    assert errors["lpips"].endswith(f"put it at {nothing_fetched}/checkpoints/alexnet-owt-7be5be79.pth")
    assert errors["topiq_nr"].endswith("hf download timm/resnet50.a1_in1k")


def test_weights_that_were_put_there_are_used_and_hashed(nothing_fetched: Path) -> None:
    from scipy.io import savemat  # noqa: PLC0415

    file = nothing_fetched / "pyiqa" / "niqe_modelparameters.mat"
    file.parent.mkdir(parents=True)
    savemat(file, {"mu_prisparam": np.ones((1, 36)), "cov_prisparam": np.eye(36)})
    (probe,) = probes(["niqe"])
    assert probe.metric is not None, probe.error
    assert probe.weights is not None
    assert list(probe.weights) == [str(file)]
    picture = chart(200, 200)
    value = probe.metric.score(picture, None, None)["whole"]
    assert value > 0
    savemat(file, {"mu_prisparam": np.full((1, 36), 2.0), "cov_prisparam": np.eye(36)})
    (other,) = probes(["niqe"])
    assert other.metric is not None, other.error
    assert other.metric.spec != probe.metric.spec
    assert other.metric.score(picture, None, None)["whole"] != value


SUITE = """
metrics = ["psnr"]
[[damage]]
effect = "GaussianNoise"
severity = 3
"""


@pytest.mark.usefixtures("nothing_fetched")
def test_a_sweep_has_their_scores_and_a_doctor_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, plan = write_photos(tmp_path / "clean"), tmp_path / "plan.toml"
    plan.write_text(SUITE, "utf-8")
    shared = ["--suite", str(plan), "--photos", str(photos), "--model", "identity", "--json"]
    asked = ["--metric", "pyiqa-psnr", "--metric", "pyiqa-ms_ssim", "--metric", "pyiqa-entropy"]
    assert main(["benchmark", "run", *shared, *asked, "--out", str(tmp_path / "runs")]) == 0
    rows = pq.read_table(tmp_path / "runs" / "items.parquet").to_pylist()
    by_metric = {name: [row for row in rows if row["metric"].startswith(name)] for name in asked[1::2]}
    assert {row["status"] for row in by_metric["pyiqa-psnr"]} == {"ok"}
    assert {row["status"] for row in by_metric["pyiqa-ms_ssim"]} == {"unsupported"}  # the photos are small
    assert all(0 < row["value"] < 8 for row in by_metric["pyiqa-entropy"])
    capsys.readouterr()
    assert main(["benchmark", "doctor", *shared, *asked[:2], "--metric", "pyiqa-niqe"]) == 1
    said = capsys.readouterr()
    found = {each["name"]: each for each in json.loads(said.out)["metrics"]}
    assert found["pyiqa-psnr"]["problem"] == ""
    assert found["pyiqa-niqe"]["problem"].startswith("niqe_modelparameters.mat is not here")
    assert said.err.count("niqe_modelparameters.mat is not here") == 1

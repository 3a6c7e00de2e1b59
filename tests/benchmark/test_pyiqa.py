"""Our metrics beside those of pyiqa, and the adapter around the real library: all skipped where it is not installed.

    pip install -e '.[dev,metrics]' && python -m pytest tests/benchmark/test_pyiqa*.py

Where definitions agree, values do to 1e-6. Where they differ, the test says how, and by how much.
"""

import importlib.util

import cv2
import numpy as np
import pytest
from charts import chart, flat, grey
from PIL import Image as Pillow

from benchmark.metric import UnsupportedError
from benchmark.metrics import METRICS, scores
from benchmark.perceptual import Probe, names, probes
from benchmark.scoring import of_pyiqa
from benchmark.sets import fid
from benchmark.ssim import similarity
from degrade.types import Image

if importlib.util.find_spec("pyiqa") is None:
    pytest.skip("pyiqa is not installed", allow_module_level=True)

pytestmark = [
    pytest.mark.filterwarnings(r"ignore:(?s).*default_dataset_configs"),  # a file that pyiqa leaves open
    pytest.mark.usefixtures("one_thread"),
]


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

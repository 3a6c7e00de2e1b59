"""The core metrics: against other implementations and the formulas as printed, in regions, and on odd pictures."""

import itertools
import math

import cv2
import numpy as np
import pytest
from charts import chart, flat, grey
from numpy.typing import NDArray
from skimage import color
from skimage import metrics as reference

from benchmark.colour import Lab, delta_e, lab
from benchmark.metric import UnsupportedError
from benchmark.metrics import METRICS, scores
from benchmark.regions import regions
from benchmark.ssim import SCALES
from degrade.types import Image, Mask
from restore_models.restorer import ModelError

Doubles = NDArray[np.float64]


def noisy(picture: Image, sigma: float, seed: int = 1) -> Image:
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


CLEAN = chart(97, 120)
RESTORED = noisy(cv2.GaussianBlur(CLEAN, (0, 0), 1.2), 9)

HOLE = np.zeros((97, 120), np.uint8)
HOLE[30:60, 20:25] = 255
HOLE[70:90, 60:100] = 90


def value(name: str, restored: Image, clean: Image, mask: Mask | None = None, region: str = "whole") -> float:
    return METRICS[name].score(restored, clean, mask)[region]


def luma(picture: Image) -> Doubles:
    return picture.astype(np.float64) @ np.array([0.299, 0.587, 0.114])


@pytest.mark.parametrize("picture", [CLEAN, grey(CLEAN), np.full((40, 30, 3), 9, np.uint8)])
def test_psnr_is_that_of_scikit_image(picture: Image) -> None:
    other = noisy(picture, 5)
    assert value("psnr", other, picture) == pytest.approx(reference.peak_signal_noise_ratio(picture, other), abs=1e-9)


def test_psnr_y_is_that_of_the_rows_of_ycbcr_before_rounding() -> None:
    y = [color.rgb2ycbcr(each)[..., 0] for each in (RESTORED, CLEAN)]
    wanted = 10 * math.log10(255**2 / np.mean((y[0] - y[1]) ** 2))
    assert value("psnr-y", RESTORED, CLEAN) == pytest.approx(wanted, abs=1e-5)  # scikit-image's weights are rounded


def test_equal_photos_have_the_cap_and_no_pair_has_more() -> None:
    large = np.zeros((300, 300, 3), np.uint8)
    off = large.copy()
    off[0, 0, 0] = 1
    assert value("psnr", large, large) == 100
    assert value("psnr", off, large) == 100
    assert value("psnr", off[:50, :50], large[:50, :50]) == pytest.approx(10 * math.log10(255**2 * 7500), abs=1e-9)


@pytest.mark.parametrize("sides", [(97, 120), (11, 40), (250, 64)])
def test_ssim_is_that_of_scikit_image_with_a_gaussian_window(sides: tuple[int, int]) -> None:
    clean = chart(*sides)
    other = noisy(clean, 12)
    wanted = reference.structural_similarity(
        clean, other, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255
    )
    assert value("ssim", other, clean) == pytest.approx(wanted, abs=1e-9)


def test_ssim_in_a_region_is_the_mean_of_the_map_there() -> None:
    _, full = reference.structural_similarity(
        CLEAN,
        RESTORED,
        channel_axis=2,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        full=True,
    )
    inner = (HOLE >= 26)[5:-5, 5:-5]
    seen = full.mean(axis=2)[5:-5, 5:-5]
    found = METRICS["ssim"].score(RESTORED, CLEAN, HOLE)
    assert found["hole"] == pytest.approx(seen[inner].mean(), abs=1e-9)
    assert found["outside"] == pytest.approx(seen[~inner].mean(), abs=1e-9)


def test_scikit_image_by_itself_has_another_ssim() -> None:
    usual = reference.structural_similarity(CLEAN, RESTORED, channel_axis=2)  # an even window, sample covariance
    assert abs(usual - value("ssim", RESTORED, CLEAN)) > 0.003


def direct_similarity(one: Doubles, other: Doubles) -> tuple[float, float]:
    """Mean similarity and mean structure by the formula as printed, window for window."""
    place = np.arange(11) - 5
    weight = np.exp(-(place[:, None] ** 2 + place**2) / (2 * 1.5**2))
    weight /= weight.sum()
    x, y = (np.lib.stride_tricks.sliding_window_view(each, (11, 11)) for each in (one, other))

    def mean(windows: Doubles) -> Doubles:
        return np.tensordot(windows, weight, 2)

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    structure = (2 * cov + c2) / (vx + vy + c2)
    return float(((2 * mx * my + c1) / (mx**2 + my**2 + c1) * structure).mean()), float(structure.mean())


@pytest.mark.parametrize("sides", [(176, 192), (161, 179)])
def test_ms_ssim_is_its_formula(sides: tuple[int, int]) -> None:
    clean = noisy(chart(*sides), 3, seed=2)
    other = noisy(cv2.GaussianBlur(clean, (0, 0), 1), 14)
    x, y = luma(other), luma(clean)
    wanted = 1.0
    for scale, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        every, structure = direct_similarity(x, y)
        wanted *= (every if scale == 4 else structure) ** weight
        x, y = (np.pad(each, [(0, n % 2) for n in each.shape], mode="symmetric") for each in (x, y))
        x, y = (each.reshape(len(each) // 2, 2, -1, 2).mean(axis=(1, 3)) for each in (x, y))
    assert value("ms-ssim", other, clean) == pytest.approx(wanted, abs=1e-9)


def test_ms_ssim_has_a_value_where_structure_is_turned_round() -> None:
    clean = noisy(flat(128, 176), 40)
    assert value("ms-ssim", 255 - clean, clean) == 0
    assert len(SCALES) == 5


def test_ms_ssim_of_damage_in_a_hole_is_low_there_and_one_outside() -> None:
    clean = noisy(chart(400, 400), 3, seed=2)
    hole = np.zeros((400, 400), np.uint8)
    hole[180:200, 180:200] = 255
    other = clean.copy()
    other[hole > 0] = noisy(other, 60)[hole > 0]
    found = METRICS["ms-ssim"].score(other, clean, hole)
    assert found["hole"] < 0.9 * found["outside"]
    assert found["hole"] < found["band"] < found["outside"]


@pytest.mark.parametrize("sides", [(64, 48), (65, 47)])
def test_gmsd_is_its_formula(sides: tuple[int, int]) -> None:
    clean = chart(*sides)
    other = noisy(clean, 10)

    def gradient(picture: Image) -> Doubles:
        height, width = (n // 2 * 2 for n in sides)
        half = luma(picture)[:height, :width].reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
        ring = np.pad(half, 1)
        out = np.zeros((*half.shape, 2))
        for row, column in itertools.product(range(half.shape[0]), range(half.shape[1])):
            block = ring[row : row + 3, column : column + 3]
            out[row, column] = (block[:, 0] - block[:, 2]).sum() / 3, (block[0] - block[2]).sum() / 3
        return np.sqrt((out**2).sum(axis=2))

    one, two = gradient(other), gradient(clean)
    wanted = ((2 * one * two + 170) / (one**2 + two**2 + 170)).std(ddof=1)
    assert value("gmsd", other, clean) == pytest.approx(wanted, abs=1e-9)


def test_mean_absolute_error_is_in_levels() -> None:
    assert value("mae", flat(130, 20), flat(127, 20)) == 3
    assert value("mae", RESTORED, CLEAN) == pytest.approx(np.abs(RESTORED.astype(int) - CLEAN).mean(), abs=1e-9)


def test_colour_difference_is_that_of_scikit_image() -> None:
    random = np.random.default_rng(3)
    one, other = (random.integers(0, 256, (60, 70, 3), np.uint8) for _ in range(2))
    assert np.abs(np.dstack(lab(one)) - color.rgb2lab(one)).max() < 1e-9
    wanted = color.deltaE_ciede2000(color.rgb2lab(one), color.rgb2lab(other))
    assert np.abs(delta_e(lab(one), lab(other)) - wanted).max() < 1e-6
    assert value("ciede2000", one, other) == pytest.approx(wanted.mean(), abs=1e-9)
    near = noisy(CLEAN, 2)
    wanted = color.deltaE_ciede2000(color.rgb2lab(near), color.rgb2lab(CLEAN))
    assert np.abs(delta_e(lab(near), lab(CLEAN)) - wanted).max() < 1e-6


PUBLISHED = [  # Sharma et al. 2005, table 1: pairs 1, 2, 3, 7, 13, 17, 25
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, 2.8361, -74.0200), (50, 0, -82.7485), 3.4412),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
]


@pytest.mark.parametrize(("one", "other", "wanted"), PUBLISHED)
def test_colour_difference_is_as_published(one: tuple[float, ...], other: tuple[float, ...], wanted: float) -> None:
    first, second = (Lab(*(np.array([number], np.float64) for number in each)) for each in (one, other))
    assert delta_e(first, second)[0] == pytest.approx(wanted, abs=5.1e-5)
    assert delta_e(second, first)[0] == pytest.approx(wanted, abs=5.1e-5)


def test_the_spectrum_error_of_a_halved_contrast_is_six_decibels() -> None:
    strong = noisy(flat(128), 30)
    weak = np.rint(128 + (strong.astype(float) - 128) / 2).astype(np.uint8)
    assert value("luma-spectrum", weak, strong) == pytest.approx(6.02, abs=0.1)
    assert value("luma-spectrum", strong, weak) == pytest.approx(6.02, abs=0.1)
    assert value("luma-spectrum", np.roll(strong, (9, 4), (0, 1)), strong) < 1


def test_the_spectrum_error_of_rounding_alone_is_three_decibels() -> None:
    rounded = np.random.default_rng(4).uniform(100, 100.999999, (128, 128)) + 0.5
    levels = np.dstack([np.where(rounded - 100 > 1, 101, 100)] * 3).astype(np.uint8)  # variance 1/4: 4 = 3 + 1 floors
    assert value("luma-spectrum", levels, flat(100, 128)) == pytest.approx(10 * math.log10(4), abs=0.35)


def test_blur_is_seen_by_the_spectrum_and_noise_too() -> None:
    clean = noisy(chart(128, 128), 6)
    assert value("luma-spectrum", cv2.GaussianBlur(clean, (0, 0), 1), clean) > 10
    assert value("luma-spectrum", noisy(clean, 20, seed=5), clean) > 2


def test_regions_are_the_hole_all_else_and_a_band_to_both_sides_of_its_edge() -> None:
    mask = np.zeros((30, 30), np.uint8)
    mask[10:20, 10:20] = 26
    mask[0, 0] = 25
    parts = dict(regions(mask))
    assert {name: None if each is None else int((each > 0).sum()) for name, each in parts.items()} == {
        "whole": None,
        "hole": 100,
        "outside": 800,
        "band": 16**2 - 4**2,
    }


def test_regions_without_pixels_are_absent() -> None:
    assert list(dict(regions(None))) == ["whole"]
    assert list(dict(regions(np.zeros((20, 20), np.uint8)))) == ["whole", "outside"]
    assert list(dict(regions(np.full((20, 20), 255, np.uint8)))) == ["whole", "hole"]
    corner = np.zeros((40, 40), np.uint8)
    corner[:3, :3] = 255
    assert set(METRICS["psnr"].score(RESTORED[:40, :40], CLEAN[:40, :40], corner)) == {
        "whole",
        "hole",
        "outside",
        "band",
    }
    assert "hole" not in METRICS["ssim"].score(RESTORED[:40, :40], CLEAN[:40, :40], corner)  # no whole window there


def test_squared_error_is_pooled_in_each_region() -> None:
    inside = HOLE >= 26
    squares = (RESTORED.astype(float) - CLEAN) ** 2
    found = METRICS["psnr"].score(RESTORED, CLEAN, HOLE)
    for name, where in (("hole", inside), ("outside", ~inside)):
        assert found[name] == pytest.approx(10 * math.log10(255**2 / squares[where].mean()), abs=1e-9)
    distance = np.abs(RESTORED.astype(float) - CLEAN)
    assert METRICS["mae"].score(RESTORED, CLEAN, HOLE)["hole"] == pytest.approx(distance[inside].mean(), abs=1e-9)


def test_repair_and_harm_are_told_apart() -> None:
    clean = noisy(chart(128, 128), 4)
    mask = np.zeros((128, 128), np.uint8)
    mask[60:63] = 255
    repaired = clean.copy()
    repaired[mask > 0] = noisy(clean, 20)[mask > 0]
    blurred = cv2.GaussianBlur(clean, (0, 0), 1.5)
    blurred[mask > 0] = repaired[mask > 0]
    good, bad = (METRICS["psnr"].score(each, clean, mask) for each in (repaired, blurred))
    assert good["hole"] == bad["hole"]
    assert good["outside"] == 100 > bad["outside"] + 50


BLACK, WHITE = np.zeros((200, 200, 3), np.uint8), np.full((200, 200, 3), 255, np.uint8)

PAIRS = {
    "black": (BLACK, BLACK),
    "white": (WHITE, WHITE),
    "black and white": (BLACK, WHITE),
    "two greys": (flat(100, 200), flat(101, 200)),
    "equal": (noisy(flat(120, 200), 30), noisy(flat(120, 200), 30)),
    "grey": (grey(chart(200, 200)), grey(noisy(chart(200, 200), 9))),
    "odd sides": (chart(161, 203), noisy(chart(161, 203), 5)),
    "8 x 8": (chart(64, 64)[8:16, 8:16], noisy(chart(64, 64), 5)[8:16, 8:16]),
    "one pixel": (BLACK[:1, :1], WHITE[:1, :1]),
    "a line": (chart(200, 200)[:1], noisy(chart(200, 200), 5)[:1]),
}

NEEDED = {
    "psnr": 1,
    "psnr-y": 1,
    "ssim": 11,
    "ms-ssim": 161,
    "gmsd": 8,
    "mae": 1,
    "ciede2000": 1,
    "luma-spectrum": 64,
}
"""Pixels on the shorter side."""

MASKS = {"none": None, "empty": 0, "full": 255, "a pixel": 1, "half": 2}


def mask_of(kind: int | None, sides: tuple[int, int]) -> Mask | None:
    if kind is None:
        return None
    mask = np.full(sides, 255 if kind == 255 else 0, np.uint8)
    if kind == 1:
        mask[sides[0] // 2, sides[1] // 2] = 255
    if kind == 2:
        mask[: sides[0] // 2] = 200
    return mask


@pytest.mark.parametrize("kind", MASKS)
@pytest.mark.parametrize("names", PAIRS)
def test_every_metric_has_a_number_or_says_that_it_has_none(names: str, kind: str) -> None:
    restored, clean = PAIRS[names]
    mask = mask_of(MASKS[kind], clean.shape[:2])
    for metric in METRICS.values():
        if min(clean.shape[:2]) < NEEDED[metric.name]:
            with pytest.raises(UnsupportedError, match=f"{clean.shape[1]} x {clean.shape[0]} pixels"):
                metric.score(restored, clean, mask)
            continue
        found = metric.score(restored, clean, mask)
        assert "whole" in found
        assert all(math.isfinite(each) for each in found.values())
        if np.array_equal(restored, clean):
            best = {"psnr": 100, "psnr-y": 100, "ssim": 1, "ms-ssim": 1}.get(metric.name, 0)
            assert set(found.values()) == {best}


def test_the_smallest_picture_of_each_metric_is_known() -> None:
    for name, side in NEEDED.items():
        picture = np.zeros((side, side + 5, 3), np.uint8)
        assert math.isfinite(value(name, picture, picture))
        if side > 1:
            with pytest.raises(UnsupportedError, match=f"it needs {side} x {side}"):
                value(name, picture[1:], picture[1:])


def test_all_at_once_are_the_same_as_one_by_one() -> None:
    clean, restored = chart(180, 190), noisy(chart(180, 190), 8)
    mask = np.zeros((180, 190), np.uint8)
    mask[90:95] = 255
    together = scores(restored, clean, mask)
    assert together == {name: metric.score(restored, clean, mask) for name, metric in METRICS.items()}
    assert set(scores(restored[:20, :20], clean[:20, :20])) == {"psnr", "psnr-y", "ssim", "gmsd", "mae", "ciede2000"}


def test_scoring_changes_no_picture_and_minds_no_view_of_one() -> None:
    clean, restored = (each[::-1, ::2] for each in (chart(180, 380), noisy(chart(180, 380), 8)))
    before = clean.copy(), restored.copy()
    assert scores(restored, clean, HOLE[:1].repeat(180, 0).repeat(2, 1)[:, :190]) == scores(
        before[1], before[0], HOLE[:1].repeat(180, 0).repeat(2, 1)[:, :190]
    )
    assert np.array_equal(clean, before[0])
    assert np.array_equal(restored, before[1])


def test_a_direction_is_what_noise_does() -> None:
    clean = noisy(chart(180, 180), 4)
    little, much = (scores(noisy(clean, sigma, 7), clean) for sigma in (4, 30))
    for name, metric in METRICS.items():
        assert (little[name]["whole"] > much[name]["whole"]) == metric.higher_is_better


def test_specs_are_pinned() -> None:
    assert [metric.spec for metric in METRICS.values()] == [
        "psnr/v1?space=rgb&range=255&quant=uint8-round&cap=100&hole=26&band=3",
        "psnr-y/v1?space=bt601-studio&range=255&quant=uint8-round&cap=100&hole=26&band=3",
        "ssim/v1?space=rgb&window=gauss11-1.5&cov=population&border=valid&range=255&quant=uint8-round&hole=26&band=3",
        "ms-ssim/v1?space=luma601&scales=5&window=gauss11-1.5&cov=population&border=valid&range=255&quant=uint8-round"
        "&hole=26&band=3",
        "gmsd/v1?space=luma601&t=170&scale=2&range=255&quant=uint8-round&hole=26&band=3",
        "mae/v1?space=rgb&range=255&quant=uint8-round&hole=26&band=3",
        "ciede2000/v1?space=srgb-d65&weights=1-1-1&range=255&quant=uint8-round&hole=26&band=3",
        "luma-spectrum/v1?space=luma601&window=hann&bands=32&floor=1/12&range=255&quant=uint8-round",
    ]


def test_what_is_no_pair_is_named() -> None:
    with pytest.raises(ModelError, match=r"of \(20, 30, 3\), the clean one \(21, 30, 3\)"):
        scores(np.zeros((20, 30, 3), np.uint8), np.zeros((21, 30, 3), np.uint8))
    with pytest.raises(ModelError, match="not float64"):
        scores(np.zeros((20, 30, 3)), np.zeros((20, 30, 3), np.uint8))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="a mask of this photo"):
        scores(BLACK, BLACK, np.zeros((20, 30), np.uint8))
    with pytest.raises(UnsupportedError, match="no clean photo"):
        METRICS["psnr"].score(BLACK, None, None)

"""The core metrics: against other implementations and the formulas as printed."""

import itertools
import math

import cv2
import numpy as np
import pytest
from charts import chart, flat, grey
from skimage import color
from skimage import metrics as reference
from small_pairs import CLEAN, RESTORED, Doubles, luma, noisy, value

from benchmark.ssim import SCALES
from degrade.types import Image


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

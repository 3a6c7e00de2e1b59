"""The metrics of colour and of the spectrum: against scikit-image, as published, and in decibels that are known."""

import math

import cv2
import numpy as np
import pytest
from charts import chart, flat
from skimage import color
from small_pairs import CLEAN, noisy, value

from benchmark.colour import Lab, delta_e, lab


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

"""One number that a textbook gives for each family of statistics."""

import cv2
import numpy as np
import pytest
from charts import chart, flat

from degrade.light import luma
from degrade.realism.advice import ADVICE
from degrade.realism.colour import chroma, tone
from degrade.realism.grain import noise
from degrade.realism.marks import defects
from degrade.realism.patch import Patch
from degrade.realism.spectrum import blockiness, slope, spectrum
from degrade.realism.statistics import COLUMNS, NAMES, measured
from degrade.realism.texture import asymmetric_gaussian, generalised_gaussian, gradient, mscn
from degrade.realism.words import FAMILIES, STATISTICS
from degrade.seeds import stream
from degrade.types import Image

WHITE = stream(0, "white noise").normals(512, 512)


def grey_noise(sigma: float) -> Image:
    levels = np.rint(np.clip(128 + sigma * WHITE[:128, :128], 0, 255)).astype(np.uint8)
    return cv2.merge([levels] * 3)


def colour_noise(sigma: float) -> Image:
    noise_of_each = stream(1, "colour noise").normals(128, 128, 3)
    return np.rint(np.clip(128 + sigma * noise_of_each, 0, 255)).astype(np.uint8)


def test_gaussian_numbers_have_shape_2_and_laplacian_ones_shape_1() -> None:
    assert generalised_gaussian(WHITE) == pytest.approx((2, 1), rel=0.02)
    units = stream(2, "laplacian").units(400_000) - 0.5
    assert generalised_gaussian(-np.sign(units) * np.log1p(-2 * np.abs(units)))[0] == pytest.approx(1, rel=0.02)


def test_an_asymmetric_gaussian_is_as_wide_on_each_side_as_it_was_made() -> None:
    below, above = -0.5 * np.abs(WHITE.ravel()[:40_000]), 2 * np.abs(WHITE.ravel()[40_000:200_000])
    shape, mean, left, right = asymmetric_gaussian(np.concatenate([below, above]))  # as many as each side is wide
    assert (left, right) == pytest.approx((0.5, 2), rel=0.02)
    assert shape == pytest.approx(2, rel=0.05)
    assert mean == pytest.approx((2 - 0.5) * (2 / np.pi) ** 0.5, rel=0.03)


def test_the_power_of_one_over_f_noise_falls_with_the_square_and_that_of_white_noise_not_at_all() -> None:
    frequency = np.hypot(np.fft.fftfreq(512)[:, None], np.fft.rfftfreq(512)[None, :])
    pink = np.fft.irfft2(np.fft.rfft2(WHITE) / np.maximum(frequency, 1 / 512))
    assert slope(pink[:128, :128], (0.02, 0.12)) == pytest.approx(-2, abs=0.2)
    assert slope(WHITE[:128, :128], (0.15, 0.45)) == pytest.approx(0, abs=0.1)


def test_white_noise_has_its_power_in_the_octaves_by_their_area() -> None:
    numbers = spectrum(Patch.of(grey_noise(10)))
    assert 10 ** numbers["band_2"] == pytest.approx(3 / 4, abs=0.02)  # an octave has thrice the area of all inside it
    assert 10 ** (numbers["band_4"] - numbers["band_2"]) == pytest.approx(1 / 4, abs=0.03)


def test_a_screen_shows_as_a_peak() -> None:
    screen = 60 * np.sin(np.arange(128) * 2 * np.pi / 5)[:, None] * np.sin(np.arange(128) * 2 * np.pi / 5)
    screened = np.clip(grey_noise(10) + screen[..., None], 0, 255).astype(np.uint8)
    assert spectrum(Patch.of(screened))["peaks"] > spectrum(Patch.of(grey_noise(10)))["peaks"] + 0.5


def test_noise_has_its_strength_where_the_photo_is_even() -> None:
    assert 2 ** noise(Patch.of(grey_noise(4)))["flat_noise"] == pytest.approx(4, rel=0.1)  # the evenest have less


def test_grey_noise_is_alike_in_the_channels_and_colour_noise_is_not() -> None:
    grey, coloured = noise(Patch.of(grey_noise(6))), noise(Patch.of(colour_noise(6)))
    assert (grey["red_with_blue"], grey["flat_colour_noise"]) == pytest.approx((1, np.log2(0.1)), abs=1e-3)
    assert coloured["red_with_blue"] == pytest.approx(0, abs=0.05)
    assert coloured["flat_colour_noise"] > 2


def test_toning_adds_no_colour_noise() -> None:
    toned = np.rint(grey_noise(6) * np.array([1.0, 0.92, 0.7])).astype(np.uint8)
    made, found = noise(Patch.of(colour_noise(6))), noise(Patch.of(toned))
    assert found["flat_colour_noise"] < made["flat_colour_noise"] - 3
    assert found["red_with_blue"] > 0.97


def test_blurred_noise_is_alike_from_pixel_to_pixel_and_white_noise_is_not() -> None:
    blurred = cv2.blur(grey_noise(30), (2, 1))
    assert noise(Patch.of(grey_noise(6)))["noise_along"] == pytest.approx(0, abs=0.08)
    assert noise(Patch.of(blurred))["noise_along"] == pytest.approx(1 / 2, abs=0.12)  # neighbours share one of two


def test_contrast_of_noise_is_even_and_that_of_marks_on_a_flat_ground_is_spiky() -> None:
    marked = flat(128, 128)
    marked[::16, ::16] = 255
    assert mscn(Patch.of(grey_noise(20)))["fine_shape"] > 2
    assert mscn(Patch.of(marked))["fine_shape"] < 0.6


def test_the_steepness_of_a_ramp_is_its_slope() -> None:
    ramp = np.repeat(np.arange(128, dtype=np.uint8)[None, :], 128, axis=0)
    numbers = gradient(Patch.of(cv2.merge([ramp] * 3)))
    assert 2 ** numbers["edge_50"] - 0.25 == pytest.approx(1)


def test_a_strong_jpeg_shows_its_blocks_wherever_the_patch_begins() -> None:
    picture = chart(160, 160)
    picture = np.rint(np.clip(cv2.GaussianBlur(picture, (0, 0), 2) + 4 * WHITE[:160, :160, None], 0, 255)).astype(
        np.uint8
    )
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 10])[1]
    jpeg = cv2.imdecode(data, cv2.IMREAD_COLOR)
    for begin in (0, 3):
        cut = (slice(begin, begin + 128), slice(begin, begin + 128))
        before, after = blockiness(Patch.of(picture[cut])), blockiness(Patch.of(jpeg[cut]))
        assert after["blocks"] > 3 * before["blocks"]
        assert after["equal_pixels"] > before["equal_pixels"]


def test_pixels_doubled_by_enlarging_are_found() -> None:
    doubled = grey_noise(20)[:64, :64].repeat(2, axis=0).repeat(2, axis=1)
    assert blockiness(Patch.of(doubled))["doubled_pixels"] > 0.9
    assert blockiness(Patch.of(grey_noise(20)))["doubled_pixels"] < 0.1


def test_cielab_of_mid_grey_and_of_blue_is_what_tables_say() -> None:
    assert tone(Patch.of(flat(119, 128)))["tone_50"] == pytest.approx(50.03, abs=0.25)  # OpenCV uses a table
    blue = np.zeros((128, 128, 3), np.uint8)
    blue[..., 2] = 255
    numbers = chroma(Patch.of(blue))
    assert (numbers["mean_a"], numbers["mean_b"]) == pytest.approx((79.2, -107.9), abs=0.3)


def test_a_toned_photo_has_one_hue_and_no_colour_beside_its_tone() -> None:
    grey = luma(chart(128, 128)).astype(np.float64)[..., None] / 255
    toned = np.rint(255 * grey ** np.array([0.9, 1.0, 1.3])).astype(np.uint8)
    coloured, numbers = chroma(Patch.of(chart(128, 128))), chroma(Patch.of(toned))
    assert numbers["one_hue"] > 0.85
    assert numbers["colour_beside_tone"] < 0.15 * coloured["colour_beside_tone"]


def test_a_light_scratch_is_a_light_mark_and_no_dark_one() -> None:
    scratched = flat(100, 128)
    cv2.line(scratched, (10, 20), (115, 90), (220, 220, 220), 2)
    numbers = defects(Patch.of(scratched))
    assert (numbers["light_count"], numbers["dark_count"]) == (1, 0)  # log2(1 + 1)
    assert numbers["light_length"] > 40
    assert numbers["light_top"] == pytest.approx(120)


def test_the_same_patch_has_the_same_statistics_wherever_it_lies_in_memory() -> None:
    patch = np.clip(chart(128, 128) + 10 * WHITE[:128, :128, None], 0, 255).astype(np.uint8)
    room = np.empty(patch.size + 64, np.uint8)
    first = measured(patch)
    for start in range(0, 64, 7):
        moved = room[start : start + patch.size].reshape(patch.shape)
        moved[:] = patch
        assert np.array_equal(measured(moved), first)
        room = np.empty(patch.size + 64 + start, np.uint8)


@pytest.mark.parametrize("level", [0, 1, 127, 255])
def test_an_empty_patch_has_finite_statistics(level: int) -> None:
    assert np.isfinite(measured(flat(level, 128))).all()


def test_each_statistic_has_one_place_a_family_words_both_ways_and_advice() -> None:
    assert len(set(NAMES)) == len(NAMES) == sum(map(len, COLUMNS.values()))
    assert list(COLUMNS) == list(FAMILIES)
    for each in STATISTICS:
        assert each.high != each.low
        assert each.family in FAMILIES
        assert all(ADVICE[each.topic])

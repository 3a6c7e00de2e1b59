"""The floors and the classical rivals: laws for all of them, and what each is good for, in numbers."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from charts import Picture, chart, flat, grey

from degrade.light import linear_from_display
from restore_models.classical import InpaintConfig, NavierStokes, NonLocalMeans, NonLocalMeansConfig, Telea, noise
from restore_models.restorer import Model, ModelError, Restorer
from restore_models.tones import AutoLevels, AutoLevelsConfig, GreyWorld, GreyWorldConfig
from restore_models.zoo import classical, models

MODELS = classical().values()
SIZES = ((16, 16), (17, 300), (61, 43))


def built(model: Model) -> Restorer:
    return model.build(model.config)


def noisy(image: Picture, sigma: float, seed: int = 0) -> Picture:
    added = np.random.Generator(np.random.SFC64(seed)).normal(0, sigma, image.shape)
    return np.clip(np.rint(image + added), 0, 255).astype(np.uint8)


def error(one: Picture, other: Picture) -> float:
    return float(np.sqrt(np.mean((one.astype(float) - other) ** 2)))


def scratch(height: int, width: int) -> Picture:
    mask = np.zeros((height, width), np.uint8)
    cv2.line(mask, (2, 3), (width - 3, height - 5), 255, 3)
    return mask


def test_the_classical_models_come_first_in_the_zoo_and_need_nothing() -> None:
    assert list(models())[: len(MODELS)] == [model.name for model in MODELS]
    assert all(model.needs == "nothing" and not model.stages for model in MODELS)
    assert {model.name for model in MODELS if model.wants_mask} == {"telea", "navier-stokes", "sequential"}


def test_the_classical_models_do_not_import_torch() -> None:
    code = "import sys; from restore_models.resolve import opened; opened('telea'); sys.exit('torch' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_result_has_the_photos_size_is_the_same_again_and_leaves_the_photo_alone(
    model: Model, size: tuple[int, int]
) -> None:
    image, mask = noisy(chart(*size), 8), scratch(*size)
    before, mask_before = image.copy(), mask.copy()
    for given in (None, mask):
        restored = built(model).restore(image, given)
        assert (restored.shape, restored.dtype) == (image.shape, np.uint8)
        assert np.array_equal(restored, built(model).restore(image, given))
        assert not np.shares_memory(restored, image)
    assert np.array_equal(image, before)
    assert np.array_equal(mask, mask_before)


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_an_even_picture_stays_as_it_is(model: Model, level: int) -> None:
    image = flat(level, 40)
    masks = (None, np.zeros((40, 40), np.uint8), np.full((40, 40), 255, np.uint8))
    assert all(np.array_equal(built(model).restore(image, mask), image) for mask in masks)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_photo_without_colour_gets_none(model: Model) -> None:
    restored = built(model).restore(noisy(grey(chart()), 0), scratch(64, 64)).astype(int)
    assert np.ptp(restored, axis=2).max() == 0


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_what_is_no_photo_or_not_its_mask_is_refused(model: Model) -> None:
    with pytest.raises(ModelError, match="5 x 5 pixels, smaller than 16 x 16"):
        built(model).restore(flat(0, 5))
    with pytest.raises(ModelError, match=r"mask of this photo is uint8 of \(40, 40\)"):
        built(model).restore(flat(0, 40), np.zeros((40, 41), np.uint8))


def test_grey_world_takes_a_cast_of_the_light_away() -> None:
    image = chart(96, 96)
    cast = np.rint(255 * np.clip(linear_from_display(image / 255) * (1.0, 0.7, 0.4), 0, 1) ** (1 / 2.2)).astype(
        np.uint8
    )
    restored = GreyWorld(GreyWorldConfig()).restore(cast)
    before, after = (linear_from_display(each / 255).mean(axis=(0, 1)) for each in (cast, restored))
    assert np.ptp(before) / before.mean() > 0.4
    assert np.ptp(after) / after.mean() < 0.03


def test_what_is_hidden_does_not_count_for_the_balance() -> None:
    image = grey(chart())
    image[:20] = (255, 0, 0)
    mask = np.zeros((64, 64), np.uint8)
    mask[:20] = 255
    assert np.array_equal(GreyWorld(GreyWorldConfig()).restore(image, mask)[20:], image[20:])
    assert not np.array_equal(GreyWorld(GreyWorldConfig()).restore(image)[20:], image[20:])


def test_auto_levels_bring_a_faded_photo_back() -> None:
    image = chart(96, 96)
    faded = np.rint(90 + 0.4 * image).astype(np.uint8)
    restored = AutoLevels(AutoLevelsConfig()).restore(faded)
    assert (restored.min(), restored.max()) == (0, 255)
    assert error(restored, image) < 0.25 * error(faded, image)


@pytest.mark.parametrize("sigma", [1, 3, 10, 30])
def test_noise_is_estimated_within_a_twentieth(sigma: float) -> None:
    assert noise(noisy(flat(128), sigma)) == pytest.approx(sigma, rel=0.05)


def test_clean_and_clipped_pictures_have_no_noise() -> None:
    half = flat(0, 64)
    half[:32] = noisy(flat(128, 64), 10)[:32]
    assert noise(flat(255, 64)) == 0
    assert noise(half) == pytest.approx(10, rel=0.1)


def test_non_local_means_take_more_than_half_of_the_noise_away() -> None:
    image = chart(96, 96)
    image[48:60] = 128  # without the lines that are as fine as noise
    soiled = noisy(image, 12)
    assert error(NonLocalMeans(NonLocalMeansConfig()).restore(soiled), image) < error(soiled, image) / 2


def test_the_median_takes_single_specks_away() -> None:
    image = flat(90, 40)
    specked = image.copy()
    specked[5::6, 5::6] = 255
    assert np.array_equal(classical()["median"].build(classical()["median"].config).restore(specked), image)


@pytest.mark.parametrize("inpainter", [Telea(InpaintConfig()), NavierStokes(InpaintConfig())], ids=lambda one: one.name)
def test_inpainting_mends_a_scratch_and_changes_nothing_else(inpainter: Restorer) -> None:
    clean = chart(96, 96)
    clean[48:60] = clean[47]
    mask = scratch(96, 96)
    damaged = clean.copy()
    damaged[mask > 0] = 255
    restored = inpainter.restore(damaged, mask)
    assert np.array_equal(restored[mask == 0], clean[mask == 0])
    assert error(restored[mask > 0], clean[mask > 0]) < 0.25 * error(damaged[mask > 0], clean[mask > 0])


def test_the_result_hangs_on_nothing_that_is_hidden() -> None:
    image, mask = chart(), scratch(64, 64)
    other = image.copy()
    other[mask > 0] = (7, 255, 0)
    telea = Telea(InpaintConfig())
    assert np.array_equal(telea.restore(image, mask), telea.restore(other, mask))


def test_a_trace_of_damage_is_left_and_a_tenth_is_filled() -> None:
    image = flat(90, 40)
    image[20] = 200
    mask = np.zeros((40, 40), np.uint8)
    telea = Telea(InpaintConfig())
    mask[20] = 25
    assert np.array_equal(telea.restore(image, mask), image)
    mask[20] = 26
    assert abs(telea.restore(image, mask)[20].astype(int) - 90).max() <= 4  # OpenCV's rounding


def test_the_sequential_baseline_mends_noise_and_holes() -> None:
    clean = chart(96, 96)
    clean[48:60] = clean[47]
    mask, damaged = scratch(96, 96), noisy(clean, 12)
    damaged[mask > 0] = 255
    model = classical()["sequential"]
    restored = built(model).restore(damaged, mask)
    assert error(restored, clean) < error(NonLocalMeans(NonLocalMeansConfig()).restore(damaged), clean)
    assert error(restored, clean) < error(Telea(InpaintConfig()).restore(damaged, mask), clean)

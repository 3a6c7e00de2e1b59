import io

import numpy as np
import PIL.Image
import pytest

from degrade.effects.jpeg_compression import JpegCompression
from degrade.effects.reduced_jpeg import ReducedJpeg
from degrade.photo import Photo

WAVES = np.random.default_rng(5).normal(0, 1, (4, 4))


def scene(side: int = 128) -> np.ndarray:
    """A smooth picture, on which blocks are seen."""
    y, x = np.mgrid[:side, :side] / 20
    waves = sum(WAVES[i, j] * np.cos(i * x + j * y + i * j) for i in range(4) for j in range(4))
    return np.repeat(np.clip(128 + 22 * waves, 0, 255).astype(np.uint8)[..., None], 3, 2)


def blockiness(image: np.ndarray) -> float:
    """The mean step at the edges of an eight-pixel grid beside all others."""
    steps = np.abs(np.diff(image[..., 0].astype(float), axis=1)).mean(axis=0)[:120].reshape(-1, 8).mean(axis=0)
    return float(steps[7] / np.delete(steps, 7).mean())


def test_no_grid_of_eight_pixels_is_left() -> None:
    photo = Photo.of(scene())
    direct = JpegCompression(quality=8, subsampling="4:4:4").apply(photo).image
    reduced = ReducedJpeg(scale=1.7, quality=8, subsampling="4:4:4").apply(photo).image
    assert blockiness(direct) > 2
    assert blockiness(reduced) < 1.3


def test_at_its_own_size_it_is_a_jpeg() -> None:
    photo = Photo.of(scene())
    once = JpegCompression(quality=30, subsampling="4:2:0").apply(photo).image
    assert np.array_equal(ReducedJpeg(scale=1, quality=30, subsampling="4:2:0").apply(photo).image, once)


def test_at_twice_the_size_pillow_gives_the_same_picture() -> None:
    """The mean of two by two pixels of the larger file."""
    photo = Photo.of(scene(64))
    large = PIL.Image.fromarray(photo.image).resize((128, 128), PIL.Image.Resampling.BICUBIC)
    file = io.BytesIO()
    large.save(file, "JPEG", quality=40, subsampling=2)
    opened = np.asarray(PIL.Image.open(file)).astype(float)
    expected = opened.reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
    ours = ReducedJpeg(scale=2, quality=40, subsampling="4:2:0").apply(photo).image
    assert ours.astype(float) == pytest.approx(expected, abs=12)  # the two cubics differ a little
    assert np.abs(ours - expected).mean() < 1.2


def test_a_side_that_would_be_too_long_is_enlarged_less() -> None:
    photo = Photo.of(np.full((1, 40000, 3), 77, np.uint8))
    assert ReducedJpeg(scale=4, quality=90, subsampling="4:4:4").apply(photo).image == pytest.approx(77, abs=1)

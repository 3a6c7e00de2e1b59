import numpy as np
import pytest

from degrade.effects.double_jpeg import DoubleJpeg
from degrade.photo import Photo

SCENE = np.random.default_rng(5).normal(0, 1, (4, 4))


def steps(across: int, down: int, second: int) -> np.ndarray:
    """Mean step between neighbouring columns of a smooth picture, by place on a grid of eight."""
    y, x = np.mgrid[:128, :128] / 20
    waves = sum(SCENE[i, j] * np.cos(i * x + j * y + i * j) for i in range(4) for j in range(4))
    image = np.repeat(np.clip(128 + 22 * waves, 0, 255).astype(np.uint8)[..., None], 3, 2)
    effect = DoubleJpeg(first=8, second=second, across=across, down=down, subsampling="4:4:4")
    twice = effect.apply(Photo.of(image)).image[..., 0].astype(float)
    columns = np.abs(np.diff(twice, axis=1)).mean(axis=0)[:120]
    return columns.reshape(-1, 8).mean(axis=0)


def test_blocks_of_the_first_jpeg_lie_where_the_shift_puts_them() -> None:
    assert steps(across=0, down=0, second=98).argmax() == 7
    assert steps(across=3, down=5, second=98).argmax() == 4  # three columns earlier


def test_a_coarser_second_jpeg_has_its_blocks_on_the_edge() -> None:
    assert steps(across=3, down=5, second=8).argmax() == 7


def test_the_second_quality_decides_on_an_even_grey() -> None:
    grey = Photo.of(np.full((16, 16, 3), 77, np.uint8))
    after = DoubleJpeg(first=90, second=95, across=7, down=7, subsampling="4:2:0").apply(grey).image
    assert after == pytest.approx(77, abs=1)

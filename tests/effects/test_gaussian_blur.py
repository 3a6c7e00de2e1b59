import numpy as np
import pytest

from degrade.effects.gaussian_blur import GaussianBlur
from degrade.photo import Photo


def edge(sigma: float, kernel: int) -> np.ndarray:
    """A step from 55 to 200 after the blur, along one row."""
    image = np.full((256, 256, 3), 55, np.uint8)
    image[:, 128:] = 200
    return GaussianBlur(sigma=sigma, kernel=kernel).apply(Photo.of(image)).image[128, :, 0].astype(float)


@pytest.mark.parametrize("sigma", [1.0, 2.5, 6.0, 20.0])
def test_an_edge_becomes_a_ramp_whose_slope_has_its_sigma(sigma: float) -> None:
    slope = np.diff(edge(sigma, kernel=0))
    place = np.arange(len(slope))
    middle = (slope * place).sum() / slope.sum()
    assert middle == pytest.approx(127, abs=0.15)
    assert np.sqrt((slope * (place - middle) ** 2).sum() / slope.sum()) == pytest.approx(sigma, rel=0.05)


def test_a_kernel_of_three_leaves_everything_beyond_one_pixel() -> None:
    row = edge(5.0, kernel=3)
    assert (row[:127] == 55).all()
    assert (row[129:] == 200).all()
    assert row[127] == pytest.approx(55 + 145 / 3, abs=2)  # at sigma 5 the three weights are nearly equal

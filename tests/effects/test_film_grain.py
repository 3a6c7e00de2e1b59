import math

import numpy as np
import pytest

from degrade.effects.film_grain import FilmGrain
from degrade.light import display_from_linear
from degrade.photo import Photo


def grain(density: float, size: float, exponent: float = 0.9, strength: float = 0.05) -> np.ndarray:
    """The change in grey levels on an even grey of a density."""
    level = round(float(255 * display_from_linear(np.array(10.0**-density))))
    photo = Photo.of(np.full((384, 384, 3), level, np.uint8))
    aged = FilmGrain(strength=strength, size=size, exponent=exponent, channels="auto", seed=4).apply(photo).image
    assert (aged == aged[..., :1]).all()
    return aged[..., 0].astype(float) - level


@pytest.mark.parametrize("size", [0.0, 0.75, 1.2, 3.0])
def test_it_has_its_strength_at_density_one_whatever_its_size(size: float) -> None:
    change = grain(1.0, size)
    light = 10.0**-1.0
    slope = 255 * 1.055 / 2.4 * light ** (1 / 2.4) * math.log(10)  # grey levels for each unit of density
    assert change.std() == pytest.approx(0.05 * slope, rel=0.06)
    assert abs(change.mean()) < 0.1


def test_neighbours_correlate_as_a_gaussian_blur_makes_them() -> None:
    change = grain(0.7, 0.75, strength=0.15)
    lag = float(np.corrcoef(change[:, 1:].ravel(), change[:, :-1].ravel())[0, 1])
    assert lag == pytest.approx(math.exp(-1 / (4 * 0.75**2)), abs=0.03)  # 0.64, as measured on scans of prints


def test_it_grows_with_the_density_as_its_power_says() -> None:
    def in_density(density: float) -> float:
        light = 10.0**-density
        return float(grain(density, 0.75).std()) / (255 * 1.055 / 2.4 * light ** (1 / 2.4) * math.log(10))

    assert in_density(0.9) / in_density(0.3) == pytest.approx(3**0.9, rel=0.06)

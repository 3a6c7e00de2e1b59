import numpy as np
import pytest

from degrade.effects.uneven_light import UnevenLight
from degrade.photo import Photo


def test_the_lightest_and_the_darkest_place_differ_by_the_strength() -> None:
    grey = Photo.of(np.full((96, 96, 3), 120, np.uint8))
    lit = UnevenLight(strength=0.4, slope=0.5, size=0.5, seed=4).apply(grey).image.astype(float)
    light = ((lit / 255 + 0.055) / 1.055) ** 2.4
    assert np.log10(light.max() / light.min()) == pytest.approx(0.4, abs=0.02)


def test_a_straight_slope_runs_from_side_to_side() -> None:
    grey = Photo.of(np.full((96, 96, 3), 120, np.uint8))
    lit = UnevenLight(strength=0.5, slope=1, size=0.5, seed=4).apply(grey).image[..., 0].astype(float)
    assert abs(np.diff(lit, axis=0)).max() < 3
    corners = sorted([lit[0, 0], lit[0, -1], lit[-1, 0], lit[-1, -1]])
    assert (corners[0], corners[-1]) == (lit.min(), lit.max())

import math

import numpy as np
import pytest

from degrade.effects.anisotropic_blur import AnisotropicBlur
from degrade.photo import Photo


@pytest.mark.parametrize(
    ("along", "across", "angle"), [(3.0, 1.0, 30.0), (8.0, 2.0, -60.0), (1.0, 6.0, 0.0), (16, 5, 45)]
)
def test_a_spot_spreads_by_both_sigmas(along: float, across: float, angle: float) -> None:
    image = np.zeros((192, 192, 3), np.uint8)
    image[90:102, 90:102] = 255
    after = AnisotropicBlur(along=along, across=across, angle=angle).apply(Photo.of(image)).image[..., 0].astype(float)
    y, x = np.mgrid[:192, :192] - 95.5
    turn = math.radians(angle)
    one, other = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    own = (12**2 - 1) / 12  # variance of the square itself
    assert math.sqrt((after * one**2).sum() / after.sum() - own) == pytest.approx(along, rel=0.08)
    assert math.sqrt((after * other**2).sum() / after.sum() - own) == pytest.approx(across, rel=0.08)

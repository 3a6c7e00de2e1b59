import math

import numpy as np
import pytest

from degrade.effects.motion_blur import MotionBlur
from degrade.photo import Photo


@pytest.mark.parametrize(("length", "angle"), [(6.0, 0.0), (7.0, 30.0), (24.0, 120.0), (50.0, -70.0)])
def test_a_point_becomes_a_line_of_its_length_and_direction(length: float, angle: float) -> None:
    image = np.zeros((128, 128, 3), np.uint8)
    image[60:68, 60:68] = 255
    after = MotionBlur(length=length, angle=angle).apply(Photo.of(image)).image[..., 0].astype(float)
    y, x = np.mgrid[:128, :128] - 63.5
    assert (after * x).sum() / after.sum() == pytest.approx(0, abs=0.6)
    assert (after * y).sum() / after.sum() == pytest.approx(0, abs=0.6)
    turn = math.radians(angle)
    along, across = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    own = (8**2 - 1) / 12  # variance of the square itself
    variance = (after * along**2).sum() / after.sum() - own
    assert math.sqrt(12 * variance) == pytest.approx(length, rel=0.08, abs=0.7)
    assert (after * across**2).sum() / after.sum() - own < 0.7

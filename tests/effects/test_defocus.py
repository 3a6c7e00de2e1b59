import numpy as np
import pytest

from degrade.effects.defocus import Defocus
from degrade.light import to_linear
from degrade.photo import Photo


@pytest.mark.parametrize("radius", [2.0, 3.0, 11.0])
def test_a_bright_light_becomes_a_disc_of_its_radius(radius: float) -> None:
    image = np.zeros((96, 96, 3), np.uint8)
    image[47:49, 47:49] = 255
    light = to_linear(Defocus(radius=radius).apply(Photo.of(image)).image)[..., 0].astype(float)
    assert light.sum() == pytest.approx(4, rel=0.08)  # no light is lost
    y, x = np.mgrid[:96, :96] - 47.5
    assert (light * x).sum() == pytest.approx(0, abs=0.3)
    spread = (light * (x**2 + y**2)).sum() / light.sum() - 0.5  # without the spread of the light itself
    assert spread == pytest.approx(radius**2 / 2, rel=0.15)  # the second moment of an even disc


def test_light_is_averaged_not_display_values() -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, ::2] = 255
    blurred = Defocus(radius=6).apply(Photo.of(image)).image[16:48, 16:48]
    assert blurred.mean() == pytest.approx(188, abs=2)  # half the light, and not 128

import numpy as np
import pytest

from degrade.effects.sensor_noise import SensorNoise
from degrade.photo import Photo


def spread(level: int, size: float) -> float:
    photo = Photo.of(np.full((256, 256, 3), level, np.uint8))
    noise = SensorNoise(shadows=8, lights=3, size=size, channels="three", seed=5)
    return float(noise.apply(photo).image.astype(float).std())


@pytest.mark.parametrize("size", [0.0, 0.6])
def test_shadows_are_noisier_than_lights(size: float) -> None:
    assert spread(40, size) > 1.5 * spread(200, size)
    assert spread(225, size) == pytest.approx(3, rel=0.12)


def test_in_linear_light_the_variance_is_read_noise_plus_light() -> None:
    def in_light(level: int) -> float:
        light = ((level / 255 + 0.055) / 1.055) ** 2.4
        return (spread(level, 0) / (1.055 / 2.4 * light ** (1 / 2.4 - 1))) ** 2

    read, photons = (8 / 12.92) ** 2, (3 * 2.4 / 1.055) ** 2 - (8 / 12.92) ** 2
    for level in (90, 140, 190):
        light = ((level / 255 + 0.055) / 1.055) ** 2.4
        assert in_light(level) == pytest.approx(read + photons * light, rel=0.05)

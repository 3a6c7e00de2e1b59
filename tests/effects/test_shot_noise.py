import numpy as np
import pytest

from degrade.effects.shot_noise import ShotNoise
from degrade.light import to_linear
from degrade.photo import Photo


@pytest.mark.parametrize(("level", "photons"), [(188, 400.0), (120, 400.0), (120, 30.0), (60, 200.0)])
def test_the_variance_of_the_light_is_its_mean_over_the_photons(level: int, photons: float) -> None:
    photo = Photo.of(np.full((256, 256, 3), level, np.uint8))
    mean = float(to_linear(photo.image).mean())
    light = to_linear(ShotNoise(photons=photons, channels="three", size=0, seed=6).apply(photo).image).astype(float)
    assert light.mean() == pytest.approx(mean, rel=0.01)
    assert light.var() == pytest.approx(mean / photons, rel=0.05)


def test_few_photons_come_in_whole_numbers_and_leave_e_to_the_minus_mean_black() -> None:
    photo = Photo.of(np.full((256, 256, 3), 100, np.uint8))
    mean = 10 * float(to_linear(photo.image).mean())
    image = ShotNoise(photons=10, channels="auto", size=0, seed=6).apply(photo).image
    assert (image == image[..., :1]).all()
    assert (image == 0).mean() == pytest.approx(np.exp(-mean), rel=0.03)
    assert len(np.unique(image)) <= 9

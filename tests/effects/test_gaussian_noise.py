import numpy as np
import pytest

from degrade.effects.gaussian_noise import GaussianNoise
from degrade.photo import Photo

GREY = Photo.of(np.full((256, 256, 3), 128, np.uint8))


@pytest.mark.parametrize("sigma", [3.0, 15.0, 32.0])
@pytest.mark.parametrize("size", [1.0, 2.5])
def test_it_has_its_spread_and_leaves_the_mean(sigma: float, size: float) -> None:
    change = GaussianNoise(sigma=sigma, channels="three", size=size, seed=1).apply(GREY).image.astype(float) - 128
    assert change.std() == pytest.approx(sigma, rel=0.04)
    assert abs(change.mean()) < 0.03 * sigma
    red, green = change[..., 0].ravel(), change[..., 1].ravel()
    assert abs(np.corrcoef(red, green)[0, 1]) < 0.03


def test_a_grey_photo_gets_grey_noise_and_a_tenth_lies_beyond_1645_thousandths_of_sigma() -> None:
    noisy = GaussianNoise(sigma=20, channels="auto", size=0, seed=2).apply(GREY).image
    assert (noisy == noisy[..., :1]).all()
    assert (np.abs(noisy[..., 0].astype(float) - 128) > 1.645 * 20).mean() == pytest.approx(0.1, abs=0.01)


def test_an_opencv_without_wide_tables_paints_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = [GaussianNoise(sigma=sigma, channels="three", size=size, seed=1) for sigma in (9, 60) for size in (1, 2.5)]
    fast = [each.apply(GREY).image for each in noise]
    monkeypatch.setattr("degrade.light.wide_look_up", lambda: False)
    assert all(np.array_equal(each.apply(GREY).image, image) for each, image in zip(noise, fast, strict=True))

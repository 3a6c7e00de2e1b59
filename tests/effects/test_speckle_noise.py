import numpy as np
import pytest

from degrade.effects.speckle_noise import SpeckleNoise
from degrade.photo import Photo


@pytest.mark.parametrize("channels", ["one", "three"])
def test_its_spread_is_a_share_of_the_light(channels: str) -> None:
    image = np.zeros((256, 384, 3), np.uint8)
    image[:, :128], image[:, 128:256] = 120, 60
    change = SpeckleNoise(sigma=0.1, channels=channels, size=0, seed=3).apply(Photo.of(image)).image - image.astype(
        float
    )
    assert change[:, :128].std() == pytest.approx(12, rel=0.03)
    assert change[:, 128:256].std() == pytest.approx(6, rel=0.03)
    assert (change[:, 256:] == 0).all()  # black stays black
    assert change.mean() == pytest.approx(0, abs=0.1)

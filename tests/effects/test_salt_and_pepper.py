import numpy as np
import pytest

from degrade.effects.salt_and_pepper import SaltAndPepper
from degrade.photo import Photo

GREY = Photo.of(np.full((400, 400, 3), 90, np.uint8))


@pytest.mark.parametrize("size", [0.0, 4.0])
def test_the_shares_of_white_and_black_are_as_asked(size: float) -> None:
    image = SaltAndPepper(share=0.1, salt=0.3, channels="one", size=size, seed=8).apply(GREY).image[..., 0]
    assert (image == 255).mean() == pytest.approx(0.03, rel=0.15)
    assert (image == 0).mean() == pytest.approx(0.07, rel=0.15)
    assert ((image == 90) | (image == 0) | (image == 255)).all()


def test_a_grey_photo_gets_no_confetti() -> None:
    image = SaltAndPepper(share=0.05, salt=0.5, channels="auto", size=1, seed=1).apply(GREY).image
    assert (image == image[..., :1]).all()
    confetti = SaltAndPepper(share=0.05, salt=0.5, channels="three", size=1, seed=1).apply(GREY).image
    assert (confetti != 90).any(axis=2).mean() == pytest.approx(1 - 0.95**3, rel=0.05)

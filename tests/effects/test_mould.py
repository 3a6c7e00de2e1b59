import cv2
import numpy as np

from degrade.effects.mould import Mould
from degrade.photo import Photo
from degrade.types import Defect

PAPER = Photo.of(np.full((256, 256, 3), 235, np.uint8))


def mouldy(*, spread: float = 0.3, size: int = 256) -> Photo:
    photo = Photo.of(np.full((size, size, 3), 235, np.uint8))
    return Mould(density=60, radius=0.03, strength=0.6, spread=spread, colour="green", seed=5).apply(photo)


def test_mould_grows_from_one_damp_corner() -> None:
    quarters = cv2.resize(mouldy(spread=0.3).mask, (2, 2), interpolation=cv2.INTER_AREA).ravel()
    assert quarters.max() > 0.6 * quarters.astype(int).sum()


def test_green_mould_leaves_more_green_than_red_or_blue() -> None:
    grown = mouldy()
    red, green, blue = grown.image[grown.mask > 60].mean(axis=0)
    assert green > red
    assert green > blue
    assert ((grown.labels == Defect.STAIN) == (grown.mask > 0)).all()


def test_the_same_colonies_grow_at_any_resolution() -> None:
    small, large = (cv2.GaussianBlur(mouldy(size=side).mask, (0, 0), side / 128) for side in (256, 1024))
    shrunk = cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(small.ravel(), shrunk.ravel())[0, 1] > 0.97

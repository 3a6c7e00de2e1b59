import cv2
import numpy as np
import pytest

from degrade.effects.tape import Tape
from degrade.photo import Photo
from degrade.types import Defect

WHITE = Photo.of(np.full((300, 300, 3), 255, np.uint8))


def taped(*, strips: int = 1) -> Photo:
    return Tape(strips=strips, width=0.12, strength=0.75, bubbles=0.0, where="across", seed=2).apply(WHITE)


def test_aged_adhesive_on_white_is_amber() -> None:
    photo = taped()
    lab = cv2.cvtColor(photo.image.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    lightness, red, yellow = np.median(lab[photo.mask > 128], axis=0)
    assert lightness == pytest.approx(72, abs=8)
    assert 0 < red < 10
    assert yellow == pytest.approx(34, abs=8)


def test_a_strip_across_covers_its_width_of_the_picture() -> None:
    photo = taped()
    assert (photo.mask > 60).mean() == pytest.approx(0.12, rel=0.2)
    assert (photo.labels[photo.mask > 0] == Defect.TAPE).all()
    assert (photo.image == 255)[photo.mask == 0].all()


def test_where_strips_overlap_their_densities_add() -> None:
    assert taped(strips=3).mask.max() > taped(strips=1).mask.max()

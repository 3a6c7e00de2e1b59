import numpy as np
import pytest

from degrade.effects.skew import Skew
from degrade.photo import Photo
from degrade.types import Defect

WHITE = np.full((120, 160, 3), 90, np.uint8)


def scratched() -> Photo:
    coverage = np.zeros((120, 160), np.uint8)
    coverage[40:44, 30:130] = 255
    return Photo.of(WHITE).damaged((250, 250, 250), coverage, Defect.SCRATCH)


def test_a_scratch_moves_with_its_mask_and_its_label_by_the_angle() -> None:
    photo = Skew(angle=5, across=0, down=0, lid="black").apply(scratched())
    scratch = photo.labels == Defect.SCRATCH
    assert (photo.image[..., 0][scratch & (photo.mask == 255)] == 250).all()
    assert (photo.image[..., 0][photo.mask == 0] == 90).all()
    y, x = np.nonzero(scratch & (photo.mask > 128))
    assert np.polyfit(x, y, 1)[0] == pytest.approx(np.tan(np.radians(5)), abs=0.01)


def test_the_clean_twin_turns_too() -> None:
    gradient = np.repeat(np.rint(np.linspace(0, 255, 160)).astype(np.uint8)[None, :, None], 120, 0).repeat(3, 2)
    photo = Skew(angle=-4, across=0.1, down=0.05, lid="white").apply(Photo.of(gradient))
    assert np.array_equal(photo.image[photo.mask == 0], photo.clean[photo.mask == 0])
    assert not np.array_equal(photo.clean, gradient)


def test_what_a_shift_uncovers_is_lid_and_called_a_loss() -> None:
    photo = Skew(angle=0, across=0.1, down=0, lid="white").apply(Photo.of(WHITE))
    assert (photo.labels[:, :12] == Defect.LOSS).all()
    assert photo.mask[:, 12:].max() == 0
    assert photo.image[60, 0] == pytest.approx([246, 246, 244], abs=2)
    assert (photo.image[:, 11] < 200).all()  # the paper's edge throws a shadow

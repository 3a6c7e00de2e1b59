import numpy as np

from degrade.effects.contrast_loss import ContrastLoss
from degrade.effects.contrast_stretch import ContrastStretch
from degrade.photo import Photo


def test_what_lies_outside_the_new_ends_is_cut_off() -> None:
    levels = Photo.of(np.array([[[level] * 3 for level in (0, 40, 41, 224, 225, 255)]], np.uint8))
    after = ContrastStretch(blacks=40, whites=30).apply(levels).image[0, :, 0]
    assert after.tolist() == [0, 0, 1, 254, 255, 255]


def test_the_levels_that_are_left_have_gaps() -> None:
    ramp = Photo.of(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2))
    after = ContrastStretch(blacks=64, whites=63.5).apply(ramp).image[0, :, 0]
    assert len(np.unique(after)) == 129  # a slope of two: every other level


def test_it_undoes_a_loss_of_contrast_but_for_the_rounding() -> None:
    ramp = Photo.of(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2))
    back = ContrastStretch(blacks=50, whites=30).apply(ContrastLoss(blacks=50, whites=30).apply(ramp)).image
    assert np.abs(back.astype(int) - ramp.image).max() <= 1

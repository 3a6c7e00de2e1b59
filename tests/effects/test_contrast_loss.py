import numpy as np

from degrade.effects.contrast_loss import ContrastLoss
from degrade.photo import Photo


def test_black_lifts_and_white_dulls_by_their_levels() -> None:
    ends = Photo.of(np.array([[[0] * 3, [255] * 3, [51] * 3]], np.uint8))
    assert ContrastLoss(blacks=40, whites=30).apply(ends).image[0, :, 0].tolist() == [40, 225, 77]


def test_more_loss_than_contrast_leaves_one_grey() -> None:
    ends = Photo.of(np.array([[[0] * 3, [255] * 3]], np.uint8))
    assert np.ptp(ContrastLoss(blacks=255, whites=155).apply(ends).image) == 0

import numpy as np

from degrade.effects.gamma_shift import GammaShift
from degrade.photo import Photo


def test_half_grey_at_gamma_two_is_a_quarter_between_the_same_ends() -> None:
    tones = Photo.of(np.array([[[0] * 3, [128] * 3, [255] * 3]], np.uint8))
    assert GammaShift(gamma=2).apply(tones).image[0, :, 0].tolist() == [0, 64, 255]

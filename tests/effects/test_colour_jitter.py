import numpy as np

from degrade.effects.colour_jitter import ColourJitter
from degrade.photo import Photo


def test_channels_shift_on_their_own_round_and_saturate() -> None:
    photo = Photo.of(np.array([[[100, 100, 100], [250, 5, 0]]], np.uint8))
    shifted = ColourJitter(red=20, green=-10.4, blue=0.6).apply(photo).image
    assert shifted.tolist() == [[[120, 90, 101], [255, 0, 1]]]

import numpy as np
import pytest

from degrade.effects.yellowing import Yellowing
from degrade.photo import Photo


def test_an_even_stain_has_its_density_in_blue_and_a_third_of_it_in_green() -> None:
    white = Photo.of(np.full((40, 60, 3), 255, np.uint8))
    even = Yellowing(strength=0.3, unevenness=0, edges=0, reach=0.1, seed=1).apply(white).image
    linear = ((even[20, 30] / 255 + 0.055) / 1.055) ** 2.4
    assert -np.log10(linear) == pytest.approx([0.03, 0.09, 0.3], abs=0.004)


def test_the_edge_is_yellower_than_the_middle() -> None:
    white = Photo.of(np.full((100, 150, 3), 255, np.uint8))
    print_ = Yellowing(strength=0.05, unevenness=0, edges=0.3, reach=0.05, seed=1).apply(white).image
    assert int(print_[50, 75, 2]) - int(print_[50, 0, 2]) > 50
    assert int(print_[50, 75, 2]) > 235

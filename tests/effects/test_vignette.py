import numpy as np
import pytest

from degrade.effects.vignette import Vignette
from degrade.photo import Photo


def light(levels: np.ndarray) -> np.ndarray:
    return ((levels / 255 + 0.055) / 1.055) ** 2.4


def test_light_falls_off_with_the_fourth_power_of_the_cosine() -> None:
    white = Photo.of(np.full((570, 820, 3), 255, np.uint8))
    box_camera = Vignette(loss=1 - np.cos(np.radians(26.6)) ** 4, barrel=0).apply(white).image
    places = [(285, 410), (285, 0), (0, 0)]
    angles = [np.arctan(np.hypot(y - 285, x - 410) / 1000) for y, x in places]  # f = 100 mm for 57 by 82 mm
    seen = [light(box_camera[y, x, 0].astype(float)) for y, x in places]
    assert seen == pytest.approx([np.cos(angle) ** 4 for angle in angles], abs=0.012)


def test_a_barrel_leaves_the_middle_as_it_was() -> None:
    white = Photo.of(np.full((100, 100, 3), 255, np.uint8))
    dark_corners = Vignette(loss=0, barrel=1).apply(white).image
    assert dark_corners[50, 20:80].min() == 255
    assert dark_corners[0, 0].max() < 30

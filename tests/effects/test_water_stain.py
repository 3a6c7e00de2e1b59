import numpy as np
import pytest

from degrade.effects.water_stain import WaterStain, tide
from degrade.photo import Photo
from degrade.types import Defect

PAPER = Photo.of(np.full((300, 400, 3), 235, np.uint8))


def wetted(*, lines: int = 1) -> Photo:
    return WaterStain(count=1, size=0.4, strength=0.4, tint=0.25, lines=lines, fade=0.02, seed=3).apply(PAPER)


def test_a_tide_line_peaks_at_its_border_ends_sharply_outside_and_falls_to_1_over_e_inside() -> None:
    depth = np.array([[-0.005, -0.0025, 0.0, 0.02, 0.04]], np.float32)
    assert tide(depth, fade=0.02)[0] == pytest.approx([0, 0, 1, np.exp(-1), np.exp(-2)], abs=1e-5)


def test_water_browns_the_paper_blue_most_and_red_least() -> None:
    stained = wetted(lines=3)
    red, green, blue = (stained.image[..., c][stained.mask > 0].mean() for c in range(3))
    assert blue < green < red < 235
    assert (stained.labels[stained.mask > 0] == Defect.STAIN).all()


def test_paper_outside_the_contour_stays_as_it_was() -> None:
    stained = wetted()
    assert 0.02 < (stained.mask > 0).mean() < 0.8
    assert (stained.image == PAPER.image)[stained.mask == 0].all()


def test_another_wetting_leaves_another_line_inside_the_first() -> None:
    once, twice = wetted(lines=1), wetted(lines=2)
    assert (twice.image <= once.image).all()
    assert (twice.image[..., 2] < once.image[..., 2].astype(int) - 5).mean() > 0.005
    assert ((twice.mask > 0) == (once.mask > 0)).mean() > 0.99

import numpy as np
import pytest

from degrade.effects.characteristic_curve import CharacteristicCurve
from degrade.photo import Photo

GRADE_2 = CharacteristicCurve(dmin=0.05, dmax=2.0, slope=3.5, shape=0.57, exposure=0, veil=0)


def test_a_print_is_as_white_as_its_paper_and_as_black_as_its_silver() -> None:
    ends = GRADE_2.printed(np.array([1000.0, 1e-4]))
    assert -np.log10(ends) == pytest.approx([0.05, 2.0], abs=0.02)


def test_the_printer_keeps_mid_grey_whatever_the_grade() -> None:
    for slope in (2.0, 3.5, 4.6):
        curve = CharacteristicCurve(dmin=0.1, dmax=1.5, slope=slope, shape=0.8, exposure=0, veil=0.02)
        assert curve.printed(np.array([0.18]))[0] == pytest.approx(0.18, rel=1e-6)


def test_a_hard_paper_has_more_contrast_in_the_mid_tones() -> None:
    tones = Photo.of(np.array([[[90] * 3, [150] * 3]], np.uint8))
    hard = CharacteristicCurve(dmin=0.05, dmax=2.0, slope=6, shape=0.8, exposure=0, veil=0)
    spreads = [
        int(curve.apply(tones).image[0, 1, 0]) - int(curve.apply(tones).image[0, 0, 0]) for curve in (GRADE_2, hard)
    ]
    assert spreads[1] > spreads[0] > 60

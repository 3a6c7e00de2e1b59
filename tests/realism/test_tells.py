"""Which statistics are named, and in which order, on tables with planted differences."""

import numpy as np
import pytest

from degrade.realism.patch import Doubles
from degrade.realism.tells import EASY, apart, deviations, tells, weighed
from degrade.realism.words import STATISTICS
from degrade.seeds import stream

NAMES = [each.name for each in STATISTICS]

PHOTOS = 40


def tables(**moved: float) -> tuple[Doubles, Doubles]:
    """Photos of one kind in numbers, as many whose statistics of that name are so much more."""
    first, second = (stream(4, "table", side).normals(PHOTOS, len(NAMES)).astype(np.float64) for side in ("a", "b"))
    for table in (first, second):
        table[:, NAMES.index("chroma")] += 20  # with colours
    for name, more in moved.items():
        second[:, NAMES.index(name)] += more
    return first, second


def test_what_to_change_is_said_once() -> None:
    found = tells(*tables(noise_along=-6, noise_down=-5.5, noise_across=-5, noise_two_apart=-4.5, flat_noise=4))
    assert [each.words for each in found] == ["noise too fine along the rows", "too much noise in even areas"]


def test_casts_of_two_hues_are_both_said() -> None:
    found = tells(*tables(mean_a=-5, mean_b=4))
    assert [each.words for each in found] == ["too greenish", "too yellow"]


def test_marks_are_named_before_how_crisp_they_make_the_picture() -> None:
    found = tells(*tables(crispness=4.5, slope_coarse=4.5, light_top=4))
    assert found[0].words == "the strongest light marks too strong"


def test_too_crisp_is_said_with_less_sharpening() -> None:
    (found,) = tells(*tables(crispness=4))
    assert found.words.startswith("too crisp")
    assert found.advice.startswith("Less Sharpening")


def test_what_most_photos_have_none_of_counts_by_how_well_it_tells() -> None:
    first, second = tables()
    burnt = NAMES.index("burnt")
    first[:, burnt] = 0
    second[:, burnt] = np.where(np.arange(PHOTOS) % 5, 0.001, 0) + np.where(np.arange(PHOTOS) == 1, 1, 0)
    assert apart(first, second)[burnt] < 0.3
    assert weighed(first, second)[burnt] == pytest.approx(deviations(0.9))


def test_the_rounding_of_grey_photos_is_no_cast() -> None:
    first, second = tables(yellow_by_tone=4, combed=3)
    for table in (first, second):
        table[:, NAMES.index("chroma")] = 0.02
    assert [each.name for each in tells(first, second)] == ["combed"]


def test_an_area_says_how_far_apart_two_normal_sets_lie() -> None:
    assert deviations(0.5) == 0
    assert deviations(0.7602) == pytest.approx(1, abs=1e-3)
    assert deviations(0.2398) == pytest.approx(1, abs=1e-3)
    assert deviations(1.0) == deviations(EASY)

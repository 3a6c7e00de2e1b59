"""What the experiment on presets says of marks and of differences, without any training."""

import numpy as np
import pytest
from project_scripts import script


def marked(*levels: int, wide: int = 3) -> object:
    """A grey photo with upright bars of these levels."""
    matter = script("matter_marks")
    image, truth = np.full((60, 40 * len(levels), 3), 100, np.uint8), np.zeros((60, 40 * len(levels)), bool)
    for number, level in enumerate(levels):
        place = np.s_[:, 40 * number + 18 : 40 * number + 18 + wide]
        image[place], truth[place] = level, True
    labelled = matter.Labelled("p", image, truth, np.ones_like(truth))
    return matter.Marked(labelled, np.full_like(image, 100), {"scratch": int(truth.sum())})


def test_a_light_bar_is_lighter_than_what_is_around_by_its_levels() -> None:
    found = script("matter_marks").numbers([marked(140)])
    assert (found["contrast"], found["lighter"], found["stand out"], found["unseen"]) == (40, 1, 1, 0)
    assert found["area"] == pytest.approx(3 / 40)
    assert found["width"] == 3
    assert found["kinds"] == {"scratch": 1}


def test_a_dark_bar_beside_a_light_one_makes_half_of_the_marks_darker() -> None:
    assert script("matter_marks").numbers([marked(140, 60)])["lighter"] == pytest.approx(0.5)


def test_a_mark_that_changes_hardly_anything_goes_unseen() -> None:
    assert script("matter_marks").numbers([marked(104)])["unseen"] == 1


def test_without_any_marks_nothing_is_said_of_their_kind() -> None:
    found = script("matter_marks").numbers([marked(100, wide=0)])
    assert found == {"area": 0, "photos": 0}
    assert script("matter_page").marks({"none": found}).splitlines()[-1] == "| none | 0.0% | 0%" + " | " * 7 + " |"


def test_presets_that_differ_alike_on_every_photo_differ_for_sure() -> None:
    page, low = script("matter_page"), np.array([[0.1, 0.5], [0.2, 0.6]])
    assert page.differences({"a": low, "b": low + 0.1}, 2).endswith("| `b` - `a` | +0.10 [+0.10, +0.10] |")

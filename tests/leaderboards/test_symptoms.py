"""What seems wrong with a photo: damage is seen for what it is, and nothing where there is none."""

import numpy as np
import pytest
from small_fingerprints import SIDE, aged, scene, shipped

from degrade.effects import EFFECTS
from degrade.recipe import Recipe
from degrade.severity import at_severity
from leaderboards.ailing import STATISTICS, seen, statistics_of
from leaderboards.symptoms import SYMPTOMS, Shown, reweighted, symptoms


def test_signs_tell_what_a_photo_and_undamaged_ones_have() -> None:
    clean, noisy = (statistics_of(each, SIDE) for each in (scene(60), aged(60, "GaussianNoise")[0]))
    signs = {each.name: each for each in seen(noisy, clean)}
    assert signs["noise in even areas"].value > 3 * (signs["noise in even areas"].undamaged or np.inf) / 2
    assert "masked" not in signs
    assert len(STATISTICS) > len(signs)


CLEAN = ("astronaut", "camera", "chelsea", "coffee", "coins", "moon", "page", "rocket", "text")


@pytest.mark.parametrize("name", CLEAN)
def test_little_seems_wrong_with_a_photo_that_is_not_damaged(name: str) -> None:
    assert symptoms(shipped(name)) == ()


@pytest.mark.parametrize("name", ["rocket", "camera"])
@pytest.mark.parametrize(
    ("effect", "key"),
    [
        ("GaussianNoise", "noise"),
        ("FilmGrain", "noise"),
        ("GaussianBlur", "blur"),
        ("DyeFading", "faded"),
        ("Scratches", "marks"),
        ("JpegCompression", "blocks"),
    ],
)
def test_what_was_done_at_severity_3_is_seen_for_what_it_is(name: str, effect: str, key: str) -> None:
    kind = next(each for each in EFFECTS if each.__name__ == effect)
    step = at_severity(kind, 3, seed=11, short_side=min(shipped(name).shape[:2]))
    found = [each.symptom for each in symptoms(Recipe((step,)).apply(shipped(name)).image)]
    assert key in [each.key for each in found]
    assert effect in next(each for each in found if each.key == key).effects


def test_a_mask_says_what_is_masked_and_thin_marks_are_not_guessed() -> None:
    image = shipped("camera")
    mask = np.zeros(image.shape[:2], np.uint8)
    assert symptoms(image, mask) == ()
    mask[:20] = 255
    (found,) = symptoms(image, mask)
    assert found.symptom.key == "masked"
    assert found.value == pytest.approx(100 * 20 / image.shape[0])


def test_cells_count_for_as_much_as_they_are_likely_to_show_what_is_seen() -> None:
    cells = (("none", 0), ("DyeFading", 3), ("GaussianBlur", 3), ("Vignette", 3), ("medium", 3))
    likely = dict.fromkeys(cells, 0.2)
    noisy = [Shown(each, 9.0) for each in SYMPTOMS if each.key == "faded"]
    found = reweighted(likely, noisy, masked=False)
    assert max(found, key=found.__getitem__) in (("DyeFading", 3), ("medium", 3))
    assert found["medium", 3] == found["DyeFading", 3]
    assert found["GaussianBlur", 3] < found["Vignette", 3] == found["none", 0] < found["DyeFading", 3] / 5
    nothing = reweighted(likely, [], masked=False)
    assert nothing["none", 0] == nothing["Vignette", 3] > nothing["DyeFading", 3]
    assert sum(found.values()) == pytest.approx(1) == sum(nothing.values())

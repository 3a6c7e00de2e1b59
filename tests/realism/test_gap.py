"""The comparison on sets whose answer is known."""

import warnings
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from realism.small_sets import COUNT, keys, levels, measure, noisy, photo, plain_set, scratched, yellowed

from degrade.light import luma
from degrade.realism.measuring import Measured
from degrade.realism.patch import SIDE
from degrade.realism.patches import ANYWHERE, anywhere, marked
from degrade.realism.ranks import area, area_estimate, normal_scores, ranked
from degrade.seeds import stream
from degrade.types import Image

pytest.importorskip("sklearn")

from degrade.realism.classifier import FOLDS, Forest, folds_of, out_of_fold
from degrade.realism.distance import discrepancy
from degrade.realism.gap import Gap, Trees, diversity, gap, halves
from degrade.realism.tells import foremost

FEW = Trees(16, 8)


def compared(first: list[Measured], second: list[Measured]) -> Gap:
    return gap("test", first, second, 0, FEW)


def test_two_sets_of_one_kind_are_not_told_apart() -> None:
    found = compared(plain_set("a"), plain_set("b"))
    for estimate in (found.forest, found.logistic):
        assert estimate.low < 0.5 < estimate.high
    assert found.discrepancy.p > 0.05
    assert found.tells == ()


def test_a_set_against_itself_is_a_coin_toss_exactly() -> None:
    found = compared(plain_set("a"), plain_set("a"))
    assert (found.forest.value, found.logistic.value) == (0.5, 0.5)
    assert found.discrepancy.p > 0.9
    assert all(each.diversity == 1 for each in found.families)


def test_halves_of_one_set_are_about_even() -> None:
    found = halves("test", plain_set("a") + plain_set("b"), 0, Trees(8, 3))
    assert found.photos == (COUNT, COUNT)
    assert 0.35 < found.forest.value < 0.65
    assert abs(found.discrepancy.value) < 0.2


def test_planted_noise_is_found_and_called_too_much_colour_noise() -> None:
    found = compared(plain_set("a"), [measure(key, noisy(photo(key), key)) for key in keys("b")[:12]])
    assert min(found.forest.value, found.logistic.value) > 0.9
    assert found.discrepancy.p < 0.01
    assert found.families[0].name == "noise"
    noise = [each for each in found.tells if each.family == "noise"]
    assert noise
    assert {each.words for each in noise} & {"too much high-frequency colour noise", "noise too coloured"}
    assert not any(each.words.startswith(("too little", "noise not", "noise too alike")) for each in noise)


def test_a_planted_cast_names_colour_first_and_says_which() -> None:
    found = compared(plain_set("a"), [measure(key, yellowed(photo(key))) for key in keys("b")[:12]])
    assert found.families[0].name == "chroma"
    assert "too yellow" in [each.words for each in found.tells]


def test_planted_scratches_name_the_light_marks_on_the_patches_chosen_for_them() -> None:
    found = compared(plain_set("a"), [measure(key, scratched(photo(key), key)) for key in keys("b")[:12]])
    family = next(each for each in found.families if each.name == "defects")
    assert family.forest.value > 0.9
    first = next(each for each in found.tells if each.family == "defects")
    assert first.name.startswith("light_")
    assert first.area > 0.9


def grained(image: Image, key: str) -> Image:
    """The same noise in all channels, 4 levels."""
    return levels(image + 4 * stream(2, "noise", key).normals(*image.shape[:2])[..., None])


def blurred(image: Image, _: str) -> Image:
    return cv2.GaussianBlur(image, (0, 0), 0.8)


def lightened(image: Image, _: str) -> Image:
    return levels(image + 40.0)


def greyed(image: Image, _: str) -> Image:
    return np.dstack([luma(image)] * 3)


@pytest.mark.parametrize(
    ("planted", "family", "said"),
    [
        (grained, "noise", "too much noise in even areas"),
        (blurred, "spectrum", "too soft: the fine end falls too fast"),
        (lightened, "tone", "darks too light"),
        (greyed, "chroma", "too little colour that tone does not explain"),
        (scratched, "defects", "the strongest light marks too strong"),
    ],
)
def test_one_planted_give_away_is_named_first_and_in_words_before_all_that_comes_of_it(
    planted: Callable[[Image, str], Image], family: str, said: str
) -> None:
    second = [measure(key, planted(photo(key), key)) for key in keys("b")[:12]]
    found = gap("test", plain_set("a"), second, 0, Trees(8, 3))
    assert found.families[0].name == family
    assert found.tells[0].words == said


def test_of_what_tells_about_as_often_that_comes_first_whose_means_lie_farthest_apart() -> None:
    far = np.array([1.0, 2.0, 9.0, 1.0])
    assert foremost(np.array([0.99, 0.91, 0.8, 0.82]), far) == [1, 0, 3, 2]  # from EASY on, 0.9, all are alike
    assert foremost(np.array([0.89, 0.75, 0.8, 0.7]), far) == [2, 0, 1, 3]


def test_the_same_call_gives_the_same_digits() -> None:
    assert compared(plain_set("a"), plain_set("b")) == compared(plain_set("a"), plain_set("b"))


def test_folds_side_by_side_leave_the_warnings_of_others_alone() -> None:
    table = stream(0, "table").normals(80, 12, 10).astype(np.float64)
    folds, before = np.arange(80) % FOLDS, list(warnings.filters)
    for _ in range(6):
        out_of_fold(table, np.repeat([0, 1], 40), folds, Forest(8), 0)
    assert warnings.filters == before


def test_a_forest_draws_both_sets_alike_often_however_many_photos_they_have() -> None:
    patches, others = (stream(0, name).normals(440, 5).astype(np.float64) for name in ("patches", "others"))
    scores = Forest(40).judged(patches, np.repeat([0, 1], [400, 40]), others, 3)
    assert scores.mean() > 0.2  # there is nothing to tell: taken as they are, a tenth would be of the second set


def test_folds_never_part_photos_of_one_key_and_are_even_in_both_sets() -> None:
    first, second = keys("a"), [*keys("a")[:10], *keys("b")]
    folds = folds_of(first, second, stream(0, "folds"))
    of_first, of_second = dict(zip(first, folds[:COUNT], strict=True)), dict(zip(second, folds[COUNT:], strict=True))
    assert all(of_first[key] == of_second[key] for key in keys("a")[:10])
    for part in (folds[:COUNT], folds[COUNT:]):
        counts = np.bincount(part, minlength=FOLDS)
        assert counts.max() - counts.min() <= 2


def test_the_area_under_the_curve_is_that_of_mann_and_whitney() -> None:
    first, second = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0, 5.0])
    assert area(first, second) == pytest.approx((3 + 3 + 2.5 + 1.5) / 12)
    estimate = area_estimate(first, second, stream(0, "bootstrap"))
    assert estimate.low < estimate.value < estimate.high


def test_the_interval_is_as_wide_as_theory_says() -> None:
    numbers = stream(0, "numbers").normals(200).astype(np.float64)
    estimate = area_estimate(numbers[:100], numbers[100:], stream(0, "bootstrap"))
    expected = 2 * 1.96 * (201 / (12 * 100 * 100)) ** 0.5  # Mann and Whitney 1947: the variance under equality
    assert estimate.high - estimate.low == pytest.approx(expected, rel=0.15)


def test_equal_numbers_share_their_rank() -> None:
    assert ranked(np.array([5.0, 1.0, 5.0, 7.0])).tolist() == [2.5, 1, 2.5, 4]
    assert normal_scores(np.array([[3.0], [1.0], [2.0]]))[:, 0].tolist() == pytest.approx([0.967, -0.967, 0], abs=1e-3)


def test_the_discrepancy_is_around_0_for_one_kind_and_large_for_two() -> None:
    numbers = stream(0, "numbers").normals(80, 20).astype(np.float64)
    same = discrepancy(numbers[:40], numbers[40:], stream(0, "deals"))
    apart = discrepancy(numbers[:40], numbers[40:] + 1, stream(0, "deals"))
    assert abs(same.value) < 0.15 < apart.value
    assert same.p > 0.05
    assert apart.p == pytest.approx(1 / 1001)


def test_diversity_is_a_ratio_of_variances() -> None:
    numbers = stream(0, "numbers").normals(400, 3).astype(np.float64)
    assert diversity(numbers[:200], 0.5 * numbers[200:]) < 0.5
    assert diversity(numbers[:200], numbers[200:]) == pytest.approx(1, abs=0.2)


def test_patches_lie_inside_the_border_and_hang_on_the_key() -> None:
    places = anywhere((400, 600), 0, "a.jpg")
    assert len(places) == ANYWHERE
    assert all(24 <= top <= 400 - 24 - SIDE and 36 <= left <= 600 - 36 - SIDE for top, left in places)
    assert places == anywhere((400, 600), 0, "a.jpg") != anywhere((400, 600), 0, "b.jpg")


def test_the_first_marked_patch_holds_the_defect() -> None:
    image = np.full((400, 600, 3), 100, np.uint8)
    image[300:306, 380:420] = 230
    top, left = marked(image)[0]
    assert top <= 300
    assert top + SIDE >= 306
    assert left <= 380
    assert left + SIDE >= 420

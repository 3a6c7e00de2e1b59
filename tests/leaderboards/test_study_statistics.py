"""What scores of people's votes come to: Davidson's model, Krippendorff's alpha, and intervals."""

import math
from collections import Counter

import numpy as np
import pytest
from small_studies import MODELS, answered, by_truth, made_key, sheet_of

from leaderboards.entry import EntryError
from leaderboards.study.answers import Given, Sheet
from leaderboards.study.bradley_terry import fitted, islands, preferred, reach
from leaderboards.study.design import Load
from leaderboards.study.krippendorff import alpha, coincidences
from leaderboards.study.resampling import of_both, resampled, share
from leaderboards.study.scoring import result
from leaderboards.study.votes import luck


def test_two_models_with_ties_have_the_scores_of_the_closed_form() -> None:
    fit = fitted(np.array([[30.0, 20.0, 10.0]]), 2, virtual=0)
    assert fit.scores[0] - fit.scores[1] == pytest.approx(math.log(30 / 10))  # pi_1 / pi_2 = w_1 / w_2
    assert fit.ties == pytest.approx(math.log(20 / math.sqrt(30 * 10)))  # nu = t / sqrt(w_1 w_2)
    assert fit.scores.sum() == pytest.approx(0)


def test_expected_counts_give_their_own_scores_back_and_many_are_fitted_like_one() -> None:
    truth = np.array([1.2, 0.1, -0.4, -0.9])
    one, two = np.triu_indices(4, 1)
    weights = np.exp(np.stack([truth[one], -0.3 + (truth[one] + truth[two]) / 2, truth[two]], axis=1))
    counts = 100 * weights / weights.sum(axis=1, keepdims=True)
    many = fitted(np.stack([counts, 3 * counts, counts[:, ::-1]]), 4, virtual=0)
    assert many.scores[0] == pytest.approx(truth, abs=1e-8)
    assert many.scores[1] == pytest.approx(truth, abs=1e-8)
    assert many.scores[2] == pytest.approx(-truth, abs=1e-8)
    assert many.ties == pytest.approx(-0.3)
    assert preferred(many.scores[0], many.ties[0]).sum() == pytest.approx(200)  # the mean is a half


def test_scores_stay_finite_where_one_wins_all_or_no_tie_was_given() -> None:
    counts = np.array([[500.0, 0, 0], [500, 0, 0], [0, 0, 500]])
    fit = fitted(counts, 3)
    assert np.isfinite(fit.scores).all()
    assert np.isfinite(fit.ties)
    assert fit.scores[0] > fit.scores[2] > fit.scores[1]
    assert not reach(counts, 3).all()
    assert islands(counts, 3) == [[0, 1, 2]]
    assert islands(np.array([[5.0, 0, 5], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 5, 0]]), 4) == [
        [0, 1],
        [2, 3],
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["0100000010", "1110010000"], 0.095),
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
    ],
)
def test_alpha_is_that_of_krippendorffs_worked_examples(rows: list[str], expected: float) -> None:
    units = [Counter(int(row[unit]) for row in rows if row[unit] != ".") for unit in range(len(rows[0]))]
    assert alpha(coincidences(units, 6).sum(axis=0)) == pytest.approx(expected, abs=5e-4)


def test_alpha_says_nothing_where_all_answers_are_alike() -> None:
    assert alpha(coincidences([{1: 4}, {1: 2}], 3).sum(axis=0)) is None
    assert alpha(coincidences([{1: 1}, {2: 1}], 3).sum(axis=0)) is None
    assert alpha(coincidences([{0: 3}, {2: 3}], 3).sum(axis=0)) == pytest.approx(1)


def test_intervals_hold_the_truth() -> None:
    truth = {"a": 0.6, "b": 0.1, "c": -0.7}
    inside = []
    for number in range(12):
        rng = np.random.default_rng(number)
        key = made_key(MODELS[:3], 12, 8, Load(18))
        choose = by_truth(key, truth, -0.5, rng)
        found = result(key, [sheet_of(key, answered(key, rater, choose)) for rater in range(1, 9)], 0.8)
        inside += [each["score"]["low"] <= truth[each["model"]] <= each["score"]["high"] for each in found["models"]]
    assert sum(inside) / len(inside) >= 0.9


def test_intervals_widen_where_raters_or_photos_differ() -> None:
    rng = np.random.default_rng(5)
    rater, photo = (axis.ravel() for axis in np.mgrid[:20, :20])
    own = (rng.random(400) < 0.5).astype(float)
    by_rater = (np.arange(20) % 2 == 0).astype(float)[rater]
    widths = [float((found.high - found.low)[0]) for found in (share(each, rater, photo) for each in (own, by_rater))]
    assert widths[0] == pytest.approx(2 * 2.093 * 0.5 / 20, rel=0.35)  # of 400 independent answers
    assert widths[1] == pytest.approx(2 * 2.093 * 0.5 / math.sqrt(19), rel=0.1)  # of 20 raters
    assert share(by_rater, photo, rater).low[0] == pytest.approx(share(by_rater, rater, photo).low[0], abs=0.02)


def test_resamples_draw_votes_of_a_rater_and_of_a_photo_together() -> None:
    rater, photo = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    ways = resampled(np.eye(4), rater, photo)
    assert (ways.raters[:, 0] == ways.raters[:, 1]).all()
    assert (ways.photos[:, 0] == ways.photos[:, 2]).all()
    assert ways.sizes == (2, 2, 4)
    both = of_both(np.eye(4), rater, photo)
    assert (both == ways.raters * ways.photos).all()


def test_raters_who_fail_the_traps_are_left_out() -> None:
    key = made_key(MODELS, 8, 6, Load(12))
    good = [sheet_of(key, answered(key, rater, lambda pair: 0)) for rater in range(1, 6)]
    bad = sheet_of(key, answered(key, 6, lambda pair: 2, trap=lambda pair: 2))
    found = result(key, [*good, bad], 0.8)
    assert found["raters"]["kept"] == 5
    assert found["raters"]["left_out"] == [
        {"rater": "6-00000000", "answers": len(bad.given), "why": "0 of 6 traps right, fewer than 5"}
    ]
    assert [each["model"] for each in found["models"]] == ["a", "b", "c", "d"]
    assert result(key, [*good, bad], 0)["raters"]["kept"] == 6
    with pytest.raises(EntryError, match="none of 1 raters counts, first: 6-00000000 0 of 6 traps right"):
        result(key, [bad], 0.8)
    assert luck(6, 0.8) == pytest.approx(7 / 64)


def test_one_rater_has_scores_without_intervals() -> None:
    key = made_key(MODELS, 8, 1, Load(12))
    found = result(key, [sheet_of(key, answered(key, 1, lambda pair: 0))], 0.8)
    assert found["models"][0]["score"]["low"] is None
    assert all(each["rank"] == [1, 4] for each in found["models"])
    assert any("no intervals" in note for note in found["notes"])
    assert any("its score has no end" in note for note in found["notes"])


def test_steady_raters_and_those_who_prefer_a_side_are_known() -> None:
    key = made_key(MODELS, 8, 6, Load(12))
    steady = [sheet_of(key, answered(key, rater, lambda pair: 0)) for rater in range(1, 7)]
    found = result(key, steady, 0.8)
    assert found["steady"]["value"] == 1
    assert found["alpha"]["value"] is None  # all say the same of all
    assert found["alike"] == 1
    lefts = [
        Sheet(
            "",
            each.rater,
            each.session,
            tuple(Given(given.pair, given.swapped, "left", 1) for given in each.given),
        )
        for each in steady
    ]
    found = result(key, lefts, 0)
    assert found["left"] == {"value": 1, "low": 1, "high": 1}
    assert found["steady"]["value"] == 0

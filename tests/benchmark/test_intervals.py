"""Intervals, tests and groups on simulated photos of which the truth is known."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from small_items import normals

from benchmark.bootstrap import by_student, drawn, means
from benchmark.groups import all_pairs, holm, inseparable, rank_intervals, still_equal
from benchmark.linear import linear
from benchmark.ratios import as_decibels, as_shares, logarithms
from benchmark.relative import relative_error
from benchmark.scores import Cell
from benchmark.standing import standing
from benchmark.student import upper_quantile, upper_tail
from degrade.seeds import stream

SOURCE = stream(5, "simulated items")

PHOTOS = 24

FEWER = 2000


def covered(rows: NDArray[np.float64], truth: float) -> float:
    found = means(rows, FEWER)
    return float(np.mean((found.low <= truth) & (truth <= found.high)))


def by_cell(cells: int, replicates: int, photos: int = PHOTOS) -> NDArray[np.float64]:
    """Mean nought: what a photo's items share is five times as large as what they do not."""
    shared = 2 * normals(stream(1, "photo", photos), photos, 1, replicates)
    return shared + 0.4 * normals(stream(2, "item", photos), photos, cells, replicates)


@pytest.mark.parametrize("photos", [2, 3, 4, 5, 6, 7, 8, 12, 24, 60])
def test_intervals_cover_the_truth_in_95_of_100_cases(photos: int) -> None:
    table_of_photos = linear(
        by_cell(6, 1200, photos), np.ones((photos, 6), bool), tuple(Cell("d", n) for n in range(1, 7))
    )
    assert 0.93 <= covered(table_of_photos.table.mean(axis=1), 0.0) <= 0.97


@pytest.mark.parametrize("photos", [6, 12, 24])
def test_intervals_of_skewed_scores_cover_the_truth_where_students_own_do_not(photos: int) -> None:
    units = stream(3, "skewed", photos).units(2, photos, 1200)
    rows = -np.log((1 - units[0]) * (1 - units[1]))  # a gamma variable of shape 2, of mean 2
    assert 0.93 <= covered(rows, 2.0) <= 0.97
    alone = by_student(rows)
    assert np.mean((alone.low <= 2) & (alone.high >= 2)) < covered(rows, 2.0)


def test_items_of_a_photo_are_no_evidence_of_their_own() -> None:
    rows = by_cell(6, 400)
    as_if_apart = covered(rows.reshape(-1, 400)[:, :], 0.0)
    assert as_if_apart < 0.7


def test_intervals_cover_where_each_photo_has_one_kind_of_damage() -> None:
    cells = np.arange(PHOTOS) % 4
    there = cells[:, None] == np.arange(4)
    rows = np.where(there[..., None], 3.0 * np.arange(4)[:, None] + normals(SOURCE, PHOTOS, 4, 1000), np.nan)
    found = linear(rows, there, tuple(Cell(f"d{n}", 1) for n in range(4)))
    assert 0.93 <= covered(found.table.mean(axis=1), 4.5) <= 0.97


def shares_of(photos: int, spread: float, tables: int, name: str) -> NDArray[np.float64]:
    """(photos, tables): what a model leaves that leaves 70 % where it is at its median."""
    source, rows = stream(6, name, photos), []
    for _ in range(tables):
        hard = np.exp(0.6 * normals(source, photos, 1, 1))
        share = np.array([1, 0.7]) * np.exp(spread * normals(source, photos, 4, 2) * np.array([0, 1]))
        shares, known = relative_error(hard * share, 0, [[0, 1], [2, 3]])
        assert all(known)
        rows.append(shares.mean(axis=1)[:, 1])
    return np.column_stack(rows)


def test_intervals_of_relative_errors_cover_the_truth() -> None:
    rows = shares_of(PHOTOS, 0.3, 400, "errors")
    found = as_shares(means(logarithms(rows), FEWER), rows)
    truth = 70 * math.exp(0.045)
    assert 0.93 <= np.mean((found.low <= truth) & (truth <= found.high)) <= 0.97


def test_intervals_of_relative_errors_end_above_nought_and_cover_more_than_those_of_raw_ones() -> None:
    rows = shares_of(4, 0.9, 1500, "few")
    truth = 70 * math.exp(0.405)
    found, raw = as_shares(means(logarithms(rows)), rows), means(rows)
    assert found.value == pytest.approx(raw.value, rel=1e-12)
    assert (found.low > 0).all()
    assert (raw.low < 0).mean() > 0.1
    held, held_raw = (np.mean((each.low <= truth) & (truth <= each.high)) for each in (found, raw))
    assert held > held_raw + 0.015


def test_half_the_error_and_twice_the_error_are_as_far_from_doing_nothing() -> None:
    shares = np.array([[50, 100, 200], [50, 100, 200.0]]) + np.array([[1, 0, -4], [-1, 0, 4.0]])
    found = as_decibels(means(logarithms(shares) - logarithms(shares)[:, [1]]))
    assert found.value == pytest.approx([-3.0103, 0, 3.0103], abs=1e-4)
    assert -found.low[0] == pytest.approx(found.high[2])


def test_a_model_that_leaves_no_error_has_a_relative_error_of_nought_and_a_rank() -> None:
    shares = np.column_stack([np.zeros(8), np.full(8, 100.0)])
    logs = logarithms(shares)
    found = as_shares(means(logs), shares)
    assert found.low[0] == found.value[0] == found.high[0] == 0
    assert standing(logs, ["perfect", "identity"], higher_is_better=False, logarithmic=True)["order"][0] == "perfect"


@pytest.mark.parametrize("photos", [4, 8, 24])
def test_equal_models_are_told_apart_in_at_most_5_of_100_tables(photos: int) -> None:
    names, source = [f"m{n}" for n in range(6)], stream(4, "equal", photos)
    apart = 0
    for _ in range(200):
        rows = 3 * normals(source, photos, 1) + normals(source, photos, 6)
        apart += len(standing(rows, names, higher_is_better=True, resamples=FEWER)["groups"]) > 1
    assert apart <= 10


def test_a_clear_difference_is_found_with_few_photos_however_different_these_are() -> None:
    source, found = stream(8, "clear"), 0
    for _ in range(40):
        rows = 5 * normals(source, 8, 1) + np.array([0, 0, 1.0]) + 0.25 * normals(source, 8, 3)
        ranks = standing(rows, ["a", "b", "c"], higher_is_better=True, resamples=FEWER)["ranks"]
        found += ranks["c"] == [1, 1]
    assert found >= 36


def test_a_cell_with_one_photo_has_no_interval() -> None:
    there = np.array([[True, True], [True, False], [True, False]])
    found = linear(
        np.where(there[..., None], np.arange(3.0)[:, None, None], np.nan), there, (Cell("a", 1), Cell("b", 1))
    )
    assert len(found.table) == 1
    assert found.table.ravel().tolist() == [1, 0]


def test_photos_that_all_say_the_same_are_as_sure_as_so_many_equal_signs() -> None:
    found = means(np.stack([np.zeros(8), np.full(8, 0.1)], axis=1))
    assert found.p.tolist() == [1, 2**-7]
    assert found.low.tolist() == found.high.tolist() == found.value.tolist()


def test_one_odd_photo_leaves_an_interval_with_ends() -> None:
    found = means(np.eye(1, 9).T)
    assert -2 < found.low[0] < 0 < found.high[0] < 3


def test_an_interval_excludes_nought_where_its_p_value_is_below_5_per_cent() -> None:
    rows = normals(SOURCE, 10, 400) + np.linspace(-1, 1, 400)
    found = means(rows)
    outside = (found.low > 0) | (found.high < 0)
    assert 50 < outside.sum() < 350
    assert np.mean(outside == (found.p <= 0.05)) > 0.99


def test_p_values_go_on_falling_where_resamples_run_out() -> None:
    rows = normals(SOURCE, 24, 1) + np.linspace(0.5, 3, 9)
    p = means(rows).p
    assert (np.diff(p) < 0).all()
    assert p[-1] < 1e-6


def test_many_photos_are_drawn_in_groups_with_the_same_result() -> None:
    rows = normals(SOURCE, 3000, 50) + 2
    many, one = means(rows), by_student(rows)
    assert np.allclose(many.value, one.value)
    assert np.median((many.high - many.low) / (one.high - one.low)) == pytest.approx(1, abs=0.06)


def test_resamples_are_the_same_for_ever() -> None:
    counts = drawn(5, 4000)
    assert (counts.sum(axis=1) == 5).all()
    assert counts[0, :, :3].T.tolist() == [[0, 2, 1, 0, 2], [1, 1, 1, 1, 1], [0, 1, 0, 1, 3]]
    assert counts.mean(axis=(0, 2)) == pytest.approx(np.ones(5), abs=0.06)


@pytest.mark.parametrize(
    ("freedom", "share", "value"),
    [(1, 0.025, 12.7062), (2, 0.025, 4.30265), (3, 0.005, 5.84091), (10, 0.025, 2.22814), (23, 0.05, 1.71387)],
)
def test_students_quantiles_are_those_of_the_tables(freedom: int, share: float, value: float) -> None:
    assert upper_quantile(share, freedom) == pytest.approx(value, rel=2e-6)
    assert upper_tail(np.array([value, -value]), freedom) == pytest.approx([share, 1 - share], rel=1e-5)


def test_holm_multiplies_the_smallest_by_the_number_of_tests() -> None:
    assert holm(np.array([0.04, 0.01, 0.03, 0.005])) == pytest.approx([0.06, 0.03, 0.06, 0.02])
    assert holm(np.array([0.9, 0.6])).tolist() == [1, 1]


def test_once_two_models_differ_one_of_them_differs_from_each_third() -> None:
    assert still_equal(3).tolist() == [3, 1, 1]
    assert still_equal(4).tolist() == [6, 3, 3, 3, 2, 1]
    assert still_equal(5).tolist() == [10, 6, 6, 6, 6, 4, 4, 3, 2, 1]


def test_all_pairs_are_corrected_as_shaffer_has_it_and_never_more_than_by_holm() -> None:
    p = np.array([0.02, 0.001, 0.3, 0.004, 0.0135, 0.6])
    assert all_pairs(p, 4) == pytest.approx([0.06, 0.006, 0.6, 0.012, 0.0405, 0.6])
    many = stream(7, "p").units(45) ** 3
    assert (all_pairs(many, 10) <= holm(many)).all()
    assert all_pairs(many, 10).min() == holm(many).min()


def test_of_very_many_models_all_pairs_are_corrected_by_holm() -> None:
    p = stream(7, "many").units(101 * 100 // 2)
    assert all_pairs(p, 101).tolist() == holm(p).tolist()


def test_ranks_and_groups_follow_from_who_surely_beats_whom() -> None:
    beats = np.zeros((4, 4), bool)
    beats[0, 2] = beats[0, 3] = beats[1, 3] = True
    assert rank_intervals(beats) == [(1, 2), (1, 3), (2, 4), (3, 4)]
    assert inseparable(beats, [0, 1, 2, 3]) == [[0, 1], [1, 2], [2, 3]]
    assert inseparable(np.zeros((3, 3), bool), [2, 0, 1]) == [[2, 0, 1]]

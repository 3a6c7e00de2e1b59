"""Streams: named, independent, and the same for ever."""

import numpy as np
import pytest

from degrade.seeds import normal_table, stream


def test_a_stream_gives_the_numbers_it_gave_in_the_first_release() -> None:
    source = stream(7, "a.jpg", "FilmGrain")
    assert [source.integer(0, 999) for _ in range(6)] == FIRST_INTEGERS
    assert stream(7, "a.jpg", "FilmGrain").raw16(4).tolist() == FIRST_BITS


FIRST_INTEGERS = [825, 118, 336, 485, 919, 814]
FIRST_BITS = [24022, 21297, 4766, 26131]


def test_names_cannot_run_into_each_other() -> None:
    assert stream(1, "ab", "c").word() != stream(1, "a", "bc").word()
    assert stream(1, "a/b").word() != stream(1, "a", "b").word()
    assert stream(1, "1").word() != stream(11, "").word()


def test_single_numbers_do_not_disturb_arrays() -> None:
    plain, mixed = stream(3, "x"), stream(3, "x")
    mixed.unit()
    assert np.array_equal(plain.raw16(100), mixed.raw16(100))


def test_the_normal_table_is_symmetric_and_has_unit_variance() -> None:
    table = normal_table().astype(np.float64)
    assert np.array_equal(table, -table[::-1])
    assert np.mean(table**2) == pytest.approx(1, abs=1e-6)
    assert np.mean(table**4) == pytest.approx(3, abs=0.01)  # the kurtosis of a Gaussian
    assert np.mean(np.abs(table) < 1.959964) == pytest.approx(0.95, abs=1e-3)


def test_integers_reach_both_ends_evenly() -> None:
    source = stream(5, "dice")
    counts = np.bincount([source.integer(1, 6) for _ in range(6000)], minlength=7)
    assert counts[0] == 0
    assert counts[1:].min() > 900


def test_a_choice_follows_its_weights() -> None:
    source = stream(5, "urn")
    drawn = [source.choice("abc", (1, 3, 0)) for _ in range(4000)]
    assert drawn.count("b") / len(drawn) == pytest.approx(0.75, abs=0.03)
    assert "c" not in drawn


def test_shuffling_gives_every_order_alike() -> None:
    orders = ["".join(stream(9, "deck", number).shuffled("abc")) for number in range(3000)]
    assert set(orders) == {"abc", "acb", "bac", "bca", "cab", "cba"}
    assert min(orders.count(order) for order in set(orders)) > 400

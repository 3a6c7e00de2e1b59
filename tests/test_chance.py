"""Prints that are made up to judge fits are spread as they should be, and fits that are made up miss as they should."""

import numpy as np
import pytest
from project_scripts import script

from degrade.realism.patch import Doubles
from degrade.seeds import stream

PRINTS, PATCHES, COLUMNS = 400, 4, 3


def table(apart: float = 2.0, near: float = 0.5) -> Doubles:
    """Prints that differ by this deviation, and their patches by that."""
    source = stream(1, "table")
    return np.asarray(
        apart * source.normals(PRINTS, 1, COLUMNS) + near * source.normals(PRINTS, PATCHES, COLUMNS), np.float64
    )


def test_the_spread_within_and_between_prints_is_found_again() -> None:
    chance = script("print_chance")
    assert np.diag(chance.within(table())) == pytest.approx(0.25, rel=0.1)
    assert np.diag(chance.among(table(), 0)) == pytest.approx(4 + 0.25 / PATCHES, rel=0.2)


def test_prints_made_up_are_spread_as_those_they_are_made_of() -> None:
    chance = script("print_chance")
    for world in (chance.gaussian, chance.resampled):
        made_up = world(table(), 0.1)(PRINTS, stream(2, "made up"))
        assert made_up.shape == (PRINTS, PATCHES, COLUMNS)
        assert np.trace(chance.among(made_up, 0)) == pytest.approx(np.trace(chance.among(table(), 0)), rel=0.15)
        assert np.trace(chance.within(made_up)) == pytest.approx(np.trace(chance.within(table())), rel=0.1)


def test_prints_that_differ_in_three_directions_alike_have_three_dimensions() -> None:
    found = script("print_chance").dimensions(table(), 0.1)
    assert found["participation"] == pytest.approx(3, abs=0.1)
    assert found["told"] == pytest.approx(3 * 4.06 / (4.06 + 0.25), abs=0.1)


def test_a_perfect_fit_misses_less_the_more_prints_it_knows() -> None:
    chance = script("print_chance")
    fit = chance.perfect(chance.gaussian(table(), 0.1))

    def missed(known: int) -> float:
        draws = [fit(known, stream(draw, "fit")).mean(axis=(0, 1)) for draw in range(60)]
        return float(np.square(draws).sum(axis=1).mean())

    alone = missed(0)
    assert missed(9) - alone == pytest.approx(3 * 4.06 / 9, rel=0.4)
    assert missed(160) - alone < (missed(9) - alone) / 8


def test_what_both_fits_miss_stays_and_what_they_miss_differently_shrinks() -> None:
    first, second = (np.zeros((80, PATCHES, COLUMNS)) + shift for shift in ([1, 0.5, 0], [1, -0.5, 0]))
    fit = script("print_chance").missing(first, second, 20)
    assert fit(0, stream(1, "x")).mean(axis=(0, 1)) == pytest.approx([1, 0, 0])
    assert np.abs(fit(20, stream(1, "x")).mean(axis=(0, 1))) == pytest.approx([1, 0.5**0.5, 0])
    assert np.abs(fit(80, stream(1, "x")).mean(axis=(0, 1))) == pytest.approx([1, 0.5**0.5 / 2, 0])


def test_a_fit_that_has_the_mean_of_its_judges_is_told_less_than_by_chance() -> None:
    chance = script("print_chance")
    world = chance.gaussian(table(), 0.1)
    real, made = world(12, stream(1, "judges")), world(70, stream(1, "photos"))
    assert chance.told(real, made + real.mean(axis=(0, 1)) - made.mean(axis=(0, 1)), 0)[0] < 0.4
    area, far = chance.told(real, made + 9, 0)
    assert (area, far > 1) == (1, True)


def test_a_row_says_what_both_kinds_of_made_up_prints_say_of_a_fit() -> None:
    judge, chance = script("judge_chance"), script("print_chance")

    def world(logistic: float) -> dict[str, dict[str, dict[str, float]]]:
        row = {"logistic": logistic, "mmd2": 0.25}
        return {str(bench): {str(known): row for known in chance.KNOWN} for bench in judge.BENCHES}

    found = {"perfect": {"gaussian": world(0.6), "resampled": world(0.7)}, "ours": {"gaussian": world(0.8)}}
    rows = judge.chance_table(found).splitlines()
    assert rows[2] == "| 9 | 0.60 / 0.70 | 0.60 / 0.70 | 0.80 | 0.80 | 0.25 / 0.25 |"
    assert rows[-1].startswith("| all there could be | ")

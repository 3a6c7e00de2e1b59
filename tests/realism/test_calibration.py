"""A fit finds what was planted, turns knobs within what is legal, and goes on where it was broken off."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from realism.small_sets import keys, photo

from degrade.calibration.distance import distance
from degrade.calibration.fitting import TRIED, Materials, loss_of, to_try
from degrade.calibration.knobs import knobs, turned
from degrade.calibration.search import OtherFitError, Search
from degrade.calibration.trials import Picture, degraded, rows, table
from degrade.effects import FilmGrain, GaussianBlur, Scratches, Toning, Yellowing
from degrade.pipeline import Pipeline
from degrade.presets import PRESETS
from degrade.priors import Choice, Group, LogUniform, Normal, Uniform, prior
from degrade.realism.patch import Doubles

pytest.importorskip("optuna")
pytest.importorskip("sklearn")


def grainy(low: float, high: float) -> Pipeline:
    return Pipeline(
        "grainy",
        (prior(FilmGrain, strength=LogUniform(low, high), size=0.7, exponent=0.8, channels="one"),),
    )


@lru_cache
def pictures(prefix: str) -> tuple[Picture, ...]:
    return tuple(Picture(key, photo(key)) for key in keys(prefix)[:6])


@lru_cache
def statistics(low: float, high: float, prefix: str = "a") -> Doubles:
    made = [degraded(grainy(low, high), each, 3) for each in pictures(prefix)]
    return table(made, lambda each: rows(each, 0), 1)


def test_the_distance_is_least_where_the_noise_was_planted() -> None:
    real = statistics(0.03, 0.06)
    losses = {place: distance(real, statistics(place, 2 * place, "b")).total for place in (0.015, 0.03, 0.06)}
    assert min(losses, key=lambda place: losses[place]) == 0.03
    assert losses[0.03] < 0.5 * min(losses[0.015], losses[0.06])


def test_too_little_variety_costs_something() -> None:
    real = statistics(0.03, 0.06)
    same = real.mean(axis=0) + 0.05 * (real - real.mean(axis=0))
    assert distance(real, same).spreads > 10 * distance(real, real).spreads
    assert distance(real, same).total > distance(real, statistics(0.03, 0.06, "b")).total


def test_a_fit_finds_the_strength_of_planted_noise() -> None:
    base = grainy(0.018, 0.036)
    scans = tuple(degraded(grainy(0.03, 0.06), each, 3) for each in pictures("a"))
    materials = Materials(scans, pictures("b")[:5], (), ())
    search = Search([each for each in knobs(base) if each.name == "FilmGrain.strength place"], None, "planted", 0)
    search.run(loss_of(base, materials, 0, 1), lambda done: done >= 11, lambda: None)
    strength = turned(base, search.best.turns).steps[0].fields["strength"]  # type: ignore[union-attr]
    assert isinstance(strength, LogUniform)
    assert (strength.low * strength.high) ** 0.5 == pytest.approx((0.03 * 0.06) ** 0.5, rel=0.25)


MIXED = Pipeline(
    "mixed",
    (
        Group(
            "one_of",
            (
                prior(GaussianBlur, sigma=Uniform(0.5, 1), kernel=Choice((0, 3), (2, 1))),
                prior(Yellowing, p=0.5, strength=0.1, unevenness=Normal(0.3, 0.1, 0, 1), edges=0.0, reach=0.1),
            ),
            name="either",
        ),
        prior(Toning, p=0.01, process="selenium", strength=Uniform(0, 1), compression=0.0),
        prior(
            Scratches,
            p=0.5,
            density=Uniform(4, 20),
            length=Uniform(0.05, 0.1),
            width=0.003,
            opacity=1.0,
            swarming=0.5,
            polarity="light",
        ),
    ),
)


def test_knobs_are_found_in_the_data_of_a_pipeline_and_defects_have_only_their_probability() -> None:
    assert [each.name for each in knobs(MIXED)] == [
        "/either weight 2",
        "GaussianBlur.sigma place",
        "GaussianBlur.sigma width",
        "GaussianBlur.kernel = 3",
        "Yellowing p",
        "Yellowing.unevenness place",
        "Yellowing.unevenness width",
        "Scratches p",
    ]


def test_clean_photos_come_again_with_other_recipes_where_they_are_few() -> None:
    again = to_try(pictures("a"))
    assert len(again) == len({each.key for each in again}) == TRIED
    assert all(np.array_equal(each.image, again[0].image) for each in again[:: len(pictures("a"))])


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_stays_legal_however_its_knobs_are_turned(name: str) -> None:
    preset = PRESETS[name]
    assert turned(preset, {}) == preset
    found = [each.name for each in knobs(preset)]
    assert len(found) == len(set(found))
    for turn in (-1.0, -0.4, 1.0):
        moved = turned(preset, dict.fromkeys(found, turn))
        assert moved != preset or not found
        moved.sample(0, "key")


def test_a_range_moves_and_widens_and_stays_in_its_interval() -> None:
    pipeline = Pipeline("one", (prior(Toning, process="selenium", strength=Uniform(0.4, 0.8), compression=0.0),))

    def strength(**turns: float) -> object:
        moved = turned(pipeline, {f"Toning.strength {name}": turn for name, turn in turns.items()})
        return moved.steps[0].fields["strength"]  # type: ignore[union-attr]

    assert strength(place=0.5) == Uniform(0.6, 1.0)
    assert strength(width=-1.0) == Uniform(0.53, 0.67)
    assert strength(place=1.0) == Uniform(0.8, 1.0)


def valley(turns: dict[str, float]) -> float:
    return float(sum((turn - 0.5) ** 2 for turn in turns.values()))


def ran(kept: Path | None, count: int) -> Search:
    search = Search(knobs(MIXED), kept, "valley", 0)
    search.run(valley, lambda done: done >= count, lambda: None)
    return search


def test_a_search_that_goes_on_equals_one_that_was_not_disturbed(tmp_path: Path) -> None:
    whole = ran(None, 30)
    for count in (7, 19, 30):
        again = ran(tmp_path / "trials", count)
    assert again.trials == whole.trials
    assert whole.best.loss < 0.5 * whole.trials[0].loss


def test_trials_of_another_fit_are_refused(tmp_path: Path) -> None:
    ran(tmp_path / "trials", 2)
    with pytest.raises(OtherFitError, match="trials of another fit"):
        Search(knobs(MIXED), tmp_path / "trials", "hill", 0)


def test_a_trial_that_was_cut_short_as_it_was_written_is_tried_again(tmp_path: Path) -> None:
    kept = tmp_path / "trials"
    ran(kept, 5)
    kept.write_bytes(kept.read_bytes()[:-40])  # as where the power fails
    assert len(Search(knobs(MIXED), kept, "valley", 0).trials) == 4
    assert ran(kept, 7).trials == ran(None, 7).trials
    assert len(Search(knobs(MIXED), kept, "valley", 0).trials) == 7


@pytest.mark.parametrize("text", ["no trials", "no trials\n", '{"op_code": 4}\n', "[]\n"])
def test_a_file_that_holds_no_trials_is_said(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "trials"
    kept.write_text(text)
    with pytest.raises(OtherFitError, match="damaged, or no file of trials"):
        Search(knobs(MIXED), kept, "valley", 0)
    assert kept.read_text() == text

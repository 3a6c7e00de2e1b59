"""Marks whose chances were counted on real prints: what is drawn is what was counted."""

import pytest

from degrade.effects import Abrasion, Creases, Flaking, Foxing, Holes, MissingCorner, Scratches, Tape, Tear, TornEdges
from degrade.pipeline import Pipeline
from degrade.presets import PRESETS
from degrade.presets.fitted_marks import DUST, FOXING, HANDLING, WATER
from degrade.recipe import Recipe

PRINTS = 600

HANDLED = (Abrasion, Creases, Flaking, Holes, MissingCorner, Scratches, Tear, TornEdges)


@pytest.fixture(scope="module")
def recipes() -> list[Recipe]:
    latents = PRESETS["old-print"].latents
    marks = Pipeline("marks of old-print", (FOXING, *WATER, *HANDLING, DUST), latents)
    return [marks.sample(0, f"print {number}") for number in range(PRINTS)]


def share(recipes: list[Recipe], *effects: type) -> float:
    return sum(any(isinstance(step, effects) for step in recipe.steps) for recipe in recipes) / len(recipes)


def test_about_four_prints_in_ten_are_handled(recipes: list[Recipe]) -> None:
    assert share(recipes, *HANDLED) == pytest.approx(17 / 39, abs=0.07)


def test_creases_are_as_frequent_as_they_were_seen(recipes: list[Recipe]) -> None:
    assert share(recipes, Creases) == pytest.approx(11 / 39, abs=0.06)


def test_what_was_never_seen_is_rare_but_not_impossible(recipes: list[Recipe]) -> None:
    assert 0 < share(recipes, Foxing, Tape) < 0.06


def test_prints_bear_as_many_kinds_of_marks_of_hands_as_were_seen(recipes: list[Recipe]) -> None:
    kinds = [len({type(step) for step in recipe.steps if isinstance(step, HANDLED)}) for recipe in recipes]
    assert sum(kinds) / len(kinds) == pytest.approx(34 / 39, abs=0.12)

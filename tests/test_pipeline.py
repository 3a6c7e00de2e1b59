"""Pipelines: data with probabilities, groups and latents, whose draws hang on seed, key and name alone."""

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest

from degrade.effects.creases import Creases
from degrade.effects.film_grain import FilmGrain
from degrade.effects.foxing import Foxing
from degrade.effects.gaussian_blur import GaussianBlur
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.pipeline import Pipeline, PipelineError
from degrade.pipeline_file import digest, from_toml, to_toml
from degrade.presets import PRESETS
from degrade.priors import (
    Along,
    Choice,
    Distribution,
    Group,
    Integers,
    Latent,
    LogUniform,
    Normal,
    Prior,
    Uniform,
    prior,
)
from degrade.seeds import stream


def noise(p: float = 1.0, **changes: Distribution | float | str) -> Prior:
    return prior(GaussianNoise, p, **({"sigma": 5.0, "channels": "auto", "size": 1.0} | changes))


def grain(p: float = 1.0) -> Prior:
    return prior(FilmGrain, p, strength=0.05, size=1.0, exponent=0.9, channels="auto")


def names(pipeline: Pipeline, photos: int = 600) -> Counter[tuple[str, ...]]:
    """How often each sequence of effects comes."""
    recipes = (pipeline.sample(1, f"{number}.jpg") for number in range(photos))
    return Counter(tuple(type(step).__name__ for step in recipe.steps) for recipe in recipes)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_only_makes_legal_effects(name: str) -> None:
    for number in range(200):
        PRESETS[name].sample(0, str(number))


def test_an_effect_happens_as_often_as_its_p() -> None:
    happened = sum(count for sequence, count in names(Pipeline("x", (noise(0.3),))).items() if sequence)
    assert happened / 600 == pytest.approx(0.3, abs=0.06)


def test_a_shuffled_group_takes_every_order_and_an_ordered_one_only_its_own() -> None:
    members = (noise(), grain())
    assert set(names(Pipeline("x", (Group("in_order", members),)))) == {("GaussianNoise", "FilmGrain")}
    both = names(Pipeline("x", (Group("shuffled", members),)))
    assert set(both) == {("GaussianNoise", "FilmGrain"), ("FilmGrain", "GaussianNoise")}
    assert min(both.values()) > 230


def test_one_of_takes_one_member_by_its_weight() -> None:
    drawn = names(Pipeline("x", (Group("one_of", (noise(), grain()), weights=(1, 3)),)))
    assert set(drawn) == {("GaussianNoise",), ("FilmGrain",)}
    assert drawn["FilmGrain",] / 600 == pytest.approx(0.75, abs=0.06)


def test_fields_along_one_latent_go_together() -> None:
    pipeline = Pipeline(
        "x",
        (
            noise(sigma=Along("age", 0, 50, spread=0.1)),
            prior(
                Foxing, density=Along("age", 0, 100, spread=0.1), radius=0.01, strength=0.3, clustering=0, bullseye=0
            ),
        ),
        {"age": Latent()},
    )
    drawn = np.array(
        [[pipeline.sample(1, str(n)).steps[0].sigma, pipeline.sample(1, str(n)).steps[1].density] for n in range(300)]
    )  # type: ignore[attr-defined]
    assert np.corrcoef(drawn.T)[0, 1] > 0.9


def test_latents_have_their_distribution_and_correlation() -> None:
    latents = {"u": Latent(2, 3), "w": Latent(1, 1, follows="u", correlation=0.8), "flood": Latent(p=0.1)}
    drawn = []
    for number in range(2000):
        ranks: dict[str, float] = {}
        drawn.append([latent.draw(stream(number, name), ranks, name) for name, latent in latents.items()])
    u, w, flood = np.array(drawn).T
    assert np.mean(u < 0.5) == pytest.approx(1 - (1 - 0.25) ** 3, abs=0.04)  # Kumaraswamy's distribution function
    assert np.corrcoef(u, w)[0, 1] == pytest.approx(0.78, abs=0.06)
    assert np.mean(flood > 0) == pytest.approx(0.1, abs=0.02)


def test_a_latent_makes_its_effect_likelier_and_only_with_forbids_it() -> None:
    always, never = Latent(100, 0.01), Latent(p=0.0)
    steps = (prior(GaussianNoise, 0.3, sigma=5.0, channels="one", size=1.0, latent="u"),)
    rate = {
        name: sum(c for s, c in names(Pipeline("x", steps, {"u": latent})).items() if s) / 600
        for name, latent in (("high", always), ("low", never))
    }
    assert rate["low"] < 0.1
    assert rate["high"] > 0.3
    guarded = prior(GaussianNoise, sigma=5.0, channels="one", size=1.0, only_with="u")
    assert set(names(Pipeline("x", (guarded,), {"u": never}))) == {()}


def test_another_stage_changes_nobody_elses_draws() -> None:
    alone = Pipeline("x", (noise(sigma=Uniform(0, 50)),))
    beside = Pipeline("y", (grain(), noise(sigma=Uniform(0, 50))))
    for number in range(20):
        assert alone.sample(1, str(number)).steps == beside.sample(1, str(number)).steps[1:]


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        (Uniform(2, 4), 2, 4),
        (LogUniform(1, 100), 1, 100),
        (Integers(3, 6), 3, 6),
        (Normal(5, 9, 1, 8), 1, 8),
        (Choice((1.0, 9.0)), 1, 9),
    ],
)
def test_distributions_stay_inside_their_ends(given: Distribution, low: float, high: float) -> None:
    source = stream(1, "draws")
    drawn = [given.draw(source, {}) for _ in range(500)]
    assert min(drawn) >= low  # type: ignore[type-var]
    assert max(drawn) <= high  # type: ignore[type-var]
    assert len(set(drawn)) > 1


def test_log_uniform_puts_as_much_below_the_geometric_mean_as_above() -> None:
    source = stream(1, "draws")
    drawn = np.array([LogUniform(1, 100).draw(source, {}) for _ in range(2000)], float)
    assert np.mean(drawn < 10) == pytest.approx(0.5, abs=0.04)


def test_the_digest_changes_with_the_pipeline_alone() -> None:
    one, same, other = Pipeline("x", (noise(),)), Pipeline("x", (noise(),)), Pipeline("x", (noise(0.5),))
    assert digest(one) == digest(same) != digest(other)


def test_a_field_that_takes_odd_numbers_takes_no_range_in_which_even_ones_lie() -> None:
    with pytest.raises(ValueError, match=r"GaussianBlur\.kernel: integers draws even numbers too; name the odd ones"):
        prior(GaussianBlur, sigma=1.0, kernel=Integers(3, 7))


@pytest.mark.parametrize("seed", [None, "7", 1.5, True, math.nan])
def test_a_seed_that_is_no_whole_number_is_refused(seed: Any) -> None:
    with pytest.raises(PipelineError, match=f"seed = {seed!r}, not a whole number"):
        Pipeline("x", (noise(),)).sample(seed, "a.jpg")


@pytest.mark.parametrize("key", [None, 3, b"a.jpg"])
def test_a_key_that_is_no_text_is_refused(key: Any) -> None:
    with pytest.raises(PipelineError, match=f"key = {key!r}, not a text; use the photo's relative path"):
        Pipeline("x", (noise(),)).sample(7, key)


def test_a_seed_of_any_size_and_of_numpy_is_a_seed() -> None:
    pipeline = Pipeline("x", (noise(),))
    assert pipeline.sample(np.int64(7), "a") == pipeline.sample(7, "a") != pipeline.sample(2**200, "a")  # type: ignore[arg-type]


def test_groups_of_one_name_choose_alike() -> None:
    prints = Group("one_of", (prior(GaussianBlur, sigma=1.0, kernel=0), grain()), weights=(1, 2), name="print")
    scans = Group("one_of", (noise(name="sharp"), noise(name="soft")), weights=(1, 2), name="print")
    pipeline = Pipeline("kinds", (prints, scans))
    pairs = Counter(tuple(name for name, _ in pipeline.named(3, f"{number}.jpg")) for number in range(300))
    assert set(pairs) == {("GaussianBlur", "sharp"), ("FilmGrain", "soft")}
    assert pairs["FilmGrain", "soft"] == pytest.approx(200, abs=40)


@pytest.mark.parametrize("name", ["old-print", "severe"])
def test_the_named_steps_are_those_of_the_recipe(name: str) -> None:
    preset = PRESETS[name]
    known = {each.stream_name: each.effect for each in preset.priors()}
    for key in ("a.jpg", "b.jpg"):
        steps = list(preset.named(5, key))
        assert tuple(effect for _, effect in steps) == preset.sample(5, key).steps
        assert all(type(effect) is known[step] for step, effect in steps)


def test_two_steps_of_one_effect_need_names() -> None:
    with pytest.raises(PipelineError, match="two steps are called GaussianNoise"):
        Pipeline("x", (noise(), noise()))
    second = prior(GaussianNoise, sigma=5.0, channels="auto", size=1.0, name="again")
    assert len(Pipeline("x", (noise(), second)).sample(1, "k").steps) == 2


def test_a_count_may_follow_a_latent_and_stays_whole() -> None:
    crease = prior(Creases, folds=Along("use", 0, 5), corners=2, width=0.003, opacity=0.8, feathers=0.3, shading=0.02)
    pipeline = Pipeline("x", (crease,), {"use": Latent()})
    folds = {pipeline.sample(1, str(n)).steps[0].folds for n in range(60)}  # type: ignore[attr-defined]
    assert folds == {0, 1, 2, 3, 4, 5}
    assert from_toml(to_toml(pipeline)) == pipeline

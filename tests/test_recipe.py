"""Recipes: small, equal by value, the same bytes everywhere."""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from charts import chart

from degrade.effects.film_grain import FilmGrain
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.presets import PRESETS
from degrade.recipe import Recipe, RecipeError
from degrade.sample import degraded_sample

NOISE = GaussianNoise(sigma=20, channels="auto", size=1, seed=5)


def fingerprint(name: str, key: str) -> str:
    """The hash of all that a preset makes of the chart under a key."""
    sample = degraded_sample(PRESETS[name], 3, key, chart(60, 80))
    parts = (sample.degraded, sample.mask, sample.labels, sample.clean)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts) + sample.recipe.to_json().encode()).hexdigest()


JOBS = [(name, key) for name in PRESETS for key in ("a.jpg", "b/ü.png")]


def test_equal_recipes_give_equal_bytes_in_any_order_thread_or_process() -> None:
    forwards = [fingerprint(*job) for job in JOBS]
    assert [fingerprint(*job) for job in reversed(JOBS)][::-1] == forwards
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(fingerprint, *zip(*JOBS, strict=True))) == forwards
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        assert list(processes.map(fingerprint, *zip(*JOBS, strict=True))) == forwards


def test_a_recipe_survives_json_in_another_process() -> None:
    recipe = PRESETS["severe"].sample(1, "a.jpg") if "severe" in PRESETS else Recipe((NOISE,))
    program = (
        "import sys, hashlib; sys.path[:0] = sys.argv[2:]; from charts import chart; from degrade.recipe import Recipe;"
        "print(hashlib.sha256(Recipe.from_json(sys.argv[1]).apply(chart()).image.tobytes()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, recipe.to_json(), *sys.path], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == hashlib.sha256(recipe.apply(chart()).image.tobytes()).hexdigest()


@pytest.mark.parametrize("name", PRESETS)
def test_a_recipe_of_a_preset_stays_under_two_kilobytes(name: str) -> None:
    longest = max(len(PRESETS[name].sample(seed, "a.jpg").to_json().encode()) for seed in range(1000))
    assert longest < 2000


@pytest.mark.parametrize("name", PRESETS)
def test_every_recipe_of_a_preset_comes_back_from_json(name: str) -> None:
    for seed in range(50):
        recipe = PRESETS[name].sample(seed, "a.jpg")
        assert Recipe.from_json(recipe.to_json()) == recipe


def broken(**changes: object) -> str:
    data = Recipe((NOISE,)).to_data()
    data["steps"][0]["GaussianNoise"] |= changes
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no recipe: not JSON"),
        ("[]", "no recipe: a recipe is an object with the keys foxing and steps"),
        ('{"foxing": 9, "steps": []}', "recipe of format 9, but this version of Foxing reads format 1; use"),
        ('{"foxing": "1", "steps": []}', "recipe of format '1', but"),
        ('{"steps": []}', "recipe without a format, but"),
        (
            '{"foxing": 1, "steps": [{"GausianNoise": {}}]}',
            "step 1: no effect 'GausianNoise'; did you mean GaussianNoise?",
        ),
        ('{"foxing": 1, "steps": [{"GaussianNoise": 3}]}', "step 1: GaussianNoise: its fields are not an object"),
        ('{"foxing": 1, "steps": [{"GaussianNoise": {}}]}', "step 1: GaussianNoise lacks sigma, channels, size, seed"),
        ('{"foxing": 1, "steps": [7]}', "step 1: a step is one effect with its fields"),
        (broken(sigma=300), r"step 1: GaussianNoise.sigma = 300, outside \[0, 255\] grey levels"),
        (broken(sigma="much"), "step 1: GaussianNoise.sigma = 'much', not a number"),
        (broken(sigma=True), "step 1: GaussianNoise.sigma = True, not a number"),
        (broken(seed=1.5), "step 1: GaussianNoise.seed = 1.5, not a whole number"),
        (broken(seed=-1), "step 1: GaussianNoise.seed = -1, outside"),
        (broken(channels="two"), "step 1: GaussianNoise.channels = 'two', none of auto, one, three"),
        (broken(sigm=3), "step 1: GaussianNoise has no field 'sigm'; did you mean sigma?"),
        (broken(sigma=3).replace("3", "NaN"), "GaussianNoise.sigma = nan, not a number"),
    ],
)
def test_a_wrong_recipe_gets_one_clear_line(text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message) as caught:
        Recipe.from_json(text)
    assert "\n" not in str(caught.value)


def test_numbers_of_other_types_become_plain_ones() -> None:
    one = FilmGrain(strength=np.float32(0.5), size=1, exponent=np.int64(1), channels="one", seed=np.uint32(3))
    assert one == FilmGrain(strength=0.5, size=1.0, exponent=1.0, channels="one", seed=3)
    assert (
        Recipe((one,)).to_json()
        == Recipe((FilmGrain(strength=0.5, size=1.0, exponent=1.0, channels="one", seed=3),)).to_json()
    )


def test_the_result_belongs_to_the_caller() -> None:
    picture = chart()
    photo = Recipe(()).apply(picture)
    photo.image[0, 0] = 77
    photo.mask[0, 0] = 77
    assert not (picture[0, 0] == 77).all()

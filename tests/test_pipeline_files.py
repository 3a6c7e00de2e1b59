"""Pipelines in files: they come back as they were, and every typing error gets one clear line."""

import pytest

from degrade.effects.film_grain import FilmGrain
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.pipeline import PipelineError
from degrade.pipeline_file import from_toml, to_toml
from degrade.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_its_file(name: str) -> None:
    preset = PRESETS[name]
    assert from_toml(to_toml(preset)) == preset
    assert from_toml(to_toml(preset)).sample(5, "k") == preset.sample(5, "k")


GOOD = """
name = "mine"
[latents]
age = {a = 1.0}
[[steps]]
effect = "GaussianNoise"
p = 0.5
latent = "age"
sigma = {log_uniform = [1, 20]}
channels = "auto"
size = 1
[[steps]]
order = "shuffled"
[[steps.members]]
effect = "FilmGrain"
strength = {along = {latent = "age", low = 0.01, high = 0.1}}
size = {choice = [0.8, 1.0]}
exponent = 0.9
channels = "auto"
"""


def test_a_written_pipeline_is_read() -> None:
    assert [each.effect for each in from_toml(GOOD).priors()] == [GaussianNoise, FilmGrain]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("GaussianNoise", "GausianNoise", "no effect 'GausianNoise'; did you mean GaussianNoise?"),
        ("sigma", "sigam", "GaussianNoise: no key 'sigam'; did you mean sigma?"),
        ("log_uniform", "loguniform", "no distribution 'loguniform'; did you mean log_uniform?"),
        ("shuffled", "shufled", "no order 'shufled'; did you mean shuffled?"),
        ('latent = "age"\nsigma', 'latent = "aeg"\nsigma', "a latent 'aeg' that is not there; did you mean age?"),
        ('latent = "age", low', 'latent = "wet", low', "a latent 'wet' that is not there; there are age"),
        ("[1, 20]", "[20, 1]", "GaussianNoise.sigma: log_uniform: low = 20 is above high = 1"),
        ("[1, 20]", "[0, 20]", "GaussianNoise.sigma: log_uniform: low = 0, not above 0"),
        ("[1, 20]", "[1, [20]]", r"high = \[20\], not a number"),
        ("[1, 20]", "[1, true]", "high = True, not a number"),
        (
            "{log_uniform = [1, 20]}",
            "{normal = [nan, 1, 0, 9]}",
            "GaussianNoise.sigma: normal: mean = nan, not a number",
        ),
        ("{log_uniform = [1, 20]}", "{normal = [5, -1, 0, 9]}", "GaussianNoise.sigma: normal: spread = -1, below 0"),
        ("{log_uniform = [1, 20]}", "{integers = [0.5, 2]}", "low = 0.5, not a whole number"),
        (
            "{log_uniform = [1, 20]}",
            "{own_texture = {kind = 'paper'}}",
            "sigma: own_texture does not fit; use a value or",
        ),
        ("high = 0.1}", "high = 0.1, spread = inf}", "FilmGrain.strength: along: spread = inf, not a number"),
        ("{choice = [0.8, 1.0]}", "{choice = {values = 0.8}}", "it needs values, as in"),
        ("[0.8, 1.0]", "{values = [0.8], weights = 3}", "weights = 3, not one number for each of 1"),
        ("[0.8, 1.0]", "{values = [0.8], weights = ['a']}", r"weights = \['a'\], not numbers from 0 up"),
        ("[0.8, 1.0]", "{values = [0.8], weights = [inf]}", r"weights = \[inf\], not numbers from 0 up"),
        ('order = "shuffled"', 'order = "one_of"\nweights = 3', "step 2: weights = 3, not one number for each of 1"),
        ('order = "shuffled"', 'order = "shuffled"\nweights = [1]', "weights are of a group one_of, and its order is"),
        ("p = 0.5", "zz = 1", "no key 'zz'; it takes sigma, channels, size, effect"),
        ('name = "mine"', "name = 3", "name = 3, not a text"),
        ("{a = 1.0}", "{a = [1]}", r"latents.age: a = \[1\], not a number"),
        ("{a = 1.0}", "{a = inf}", "latents.age: a and b above 0"),
        ("[1, 20]", "[1, 2000]", r"sigma = 2000, outside \[0, 255\] grey levels"),
        ("[1, 20]", '["a", 20]', "low = 'a', not a number"),
        ("p = 0.5", "p = 1.5", r"p = 1.5, outside \[0, 1\]"),
        ("p = 0.5", "p = 'often'", "GaussianNoise: p = 'often', not a number"),
        ("size = 1\n", "", "GaussianNoise lacks size"),
        ('channels = "auto"\nsize = 1', 'channels = "both"\nsize = 1', "none of auto, one, three"),
        ("[[steps]]\norder", "[[stages]]\norder", "no key 'stages'; did you mean steps?"),
        ("name =", "name", "not TOML"),
        ("{a = 1.0}", "{a = -1.0}", "latents.age: a and b above 0"),
        ("[0.8, 1.0]", "[]", "size: choice: it needs values"),
        ('"FilmGrain"', '"GaussianNoise"', "no key 'strength'"),
    ],
)
def test_a_mistake_in_a_file_gets_one_clear_line(right: str, wrong: str, message: str) -> None:
    assert right in GOOD
    with pytest.raises(PipelineError, match=message) as caught:
        from_toml(GOOD.replace(right, wrong, 1), "mine.toml")
    assert str(caught.value).startswith("mine.toml: ")
    assert "\n" not in str(caught.value)

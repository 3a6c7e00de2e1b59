"""The presets: named pipelines, from the field's own recipes to first physical ones. No function is defined here."""

from degrade.effects.film_grain import FilmGrain
from degrade.effects.foxing import Foxing
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.pipeline import Pipeline
from degrade.priors import LogUniform, Uniform, prior

MILD = Pipeline(
    "mild",
    (
        prior(FilmGrain, p=0.9, strength=LogUniform(0.01, 0.05), size=0.9, exponent=0.9, channels="auto"),
        prior(Foxing, p=0.9, density=20.0, radius=0.006, strength=0.3, clustering=0.5, bullseye=0.2),
        prior(GaussianNoise, p=0.7, sigma=Uniform(1, 5), channels="auto", size=1.0),
    ),
    about="a little of everything",
)

PRESETS: dict[str, Pipeline] = {each.name: each for each in (MILD,)}
"""By name."""

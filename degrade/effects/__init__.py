"""The table of contents: every effect, at the moment of a photo's life where it happens."""

from degrade.effect import Effect
from degrade.effects.film_grain import FilmGrain
from degrade.effects.foxing import Foxing
from degrade.effects.gaussian_noise import GaussianNoise

STAGES: dict[str, tuple[type[Effect], ...]] = {
    "taking": (FilmGrain,),
    "printing": (),
    "ageing": (Foxing,),
    "handling": (),
    "scanning": (GaussianNoise,),
}
"""The only registry: a new effect is one file and one entry here."""

EFFECTS: tuple[type[Effect], ...] = tuple(effect for stage in STAGES.values() for effect in stage)

"""Fading of silver prints."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.fields import clouds, edge_distance
from degrade.ladder import Ladder, linear
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.tables import coarse, displayed, enlarged, in_steps, lights, seen_through, steps
from degrade.types import Field, Fraction, Image, Seed

BLACK = 0.01
"""Light that the blackest glossy print still reflects: density 2. The picture's black is taken to be this black."""

WARMTH = (0.936, 1.0, 1.07)
"""Slope of the density in red, green and blue, measured on toned prints (physics.md section 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilverFading(Effect):
    """A silver print whose image is oxidising: highlights bleach away first, the rest turns lighter and warmer.

    Source: a share highlights * exp(-D / 0.5) + overall of the density D is gone, because the finest grains of silver,
    those of the highlights, go first (mechanism: Reilly 1982; shape and constants are an estimate). The warm tone is
    that of real faded prints, density times 0.936 in red and 1.07 in blue, multiplied by `warmth`.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {
            "highlights": linear(0.05, 0.5),
            "overall": linear(0.03, 0.4),
            "warmth": linear(0.1, 2.0),
            "unevenness": linear(0.1, 0.35),
            "edges": linear(0, 0.25),
        }
    )

    highlights: Fraction
    """Share of the density that the lightest tones have lost beyond the others."""

    overall: Fraction
    """Share of the density that all tones have lost."""

    warmth: Fraction
    """How brown the silver has become; 0.5 is the average of real faded prints."""

    unevenness: Fraction
    """How much the loss varies over the picture, as a share of itself."""

    edges: Fraction
    """Share of the density that is lost at the very edge beyond that."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        small = coarse(photo.size)
        return photo.toned(photo.image)

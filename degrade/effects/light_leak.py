"""Light that leaked into the camera."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.tables import coarse, displayed, enlarged, in_steps, lights, seen_through, steps
from degrade.types import Field, Positive, Seed, Share

THROUGH_THE_BASE = (1.0, 0.28, 0.05)
"""What red, green and blue layers of a colour film get of light that enters from its back: red lies nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightLeak(Effect):
    """Fog that flares in from one edge: white on a black-and-white photograph, red to yellow on a colour one.

    Source: light that adds to the exposure before the film saturates, 1 - (1 - light) * exp(-fog); it reaches a colour
    film through its base, the red layer first. Shapes and proportions are an estimate.
    """

    ladder: ClassVar[Ladder] = Ladder({"strength": linear(0.25, 3.5), "reach": linear(0.06, 0.22), "length": 0.4})

    strength: Positive
    """Fog at the brightest place of the edge; at 1 it takes two thirds of the darkness of the red."""

    reach: Share
    """How far it reaches in: where a third of it is left."""

    length: Share
    """Length of the leaking gap along the edge."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        layer = np.sqrt(leak(coarse(photo.size), self.reach, self.length, self.seed))  # finer steps where it fades out
        fog = self.strength * steps(0, 1) ** 2
        shares = (1.0,) if photo.monochrome else THROUGH_THE_BASE
        tables = tuple(displayed(1 - (1 - lights()) * np.exp(-share * fog)) for share in shares)
        return photo.toned(seen_through(photo.image, enlarged(in_steps(layer, 0, 1), photo.size), tables))


def leak(size: tuple[int, int], reach: float, length: float, seed: int) -> Field:
    """Fog from a gap in a random edge, from 0 to 1, with two or three flares that stand slantwise to it."""
    source = stream(seed, "LightLeak")
    turns, middle = source.integer(0, 3), source.uniform(0.15, 0.85)
    flares = [
        (source.normal(), source.uniform(0.3, 1), source.uniform(0.5, 1.6), source.uniform(0.15, 0.5), source.normal())
        for _ in range(3)
    ]
    height, width = size if turns % 2 == 0 else size[::-1]
    short = min(size)
    depth = (np.arange(width, dtype=np.float32)[None, :] + 0.5) / short
    along = (np.arange(height, dtype=np.float32)[:, None] + 0.5 - middle * height) / short
    reach, length = max(reach, 0.01), max(length, 0.02)
    fog = np.exp(-depth / (0.35 * reach)) * np.exp(-((along / (0.8 * length)) ** 2))
    for offset, power, far, broad, slant in flares:
        centre = 0.35 * length * offset + 0.25 * slant * depth
        spread = broad * length * (1 + 0.5 * depth / reach)
        fog += power * np.exp(-((depth / (reach * far)) ** 1.5)) * np.exp(-(((along - centre) / spread) ** 2))
    fog = np.rot90(fog / max(float(fog.max()), 1e-6), turns)
    return np.ascontiguousarray(np.minimum(fog, 1), np.float32)

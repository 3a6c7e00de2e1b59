"""Yellowing of the paper and the binder."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds, edge_distance
from degrade.ladder import Ladder, linear
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.tables import coarse, displayed, enlarged, in_steps, lights, seen_through, steps
from degrade.types import Density, Field, Fraction, Seed, Share

STAIN = (0.1, 0.3, 1.0)
"""Share of the density that red, green and blue get."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yellowing(Effect):
    """A yellow-brown stain over the whole print, even or cloudy, stronger at the edges where air and album reached it.

    Source: additive density of 0.05 to 0.3 in blue, measured on toned prints; 0.3 of it in green and 0.1 in red, clouds
    of a quarter of the picture and more, and an edge that falls off exponentially are estimates
    (docs/physics.md, section 5). On most real prints the edge term is absent.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {"strength": linear(0.04, 0.4), "unevenness": linear(0.1, 0.4), "edges": linear(0, 0.25), "reach": 0.08}
    )

    strength: Density
    """Density of the stain in blue light, on average."""

    unevenness: Fraction
    """Standard deviation of the clouds, as a share of the stain."""

    edges: Density
    """Density in blue light that the very edge has beyond that."""

    reach: Share
    """How far the edge's stain reaches in: where a third of it is left."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        small = coarse(photo.size)
        layer = self.strength * (1 + self.unevenness * blotches(small, self.seed))
        layer += self.edges * np.exp(-edge_distance(small) / max(self.reach, 1e-3))
        most = max(float(layer.max()), 1e-3)
        tables = tuple(displayed(lights() * 10 ** (-share * steps(0, most))) for share in STAIN)
        return photo.toned(seen_through(photo.image, enlarged(in_steps(layer, 0, most), photo.size), tables))


def blotches(size: tuple[int, int], seed: int) -> Field:
    """Two sizes of clouds, a half and a sixth of the shorter side, of variance of about 1 and never below -2."""
    source = stream(seed, "Yellowing")
    large = clouds(size, 0.5, source)
    return np.maximum(np.float32(0.85) * large + np.float32(0.5) * clouds(size, 0.17, source), -2)

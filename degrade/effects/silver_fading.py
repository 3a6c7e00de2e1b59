"""Fading of silver prints."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.fields import clouds, edge_distance
from degrade.ladder import Ladder, linear
from degrade.light import to_display
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.tables import coarse, enlarged, in_steps, lights, seen_through, steps
from degrade.types import Field, Fraction, Image, Interval, Seed

BLACK = 0.01
"""Light that the blackest glossy print still reflects: density 2. The picture's black is taken to be this black."""

BROWN = (-0.2, 0.0, 0.4)
"""What wholly sulfided silver adds to its density in red, green and blue, as a share of it."""

EDGE = 0.08
"""How far the loss at the edges reaches in, as a share of the shorter side."""

Times = Annotated[float, Interval(0, 5, "times as much")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilverFading(Effect):
    """A silver print whose image is oxidising: highlights bleach away first, what is left turns lighter and warmer.

    Source: a share highlights * exp(-D / 0.5) + overall of the density D is gone, because the finest silver, that of
    the highlights, goes first (mechanism: Reilly et al. 1984, "Image Structure and Deterioration in Albumen Prints";
    shape and constants are an estimate). The brown is as yellow as sulfide sepia, b* 22 in the mid-tones, and less red
    (docs/physics.md, section 4, an estimate); average old prints were measured at 0.2 to 0.3 of it. The yellow of their
    paper is `Yellowing`.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {
            "highlights": linear(0.06, 0.5),
            "overall": linear(0.03, 0.35),
            "warmth": linear(0.05, 0.7),
            "unevenness": linear(0.1, 0.4),
            "edges": linear(0, 0.5),
        }
    )

    highlights: Fraction
    """Share of the density that white has lost beyond `overall`."""

    overall: Fraction
    """Share of the density that all tones have lost."""

    warmth: Fraction
    """How brown the silver has become; 1 is sulfide sepia."""

    unevenness: Fraction
    """Standard deviation of the loss over the picture, as a share of itself."""

    edges: Times
    """How much more the very edge has lost, where the air came in."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        small = coarse(photo.size)
        loss = 1 + self.unevenness * blotches(small, self.seed)
        loss *= 1 + self.edges * np.exp(-edge_distance(small) / EDGE)
        most = float(loss.max())
        layer = enlarged(in_steps(loss, 0, most), photo.size)
        density = -np.log10(BLACK + (1 - BLACK) * lights())
        gone = (self.highlights * np.exp(-density / 0.5) + self.overall) * steps(0, most)
        left = (density * (1 - np.minimum(gone, 1))).astype(np.float32)
        tables = tuple(seen(left * np.float32(1 + self.warmth * share)) for share in (BROWN if self.warmth else (0.0,)))
        return photo.toned(seen_through(photo.image, layer, tables))


def blotches(size: tuple[int, int], seed: int) -> Field:
    """Clouds of a third of the shorter side, of variance of about 1 and never below -2."""
    return np.maximum(clouds(size, 0.35, stream(seed, "SilverFading")), -2)


def seen(density: NDArray[np.float32]) -> Image:
    """Display levels of densities on a print whose black is the picture's black."""
    light = np.exp(density * np.float32(-math.log(10)))
    light -= np.float32(BLACK)
    light *= np.float32(1 / (1 - BLACK))
    return to_display(light)

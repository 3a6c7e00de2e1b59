"""Uneven light."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds
from degrade.ladder import Ladder, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.tables import coarse, displayed, enlarged, in_steps, lights, seen_through, steps
from degrade.types import Density, Field, Fraction, Seed, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class UnevenLight(Effect):
    """A picture lighter on one side and cloudy, as a lamp to one side or a tired developer leaves it.

    Source: a layer of neutral density, a straight slope plus smooth noise; its spread on real prints, corner against
    centre, is about 0.1 to 0.3 (docs/physics.md, section 11). The shapes are an estimate.
    """

    ladder: ClassVar[Ladder] = Ladder({"strength": linear(0.1, 0.9), "slope": 0.6, "size": 0.5})

    strength: Density
    """Difference in density between the lightest and the darkest place."""

    slope: Fraction
    """Share of the unevenness that is a straight slope across the picture; the rest is clouds."""

    size: Share
    """Distance between one cloud and the next."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "UnevenLight")
        small = coarse(photo.size)
        layer = self.slope * tilted(small, source) + (1 - self.slope) * np.clip(
            clouds(small, max(self.size, 0.1), source), -2, 2
        )
        layer *= np.float32(self.strength / max(float(np.ptp(layer)), 0.1))
        low, high = float(layer.min()), float(layer.max())
        table = displayed(lights() * 10 ** -steps(low, high))
        return photo.toned(seen_through(photo.image, enlarged(in_steps(layer, low, high), photo.size), (table,)))


def tilted(size: tuple[int, int], source: Stream) -> Field:
    """A plane that rises from -2 to 2 across the picture, in a random direction."""
    angle = source.uniform(0, 2 * math.pi)
    rows = (np.arange(size[0], dtype=np.float32)[:, None] + 0.5) / size[0] - 0.5
    columns = (np.arange(size[1], dtype=np.float32)[None, :] + 0.5) / size[1] - 0.5
    reach = abs(math.sin(angle)) + abs(math.cos(angle))
    return np.asarray((rows * math.sin(angle) + columns * math.cos(angle)) * (4 / reach), np.float32)

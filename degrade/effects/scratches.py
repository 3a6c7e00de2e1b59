"""Scratches of handling, in swarms."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from degrade.base import bare_paper, paper_colour
from degrade.cracks import Array, arcs, ragged
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Colour, Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, strokes
from degrade.types import Defect, Fraction, Image, Interval, Seed

POINTS = 64
"""Of one scratch."""

SLENDER = 15
"""A scratch is at least so many times as long as it is wide."""

PRINTED = (22, 20, 19)
"""A scratch in the emulsion of the negative: more light came through, and it printed black."""

MOST = 1500
"""Scratches on one photo, however long it is."""

Scratched = Annotated[float, Interval(0, 600, "per square of the shorter side")]
"""How many scratches."""

Long = Annotated[float, Interval(0, 1, "of the shorter side")]
"""The length of a scratch."""

Thin = Annotated[float, Interval(0, 0.02, "of the shorter side")]
"""The width of a scratch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratches(Effect):
    """Swarms of fine scratches with a common direction, many thin and few deep, half of them interrupted.

    Source: handling scratches on prints (docs/physics.md, section 6): widths 0.05 to 0.3 mm, lognormal lengths with a
    median of 10 mm, directions within 15 degrees of the swarm's. The widths are estimates, the spread of lengths is
    that of layers taken off damaged photos (docs/defects.md); the swarms were seen on real prints.
    """

    defect: ClassVar[Defect] = Defect.SCRATCH

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(45, 450),
            "length": geometric(0.08, 0.15),
            "width": geometric(0.0016, 0.003),
            "opacity": linear(0.6, 1),
            "swarming": 0.8,
            "polarity": "light",
        }
    )

    density: Scratched
    """Scratches."""

    length: Long
    """Median length; the spread is lognormal with sigma 0.95."""

    width: Thin
    """Width of a deep scratch; the fine ones have a third of it."""

    opacity: Fraction
    """How much of the emulsion a deep scratch takes away."""

    swarming: Fraction
    """Share of scratches that lie in swarms and in the swarm's direction."""

    polarity: Literal["light", "dark"]
    """Light: scraped off the print. Dark: scraped off the negative, and printed."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Scratches")
        count = min(photo.count(self.density, source.unit()), MOST)
        if count == 0:
            return photo
        paths = self._paths(photo, count, source)
        deep = source.units(count) < 0.15
        core = self.width * photo.short * np.where(deep, 1, 0.2 + 0.25 * source.units(count))
        core = np.minimum(core, np.hypot(*(paths[:, -1] - paths[:, 0]).T) / SLENDER)
        strength = self.opacity * np.where(deep, 1, 0.35 + 0.5 * source.units(count))
        coverage = canvas(photo.size)
        strokes(coverage, paths, core[:, None] * pressure(count, source), strength[:, None])
        return photo.damaged(self._paint(photo, source), coverage, self.defect)

    def _paths(self, photo: Photo, count: int, source: Stream) -> Array:
        """The scratches as lines: each belongs to a swarm or lies anywhere."""
        swarms = 2 + min(count // 40, 4)
        centres, spread = source.units(swarms, 2), 0.06 + 0.2 * source.units(swarms, 1)
        common = math.pi * source.unit() + np.radians(22) * source.normals(swarms)
        mine, within = (source.units(count) * swarms).astype(int), source.units(count) < self.swarming
        near = centres[mine] * (photo.width, photo.height) + photo.short * spread[mine] * source.normals(count, 2)
        starts = np.where(within[:, None], near, source.units(count, 2) * (photo.width, photo.height))
        angles = np.where(
            within, common[mine] + np.radians(9) * source.normals(count), 2 * math.pi * source.units(count)
        )
        lengths = photo.short * np.minimum(self.length * np.exp(0.95 * source.normals(count).astype(np.float64)), 1.3)
        shaking = 0.02 * np.cumsum(source.normals(count, POINTS - 1), axis=1)
        bends = 0.15 * source.normals(count).astype(np.float64)[:, None] * np.linspace(0, 1, POINTS - 1) + shaking
        return arcs(starts, angles, lengths, bends, POINTS)

    def _paint(self, photo: Photo, source: Stream) -> Image | Colour:
        if self.polarity == "dark":
            return PRINTED
        return bare_paper(photo.size, paper_colour(photo), photo.short, source)


def pressure(count: int, source: Stream) -> Array:
    """How the width goes along scratches: rough, tapering at both ends, and zero where an interrupted one skips."""
    along = np.arange(POINTS)
    taper = np.clip(6 * np.minimum(along, POINTS - 1 - along) / POINTS + 0.2, 0, 1)
    slow, fast = ragged((count, POINTS), 0.5, 12, source), ragged((count, POINTS), 0.4, 1.2, source)
    skips = (source.units(count) < 0.5)[:, None] & (slow * ragged((count, POINTS), 0.6, 2, source) < 0.75)
    return np.where(skips, 0, np.minimum(slow, 1.6) * np.minimum(fast, 1.7) * taper)

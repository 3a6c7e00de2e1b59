"""Mould: grey-green and brown colonies that grow where a print was damp."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.fields import fractal, nearby
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Density, Field, Fraction, Interval, Seed, Share

Colonies = Annotated[float, Interval(0, 300, "per square of the shorter side")]

COLOURS = {"green": (0.94, 0.895, 1.0), "brown": (0.66, 0.8, 1.0), "black": (1.0, 0.98, 0.95)}
"""Share of the density that red, green and blue get: estimates by eye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould(Effect):
    """Colonies of mould: speckled discs with threads growing outwards, crowded around a damp corner.

    Source: dendritic, speckled discs of 2 to 20 mm, grey-green to brown, from a damp corner
    (docs/physics.md, section 5; no measurements were found: sizes and shapes are an estimate by eye).
    """

    defect: ClassVar[Defect] = Defect.STAIN

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(8, 110),
            "radius": geometric(0.018, 0.036),
            "strength": geometric(0.3, 0.95),
            "spread": geometric(0.25, 0.7),
            "colour": "green",
        }
    )

    density: Colonies
    """Colonies."""

    radius: Share
    """Median radius of a colony; the spread is lognormal with sigma 0.5."""

    strength: Density
    """Density of a colony's specks in blue light."""

    spread: Fraction
    """How far from the damp corner they grow: 0 in the corner alone, 1 all over the picture."""

    colour: Literal["green", "brown", "black"]
    """Of the colonies."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Mould")
        shrink = max(1.0, photo.short / FINEST)
        layer = np.zeros([math.ceil(side / shrink) for side in photo.size], np.float32)
        size = np.array([layer.shape[1], layer.shape[0]])
        damp = np.array([source.integer(0, 1), source.integer(0, 1)])
        count = min(photo.count(self.density, source.unit()), MOST)
        draws = source.units(count, 5)
        swell = np.exp(np.clip(0.5 * source.normals(count), -1.5, 1.2))
        away = draws[:, :2] ** (1 / max(self.spread, 0.1))  # from the damp corner, in shares of the sides
        places = np.abs(damp - away) * size
        fresh = np.exp(-0.8 * np.hypot(*away.T) / max(self.spread, 0.05))  # the oldest are in the corner
        radii = np.clip(self.radius * min(layer.shape) * swell * (0.6 + 0.6 * fresh), 0.7, 0.25 * min(layer.shape))
        for index in range(count):
            colony = colonies()[int(draws[index, 2] * VARIANTS)]
            strength = self.strength * (0.5 + 0.8 * fresh[index]) * (0.6 + 0.6 * draws[index, 4])
            stamp(layer, colony, places[index], (float(radii[index]), 7 * draws[index, 3]), float(strength))
        layer = cv2.resize(layer, (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        return photo.stained(layer, COLOURS[self.colour], self.defect)


MOST = 1000
"""Colonies on one picture, whatever its shape."""

FINEST = 1000
"""Wider pictures are stained on a smaller grid."""

VARIANTS = 12
"""Drawn colonies."""

SIDE, RADIUS = 192, 60
"""Pixels of a drawn colony's square, and of its radius."""


def stamp(layer: Field, colony: Field, centre: NDArray[np.float64], pose: tuple[float, float], strength: float) -> None:
    """Add a drawn colony to a density layer, in place, with a radius in pixels and turned by an angle."""
    radius, angle = pose
    scale = RADIUS / radius
    reach = 1.1 * SIDE / 2 / scale + 1
    box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
    top, left, height, width = nearby(box, (layer.shape[0], layer.shape[1]))
    if height == 0 or width == 0:
        return
    halvings = min(max(0, round(math.log2(scale))), 4)  # a small colony is an average, not a sample of its specks
    small = colony if halvings == 0 else cv2.resize(colony, None, fx=0.5**halvings, fy=0.5**halvings, interpolation=3)
    scale /= 2**halvings
    turn = scale * np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    shift = small.shape[0] / 2 - 0.5 + turn @ (np.array([left, top]) + 0.5 - centre)
    seen = cv2.warpAffine(
        small, np.column_stack([turn, shift]), (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    layer[top : top + height, left : left + width] += seen * np.float32(strength)


@lru_cache(maxsize=1)
def colonies() -> tuple[Field, ...]:
    """The drawn colonies."""
    source = stream(0, "Mould colonies")
    return tuple(drawn(source) for _ in range(VARIANTS))


def drawn(source: Stream) -> Field:
    """One colony: a haze, threads that branch outwards, and specks of spores, densest in the middle or at a ring."""
    grid = (np.arange(SIDE, dtype=np.float32) - np.float32(SIDE / 2 - 0.5)) / RADIUS
    x, y = grid[None, :] + np.zeros((SIDE, 1), np.float32), grid[:, None] + np.zeros((1, SIDE), np.float32)
    away, angle = cv2.cartToPolar(x, y)
    away += np.float32(0.13) * fractal((SIDE, SIDE), 0.4, source, 4, 0.6)
    table = threads(source.integer(24, 40), source)
    across = angle * np.float32(table.shape[1] / (2 * math.pi)) + 3 * fractal((SIDE, SIDE), 0.2, source, 3)
    along = np.maximum(away, 0) * np.float32(table.shape[0] / 1.6)
    branch = np.maximum(cv2.remap(table, across, along, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), 0)
    white = source.normals(SIDE, SIDE)
    fine, coarse = cv2.GaussianBlur(white, (0, 0), 1.3) * 4.6, cv2.GaussianBlur(white, (0, 0), 2.6) * 9.2
    inside = np.clip((1.35 - away) / 1.2, 0, 1)
    peak = source.choice((0.0, 0.0, 0.55))
    crowd = np.exp(-(((away - peak) / 0.6) ** 2))
    specks = np.clip(1.1 * (fine + 2.6 * crowd + 0.5 * branch - 2.2), 0, 1)
    clumps = np.clip(coarse + 2.2 * crowd - 2.2, 0, 1)
    dust = np.clip(2 * (fine - 2.3), 0, 1) * np.clip((1.55 - away) / 0.3, 0, 1)  # single spores around it
    amount = inside * (0.14 + 0.15 * branch + 0.55 * specks + 0.4 * clumps) + 0.5 * dust
    bounded: Field = amount * np.clip((1.58 - cv2.magnitude(x, y)) / 0.15, 0, 1)
    return bounded


def threads(count: int, source: Stream) -> Field:
    """Branching threads over (distance, direction): noise that is drawn out along the distance and gets finer."""
    rows, columns = 24, 6 * count
    table = np.zeros((rows, columns), np.float32)
    for row in range(rows):
        knots = source.normals(1, min(count * (1 + row // 6), columns // 2))
        wide = cv2.resize(np.hstack([knots] * 3), (3 * columns, 1), interpolation=cv2.INTER_LINEAR)
        table[row] = (0.85 * table[row - 1] if row else 0) + 0.5 * wide[0, columns : 2 * columns]
    return table

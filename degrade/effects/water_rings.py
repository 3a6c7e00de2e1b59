"""Water rings: dried drops, and the ring under a wet glass."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds, nearby
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Density, Field, Interval, Seed, Share

Drops = Annotated[float, Interval(0, 400, "per square of the shorter side")]

Few = Annotated[int, Interval(0, 12)]

COFFEE = (0.32, 0.58, 1.0)
"""Share of the density that red, green and blue get: brown matter from the water and the paper (an estimate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterRings(Effect):
    """Rings of dried drops, dark at the rim and pale within, and the broken double rings of wet cups.

    Source: the coffee ring: a pinned drop flows outwards as it dries and leaves its matter at the rim (Deegan et al.
    1997). Sizes and the strength of the rim are estimates (docs/physics.md, section 5).
    """

    defect: ClassVar[Defect] = Defect.STAIN

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(6, 100),
            "radius": geometric(0.009, 0.018),
            "cups": linear(0, 3),
            "cup": 0.19,
            "strength": geometric(0.22, 0.85),
        }
    )

    density: Drops
    """Drops."""

    radius: Share
    """Median radius of a drop; the spread is lognormal with sigma 0.7."""

    cups: Few
    """Rings left by cups or glasses."""

    cup: Share
    """Radius of a cup's foot."""

    strength: Density
    """Density of a rim in blue light."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "WaterRings")
        shrink = max(1.0, photo.short / FINEST)
        layer = np.zeros([math.ceil(side / shrink) for side in photo.size], np.float32)
        height, width = layer.shape
        short = min(layer.shape)
        splashes = stream(self.seed, "WaterRings", "drops")
        homes = [(width * splashes.unit(), height * splashes.unit()) for _ in range(3)]
        for _ in range(min(photo.count(self.density, splashes.unit()), MOST)):
            own = stream(splashes.seed(), "drop")
            radius = self.radius * short * math.exp(min(0.7 * own.normal(), 1.8))
            x, y = (width * own.unit(), height * own.unit())
            if own.unit() < 0.6:  # a splash: drops around the place where the water fell
                home = own.choice(homes)
                x, y = home[0] + 0.12 * short * own.normal(), home[1] + 0.12 * short * own.normal()
            drop(layer, (x, y), radius, self.strength, own)
        for _ in range(self.cups):
            own = stream(source.seed(), "cup")
            centre = (width * own.uniform(-0.1, 1.1), height * own.uniform(-0.1, 1.1))
            ring(layer, centre, self.cup * short * own.uniform(0.85, 1.15), self.strength, own)
        layer = cv2.resize(layer, (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        return photo.stained(layer, COFFEE, self.defect)


MOST = 600
"""Drops on one picture, whatever its shape."""

FINEST = 800
"""Wider pictures are stained on a smaller grid."""


def drop(layer: Field, centre: tuple[float, float], radius: float, strength: float, source: Stream) -> None:
    """Add one dried drop to a density layer, in place."""
    seen = polar(layer, centre, radius * 1.4 + 2)
    waves = [(harmonic, 0.13 * source.normal() * harmonic**-1.5, source.uniform(0, 7)) for harmonic in range(2, 8)]
    power, tint = strength * source.uniform(0.3, 1.2), source.uniform(0.08, 0.3)
    lean, towards = source.uniform(0, 0.7), source.uniform(0, 7)
    if seen is None:
        return
    part, away, angle = seen
    spokes = np.full_like(angle, max(radius, 0.7))
    for harmonic, size, at in waves:
        spokes *= 1 + np.float32(size) * np.cos(np.float32(harmonic) * angle + np.float32(at))
    depth = (spokes - away) / np.float32(max(radius, 0.7))
    sharp = np.float32(max(0.06, 1.2 / max(radius, 0.7)))
    outside = np.clip(1 + depth / sharp, 0, 1)
    rim = np.exp(np.maximum(depth, 0) * np.float32(-1 / 0.13)) * (
        1 + np.float32(lean) * np.cos(angle + np.float32(towards))
    )
    part += np.float32(power) * outside * outside * (np.float32(tint) + rim)


def ring(layer: Field, centre: tuple[float, float], radius: float, strength: float, source: Stream) -> None:
    """Add the mark of one wet foot: two lines with a film between them, interrupted where it was dry."""
    seen = polar(layer, centre, radius * 1.25 + 2)
    if seen is None:
        return
    part, away, angle = seen
    short = min(layer.shape)
    turn = 720
    wet = np.tile(clouds((1, turn), turn / 7, source)[0], 3)  # along the ring
    wet = cv2.GaussianBlur(wet[None, :], (0, 0), 25)[0, turn : 2 * turn] * 2
    wobble = cv2.GaussianBlur(np.tile(source.normals(turn), 3)[None, :], (0, 0), 16)[0, turn : 2 * turn]
    step = np.minimum(angle * np.float32(turn / (2 * math.pi)), turn - 1).astype(np.int32)
    width = np.float32(max(radius * source.uniform(0.05, 0.1), 1.0))
    off = away - np.float32(radius) + np.float32(0.006 * radius) * wobble[step] * 8
    amount = np.clip(0.75 + 0.8 * wet[step], 0, 1.3)
    fine = np.float32(max(0.004 * short, 0.9))
    outer = np.where(off > 0, np.exp(-((off / (0.6 * fine)) ** 2)), np.exp(np.minimum(off, 0) / (1.8 * fine)))
    inner = np.exp(-(((off + width) / fine) ** 2)) * 0.7
    film = np.where((off < 0) & (off > -width), np.float32(0.28), 0)
    part += np.float32(strength) * amount * (outer + inner + film)


def polar(layer: Field, centre: tuple[float, float], reach: float) -> tuple[Field, Field, Field] | None:
    """What of a layer lies around a centre: the part itself, the distance and the angle; nothing if it is outside."""
    box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
    top, left, height, width = nearby(box, (layer.shape[0], layer.shape[1]))
    if height == 0 or width == 0:
        return None
    x = np.arange(left, left + width, dtype=np.float32)[None, :] + np.float32(0.5 - centre[0])
    y = np.arange(top, top + height, dtype=np.float32)[:, None] + np.float32(0.5 - centre[1])
    away, angle = cv2.cartToPolar(np.repeat(x, height, 0), np.repeat(y, width, 1))
    return layer[top : top + height, left : left + width], away, angle

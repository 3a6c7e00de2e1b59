"""Water stains: what is left where a print was wet."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.fields import clouds, fractal, nearby
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Density, Field, Fraction, Interval, Seed, Share

Few = Annotated[int, Interval(0, 12)]

Spokes = NDArray[np.float64]
"""(TURN,): the radius of a contour in each direction."""

TIDE = (0.22, 0.5, 1.0)
"""Share of the density that red, green and blue get: the soluble brown of old paper (an estimate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterStain(Effect):
    """Tide lines: where a wet patch dried, a brown line that is sharp outside and fades slowly inwards.

    Source: water carries the soluble brown to the border of wet and dry and leaves it there (Dupont 1996). That the
    line is sharp within 0.2 to 0.5 mm outside and falls over 1 to 4 mm inside, that up to four lines nest, how even the
    tint inside is, and the waves of the contour are estimates (docs/physics.md, section 5).
    """

    defect: ClassVar[Defect] = Defect.STAIN

    ladder: ClassVar[Ladder] = Ladder(
        {
            "count": linear(1, 3),
            "size": geometric(0.25, 0.45),
            "strength": geometric(0.2, 0.9),
            "tint": 0.22,
            "lines": linear(1, 4),
            "fade": geometric(0.014, 0.024),
        }
    )

    count: Few
    """Wet patches; most reach in from an edge."""

    size: Share
    """Radius of a patch."""

    strength: Density
    """Density of the outermost line in blue light."""

    tint: Fraction
    """Density of the inside, as a share of the line's."""

    lines: Few
    """Lines in one patch, each left by another wetting."""

    fade: Share
    """Distance over which a line falls to 1/e inwards."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "WaterStain")
        shrink = max(1.0, photo.short / FINEST)
        height, width = (math.ceil(side / shrink) for side in photo.size)
        layer = np.zeros((height, width), np.float32)
        for _ in range(self.count):
            own = stream(source.seed(), "patch")
            centre = (width * own.unit(), height * own.unit())
            if own.unit() < 0.75:
                centre = at_an_edge((height, width), own)
            self._wet(layer, centre, own)
        layer = cv2.resize(layer, (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        return photo.stained(layer, TIDE, self.defect)

    def _wet(self, layer: Field, centre: tuple[float, float], source: Stream) -> None:
        """Add one patch to a density layer, in place."""
        short = min(layer.shape)
        radius = max(self.size * short * math.exp(0.3 * source.normal()), 1.0)
        contour, rounder = contours(source)
        reach = radius * float(contour.max()) + 0.04 * short
        box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
        top, left, height, width = nearby(box, layer.shape)
        if height == 0 or width == 0:
            return
        part = layer[top : top + height, left : left + width]
        zoom = short / min(part.shape)  # grains are shares of the whole picture's shorter side
        depth = inwards(part.shape, (centre[0] - left, centre[1] - top), radius * contour, radius * rounder)
        depth *= np.float32(1 / short)
        depth += np.float32(0.006) * fractal(part.shape, 0.06 * zoom, source, 4, 0.6)
        sway = np.float32(0.012) * clouds(part.shape, 0.13 * zoom, source)
        power = np.float32(self.strength) * np.clip(0.8 + 0.35 * clouds(part.shape, 0.2 * zoom, source), 0.15, None)
        total = np.float32(self.tint) * np.clip(depth / np.float32(0.02), 0, 1)
        back, weight = 0.0, 1.0
        for line in range(self.lines):
            total += np.float32(weight) * tide(depth - np.float32(back), self.fade * source.uniform(0.6, 1.4))
            back += source.uniform(0.012, 0.14) * min(1, self.size / 0.25)
            weight = source.uniform(0.35, 0.95)
            depth += sway if line % 2 == 0 else -0.7 * sway
        part += power * total


FINEST = 640
"""Wider pictures are stained on a smaller grid, which the sharp side of a line still spans with two pixels."""

SHARP = 0.0025
"""How wide the outer side of a line is."""


def at_an_edge(size: tuple[int, int], source: Stream) -> tuple[float, float]:
    """A place (x, y) a little outside or inside of one of the four edges."""
    along, out = source.unit(), source.uniform(-0.12, 0.1) * min(size)
    side = source.integer(0, 3)
    height, width = size
    return [(width * along, out), (width * along, height - out), (out, height * along), (width - out, height * along)][
        side
    ]


def contours(source: Stream) -> tuple[Spokes, Spokes]:
    """The radius in each direction, in shares of the mean one: a wavy contour, and a rounder one for inside."""
    turn = np.arange(TURN) * (2 * math.pi / TURN)
    swell, round_ = np.zeros(TURN), np.zeros(TURN)
    for harmonic in range(1, 25):
        wave = 0.2 * source.normal() * harmonic**-1.1 * np.cos(harmonic * turn + source.uniform(0, 2 * math.pi))
        swell += wave
        round_ += wave if harmonic < 4 else 0
    lobes = np.abs(np.cos(source.integer(4, 9) / 2 * turn + 2 * round_)) * 0.07  # bulges with notches between them
    return np.exp(swell + lobes), np.exp(round_)


def inwards(size: tuple[int, ...], centre: tuple[float, float], contour: Spokes, rounder: Spokes) -> Field:
    """Distance in pixels from a closed contour, positive inside; deep inside, from a rounder one."""
    slant = np.gradient(contour) * (TURN / (2 * math.pi)) / contour
    slope = 1 / np.sqrt(1 + slant**2)
    outer, flat, inner = (each.astype(np.float32) for each in (contour, slope, rounder))
    x = np.arange(size[1], dtype=np.float32)[None, :] + np.float32(0.5 - centre[0])
    y = np.arange(size[0], dtype=np.float32)[:, None] + np.float32(0.5 - centre[1])
    away, angle = cv2.cartToPolar(np.repeat(x, size[0], 0), np.repeat(y, size[1], 1))
    step = np.minimum(angle * np.float32(TURN / (2 * math.pi)), TURN - 1).astype(np.int32)
    deep = np.clip(1.6 - 2 * away / outer[step], 0, 1)
    edge = (outer[step] - away) * flat[step]
    depth: Field = edge + deep * (inner[step] - away - edge)
    return depth


TURN = 2048
"""Directions in which a contour is known."""


def tide(depth: Field, fade: float) -> Field:
    """The profile of a line at a depth inside its contour, in shares of the shorter side."""
    outside = np.clip(1 + depth / np.float32(SHARP), 0, 1)
    line: Field = outside * outside * np.exp(np.maximum(depth, 0) * np.float32(-1 / max(fade, 1e-4)))
    return line

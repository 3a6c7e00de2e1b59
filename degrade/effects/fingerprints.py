"""Fingerprints: what fingers left on the emulsion."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds, fractal, nearby
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Density, Field, Interval, Seed, Share

Prints = Annotated[int, Interval(0, 30)]

TINTS = {"brown": (0.4, 0.66, 1.0), "black": (1.0, 1.0, 0.98)}
"""Share of the density that red, green and blue get."""

PALE = (204, 208, 213)
"""Etched or mirrored silver, as a scanner sees it (an estimate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints(Effect):
    """Prints of fingers with loops, whorls and arches, partly in contact, mostly at the margins.

    Source: ovals of 12 by 18 mm with ridges 0.4 to 0.6 mm apart, brown or etched (docs/physics.md, section 5;
    estimates); ridges as the cosine of a smooth phase with a spiral at each minutia (Larkin & Fletcher 2007, "A
    coherent framework for fingerprint analysis"). The smooth phase is the distance from a line for a loop and from a
    point for a whorl, an estimate.
    """

    defect: ClassVar[Defect] = Defect.FINGERPRINT

    ladder: ClassVar[Ladder] = Ladder(
        {"count": linear(2, 12), "size": linear(0.17, 0.24), "strength": geometric(0.25, 1.1), "tint": "brown"}
    )

    count: Prints
    """Prints."""

    size: Share
    """Length of a print."""

    strength: Density
    """Density of a ridge in full contact; of a pale print, the density that a black loses."""

    tint: Literal["brown", "black", "pale"]
    """Grease gone brown, ink or soot, or silver that was etched away."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Fingerprints")
        layer = np.zeros(photo.size, np.float32)
        for _ in range(self.count):
            own = stream(source.seed(), "print")
            x, y = at_the_margin(own) if own.unit() < 0.75 else (own.unit(), own.unit())
            ridges = finger(own.integer(0, FINGERS - 1))
            turn, length = own.uniform(0, 2 * math.pi), self.size * photo.short * own.uniform(0.85, 1.15)
            power = self.strength * own.uniform(0.5, 1.15)
            press(layer, ridges, (photo.width * x, photo.height * y), (max(length, 1.0), turn), power)
        if self.tint == "pale":
            coverage = np.rint(255 * (1 - np.exp(-math.log(10) * layer))).astype(np.uint8)
            return photo.damaged(PALE, coverage, self.defect)
        return photo.stained(layer, TINTS[self.tint], self.defect)


FINGERS = 12
"""Drawn fingers, of which each print is one."""

PERIOD = 8
"""Pixels from ridge to ridge in a drawn finger."""

LONG, WIDE = 320, 224
"""Pixels of a drawn finger: 40 ridges long and 28 wide, as 18 by 12 mm with 0.45 mm between ridges are."""


def at_the_margin(source: Stream) -> tuple[float, float]:
    """A place near one of the edges, in shares of the width and the height."""
    along, in_ = source.unit(), 0.15 * source.unit()
    return source.choice(((along, in_), (along, 1 - in_), (in_, along), (1 - in_, along)))


def press(layer: Field, ridges: Field, centre: tuple[float, float], pose: tuple[float, float], power: float) -> None:
    """Add a print of a length in pixels, turned by an angle, to a density layer, in place."""
    length, angle = pose
    scale = LONG / length
    reach = 0.62 * length + 2
    box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
    top, left, height, width = nearby(box, (layer.shape[0], layer.shape[1]))
    if height == 0 or width == 0:
        return
    if scale > 1:  # ridges finer than the pixels must average out, not alias
        size = (max(2, round(WIDE / scale)), max(2, round(LONG / scale)))
        ridges, scale = cv2.resize(ridges, size, interpolation=cv2.INTER_AREA), 1.0
    turn = scale * np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    middle = np.array([ridges.shape[1] / 2 - 0.5, ridges.shape[0] / 2 - 0.5])
    shift = middle + turn @ (np.array([left + 0.5, top + 0.5]) - np.array(centre))
    seen = cv2.warpAffine(
        ridges, np.column_stack([turn, shift]), (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    layer[top : top + height, left : left + width] += seen * np.float32(power)


@lru_cache(maxsize=FINGERS)
def finger(number: int) -> Field:
    """How much each place (LONG, WIDE) of a drawn finger leaves, 0 to 1."""
    source = stream(number, "Fingerprints finger")
    x = np.arange(WIDE, dtype=np.float32)[None, :] - np.float32(WIDE / 2) + np.zeros((LONG, 1), np.float32)
    y = np.arange(LONG, dtype=np.float32)[:, None] - np.float32(LONG / 2) + np.zeros((1, WIDE), np.float32)
    size = (LONG, WIDE)
    phase = ridge_phase(number % 4, x, y, source)
    wave = np.cos(phase)
    worn = fractal(size, 0.05, source, 3, 0.7)
    pressure = fractal(size, 0.45, source, 4, 0.55)
    contact = np.clip(1.25 - cv2.magnitude(x / (0.43 * WIDE), y / (0.46 * LONG)), 0, 0.5) * 2
    heavy = np.clip(0.66 + 0.45 * pressure, 0.02, 1) * np.minimum(contact * 1.6, 1)
    ridge = np.clip(0.5 + 1.5 * (wave + 0.38 * worn + 1.1 * (heavy - 0.62)), 0, 1)
    pores = np.where(clouds(size, 0.02, source) > 1.5, np.float32(0.35), np.float32(1))
    film = 0.14 * heavy  # grease between the ridges
    left = (film + 0.86 * ridge * pores * heavy) * np.minimum(contact * 2, 1)
    return np.ascontiguousarray(cv2.GaussianBlur(left, (0, 0), 0.8))


def ridge_phase(kind: int, x: Field, y: Field, source: Stream) -> Field:
    """The phase of the ridges: two kinds of loop, a whorl, an arch; bent by clouds and split by minutiae."""
    shape = (x.shape[0], x.shape[1])
    bent = PERIOD * 1.3
    x = x + np.float32(bent) * clouds(shape, 0.4, source)
    y = y + np.float32(bent) * clouds(shape, 0.4, source)
    core = np.float32(source.uniform(-0.12, 0.02) * LONG)
    if kind == 2:  # a whorl: rings around a short line
        long = np.float32(source.uniform(0.02, 0.12) * LONG)
        inner = cv2.magnitude(x, np.maximum(np.abs(y - core) - long, 0) * np.float32(0.85))
    elif kind == 3:  # an arch: waves that rise in the middle
        hump = np.exp(-((x / (0.2 * WIDE)) ** 2)) * np.float32(source.uniform(0.08, 0.2) * LONG)
        inner = core + np.float32(0.3 * LONG) - y - hump * np.exp(-((y / (0.3 * LONG)) ** 2))
    else:  # a loop: around a line that leaves to one side
        slant = np.float32(math.copysign(source.uniform(0.25, 0.6), kind - 0.5))
        along = np.clip((x * slant + y - core) / (1 + slant * slant), 0, None)
        inner = cv2.magnitude(x - slant * along, (y - core - along) * np.float32(0.9))
    low = np.float32(source.uniform(0.66, 0.76) * LONG) - y - np.float32(0.25) * np.abs(x)
    distance = inner if kind == 3 else np.minimum(inner, low)  # the two systems of ridges meet at the deltas
    phase: Field = distance * np.float32(2 * math.pi / PERIOD)
    for _ in range(source.integer(28, 45)):
        at = (np.float32(WIDE * source.uniform(-0.5, 0.5)), np.float32(LONG * source.uniform(-0.5, 0.5)))
        sign = 1 if source.unit() < 0.5 else -1
        phase += np.float32(sign) * np.arctan2(y - at[1], x - at[0])
    return phase

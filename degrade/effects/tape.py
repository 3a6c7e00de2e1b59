"""Tape: the amber adhesive strips of old repairs."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.fields import fractal, nearby
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Density, Field, Fraction, Interval, Seed, Share

Strips = Annotated[int, Interval(0, 20)]

AMBER = (0.3, 0.54, 1.0)
"""Share of the density that red, green and blue get: about Lab 72, 5, 30 on white (an estimate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape(Effect):
    """Strips of adhesive tape gone amber, with a dark rim, air bubbles, streaks, and cut or torn ends.

    Source: strips 12 to 19 mm wide, a density in blue of 0.3 to 0.8, about Lab 72, 5, 30 on white, a rim of 0.5 to 1 mm
    (docs/physics.md, section 5; estimates). Bubbles, streaks and ends are estimates by eye.
    """

    defect: ClassVar[Defect] = Defect.TAPE

    ladder: ClassVar[Ladder] = Ladder(
        {
            "strips": linear(1, 5),
            "width": geometric(0.07, 0.13),
            "strength": geometric(0.18, 0.85),
            "bubbles": linear(0.2, 0.6),
            "where": "mixed",
        }
    )

    strips: Strips
    """Strips."""

    width: Share
    """Of one strip."""

    strength: Density
    """Density of the adhesive in blue light."""

    bubbles: Fraction
    """How much of it never stuck, or came off."""

    where: Literal["edges", "across", "mixed"]
    """Short pieces over the edges and corners, long ones from side to side, or both."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Tape")
        shrink = max(1.0, photo.short / FINEST)
        layer = np.zeros([math.ceil(side / shrink) for side in photo.size], np.float32)
        for _ in range(self.strips):
            own = stream(source.seed(), "strip")
            crossing = own.unit() < {"edges": 0.0, "across": 1.0, "mixed": 0.35}[self.where]
            pose = crossed(layer.shape, own) if crossing else held(layer.shape, own)
            self._stick(layer, pose, own)
        layer = cv2.resize(layer, (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        return photo.stained(layer, AMBER, self.defect)

    def _stick(self, layer: Field, pose: "Pose", source: Stream) -> None:
        """Add one strip to a density layer, in place."""
        short = min(layer.shape)
        half = max(self.width * short * source.uniform(0.9, 1.1) / 2, 0.7)
        x, y, angle, length = pose
        reach = math.ceil(half + 0.02 * short) + 2
        strip = self._strip((2 * reach, math.ceil(length + 0.04 * short) + 4), half, short, source)
        cos, sin = math.cos(angle), math.sin(angle)
        half_x, half_y = ((abs(a) * strip.shape[1] + abs(b) * strip.shape[0]) / 2 for a, b in ((cos, sin), (sin, cos)))
        box = (x - half_x, y - half_y, x + half_x, y + half_y)
        top, left, height, width = nearby(box, (layer.shape[0], layer.shape[1]))
        if height == 0 or width == 0:
            return
        turn = np.array([[cos, sin], [-sin, cos]])
        middle = np.array([strip.shape[1] / 2 - 0.5, strip.shape[0] / 2 - 0.5])
        shift = middle + turn @ np.array([left + 0.5 - x, top + 0.5 - y])
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(strip, np.column_stack([turn, shift]), (width, height), flags=how)
        layer[top : top + height, left : left + width] += seen * np.float32(self.strength)

    def _strip(self, size: tuple[int, int], half: float, short: int, source: Stream) -> Field:
        """How dense each place of a strip is that lies along the x axis, 1 in an even part."""
        u = np.arange(size[1], dtype=np.float32)[None, :] - np.float32(size[1] / 2 - 0.5)
        v = np.arange(size[0], dtype=np.float32)[:, None] - np.float32(size[0] / 2 - 0.5)
        length = (size[1] - 4 - 0.04 * short) / 2
        grain = short / min(size)  # grains are shares of the picture's shorter side
        coarse, fine = (
            fractal(size, share * grain, source, octaves, 0.6) for share, octaves in ((0.12, 4), (0.012, 2))
        )
        across = np.float32(half) - np.abs(v) + np.float32(0.0008 * short) * coarse
        inside = np.minimum(np.minimum(across, end(u + length, v, short, source)), end(length - u, -v, short, source))
        stuck = np.clip(inside + 0.5, 0, 1)
        lines = source.normals(1, max(3, size[0])).reshape(-1, 1)[: size[0]]
        streaks = cv2.GaussianBlur(lines, (0, 0), max(0.004 * short, 0.5)) * np.float32(0.25)
        body = 0.85 + 0.16 * coarse + streaks + 0.05 * fine
        rim = np.exp(-np.maximum(inside, 0) / np.float32(max(0.005 * short, 0.6)))
        loose = np.clip(3 * (coarse + 0.35 * fine + np.float32(2.0 * self.bubbles - 2.0)), 0, 1)
        border = 4 * loose * (1 - loose)  # the adhesive piled up around a bubble
        oozed = 0.35 * np.exp(np.minimum(inside, 0) / np.float32(max(0.004 * short, 0.5))) * (1 - stuck)
        total: Field = stuck * (body * (1 - 0.65 * loose) + 0.45 * rim + 0.15 * border) + oozed * (oozed > 0.01)
        return np.maximum(total, 0).astype(np.float32, copy=False)


Pose = tuple[float, float, float, float]
"""x and y of a strip's middle, its angle in radians and its length in pixels."""

FINEST = 800
"""Wider pictures are taped on a smaller grid."""


def crossed(size: tuple[int, ...], source: Stream) -> Pose:
    """A strip from side to side, nearly level or upright."""
    height, width = size
    angle = source.integer(0, 1) * math.pi / 2 + 0.06 * source.normal()
    return width * source.uniform(0.15, 0.85), height * source.uniform(0.15, 0.85), angle, 1.3 * max(size)


def held(size: tuple[int, ...], source: Stream) -> Pose:
    """A short piece over an edge or, aslant, over a corner."""
    height, width = size
    short = min(size)
    length = short * source.uniform(0.25, 0.5)
    if source.unit() < 0.5:
        x, y = source.choice(((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)))
        angle = (1 if x == y else -1) * -math.pi / 4 + 0.15 * source.normal()
        pull = short * source.uniform(0.06, 0.14)
        return width * x + (pull if x == 0 else -pull), height * y + (pull if y == 0 else -pull), angle, length
    along = source.uniform(0.1, 0.9)
    x, y = source.choice(((along, 0.0), (along, 1.0), (0.0, along), (1.0, along)))
    upright = (y in (0.0, 1.0)) == (source.unit() < 0.6)  # over the edge rather than along it
    return width * x, height * y, (math.pi / 2 if upright else 0.0) + 0.1 * source.normal(), length


def end(inside: Field, v: Field, short: int, source: Stream) -> Field:
    """Distance in pixels from a strip's end: cut by a dispenser's teeth, or torn."""
    slant = np.float32(0.12 * source.normal())
    pitch = np.float32(max(0.016 * short, 2.0))
    teeth = np.abs((v / pitch + np.float32(source.unit())) % 1 - np.float32(0.5)) * pitch * np.float32(0.9)
    tears = fractal((len(v), 1), 0.06 * short, source, 5, 0.65) * np.float32(0.008 * short)
    depth: Field = inside - slant * v - (teeth if source.unit() < 0.5 else tears)
    return depth

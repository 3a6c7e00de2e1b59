"""Stains: blotches of matter that was spilled, smeared or soaked up."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds, fractal, nearby
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, dots
from degrade.types import Defect, Density, Field, Interval, Seed, Share

Blotches = Annotated[int, Interval(0, 40)]


@dataclass(frozen=True, slots=True)
class Matter:
    """How one kind of dirt colours, ends and dries."""

    colour: tuple[float, float, float]
    """Share of the density that red, green and blue get."""

    soft: float
    """Width of its border, as a share of the blotch's radius."""

    rim: float
    """How much darker it dried at the border."""

    patchy: float
    """How far its density varies within."""

    dry: float
    """How much of it only caught on the paper's high points, 0 to 1."""

    splashes: int
    """Drops around it, at most."""


MATTER = {
    "brown": Matter((0.36, 0.62, 1.0), soft=0.05, rim=0.7, patchy=0.35, dry=0.0, splashes=26),
    "grease": Matter((0.28, 0.48, 1.0), soft=0.5, rim=0.0, patchy=0.25, dry=0.0, splashes=3),
    "grey": Matter((0.9, 0.93, 1.0), soft=0.45, rim=0.0, patchy=0.3, dry=0.8, splashes=0),
    "ink": Matter((1.0, 0.93, 0.72), soft=0.04, rim=0.35, patchy=0.3, dry=0.0, splashes=40),
    "rust": Matter((0.26, 0.62, 1.0), soft=0.3, rim=0.1, patchy=0.45, dry=0.25, splashes=6),
}
"""Coffee and mud, oil and fingers, soot and smut, writing ink, iron: colours and habits are estimates by eye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stains(Effect):
    """Blotches with fractal outlines and uneven density, with splashes around them where they were wet.

    Source: the coffee-ring border of what was wet (docs/physics.md, section 5); outlines are a few run-together lobes,
    roughened by fractal noise, an estimate by eye from scans of stained paper.
    """

    defect: ClassVar[Defect] = Defect.STAIN

    ladder: ClassVar[Ladder] = Ladder(
        {
            "count": linear(2, 9),
            "size": geometric(0.04, 0.12),
            "strength": geometric(0.18, 1.0),
            "tint": "brown",
        }
    )

    count: Blotches
    """Blotches."""

    size: Share
    """Median radius of a blotch; the spread is lognormal with sigma 0.5."""

    strength: Density
    """Density of an average blotch in the light that it takes most of."""

    tint: Literal["brown", "grease", "grey", "ink", "rust"]
    """What it was: coffee or mud, grease, soot, writing ink, iron."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Stains")
        matter = MATTER[self.tint]
        shrink = max(1.0, photo.short / FINEST)
        layer = np.zeros([math.ceil(side / shrink) for side in photo.size], np.float32)
        for _ in range(self.count):
            own = stream(source.seed(), "blotch")
            centre = (layer.shape[1] * own.uniform(-0.05, 1.05), layer.shape[0] * own.uniform(-0.05, 1.05))
            radius = self.size * min(layer.shape) * math.exp(min(0.5 * own.normal(), 1.2))
            blotch(layer, centre, max(radius, 0.7), self.strength * own.uniform(0.5, 1.4), matter, own)
        layer = cv2.resize(layer, (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        return photo.stained(layer, matter.colour, self.defect)


FINEST = 900
"""Wider pictures are stained on a smaller grid."""


def blotch(
    layer: Field, centre: tuple[float, float], radius: float, strength: float, matter: Matter, source: Stream
) -> None:
    """Add one blotch to a density layer, in place."""
    reach = 2.6 * radius + 3
    box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
    top, left, height, width = nearby(box, (layer.shape[0], layer.shape[1]))
    if height == 0 or width == 0:
        return
    size, middle = (height, width), (centre[0] - left, centre[1] - top)
    grain = radius / min(size)  # grains are shares of the blotch's radius
    rough = fractal(size, 0.9 * grain, source, 6, 0.62)
    depth = lobes(size, middle, radius, source) + np.float32(0.2) * rough
    edge = np.clip(depth / np.float32(matter.soft) + 0.5, 0, 1)
    body = np.float32(1) + np.float32(matter.patchy) * fractal(size, 0.8 * grain, source, 4, 0.6)
    body += np.float32(0.3 * matter.patchy) * rough
    if matter.rim:
        body += np.float32(matter.rim) * np.exp(np.minimum(-depth / np.float32(0.09), 0))
    if matter.dry:
        tooth = clouds(size, 0.005 * min(layer.shape) / min(size), source) + np.float32(0.7) * rough
        caught = np.clip(tooth + 2 * depth - np.float32(0.6), 0, 1)
        body *= np.float32(1 - matter.dry) * edge + np.float32(matter.dry) * caught
    amount = edge * edge * (3 - 2 * edge) * np.maximum(body, np.float32(0.1))
    part = layer[top : top + height, left : left + width]
    part += np.float32(strength) * np.maximum(amount, splashed(size, middle, radius, matter, source))


def lobes(size: tuple[int, int], middle: tuple[float, float], radius: float, source: Stream) -> Field:
    """Depth inside a few ellipses that run together, in shares of the radius."""
    depth = np.full(size, -9, np.float32)
    lean = source.uniform(0, math.pi)
    for lobe in range(source.integer(2, 4)):
        share = 1.0 if lobe == 0 else source.uniform(0.35, 0.75)
        far = 0.0 if lobe == 0 else source.uniform(0.5, 1.1)
        turn = source.uniform(0, 2 * math.pi)
        angle, squeeze = lean + 0.5 * source.normal(), source.uniform(1.0, 1.7)
        x = np.arange(size[1], dtype=np.float32)[None, :] + np.float32(0.5 - middle[0] - far * radius * math.cos(turn))
        y = np.arange(size[0], dtype=np.float32)[:, None] + np.float32(0.5 - middle[1] - far * radius * math.sin(turn))
        along = (x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle))) / np.float32(squeeze**0.5)
        across = (y * np.float32(math.cos(angle)) - x * np.float32(math.sin(angle))) * np.float32(squeeze**0.5)
        depth = np.maximum(depth, np.float32(share) - cv2.magnitude(along, across) / np.float32(radius))
    return depth


def splashed(
    size: tuple[int, int], middle: tuple[float, float], radius: float, matter: Matter, source: Stream
) -> Field:
    """The drops around a blotch: most of them tiny."""
    drops = canvas(size)
    count = source.integer(0, matter.splashes)
    turn, far = 2 * math.pi * source.units(count), radius * (1 + 1.4 * source.units(count))
    centres = np.stack([middle[0] + far * np.cos(turn), middle[1] + far * np.sin(turn)], axis=1)
    radii = radius * 0.012 * np.exp(np.minimum(0.8 * source.normals(count) + 0.3, 1.6))
    dots(drops, centres, radii, 0.4 + 0.6 * source.units(count))
    return drops * np.float32(1 / 255)

"""Craquelure: the crack network of a brittle emulsion."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.base import paper_colour
from degrade.cracks import Array, ragged
from degrade.effect import Effect
from degrade.fields import clouds, fractal
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, strokes
from degrade.types import Defect, Degrees, Field, Fraction, Interval, Seed

MOST = 2500
"""Cracks on one photo, however long it is; its cells grow then."""

Cell = Annotated[float, Interval(0.015, 1, "of the shorter side")]
"""The width of a cell."""

Thin = Annotated[float, Interval(0, 0.01, "of the shorter side")]
"""The width of a crack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Craquelure(Effect):
    """Fine light cracks that divide the emulsion into cells, later cracks ending squarely on earlier ones.

    Source: León, Nagel, Ohser and Arscott 2020, "Modeling crack patterns by modified STIT tessellations": cells are
    divided again and again, so that junctions are T, not Y. Here a cell is cut nearly square to its longer side, or in
    the machine direction of the paper, which 14 of 20 albumen prints follow (Vitale and Messier 1994); the lines are
    jagged.
    """

    defect: ClassVar[Defect] = Defect.CRACK

    ladder: ClassVar[Ladder] = Ladder(
        {
            "cell": geometric(0.05, 0.035),
            "width": geometric(0.0008, 0.0019),
            "extent": linear(0.2, 1),
            "opacity": linear(0.5, 0.9),
            "direction": 20.0,
            "alignment": 0.35,
        }
    )

    cell: Cell
    """Mean width of the smallest cells."""

    width: Thin
    """Width of the oldest cracks; the latest have half of it."""

    extent: Fraction
    """Share of the picture that has cracked."""

    opacity: Fraction
    """Opacity of the widest cracks."""

    direction: Degrees
    """Of the paper's fibres."""

    alignment: Fraction
    """How much the cracks follow the fibres."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Craquelure")
        patches = Patches(photo, self.extent, source)
        side = max(self.cell, math.sqrt(photo.squares / MOST))
        along = math.radians(self.direction), self.alignment
        lines, ages = divided(photo.size, side * photo.short, along, patches, source)
        if not len(lines):
            return photo
        paths = warped(
            lines[:, :1] + np.linspace(0, 1, points(side))[:, None] * (lines[:, 1:] - lines[:, :1]), photo, side, source
        )
        shape, finer = paths.shape[:2], paths.shape[1] / 17
        widths = (
            self.width * photo.short * (0.45 + 0.55 * 0.75 ** ages[:, None]) * ragged(shape, 0.6, 1.5 * finer, source)
        )
        widths *= ragged(shape, 0.6, 4 * finer, source) > GAP
        coverage = canvas(photo.size)
        strokes(coverage, paths, np.minimum(widths, 4 * self.width * photo.short), self.opacity * patches.at(paths))
        return photo.damaged(paper_colour(photo), coverage, self.defect)


GAP = 0.3
"""Where a crack is thinner than so much of its mean for some way, nothing of it is seen."""


def points(side: float) -> int:
    """Of one crack: wide cells have long cracks, that need more of them to be as jagged."""
    return min(max(17, math.ceil(340 * side)), 97)


def warped(paths: Array, photo: Photo, side: float, source: Stream) -> Array:
    """Straight cracks made jagged by one rough displacement of the whole picture, so that they still meet."""
    scale = min(1.0, 300 / photo.short)
    size = tuple(min(max(2, math.ceil(length * scale)), 8192) for length in photo.size)
    places = [(np.clip(paths[..., axis] * scale - 0.5, 0, size[1 - axis] - 1)).astype(np.float32) for axis in (0, 1)]
    octaves = 5 + max(0, round(math.log2(side / 0.05)))  # down to the same jags, however wide the cells are
    shifts = [
        cv2.remap(rough, places[0], places[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for rough in (fractal((size[0], size[1]), 1.1 * side, source, octaves, 0.62) for _ in range(2))
    ]
    moved: Array = paths + 0.16 * side * photo.short * np.stack(shifts, axis=2)
    return moved


Point = tuple[float, float]


class Patches:
    """Where the emulsion has cracked: clouds above a threshold, with soft borders."""

    def __init__(self, photo: Photo, extent: float, source: Stream) -> None:
        self.scale = min(1.0, 64 / photo.short)
        size = [min(max(2, math.ceil(side * self.scale)), 4096) for side in photo.size]
        field: Field = clouds((size[0], size[1]), 0.3, source) + 0.3 * clouds((size[0], size[1]), 0.08, source)
        edge = np.quantile(field, 1 - extent)
        self.share = np.clip((field - edge) * 1.6 + 0.5 * extent, 0, 1)
        if extent == 1:
            self.share = np.maximum(self.share, 0.5)

        self.rows = self.share.tolist()

    def meet(self, corners: list[Point]) -> bool:
        """Whether a corner or the centre of a cell lies where it has cracked."""
        last, end = len(self.rows[0]) - 1, len(self.rows) - 1
        return any(
            self.rows[min(int(y * self.scale), end)][min(int(x * self.scale), last)] > 0
            for x, y in (centre(corners), *corners)
        )

    def at(self, points: Array) -> Array:
        """How cracked it is at places (..., 2) in pixels, 0 to 1."""
        x, y = (np.clip(points[..., axis] * self.scale, 0, self.share.shape[1 - axis] - 1) for axis in (0, 1))
        return np.asarray(self.share[y.astype(int), x.astype(int)], np.float64)


def divided(
    size: tuple[int, int], side: float, along: tuple[float, float], patches: Patches, source: Stream
) -> tuple[Array, Array]:
    """The cracks (m, 2, 2) that divide the picture into cells, and how often their cell was divided before."""
    height, width = size
    cells: list[tuple[list[Point], int]] = [([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)], 0)]
    lines: list[tuple[Point, Point]] = []
    ages: list[int] = []
    while cells and len(lines) < 2 * MOST:
        corners, age = cells.pop()
        area = shoelace(corners)
        if area < 2 * side**2 * source.uniform(0.5, 1.5) or area < 4:
            continue
        if area < 30 * side**2 and not patches.meet(corners):
            continue
        line, halves = cut(corners, cut_angle(corners, along, source), source)
        if line is None:
            continue
        lines.append(line)
        ages.append(age)
        cells += [(half, age + 1) for half in halves]
    return np.array(lines, np.float64).reshape(-1, 2, 2), np.array(ages, np.float64)


def shoelace(corners: list[Point]) -> float:
    """The area of a polygon."""
    after = corners[1:] + corners[:1]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, after, strict=True))) / 2


def centre(corners: list[Point]) -> Point:
    """The mean of a polygon's corners."""
    return sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)


def cut_angle(corners: list[Point], along: tuple[float, float], source: Stream) -> float:
    """The direction of a new crack: along the fibres, or across the longest side of its cell, give or take."""
    if source.unit() < along[1]:
        return along[0] + 0.12 * source.normal()
    longest = max(zip(corners, corners[1:] + corners[:1], strict=True), key=lambda e: math.dist(*e))
    (x0, y0), (x1, y1) = longest
    return math.atan2(y1 - y0, x1 - x0) + math.pi / 2 + 0.22 * source.normal()


def cut(
    corners: list[Point], angle: float, source: Stream
) -> tuple[tuple[Point, Point] | None, tuple[list[Point], list[Point]]]:
    """A convex cell cut by a line near its middle: where the line crosses it, and both halves."""
    share = source.uniform(0.3, 0.7)
    normal = -math.sin(angle), math.cos(angle)
    heights = [x * normal[0] + y * normal[1] for x, y in corners]
    level = min(heights) + share * (max(heights) - min(heights))
    above: list[Point] = []
    below: list[Point] = []
    crossings: list[Point] = []
    for index, (here, h) in enumerate(zip(corners, heights, strict=True)):
        there, g = corners[(index + 1) % len(corners)], heights[(index + 1) % len(corners)]
        (above if h >= level else below).append(here)
        if (h >= level) != (g >= level):
            part = (level - h) / (g - h)
            cross = here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])
            crossings.append(cross)
            above.append(cross)
            below.append(cross)
    if len(crossings) != 2:
        return None, (above, below)
    return (crossings[0], crossings[1]), (above, below)

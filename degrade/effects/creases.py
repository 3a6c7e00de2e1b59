"""Creases: folds and dog-eared corners whose emulsion has cracked."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.base import SHADOW, bare_paper, paper_colour, without_traces
from degrade.cracks import Array, normals_of, ragged, ribbon, walks
from degrade.effect import Effect
from degrade.fields import Path
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, fill, stroke, strokes
from degrade.types import Defect, Density, Fraction, Interval, Mask, Seed

Folds = Annotated[int, Interval(0, 8)]
"""Lines through the whole print."""

Corners = Annotated[int, Interval(0, 40)]
"""Lines across corners."""

Thin = Annotated[float, Interval(0, 0.05, "of the shorter side")]
"""The width of a crack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creases(Effect):
    """Hard folds through the print and across its corners: jagged cracks that bare the paper, with side cracks.

    Source: profiles of real creases (docs/physics.md, section 6): half-height width 6 to 14 per mille of the short
    side, its coefficient of variation 0.4 to 1.2 over a few pixels, a narrow core on a wide weak shoulder. The emulsion
    is replaced by paper, not brightened. How many cracks branch, and at 30 to 70 degrees, is an estimate.
    """

    defect: ClassVar[Defect] = Defect.CREASE

    ladder: ClassVar[Ladder] = Ladder(
        {
            "folds": linear(1, 4),
            "corners": linear(2, 18),
            "width": geometric(0.0025, 0.008),
            "opacity": linear(0.35, 1),
            "feathers": linear(0.15, 1),
            "shading": linear(0.01, 0.08),
        }
    )

    folds: Folds
    """Folds through the whole print."""

    corners: Corners
    """Creases across corners, most of them nearly parallel to a neighbour."""

    width: Thin
    """Mean width of the bared paper along a fold; corner creases have half of it."""

    opacity: Fraction
    """How much of the emulsion is gone along the line."""

    feathers: Fraction
    """How many side cracks, strands and lost flakes a crease has."""

    shading: Density
    """Shadow on one side of the fold, where the paper no longer lies flat."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Creases")
        coverage, soft = canvas(photo.size), Soft(photo.size)
        for number in range(self.folds + self.corners):
            own, is_fold = stream(source.seed(), "crease"), number < self.folds
            ends = fold_ends(photo.size, number, own) if is_fold else corner_ends(photo.size, own)
            thickness = self.width * photo.short * (1 if is_fold else own.uniform(0.3, 0.8))
            path = crease(coverage, ends, thickness, self.feathers, 8 if is_fold else 7, own)
            soft.loosen(path, thickness, own)
            if is_fold:
                soft.shade(path, self.shading)
        shaded = photo.damaged(SHADOW, soft.shadow(), self.defect) if self.shading else photo
        worn = cv2.convertScaleAbs(cv2.max(coverage, soft.loose()), alpha=self.opacity)
        paper = bare_paper(photo.size, paper_colour(photo), photo.short, source)
        return shaded.damaged(paper, worn, self.defect)


def fold_ends(size: tuple[int, int], number: int, source: Stream) -> Array:
    """Where a fold enters and leaves the print: mostly in halves, every second one across the one before."""
    height, width = size
    upright = (number % 2 == 0) == (height < width)
    first, second = source.uniform(0.25, 0.75), 0.06 * source.normal()
    second = source.unit() if source.unit() < 0.3 else first + second
    if upright:
        return np.array([(width * first, -1.0), (width * second, height + 1.0)])
    return np.array([(-1.0, height * first), (width + 1.0, height * second)])


def corner_ends(size: tuple[int, int], source: Stream) -> Array:
    """Where a crease across a corner meets the two edges."""
    height, width = size
    right, below = source.unit() < 0.5, source.unit() < 0.5
    away = min(size) * (0.05 + 0.3 * source.unit() ** 1.3)
    lean = math.exp(0.3 * source.normal())
    x, y = away * lean, away / lean
    line: Array = np.array([(x, -1.0), (-1.0, y)])
    if source.unit() < 0.35:  # it fades out before the edge
        line[1] += source.uniform(0.15, 0.6) * (line[0] - line[1])
    if right:
        line[:, 0] = width - line[:, 0]
    if below:
        line[:, 1] = height - line[:, 1]
    return line


def crease(coverage: Mask, ends: Array, width: float, feathers: float, halvings: int, source: Stream) -> Path:
    """Draw one crease with its strands, side cracks and flakes into a coverage; its path."""
    path: Path = walks(ends[:1], ends[1:], 0.012, source, halvings)[0]
    points = len(path)
    worn = np.clip(ragged((1, points), 0.7, points / 11, source)[0], 0.15, 1.9)  # worn more in some stretches
    gaps = ragged((1, points), 0.7, 5, source)[0] * worn > 0.2
    left, right = 0.5 * width * worn * gaps * np.minimum(ragged((2, points), 1.0, 1.3, source), 2.4)
    ribbon(coverage, path, left, right)
    _strands(coverage, path, 0.45 * width * worn, feathers, source)
    _side_cracks(coverage, path, 0.4 * width * worn, (feathers, float(np.hypot(*(ends[1] - ends[0])))), source)
    _flakes(coverage, path, width * worn, feathers, source)
    return path


def _strands(coverage: Mask, path: Path, widths: Array, feathers: float, source: Stream) -> None:
    """Cracks that leave the fold, run beside it and come back."""
    count = round(1 + 9 * feathers)
    first = (source.units(count) * (len(path) - 12)).astype(int)
    last = np.minimum(first + 6 + (34 * source.units(count)).astype(int), len(path) - 1)
    sides = walks(path[first], path[last], 0.13, source, 4)
    strokes(coverage, sides, widths[(first + last) // 2, None] * ragged(sides.shape[:2], 0.6, 2, source))


def _side_cracks(coverage: Mask, path: Path, widths: Array, extent: tuple[float, float], source: Stream) -> None:
    """Cracks that branch off at 30 to 70 degrees, and smaller ones off those."""
    feathers, reach = extent
    count = round(46 * feathers)
    starts, turn = _branches(path, count, source)
    lengths = 0.018 * reach * np.exp(0.7 * source.normals(count).astype(np.float64))
    ends = starts + lengths[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    lines = walks(starts, ends, 0.13, source, 3)
    taper = np.linspace(1, 0.25, lines.shape[1]) * ragged((count, lines.shape[1]), 0.6, 2, source)
    core = widths[source.integer(0, len(widths) - 1)] * 0.5 + 0.5 * float(widths.mean())
    strokes(coverage, lines, core * taper)
    middle, heading = lines[:, lines.shape[1] // 2], turn + np.where(source.units(count) < 0.5, 0.7, -0.7)
    twigs = walks(
        middle, middle + 0.5 * lengths[:, None] * np.stack([np.cos(heading), np.sin(heading)], axis=1), 0.15, source, 2
    )
    strokes(coverage, twigs, 0.6 * core * np.broadcast_to(np.linspace(1, 0.3, twigs.shape[1]), twigs.shape[:2]))


def _branches(path: Path, count: int, source: Stream) -> tuple[Array, Array]:
    """Where on a path its branches start, in clusters, and their directions in radians."""
    nests = source.units(max(1, count // 4))
    where = nests[(source.units(count) * len(nests)).astype(int)] + 0.02 * source.normals(count)
    index = np.clip((where % 1) * len(path), 1, len(path) - 2).astype(int)
    along = path[index + 1] - path[index - 1]
    lean = np.radians(30 + 40 * source.units(count)) * np.where(source.units(count) < 0.5, -1, 1)
    back = np.where(source.units(count) < 0.5, 0, math.pi)
    return path[index], np.arctan2(along[:, 1], along[:, 0]) + lean + back


def _flakes(coverage: Mask, path: Path, widths: Array, feathers: float, source: Stream) -> None:
    """Small angular pieces of emulsion lost along the fold."""
    count = round(90 * feathers)
    index = (source.units(count) * len(path)).astype(int)
    sizes = 0.22 * widths[index] * np.minimum((1 - source.units(count)) ** -0.6, 4)  # a power law
    centres = path[index] + normals_of(path)[index] * (widths[index] * source.normals(count) * 0.9)[:, None]
    around = np.arange(9) * (2 * math.pi / 9) + 0.2 * source.normals(count, 9)
    spokes = sizes[:, None] * np.exp(0.4 * source.normals(count, 9))
    shapes = centres[:, None] + np.stack([spokes * np.cos(around), spokes * np.sin(around)], axis=2)
    for shape, size in zip(shapes, sizes, strict=True):
        if size > 0.6:
            fill(coverage, shape)


class Soft:
    """What has no sharp edges about creases, gathered on a small copy of the picture: loose emulsion and shadows."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.shrink = max(1.0, min(size) / 160)
        small = [max(1, math.ceil(side / self.shrink)) for side in size]
        self.dull, self.dark = np.zeros(small, np.uint8), np.zeros(small, np.float32)

    def loosen(self, path: Path, width: float, source: Stream) -> None:
        """The emulsion beside a crease, half detached: three to four times as wide and a fifth as strong."""
        wide = 3.5 * width / self.shrink * np.minimum(ragged((1, len(path)), 0.8, 6, source)[0], 2)
        stroke(self.dull, path / self.shrink, np.maximum(wide, 0.2), 0.2)

    def loose(self) -> Mask:
        """The coverage of all loose emulsion at full size."""
        coverage: Mask = cv2.resize(
            cv2.GaussianBlur(self.dull, (0, 0), 0.9), self.size[::-1], interpolation=cv2.INTER_LINEAR
        )
        return without_traces(coverage)

    def shade(self, path: Path, strength: float) -> None:
        """A shadow on one side that falls off over 1.2 % of the shorter side."""
        if strength <= 0 or min(self.dark.shape) < 4:
            return
        coarse = path[::8] / self.shrink
        line = np.full(self.dark.shape, 255, np.uint8)
        cv2.polylines(line, [np.rint(coarse * 64).astype(np.int32)], False, 0, 1, cv2.LINE_8, 6)
        side = canvas(self.dark.shape)
        beyond = coarse[[-1, 0]] + normals_of(coarse[[0, -1]]) * 3 * max(self.dark.shape)
        fill(side, np.concatenate([coarse, beyond]))
        away = cv2.distanceTransform(line, cv2.DIST_L2, 3)
        near = (away < 0.05 * min(self.dark.shape)) & (side > 0)
        self.dark[near] += (
            np.float32(strength / 255) * side[near] * np.exp(away[near] / -(0.012 * min(self.dark.shape)))
        )

    def shadow(self) -> Mask:
        """The coverage of all shadows at full size."""
        small = np.rint(255 * (1 - np.exp(self.dark * np.float32(-math.log(10) / 2.2)))).astype(np.uint8)
        coverage: Mask = cv2.resize(small, self.size[::-1], interpolation=cv2.INTER_LINEAR)
        return without_traces(coverage)

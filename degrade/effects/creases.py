"""Creases: folds and dog-eared corners whose emulsion has cracked."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.base import SHADOW, bare_paper, paper_colour, without_traces
from degrade.cracking import crack
from degrade.cracks import Array, normals_of, ragged, walks
from degrade.effect import Effect
from degrade.fields import Path
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, fill, strokes
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
    is replaced by paper, not brightened. Forks per length, width and shoulder were fitted to 15 masked
    prints (docs/defects.md); that cracks branch at 30 to 70 degrees is an estimate.
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
        if self.folds + self.corners == 0:
            return photo
        source = stream(self.seed, "Creases")
        ends, widths = self._lines(photo, source)
        wander = np.where(np.arange(len(ends)) < self.folds, 0.012, CRACKED * source.units(len(ends)) ** 2)
        paths = walks(ends[:, 0], ends[:, 1], 0.01 + wander, source, 8)
        coverage, soft = canvas(photo.size), Soft(photo.size)
        crack(coverage, paths, widths, self.feathers, source)
        soft.loosen(paths, widths, source)
        for path in paths[: self.folds]:
            soft.shade(path, self.shading)
        shaded = photo.damaged(SHADOW, soft.shadow(), self.defect) if self.shading else photo
        worn = cv2.convertScaleAbs(cv2.max(coverage, soft.loose()), alpha=self.opacity)
        paper = bare_paper(photo.size, paper_colour(photo), photo.short, source)
        return shaded.damaged(paper, worn, self.defect)

    def _lines(self, photo: Photo, source: Stream) -> tuple[Array, Array]:
        """The ends (m, 2, 2) of all creases and their widths (m,) in pixels, the folds first."""
        ends, widths = [], []
        for number in range(self.folds + self.corners):
            own, is_fold = stream(source.seed(), "crease"), number < self.folds
            ends.append(fold_ends(photo.size, number, own) if is_fold else corner_ends(photo.size, own))
            widths.append(self.width * photo.short * (1 if is_fold else own.uniform(0.3, 0.8)))
        return np.stack(ends), np.array(widths)


CRACKED = 0.06
"""How far the most crooked crack across a corner strays, as a share of its length."""


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


class Soft:
    """What has no sharp edges about creases, gathered on a small copy of the picture: loose emulsion and shadows."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.shrink = max(1.0, min(size) / 160)
        small = [max(1, math.ceil(side / self.shrink)) for side in size]
        self.dull, self.dark = np.zeros(small, np.uint8), np.zeros(small, np.float32)

    def loosen(self, paths: Array, widths: Array, source: Stream) -> None:
        """The emulsion beside creases, half detached: three times as wide and a seventh as strong."""
        uneven = np.minimum(ragged(paths.shape[:2], 0.8, 6, source), 2)
        strokes(self.dull, paths / self.shrink, np.maximum(3 / self.shrink * widths[:, None] * uneven, 0.2), 0.14)

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

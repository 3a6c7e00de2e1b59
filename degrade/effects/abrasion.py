"""Abrasion."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.base import bare_paper, paper_colour, without_traces
from degrade.blurs import soft
from degrade.cracks import Array, arcs, ragged
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, splats, strokes
from degrade.types import Defect, Fraction, Interval, Seed

STROKES = 170
"""Of one rubbed place."""

GRAINS = 400
"""Specks of lost emulsion in one rubbed place."""

MOST = 40
"""Rubbed places on one photo, however long it is."""

POINTS = 7
"""Of one stroke."""

HAZE = 1.5
"""Strength of the milky ground, as a share of the strokes' mean."""

Places = Annotated[float, Interval(0, 40, "per square of the shorter side")]
"""How many rubbed places."""

Wide = Annotated[float, Interval(0.005, 0.5, "of the shorter side")]
"""The size of a rubbed place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abrasion(Effect):
    """Scuffed places: a haze of fine parallel strokes and specks, where raised paper rubbed against its neighbour.

    Source: rub marks lie on raised spots and edges and are light; places and sizes are estimates
    (docs/physics.md, section 6).
    """

    defect: ClassVar[Defect] = Defect.SCRATCH

    ladder: ClassVar[Ladder] = Ladder(
        {"density": geometric(3, 26), "size": geometric(0.06, 0.13), "opacity": linear(0.6, 1), "edges": 0.5}
    )

    density: Places
    """Rubbed places."""

    size: Wide
    """Standard deviation of a rubbed place along its strokes; across it is half as wide."""

    opacity: Fraction
    """Opacity of the strokes at the middle of a place."""

    edges: Fraction
    """Share of places that lie at the edge of the print, where it is handled."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Abrasion")
        count = min(photo.count(self.density, source.unit()), MOST)
        if count == 0:
            return photo
        centres = self._centres(photo, count, source)
        turn = math.pi * source.unit() + 0.35 * source.normals(count).astype(np.float64)
        spread = self.size * photo.short * np.exp(0.4 * source.normals(count).astype(np.float64))
        force = 0.4 + 0.6 * source.units(count)
        coverage = canvas(photo.size)
        places, angles, far = scattered(centres, turn, spread, STROKES, source)
        lengths = np.repeat(spread, STROKES) * (0.06 + 0.4 * source.units(count * STROKES) ** 2)
        bends = 0.12 * source.normals(count * STROKES).astype(np.float64)
        paths = arcs(places, angles + 0.07 * source.normals(count * STROKES), lengths, bends, POINTS)
        faint = (0.25 + 0.75 * source.units(count * STROKES)) * np.repeat(force, STROKES) * far
        widths = 0.0012 * photo.short * ragged(paths.shape[:2], 0.8, 1.5, source)
        strokes(coverage, paths, widths, self.opacity * faint[:, None])
        places, _, far = scattered(centres, turn, spread, GRAINS, source)
        radii = 0.0009 * photo.short * np.exp(0.5 * source.normals(count * GRAINS).astype(np.float64))
        splats(coverage, places, np.minimum(radii, 1.2), self.opacity * np.repeat(force, GRAINS) * far)
        haze = soft(coverage, 0.008 * photo.short)  # between the strokes the gloss is gone
        coverage = cv2.max(coverage, without_traces(cv2.convertScaleAbs(haze, alpha=HAZE)))
        paper = bare_paper(photo.size, paper_colour(photo), photo.short, source)
        return photo.damaged(paper, coverage, self.defect)

    def _centres(self, photo: Photo, count: int, source: Stream) -> Array:
        """Where the rubbed places lie, some of them pulled to the nearest edge."""
        at = source.units(count, 2)
        pulled = source.units(count) < self.edges
        axis = (source.units(count) < 0.5).astype(int)
        rows = np.arange(count)
        at[rows[pulled], axis[pulled]] = np.rint(at[rows[pulled], axis[pulled]])
        return at * (photo.width, photo.height)


def scattered(centres: Array, turn: Array, spread: Array, each: int, source: Stream) -> tuple[Array, Array, Array]:
    """Places (count * each, 2) scattered about centres, their directions, and how strong they are, less far out."""
    count = len(centres) * each
    along, across = source.normals(count).astype(np.float64), source.normals(count).astype(np.float64)
    cos, sin, wide = (np.repeat(v, each) for v in (np.cos(turn), np.sin(turn), spread))
    x, y = wide * along, 0.5 * wide * across
    places = np.repeat(centres, each, axis=0) + np.stack([x * cos - y * sin, x * sin + y * cos], axis=1)
    return places, np.repeat(turn, each), np.exp(-0.25 * (along**2 + across**2))

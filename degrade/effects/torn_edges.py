"""Torn edges."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from degrade.base import bevel_widths, torn_edge
from degrade.cracks import Array, ridge
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Fraction, Interval, Seed

Sides = Annotated[int, Interval(0, 4)]

Deep = Annotated[float, Interval(0, 0.4, "of the shorter side")]
"""How far a tear reaches in."""

Narrow = Annotated[float, Interval(0, 0.1, "of the shorter side")]
"""The width of the white core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TornEdges(Effect):
    """Strips torn off along the edges: a fractal line, the white core of the paper, and what lies beyond.

    Source: torn paper is self-affine with a roughness exponent of 0.6 to 0.8; the rim of paper core is 0.5 to 2 mm wide
    and irregular (docs/physics.md, section 6; estimates). How deep the bites of its line are was fitted to masks of
    torn paper (docs/defects.md).
    """

    defect: ClassVar[Defect] = Defect.LOSS

    ladder: ClassVar[Ladder] = Ladder(
        {
            "sides": linear(1, 4),
            "depth": geometric(0.022, 0.15),
            "extent": linear(0.3, 0.9),
            "rim": geometric(0.005, 0.012),
            "background": "white",
        }
    )

    sides: Sides
    """How many sides of the print are torn."""

    depth: Deep
    """How far the deepest place of a side is torn in."""

    extent: Fraction
    """How much of a side's length is torn."""

    rim: Narrow
    """Mean width of the paper core that shows."""

    background: Literal["white", "black"]
    """What the scanner sees beyond the paper."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "TornEdges")
        for side in source.shuffled((0, 1, 2, 3))[: self.sides]:
            photo = self._torn(photo, side, stream(source.seed(), "side"))
        return photo

    def _torn(self, photo: Photo, side: int, source: Stream) -> Photo:
        """One side torn: 0 top, 1 left, 2 bottom, 3 right."""
        length, reach = (photo.width, photo.height) if side % 2 == 0 else (photo.height, photo.width)
        line = (
            tear_line(length, self.extent, BITTEN * min(1, SHALLOW / max(self.depth, 1e-6)), source)
            * self.depth
            * photo.short
        )
        bevel = bevel_widths(length, self.rim * photo.short, source)
        bevel = np.minimum(bevel, 3 * np.maximum(line, 0))  # no rim where nothing is torn
        rows = min(int(max(line.max(), 0) + bevel.max()) + 2, reach)
        beyond = (line[None, :] - np.arange(rows)[:, None] - 0.5).astype(np.float32)
        breadth = np.broadcast_to(bevel.astype(np.float32), beyond.shape)
        paint, coverage = torn_edge(beyond, breadth, photo, self.background, source)
        coverage[:, line <= 0] = 0
        paint, coverage = np.rot90(paint, side), np.rot90(coverage, side)
        at = (photo.height - coverage.shape[0] if side == 2 else 0, photo.width - coverage.shape[1] if side == 3 else 0)
        return photo.damaged(paint, coverage, self.defect, at)


def tear_line(points: int, extent: float, bitten: float, source: Stream) -> Array:
    """How deep a side is torn along its length: 1 at the deepest place, negative where the edge is whole."""
    rough = ridge(points, source, 0.78, 10)
    for bites, deep in ((BITES, bitten), (3 * BITES, 0.38 * bitten)):  # real edges are nibbled
        heights = source.normals(bites).astype(np.float64)
        rough = rough + deep * np.interp(np.linspace(0, bites - 1, points), np.arange(bites), heights)
    rough = rough - np.quantile(rough, 1 - extent)
    return np.asarray(rough / max(float(rough.max()), 0.2))


BITES = 24
"""Along a side, each as deep as it is by chance: without them a long shallow tear is too straight."""

BITTEN, SHALLOW = 0.6, 0.05
"""How deep bites are, as a share of the whole line's spread, up to that depth of a tear; no deeper in deeper ones."""

"""Dust."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.base import paper_colour
from degrade.cracks import Array
from degrade.effect import Effect
from degrade.fields import clouds
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, splats
from degrade.types import Defect, Fraction, Interval, Mask, PerSquare, Seed

CORNERS = 13
"""Of one speck's outline."""

MOST = 20000
"""Specks on one photo, however long it is."""

Speck = Annotated[float, Interval(0, 0.03, "of the shorter side")]
"""The diameter of a speck."""

GRAIN = (54, 48, 43)
"""Dust on a print or on the scanner's glass, in its own shadow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dust(Effect):
    """Specks of irregular outline, many small and few large, in clouds.

    Source: Ivanova et al. 2023, "Simulating analogue film damage": areas and numbers follow Gamma distributions and the
    places a smooth random density. Their fitted numbers are not published: the diameters here are lognormal with a
    sigma of 0.42, dust and coarser dirt together; specks on single scans and prints vary less (docs/defects.md).
    """

    defect: ClassVar[Defect] = Defect.DUST

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(150, 3000),
            "size": geometric(0.0011, 0.002),
            "opacity": linear(0.6, 1),
            "clustering": 0.6,
            "polarity": "light",
        }
    )

    density: PerSquare
    """Specks."""

    size: Speck
    """Median diameter."""

    opacity: Fraction
    """Of the largest specks; small ones are fainter by chance."""

    clustering: Fraction
    """0: anywhere alike; 1: in dense clouds with clean places between."""

    polarity: Literal["light", "dark"]
    """Light: on the negative. Dark: on the print, or in the scanner."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Dust")
        count = min(photo.count(self.density, source.unit()), MOST)
        if count == 0:
            return photo
        centres = cloudy_places(photo.size, count, 2.2 * self.clustering, source)
        radii = 0.5 * self.size * photo.short * np.exp(0.42 * source.normals(count).astype(np.float64))
        strengths = self.opacity * (0.5 + 0.5 * source.units(count) ** 0.5)
        coverage = canvas(photo.size)
        specks(coverage, centres, radii, strengths, source)
        if self.polarity == "dark":  # it lies above the paper, a little out of focus
            coverage = cv2.GaussianBlur(coverage, (3, 3), 0.6)
        return photo.damaged(GRAIN if self.polarity == "dark" else paper_colour(photo), coverage, self.defect)


def cloudy_places(size: tuple[int, int], count: int, contrast: float, source: Stream) -> Array:
    """Random places (count, 2), x and y in pixels, denser where a smooth field is high."""
    height, width = size
    rows, columns = (min(max(1, round(48 * side / min(size))), 960) for side in size)
    field = clouds((max(rows, 2), max(columns, 2)), 0.28, source)[:rows, :columns]
    weights = np.cumsum(np.exp(contrast * field.astype(np.float64)).reshape(-1))
    cell = np.minimum(np.searchsorted(weights, source.units(count) * weights[-1], side="right"), weights.size - 1)
    down, across = cell // columns + source.units(count), cell % columns + source.units(count)
    return np.stack([across * (width / columns), down * (height / rows)], axis=1)


def specks(coverage: Mask, centres: Array, radii: Array, strengths: Array, source: Stream) -> None:
    """Draw angular, somewhat elongated specks into a coverage, in place; the smallest are shared out among pixels."""
    count = len(centres)
    around = np.arange(CORNERS) * (2 * math.pi / CORNERS) + 0.17 * source.normals(count, CORNERS)
    spokes = np.exp(0.15 * source.normals(count, CORNERS)) * radii[:, None]
    stretch = np.exp(0.35 * np.abs(source.normals(count)))[:, None]
    turn = 2 * math.pi * source.units(count)[:, None]
    x, y = spokes * np.cos(around) * stretch, spokes * np.sin(around) / stretch
    shapes = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=2)
    large = radii > 0.9
    splats(coverage, centres[~large], radii[~large], strengths[~large])
    order = np.flatnonzero(large)[np.argsort(strengths[large], kind="stable")]
    shrunk = shapes * (1 - 0.55 / np.maximum(radii, 0.9))[:, None, None]  # drawing adds half a pixel around
    fixed = np.rint(np.clip(shrunk + centres[:, None], -1e5, 1e5) * 64).astype(np.int32)
    for index in order:
        cv2.fillPoly(coverage, [fixed[index]], 255 * strengths[index], cv2.LINE_AA, 6)

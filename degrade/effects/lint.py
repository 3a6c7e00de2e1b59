"""Lint and fluff."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.base import paper_colour
from degrade.cracks import arcs, ragged
from degrade.effect import Effect
from degrade.fibres import KERATIN, curls
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.strokes import canvas, strokes
from degrade.types import Defect, Fraction, Interval, Seed

FIBRES = 7
"""Loose fibres of one flock."""

POINTS = 24
"""Of one fibre."""

MOST = 800
"""Flocks on one photo, however long it is."""

Flocks = Annotated[float, Interval(0, 500, "per square of the shorter side")]
"""How many flocks."""

Small = Annotated[float, Interval(0, 0.2, "of the shorter side")]
"""The size of a flock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint(Effect):
    """Flocks of fluff: a soft crooked body with short tangled fibres that stick out of it.

    Source: seen on scans of empty film frames (Ivanova et al. 2023 and hand-made overlays); sizes are estimates.
    """

    defect: ClassVar[Defect] = Defect.HAIR

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(12, 160),
            "size": geometric(0.025, 0.045),
            "opacity": linear(0.55, 1),
            "polarity": "light",
        }
    )

    density: Flocks
    """Tufts."""

    size: Small
    """Median length of a flock's body; the spread is lognormal with sigma 0.5."""

    opacity: Fraction
    """Opacity of the fibres."""

    polarity: Literal["light", "dark"]
    """Light: on the negative. Dark: on the print, or in the scanner."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Lint")
        count = min(photo.count(self.density, source.unit()), MOST)
        if count == 0:
            return photo
        lengths = self.size * photo.short * np.exp(0.5 * source.normals(count).astype(np.float64))
        starts = source.units(count, 2) * (photo.width, photo.height)
        bodies = arcs(starts, 2 * math.pi * source.units(count), lengths, curls(count, POINTS - 1, 1.0, source), POINTS)
        thick = np.sin(np.linspace(0.25, 2.9, POINTS)) * 0.075 * lengths[:, None]
        coverage = canvas(photo.size)
        strokes(coverage, bodies, thick * ragged((count, POINTS), 0.5, 3, source), 0.6 * self.opacity)
        coverage = cv2.GaussianBlur(coverage, (0, 0), max(0.5, 0.02 * self.size * photo.short))
        roots = bodies[np.repeat(np.arange(count), FIBRES), (source.units(count * FIBRES) * POINTS).astype(int)]
        reach = np.repeat(lengths, FIBRES) * (0.1 + 0.55 * source.units(count * FIBRES))
        turned = curls(count * FIBRES, POINTS - 1, 1.0, source)
        fibres = arcs(roots, 2 * math.pi * source.units(count * FIBRES), reach, turned, POINTS)
        fine = np.repeat(0.022 * lengths, FIBRES)[:, None] * np.linspace(1, 0.4, POINTS)
        strokes(coverage, fibres, fine, self.opacity * (0.4 + 0.6 * source.units(count * FIBRES, 1)))
        return photo.damaged(KERATIN if self.polarity == "dark" else paper_colour(photo), coverage, self.defect)

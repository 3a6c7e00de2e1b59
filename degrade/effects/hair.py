"""Hairs and fibres."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from degrade.base import paper_colour
from degrade.cracks import arcs
from degrade.effect import Effect
from degrade.fibres import KERATIN, curls
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.strokes import canvas, strokes
from degrade.types import Defect, Fraction, Interval, Seed

POINTS = 72
"""Of one hair."""

MOST = 600
"""Hairs on one photo, however long it is."""

Hairs = Annotated[float, Interval(0, 300, "per square of the shorter side")]
"""How many hairs."""

Long = Annotated[float, Interval(0, 2, "of the shorter side")]
"""The length of a hair."""

Thin = Annotated[float, Interval(0, 0.02, "of the shorter side")]
"""The width of a hair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hair(Effect):
    """Hairs that curl and loop, of even width, tapering at one end, some with a kink.

    Source: hair on film is 10 to 20 micrometres wide and 0.2 to 6 mm long on a 24 by 36 mm frame
    (docs/physics.md, section 6; an estimate), with lengths spread as on scans of empty film (docs/defects.md); its
    curling is drawn as a curvature that wanders about a mean of its own.
    """

    defect: ClassVar[Defect] = Defect.HAIR

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(6, 90),
            "length": geometric(0.13, 0.22),
            "width": geometric(0.0016, 0.0026),
            "opacity": linear(0.6, 1),
            "curl": 0.5,
            "polarity": "light",
        }
    )

    density: Hairs
    """Hairs."""

    length: Long
    """Median length; the spread is lognormal with sigma 0.55."""

    width: Thin
    """Width of the thickest hairs; the finest have half of it."""

    opacity: Fraction
    """Opacity along a hair."""

    curl: Fraction
    """0: nearly straight; 1: closed loops."""

    polarity: Literal["light", "dark"]
    """Light: on the negative. Dark: on the print, or in the scanner."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Hair")
        count = min(photo.count(self.density, source.unit()), MOST)
        if count == 0:
            return photo
        lengths = photo.short * np.minimum(self.length * np.exp(0.55 * source.normals(count).astype(np.float64)), 2.5)
        starts = source.units(count, 2) * (photo.width, photo.height)
        paths = arcs(
            starts, 2 * math.pi * source.units(count), lengths, curls(count, POINTS - 1, self.curl, source), POINTS
        )
        widths = self.width * photo.short * (0.5 + 0.5 * source.units(count, 1))
        taper = np.minimum(1, 0.25 + 5 * np.linspace(1, 0, POINTS)) * np.minimum(
            1, 0.5 + 20 * np.linspace(0, 1, POINTS)
        )
        coverage = canvas(photo.size)
        strokes(coverage, paths, widths * taper, self.opacity * (0.65 + 0.35 * source.units(count, 1)))
        return photo.damaged(KERATIN if self.polarity == "dark" else paper_colour(photo), coverage, self.defect)

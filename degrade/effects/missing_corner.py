"""Missing corners."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.base import bevel_widths, torn_edge
from degrade.cracks import Array, ridge
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Field, Fraction, Interval, Seed

Corners = Annotated[int, Interval(0, 4)]

Cut = Annotated[float, Interval(0, 0.6, "of the shorter side")]
"""How far from the corner it is broken off."""

Narrow = Annotated[float, Interval(0, 0.1, "of the shorter side")]
"""The width of the white core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCorner(Effect):
    """Corners torn or broken off, with a rim of white paper core and the scanner's lid beyond.

    Source: corners of 3 to 25 mm with a rim of 0.5 to 2 mm are lost (docs/physics.md, section 6; estimates); the line
    is self-affine, and strays from its chord as far as masks of torn paper do (docs/defects.md).
    """

    defect: ClassVar[Defect] = Defect.LOSS

    ladder: ClassVar[Ladder] = Ladder(
        {
            "corners": linear(1, 4),
            "size": geometric(0.07, 0.34),
            "raggedness": 0.5,
            "rim": geometric(0.006, 0.014),
            "background": "white",
        }
    )

    corners: Corners
    """How many corners are gone."""

    size: Cut
    """Mean length of the lost edges."""

    raggedness: Fraction
    """0: broken off clean, as brittle board does; 1: torn."""

    rim: Narrow
    """Mean width of the paper core that shows."""

    background: Literal["white", "black"]
    """What the scanner sees beyond the paper."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "MissingCorner")
        for corner in source.shuffled((0, 1, 2, 3))[: self.corners]:
            photo = self._broken(photo, corner, stream(source.seed(), "corner"))
        return photo

    def _broken(self, photo: Photo, corner: int, source: Stream) -> Photo:
        """One corner lost: bit 0 says right, bit 1 says bottom."""
        across, down = (self.size * photo.short * float(np.exp(0.35 * source.normal())) + 0.5 for _ in range(2))
        margin = 1.25 + 0.5 * self.raggedness
        size = min(int(down * margin) + 2, photo.height), min(int(across * margin) + 2, photo.width)
        chord = float(np.hypot(across, down))
        y, x = np.mgrid[: size[0], : size[1]].astype(np.float32) + np.float32(0.5)
        along = ((across - x) * across + y * down) / chord**2
        inside = (1 - x / across - y / down) * across * down / chord
        place = np.clip((along + 0.25) / 1.5 * (KNOTS - 1), 0, KNOTS - 1)
        line = chord * (0.07 * self.raggedness + 0.012) * ridge(KNOTS, source, 0.85)
        bevel = bevel_widths(KNOTS, self.rim * photo.short, source)
        beyond = inside + looked_up(line, place)
        paint, coverage = torn_edge(beyond, looked_up(bevel, place), photo, self.background, source)
        flip = (slice(None, None, -1 if corner & 2 else 1), slice(None, None, -1 if corner & 1 else 1))
        at = (photo.height - size[0] if corner & 2 else 0, photo.width - size[1] if corner & 1 else 0)
        return photo.damaged(paint[flip], coverage[flip], self.defect, at)


KNOTS = 513
"""Points of the line along which a corner breaks."""


def looked_up(values: Array, place: Field) -> Field:
    """A profile at places between its points."""
    knots = values.astype(np.float32)[None]
    found: Field = cv2.remap(knots, place, np.zeros_like(place), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return found

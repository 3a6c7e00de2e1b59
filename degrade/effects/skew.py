"""A print laid askew on the scanner."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.base import GROUNDS
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.light import applied
from degrade.photo import Photo
from degrade.types import Defect, Field, Interval

Tilt = Annotated[float, Interval(-20, 20, "degrees")]
"""How far a print is turned on the glass."""

Shift = Annotated[float, Interval(-0.3, 0.3, "of the shorter side")]
"""How far a print lies off its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew(Effect):
    """A print turned and moved on the scanner's glass: wedges of the lid show along its edges.

    Source: turned crops, and black or white scanner margins on about a third of real prints
    (docs/physics.md, section 9). The clean twin turns too and is mirrored on under the lid. The shadow of the paper's
    edge is an estimate.
    """

    defect: ClassVar[Defect] = Defect.LOSS

    ladder: ClassVar[Ladder] = Ladder(
        {
            "angle": geometric(0.8, 9),
            "across": geometric(0.006, 0.05),
            "down": geometric(0.004, 0.03),
            "lid": "white",
        }
    )

    angle: Tilt
    """Clockwise."""

    across: Shift
    """To the right."""

    down: Shift
    """Downwards."""

    lid: Literal["white", "black"]
    """What the scanner sees beyond the paper."""

    def apply(self, photo: Photo) -> Photo:
        if self.angle == self.across == self.down == 0:
            return photo
        x, y = self._places(photo)
        beyond = cv2.max(outside(x, photo.width), outside(y, photo.height))
        coverage = cv2.convertScaleAbs(cv2.max(beyond, -0.5), alpha=255, beta=127.5)
        fall = 0.004 * photo.short + 0.5
        depth = cv2.convertScaleAbs(cv2.max(beyond, 0), alpha=32 / fall)
        shadow = np.exp(-np.arange(256) / 32)
        lid = np.rint(np.array(GROUNDS[self.lid]) * (1 - 0.45 * shadow)[:, None]).astype(np.uint8)
        paint = applied(cv2.merge([depth] * 3), lid)
        return photo.moved(cv2.merge([x, y])).damaged(paint, coverage, self.defect)

    def _places(self, photo: Photo) -> tuple[Field, Field]:
        """The place on the print, x and y, that each pixel of the scan shows."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        middle = (photo.width - 1) / 2, (photo.height - 1) / 2
        x = np.arange(photo.width) - middle[0] - self.across * photo.short
        y = (np.arange(photo.height) - middle[1] - self.down * photo.short)[:, None]
        return (
            np.add((cos * x + middle[0]).astype(np.float32), (sin * y).astype(np.float32)),
            np.add((-sin * x).astype(np.float32), (cos * y + middle[1]).astype(np.float32)),
        )


def outside(places: Field, side: int) -> Field:
    """How far beyond the nearer of two opposite edges each place lies, in pixels; negative between them."""
    middle = np.full(1, (side - 1) / 2, np.float32)
    beyond: Field = np.abs(places - middle) - np.float32(side / 2)
    return beyond

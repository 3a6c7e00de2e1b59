"""Contrast that was stretched."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import applied, tone_curve
from degrade.photo import Photo
from degrade.types import Interval

Clipped = Annotated[float, Interval(0, 127, "levels")]
"""How far an end of the scale is moved inwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastStretch(Effect):
    """Shadows and lights cut off, and gaps between the levels that are left: a scan whose black and white were set.

    Source: a straight line between the new ends, of 8-bit levels, as scanning programs' *levels* have it. Of 39 real
    prints a third have clipped ends or gaps in their histogram (docs/realism.md).
    """

    ladder: ClassVar[Ladder] = Ladder({"blacks": linear(6, 100), "whites": linear(4, 70)})

    blacks: Clipped
    """The level that becomes black, and all that are darker with it."""

    whites: Clipped
    """How far below white the level lies that becomes white, and all that are lighter with it."""

    def apply(self, photo: Photo) -> Photo:
        low, high = self.blacks / 255, 1 - self.whites / 255
        return photo.toned(applied(photo.image, tone_curve(lambda level: (level - low) / (high - low))))

"""A camera that moved."""

import math
from dataclasses import dataclass
from typing import ClassVar

from degrade.blurs import line, spread_along
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Degrees, Pixels

LONGEST = 8.0
"""Longer lines are made of copies of a line up to so many pixels long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionBlur(Effect):
    """A picture smeared along a straight line, as a hand that moved at 1/25 second leaves it.

    Source: a linear point spread of 0.05 to 0.3 mm on the negative (docs/physics.md, section 8; an estimate). Long
    lines are doubled by averaging the picture with itself moved by whole pixels, so that the cost grows with the
    logarithm of the length.
    """

    ladder: ClassVar[Ladder] = Ladder({"length": geometric(2, 28), "angle": 20.0})

    length: Pixels
    """Length of the path of each point."""

    angle: Degrees
    """Its direction: 0 is across, 90 is down."""

    def apply(self, photo: Photo) -> Photo:
        if self.length < 0.3:
            return photo
        angle = math.radians(self.angle)
        doublings = max(0, math.ceil(math.log2(self.length / LONGEST)))
        part = self.length / 2**doublings
        moves = [
            (round(part * 2**step * math.cos(angle)), round(part * 2**step * math.sin(angle)))
            for step in range(doublings)
        ]
        return photo.toned(spread_along(photo.image, line(part, angle), moves))

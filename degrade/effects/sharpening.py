"""A scanner's sharpening."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2

from degrade.blurs import soft
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Interval, Pixels

Gain = Annotated[float, Interval(0, 20)]
"""How many times a detail is added to itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpening(Effect):
    """The unsharp mask of scanners and minilabs: grain stands out, and edges get a light and a dark seam.

    Source: picture + amount * (picture - blurred picture); scanner software is modelled with a sigma of 0.7 pixels and
    an amount of 1. On real scans the seams reach 1 to 7 % of the step, strong ones on about one in ten
    (docs/physics.md, section 9).
    """

    ladder: ClassVar[Ladder] = Ladder({"sigma": geometric(0.7, 2), "amount": geometric(0.5, 4.5)})

    sigma: Pixels
    """Of the blurred copy: the seams are about twice as wide."""

    amount: Gain
    """How much of the difference to the blurred picture is added."""

    def apply(self, photo: Photo) -> Photo:
        blurred = soft(photo.image, self.sigma)
        return photo.toned(cv2.addWeighted(photo.image, 1 + self.amount, blurred, -self.amount, 0))

"""A blur of two widths."""

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2

from degrade.blurs import line, shrunk, soft, spread_along, spreads
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Degrees, Image, Pixels

BASE = 1.6
"""Sigma of the Gaussian line that longer ones are made of, in pixels."""

FINE = 1.2
"""The narrow sigma stays above so many pixels on the smaller copy that wide blurs are made on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnisotropicBlur(Effect):
    """A blur wider in one direction than across it: astigmatism, a tilted lens board, an unsteady hand.

    Source: the rotated Gaussian of Zhang et al. 2021 (BSRGAN). It is split into a round Gaussian and a Gaussian line;
    the line's variance is added up from a short kernel and means of two moved copies.
    """

    ladder: ClassVar[Ladder] = Ladder({"along": geometric(0.6, 8), "across": geometric(0.4, 2), "angle": 30.0})

    along: Pixels
    """Sigma in the direction of the angle."""

    across: Pixels
    """Sigma at right angles to it."""

    angle: Degrees
    """0 is across the picture, 90 is down."""

    def apply(self, photo: Photo) -> Photo:
        angle = math.radians(self.angle + (90 if self.across > self.along else 0))
        wide, narrow = max(self.along, self.across), min(self.along, self.across)
        shrink = 2 ** max(0, math.floor(math.log2(max(narrow, 1) / FINE)))
        small = shrunk(photo.image, min(shrink, max(1, photo.short // 8)))
        scale = math.sqrt(small.shape[0] * small.shape[1] / (photo.height * photo.width))
        own = (1 - scale**2) / 4  # variance, in small pixels, that shrinking and enlarging add
        image = stretched(small, math.sqrt((wide * scale) ** 2 - own), math.sqrt((narrow * scale) ** 2 - own), angle)
        return photo.toned(image if scale == 1 else cv2.resize(image, photo.size[::-1], interpolation=cv2.INTER_LINEAR))


def stretched(image: Image, wide: float, narrow: float, angle: float) -> Image:
    """The picture under a Gaussian of two widths, the wide one along an angle in radians."""
    length = math.sqrt(wide**2 - narrow**2)
    if length < 0.3:
        return soft(image, wide)
    kernel = line(min(6 * length, 10), angle, min(length, BASE))
    drawn, leaked = spreads(kernel, angle)
    image = soft(image, math.sqrt(max(narrow**2 - leaked, 0)))
    moves = []
    while length**2 - drawn > 0.2:
        step = 2 * math.sqrt(min(length**2 - drawn, 0.7 * drawn))  # two copies that far apart add step ** 2 / 4
        move = round(step * math.cos(angle)), round(step * math.sin(angle))
        if move == (0, 0):
            break
        moves.append(move)
        drawn += (move[0] ** 2 + move[1] ** 2) / 4
    return spread_along(image, kernel, moves)

"""Fading of colour prints."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import display_from_linear, linear_from_display, look_up
from degrade.noise import bands
from degrade.photo import Photo
from degrade.types import Density, Fraction, Image

DYES = np.array([[0.93, 0.07, 0.00], [0.26, 0.60, 0.14], [0.14, 0.16, 0.70]])
"""Density in red, green and blue light (rows) of the cyan, magenta and yellow (columns) in a neutral of density 1."""

LIGHT_LOSS = (0.4, 1.0, 0.8)
"""What cyan, magenta and yellow lose to light, beside magenta."""

BLACK = 0.004
"""Light that the blackest print still reflects: density 2.4. The picture's black is taken to be this black."""

UNIT = 4096
"""Densities are whole parts of 1/UNIT; 16 bits hold them up to 8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DyeFading(Effect):
    """A colour print whose dyes have faded, each by its own share: the red, green or pale cast of old albums.

    Source: two chromogenic papers as published, three dyes fitted with cross-talk, rms error 0.011
    (docs/physics.md, section 3). Dark storage takes a share of each dye, so that the shadows turn; light takes an equal
    amount from all tones, so that the highlights bleach. How light divides its loss among the dyes is an estimate.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {
            "cyan": linear(0.95, 0.25),
            "magenta": linear(0.98, 0.82),
            "yellow": linear(0.97, 0.5),
            "shift": linear(0.0, 0.03),
        }
    )

    cyan: Fraction
    """Share of the cyan dye that is left; its loss turns the print red."""

    magenta: Fraction
    """Share of the magenta dye that is left; its loss turns the print green."""

    yellow: Fraction
    """Share of the yellow dye that is left; its loss turns the print blue."""

    shift: Density
    """Density of magenta that light has taken from all tones alike; cyan lost 0.4 and yellow 0.8 of it."""

    def apply(self, photo: Photo) -> Photo:
        after = np.empty_like(photo.image)
        for band in bands(photo.image.shape):
            before: NDArray[np.int16] = cv2.LUT(photo.image[band], densities()).reshape(after[band].shape)
            dyes = cv2.max(cv2.transform(before, np.linalg.inv(DYES)).reshape(-1, 1), 0).reshape(before.shape)
            left = cv2.subtract(before, cv2.transform(self.loss(dyes), DYES))
            places = cv2.max(left.reshape(1, -1), 0).view(np.uint16)
            look_up(display_levels(), places, after[band].reshape(1, -1))
        return photo.toned(after)

    def loss(self, dyes: NDArray[np.int16]) -> NDArray[np.int16]:
        """What is gone of each dye: (1 - kept) * dye + shift * min(dye / 0.3, 1), but not more than there was."""
        lost: NDArray[np.int16] = cv2.transform(dyes, np.diag((1 - self.cyan, 1 - self.magenta, 1 - self.yellow)))
        if not self.shift:
            return lost
        highlights = np.minimum(dyes, np.int16(0.3 * UNIT))
        lost = cv2.add(lost, cv2.transform(highlights, np.diag(LIGHT_LOSS) * (self.shift / 0.3)))
        return np.asarray(np.minimum(lost, dyes), np.int16)


@lru_cache(maxsize=1)
def densities() -> NDArray[np.int16]:
    """The density of each display level on a print, in parts of 1/UNIT."""
    light = linear_from_display(np.arange(256) / 255) * (1 - BLACK) + BLACK
    return np.asarray(np.rint(-UNIT * np.log10(light)), np.int16)


@lru_cache(maxsize=1)
def display_levels() -> Image:
    """The display level of each density, in parts of 1/UNIT."""
    light = 10.0 ** -(np.arange(np.iinfo(np.uint16).max + 1) / UNIT)
    scene = np.clip((light - BLACK) / (1 - BLACK), 0, 1)
    return np.rint(255 * display_from_linear(scene)).astype(np.uint8)

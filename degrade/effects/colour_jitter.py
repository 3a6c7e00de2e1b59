"""Shifts of the colour balance."""

from dataclasses import dataclass
from typing import ClassVar

import cv2

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.photo import Photo
from degrade.types import SignedLevels


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourJitter(Effect):
    """Red, green and blue each lighter or darker by a few levels, as a wrong balance of the scanner leaves them.

    Source: Wan et al. 2022, "Old Photo Restoration via Deep Latent Space Translation", section 4.2 (20 levels either
    way). We add with saturation and round.
    """

    ladder: ClassVar[Ladder] = Ladder({"red": linear(4, 50), "green": linear(-1, -10), "blue": linear(-3, -45)})

    red: SignedLevels
    """What is added to red."""

    green: SignedLevels
    """What is added to green."""

    blue: SignedLevels
    """What is added to blue."""

    def apply(self, photo: Photo) -> Photo:
        return photo.toned(cv2.add(photo.image, (round(self.red), round(self.green), round(self.blue), 0)))

"""Shifts of the colour balance."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import applied
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

    green: SignedLevels

    blue: SignedLevels

    def apply(self, photo: Photo) -> Photo:
        shifted = np.arange(256)[:, None] + np.array([self.red, self.green, self.blue])
        return photo.toned(applied(photo.image, np.rint(np.clip(shifted, 0, 255)).astype(np.uint8)))

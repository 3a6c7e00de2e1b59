"""Box blur."""

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Pixels

WHOLE = 15
"""Above this size a box has whole pixels at its ends, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxBlur(Effect):
    """Every pixel becomes the mean of a square around it: what the field calls defocus.

    Source: Wan et al. 2022, "Old Photo Restoration via Deep Latent Space Translation", section 4.2. A real lens out of
    focus paints discs: that is `Defocus`.
    """

    ladder: ClassVar[Ladder] = Ladder({"size": geometric(1.6, 15)})

    size: Pixels
    """Side of the square; 1 changes nothing. Above 15 the nearest odd number is taken."""

    def apply(self, photo: Photo) -> Photo:
        if self.size <= 1:
            return photo
        if self.size > WHOLE:
            side = 2 * round((self.size - 1) / 2) + 1
            return photo.toned(cv2.blur(photo.image, (side, side), borderType=cv2.BORDER_REFLECT_101))
        box = even(self.size)
        return photo.toned(cv2.sepFilter2D(photo.image, -1, box, box, borderType=cv2.BORDER_REFLECT_101))


def even(size: float) -> NDArray[np.float64]:
    """Equal weights over so many pixels; the pixels at the ends get what is left of them."""
    reach = math.ceil((size - 1) / 2)
    kernel = np.ones(2 * reach + 1)
    kernel[[0, -1]] = (size - (2 * reach - 1)) / 2
    return kernel / size

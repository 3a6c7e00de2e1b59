"""Gaussian blur."""

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2

from degrade.blurs import soft
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Kernel, Pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class GaussianBlur(Effect):
    """The soft picture of a lens of many small errors: sharp edges become bell-shaped ramps.

    Source: Wan et al. 2022, "Old Photo Restoration via Deep Latent Space Translation", section 4.2 (kernels of 3, 5 and
    7 pixels, sigma 1 to 5: mostly a box, as the kernel cuts the bell off). Edges of real prints rise over 1.6 to 3.3
    pixels (docs/physics.md, section 11). With a kernel of 0 the bell is whole, and wide ones are made on a smaller
    copy.
    """

    ladder: ClassVar[Ladder] = Ladder({"sigma": geometric(0.5, 6), "kernel": 0})

    sigma: Pixels
    """Standard deviation of the bell."""

    kernel: Kernel
    """Width of the square that is averaged, however wide the bell is; 0 is as wide as the bell needs."""

    def apply(self, photo: Photo) -> Photo:
        if self.kernel == 0:
            return photo.toned(soft(photo.image, self.sigma))
        if self.kernel == 1 or self.sigma < 0.05:
            return photo
        width = min(self.kernel, 2 * math.ceil(4 * self.sigma) + 1)  # beyond four sigma the bell has ended
        return photo.toned(cv2.GaussianBlur(photo.image, (width, width), self.sigma, borderType=cv2.BORDER_REFLECT_101))

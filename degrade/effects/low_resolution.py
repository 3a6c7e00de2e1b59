"""A scan or print of low resolution."""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np
import PIL.Image

from degrade.blurs import halved
from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.photo import Photo
from degrade.types import Image, KeptPixels

UP = {"nearest": cv2.INTER_NEAREST_EXACT, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class LowResolution(Effect):
    """Detail lost for good: the picture made smaller and brought back to its size.

    Source: Wan et al. 2020, "Bringing Old Photos Back to Life", released code (each side to 50 to 100 %). "cubic" is
    Pillow's antialiased bicubic, as it has it; "gaussian" is as free of aliasing and several times faster.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {"width": linear(0.85, 0.12), "height": linear(0.85, 0.12), "down": "gaussian", "up": "cubic"}
    )

    width: KeptPixels
    """Share of the width that the smaller copy has."""

    height: KeptPixels
    """Share of the height that the smaller copy has."""

    down: Literal["gaussian", "area", "cubic"]
    """How it is made smaller: a Gaussian and linear interpolation, the mean of the area, or an antialiased cubic."""

    up: Literal["nearest", "linear", "cubic"]
    """How it is brought back: nearest leaves blocks."""

    def apply(self, photo: Photo) -> Photo:
        size = (max(1, round(self.width * photo.width)), max(1, round(self.height * photo.height)))
        full = photo.size[::-1]
        if size == full:
            return photo
        if self.down == "gaussian":
            small = reduced(photo.image, size)
        elif self.down == "area":
            small = cv2.resize(photo.image, size, interpolation=cv2.INTER_AREA)
        else:
            whole = PIL.Image.fromarray(photo.image)
            small = np.asarray(whole.resize(size, PIL.Image.Resampling.BICUBIC))
        return photo.toned(cv2.resize(small, full, interpolation=UP[self.up]))


def reduced(image: Image, size: tuple[int, int]) -> Image:
    """A smaller copy (width, height) without aliasing: halved while it can be, then a Gaussian and linear steps."""
    height, width = image.shape[:2]
    while width >= 4 * size[0] and height >= 4 * size[1]:
        image = halved(image)
        height, width = image.shape[:2]
    sigmas = [0.5 * math.sqrt((old / new) ** 2 - 1) for old, new in zip((width, height), size, strict=True)]
    reach = tuple(2 * math.ceil(2.2 * sigma) + 1 if sigma > 0.2 else 1 for sigma in sigmas)
    if max(reach) > 1:
        bells = [max(sigma, 0.1) for sigma in sigmas]
        image = cv2.GaussianBlur(image, reach, bells[0], sigmaY=bells[1], borderType=cv2.BORDER_REFLECT_101)
    small: Image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    return small

"""A lens out of focus."""

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.blurs import shrunk
from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.light import to_display, to_linear
from degrade.photo import Photo
from degrade.types import Pixels

LARGEST = 3.0
"""Discs above this radius are drawn on a smaller copy, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defocus(Effect):
    """A picture out of focus: every point becomes a disc, the image of the lens opening, and small lights bloom.

    Source: geometrical optics, the circle of confusion; light is averaged, not display values. The disc is even, as a
    lens without aberrations draws it, and its rim is softened by one pixel.
    """

    ladder: ClassVar[Ladder] = Ladder({"radius": geometric(0.8, 8)})

    radius: Pixels
    """Radius of the disc."""

    def apply(self, photo: Photo) -> Photo:
        if self.radius < 0.3:
            return photo
        light = to_linear(photo.image)
        small = shrunk(light, 2 ** max(0, math.ceil(math.log2(self.radius / LARGEST))))
        scale = math.sqrt(small.shape[0] * small.shape[1] / (photo.height * photo.width))
        own = 4 * (1 - scale**2) / 6  # shrinking and enlarging blur by themselves
        radius = min(math.sqrt((self.radius * scale) ** 2 - own), 4 * LARGEST)  # few pixels are even by then
        image = to_display(cv2.filter2D(small, -1, disc(radius), borderType=cv2.BORDER_REFLECT_101))
        if scale < 1:
            image = cv2.resize(image, photo.size[::-1], interpolation=cv2.INTER_CUBIC)
        return photo.toned(image)


def disc(radius: float) -> NDArray[np.float32]:
    """An even disc with a soft rim, of weight 1."""
    reach = max(1, math.ceil(radius - 0.5))
    fine = (np.arange(8 * (2 * reach + 1)) + 0.5) / 8 - reach - 0.5  # every pixel as 8 by 8
    inside = (np.hypot(fine[:, None], fine[None, :]) <= radius).astype(np.float64)
    kernel: NDArray[np.float64] = inside.reshape(2 * reach + 1, 8, 2 * reach + 1, 8).mean(axis=(1, 3))
    kernel /= float(kernel.sum())
    return kernel.astype(np.float32)

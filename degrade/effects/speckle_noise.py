"""Speckle noise."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.noise import Levels16, bands, white
from degrade.photo import Photo
from degrade.seeds import normal_table, stream
from degrade.types import Channels, Fraction, Image, Pixels, Seed

ONE = 4096
"""Factors are kept as whole 4096ths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeckleNoise(Effect):
    """Noise that grows with the light: every pixel is multiplied by a normal number around one.

    Source: Wan et al. 2020, "Bringing Old Photos Back to Life", released code (sigma 5 to 50 of 255). Display values
    are multiplied, as the field does; we round where that code truncates.
    """

    ladder: ClassVar[Ladder] = Ladder({"sigma": geometric(0.02, 0.45), "channels": "auto", "size": 1.0})

    sigma: Fraction
    """Standard deviation of the factor."""

    channels: Channels

    size: Pixels
    """Grain: 0 or 1 is one draw for each pixel, above that one for each cell of so many pixels."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        table = np.rint(ONE * self.sigma * normal_table()).astype(np.int16)
        factors = white(photo.size if same else photo.image.shape, table, stream(self.seed, "SpeckleNoise"), self.size)
        return photo.toned(multiplied(photo.image, factors))


def multiplied(image: Image, factors: Levels16) -> Image:
    """The picture times one plus the factors / `ONE`; a field (H, W) is for all channels."""
    product = np.empty_like(image)
    for band in bands(image.shape):
        part = factors[band] if factors.ndim == 3 else cv2.merge([factors[band]] * 3)
        change = cv2.multiply(image[band].astype(np.int16), part.reshape(image[band].shape), scale=1 / ONE)
        product[band] = cv2.add(image[band], change, dtype=cv2.CV_8U)
    return product

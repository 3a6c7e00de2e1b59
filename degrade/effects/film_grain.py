"""Silver-halide grain."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.light import display_from_linear, linear_from_display, luma
from degrade.noise import gaussian_levels, white
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Channels, Density, Pixels, Positive, Seed

TILE = 256
"""The grain is drawn on a tile of so many pixels and repeated from random places of it."""

UNIT = 16
"""Grain is kept as whole sixteenths of its standard deviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmGrain(Effect):
    """Clumps of silver: noise in optical density that grows with the density and is coarser than the pixels.

    Source: Selwyn 1935 (the spread falls with the area), and the published granularity of black-and-white film, which
    grows as the 0.53rd power of density; on prints it was measured to grow as the 0.9th. The grain is Gaussian here, where
    Newson et al. 2017 draw a Boolean model of discs.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {"strength": geometric(0.01, 0.4), "size": 0.9, "exponent": 0.9, "channels": "auto"}
    )

    strength: Density
    """Standard deviation of the density where the density is 1."""

    size: Pixels
    """Sigma of the clumps; scans of prints have 0.8 to 1."""

    exponent: Positive
    """Power of the density with which the grain grows: 0.53 on film, 0.9 on prints."""

    channels: Channels

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        gain = cv2.LUT(luma(photo.image), gain_table(self.strength, self.exponent))
        source = stream(self.seed, "FilmGrain")
        layers = [cv2.multiply(grain(photo.size, self.size, source), gain, scale=1 / (UNIT * GAIN))]
        if not same:
            layers += [
                cv2.multiply(grain(photo.size, self.size, source), gain, scale=1 / (UNIT * GAIN)) for _ in range(2)
            ]
        return photo.toned(cv2.add(photo.image, cv2.merge((layers * 3)[:3]), dtype=cv2.CV_8U))


GAIN = 64
"""Gains are whole sixty-fourths of a grey level."""


@lru_cache(maxsize=32)
def gain_table(strength: float, exponent: float) -> NDArray[np.int16]:
    """Standard deviation in grey levels for each luma, in units of 1/GAIN: the slope of display value over density."""
    display = np.arange(256) / 255
    linear = np.maximum(linear_from_display(display), 1e-3)
    step = 1e-3  # a small step in density, to both sides
    slope = (display_from_linear(linear * 10**step) - display_from_linear(linear * 10**-step)) / (2 * step)
    levels = 255 * slope * strength * (-np.log10(linear)) ** exponent
    return np.rint(GAIN * levels).astype(np.int16)


def grain(size: tuple[int, int], sigma: float, source: Stream) -> NDArray[np.int16]:
    """Correlated noise of standard deviation UNIT; large pictures are laid out of one tile's random parts."""
    if size[0] * size[1] <= TILE * TILE * 2:
        return clumps(size, sigma, source)
    tile = clumps((2 * TILE, 2 * TILE), sigma, source)
    field = np.empty(size, np.int16)
    for top in range(0, size[0], TILE):
        for left in range(0, size[1], TILE):
            part = field[top : top + TILE, left : left + TILE]
            y, x = source.integer(0, TILE), source.integer(0, TILE)
            part[...] = tile[y : y + part.shape[0], x : x + part.shape[1]]
    return field


def clumps(size: tuple[int, int], sigma: float, source: Stream) -> NDArray[np.int16]:
    """White noise under a Gaussian blur, brought back to standard deviation UNIT."""
    if sigma < 0.3:
        return white(size, gaussian_levels(UNIT), source)
    if sigma > 2:  # drawn on a grid that its clumps cover, and enlarged
        return white(size, gaussian_levels(UNIT), source, cell=1.6 * sigma)
    reach = np.arange(-6, 7)
    kernel = np.exp(-(reach**2) / (2 * sigma**2))
    kernel /= kernel.sum()
    fine = white(size, gaussian_levels(512), source).astype(np.float32)
    soft = cv2.GaussianBlur(fine, (13, 13), sigma, borderType=cv2.BORDER_REFLECT_101)
    return np.rint(soft * np.float32(UNIT / 512 / float((kernel**2).sum()))).astype(np.int16)

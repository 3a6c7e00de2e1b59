"""Cockling: paper that no longer lies flat."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds, edge_distance
from degrade.ladder import Ladder, geometric
from degrade.noise import bands
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Degrees, Field, Image, Interval, Seed

NODES = 96
"""The waves are computed at so many nodes along the shorter side, and enlarged."""

Pull = Annotated[float, Interval(0, 0.05, "of the shorter side")]
"""How far waves displace the picture."""

Wavelength = Annotated[float, Interval(0.08, 2, "of the shorter side")]
"""From one crest to the next."""

Shading = Annotated[float, Interval(0, 0.5, "log10")]
"""Density that light from one side adds and takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cockling(Effect):
    """Paper that damp has swollen and that dried in waves: straight lines bend, and side light shades the slopes.

    Source: cockling goes with damp and tide lines, and a soft bend shades by 0.03 (docs/physics.md, sections 5 and 6;
    estimates, as are the depths). A slope of the same relief both shifts the picture and shades it. Shading multiplies
    light, through a power law that stands for the sRGB curve.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {
            "pull": geometric(0.0015, 0.01),
            "wavelength": 0.3,
            "shading": geometric(0.03, 0.2),
            "light": -120.0,
        }
    )

    pull: Pull
    """Standard deviation of the shift."""

    wavelength: Wavelength
    """From one wave of the paper to the next."""

    shading: Shading
    """Standard deviation of the density."""

    light: Degrees
    """Where the light comes from: 0 is the right, -90 the top."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        across, down = slopes(photo.size, self.wavelength, self.seed)
        scale = np.float32(self.pull * photo.short)
        size = photo.size[::-1]
        x, y = (cv2.resize(scale * slope, size, interpolation=cv2.INTER_LINEAR) for slope in (across, down))
        x += np.arange(photo.width, dtype=np.float32)
        y += np.arange(photo.height, dtype=np.float32)[:, None]
        moved = photo.moved(cv2.merge([x, y]))
        angle = math.radians(self.light)
        away = np.float32(math.cos(angle)) * across + np.float32(math.sin(angle)) * down
        return moved.toned(shaded(moved.image, np.float32(self.shading) * away))


def slopes(size: tuple[int, int], wavelength: float, seed: int) -> tuple[Field, Field]:
    """The slope of the waves to the right and downwards at the nodes, of variance 1, twice as steep at the edges."""
    short, long = min(size), max(size)
    per_pixel = min(NODES, 8 * NODES * short / long) / short
    grid = (max(2, round(size[0] * per_pixel)), max(2, round(size[1] * per_pixel)))
    relief = clouds(grid, wavelength / 2, stream(seed, "Cockling"))
    smooth = 0.12 * wavelength * min(grid)  # clouds have kinks that only their slopes show
    relief = cv2.GaussianBlur(relief, (0, 0), max(smooth, 1.0), borderType=cv2.BORDER_REFLECT_101)
    relief *= 0.5 + 0.5 * np.exp(-edge_distance(grid) / np.float32(0.15))
    down, across = np.gradient(relief)
    steep = max(math.sqrt(float(np.mean(across**2 + down**2)) / 2), 1e-6)
    return (across / np.float32(steep)).astype(np.float32), (down / np.float32(steep)).astype(np.float32)


def shaded(image: Image, density: Field) -> Image:
    """The picture with less light where a coarse density is positive, and more where it is negative."""
    # a display value v is 269.025 * light ** (1 / 2.4) - 14.025 above the darkest levels (sRGB, of 255)
    gains = np.rint(16384 * (10.0 ** (-np.clip(density, -0.7, 4) / 2.4) - 1)).astype(np.int16)
    gain = cv2.resize(gains, image.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    after = np.empty_like(image)
    for band in bands(image.shape):
        lifted = np.add(image[band], np.int16(14), dtype=np.int16)
        change = cv2.multiply(lifted, cv2.merge([gain[band]] * 3), scale=1 / 16384)
        after[band] = cv2.add(image[band], change, dtype=cv2.CV_8U)
    return after

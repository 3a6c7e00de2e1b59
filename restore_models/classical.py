"""Classical rivals against noise and damage: filters, inpainting, and the two in sequence. No torch, no training."""

from dataclasses import dataclass, field
from typing import ClassVar

import cv2
import numpy as np

from degrade.types import Image, Mask
from restore_models.restorer import Model, checked


@dataclass(frozen=True, slots=True)
class MedianConfig:
    """The window."""

    side: int = 3  # pixels, odd; the smallest there is: it takes what covers fewer than five of nine pixels


@dataclass(frozen=True, slots=True)
class Median:
    """Each pixel's median in a small window, by channel.

    Source: Tukey 1977, "Exploratory Data Analysis".
    """

    config: MedianConfig
    name: ClassVar[str] = "median"
    blind: ClassVar[bool] = True

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The photo without specks."""
        checked(image, mask)
        return cv2.medianBlur(image, self.config.side)


@dataclass(frozen=True, slots=True)
class NonLocalMeansConfig:
    """The paper's windows, and the strength."""

    patch: int = 7  # pixels, odd; the paper's similarity window
    search: int = 21  # pixels, odd; the paper's search window
    strength: float = 1.0  # times sigma, so that patches that differ by noise alone weigh e^-2; 0.8 to 1.15 are advised
    least: float = 0.5  # levels; less noise than rounding makes is none


@dataclass(frozen=True, slots=True)
class NonLocalMeans:
    """Each pixel's mean over those whose surroundings look alike, as strong as the photo is noisy.

    Source: Buades, Coll and Morel 2005, "A non-local algorithm for image denoising". Here patches are compared in all
    three channels at once and all their pixels weigh the same, as OpenCV does it, and the strength counts for the mean
    over a patch, not for the sum. Sigma is estimated (`noise`).
    """

    config: NonLocalMeansConfig
    name: ClassVar[str] = "nlm"
    blind: ClassVar[bool] = True

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The photo with less noise."""
        checked(image, mask)
        sigma = noise(image)
        if sigma < self.config.least:
            return image.copy()
        strength = self.config.strength * sigma
        return cv2.fastNlMeansDenoising(image, None, strength, self.config.patch, self.config.search)


SECOND_DIFFERENCES = np.outer((1, -2, 1), (1, -2, 1)).astype(np.float32)
"""Blind to planes and to straight edges along the grid; white noise of sigma 1 comes out with sigma 6."""


def noise(image: Image) -> float:
    """Standard deviation of the noise in levels, root mean square over the channels.

    Source: Immerkaer 1996, "Fast noise variance estimation", with the median of Donoho and Johnstone 1994 for his mean,
    which takes texture for noise. Clipped pixels, which hide theirs, do not count. Noise with a grain of some pixels
    is taken for less than it is.
    """
    squares = []
    for channel in cv2.split(image):
        seen = (channel > 0) & (channel < 255)
        if not seen.any():
            squares.append(0.0)
            continue
        response = np.abs(cv2.filter2D(channel, cv2.CV_16S, SECOND_DIFFERENCES, borderType=cv2.BORDER_REFLECT_101))
        squares.append((median_level(response[seen]) / (6 * 0.6745)) ** 2)  # 0.6745: median of |N(0, 1)|
    return float(np.sqrt(np.mean(squares)))


def median_level(values: np.ndarray[tuple[int], np.dtype[np.int16]]) -> float:
    """The median of whole numbers as if each were spread evenly over its step, so that it does not jump by whole ones.

    Of a majority of zeros it is zero.
    """
    below = np.cumsum(np.bincount(values))
    half = below[-1] / 2
    level = int(np.searchsorted(below, half))
    if level == 0:
        return 0.0
    return float(level - 0.5 + (half - below[level - 1]) / (below[level] - below[level - 1]))


@dataclass(frozen=True, slots=True)
class InpaintConfig:
    """What is a hole, and how far around it is looked."""

    threshold: float = 0.1  # of full cover; paint that hides a tenth is seen on an even ground
    radius: float = 3.0  # pixels; the least of Telea's 3 to 10


@dataclass(frozen=True, slots=True)
class Telea:
    """Holes filled from their rims inwards by weighted means of known pixels.

    Source: Telea 2004, "An image inpainting technique based on the fast marching method", as in OpenCV.
    """

    config: InpaintConfig
    name: ClassVar[str] = "telea"

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The photo with what the mask shows filled; as it is without a mask."""
        return inpainted(image, mask, self.config, cv2.INPAINT_TELEA)


@dataclass(frozen=True, slots=True)
class NavierStokes:
    """Holes filled by carrying the lines of equal brightness into them.

    Source: Bertalmio, Bertozzi and Sapiro 2001, "Navier-Stokes, fluid dynamics, and image and video inpainting", as in
    OpenCV.
    """

    config: InpaintConfig
    name: ClassVar[str] = "navier-stokes"

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The photo with what the mask shows filled; as it is without a mask."""
        return inpainted(image, mask, self.config, cv2.INPAINT_NS)


def inpainted(image: Image, mask: Mask | None, config: InpaintConfig, how: int) -> Image:
    """The photo with its holes filled; one that is nothing but a hole stays as it is."""
    checked(image, mask)
    if mask is None:
        return image.copy()
    hole = (mask >= 255 * config.threshold).astype(np.uint8)
    if hole.all() or not hole.any():
        return image.copy()
    known = image.copy()
    known[hole > 0] = np.rint(cv2.mean(image, 1 - hole)[:3])  # near the edges OpenCV looks at a few hidden pixels
    return cv2.inpaint(known, hole, config.radius, how)


@dataclass(frozen=True, slots=True)
class SequentialConfig:
    """Of the two steps."""

    denoise: NonLocalMeansConfig = field(default_factory=NonLocalMeansConfig)
    inpaint: InpaintConfig = field(default_factory=InpaintConfig)


@dataclass(frozen=True, slots=True)
class Sequential:
    """First the noise, then the holes.

    Source: the baseline "Sequential" of Wan et al. 2020, "Bringing Old Photos Back to Life": BM3D, then EdgeConnect.
    Here non-local means stands for BM3D, whose package may not be used commercially, and Telea's method for
    EdgeConnect, a network with weights of its own.
    """

    config: SequentialConfig
    name: ClassVar[str] = "sequential"

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The photo with less noise, and what the mask shows filled."""
        return Telea(self.config.inpaint).restore(NonLocalMeans(self.config.denoise).restore(image, mask), mask)


MODELS = (
    Model(
        name="median",
        about="The median of 3 x 3 pixels, against specks.",
        source='Tukey 1977, "Exploratory Data Analysis"',
        needs="nothing",
        build=Median,
        config=MedianConfig(),
    ),
    Model(
        name="nlm",
        about="Non-local means, as strong as the photo's estimated noise.",
        source='Buades, Coll and Morel 2005, "A non-local algorithm for image denoising"',
        needs="nothing",
        build=NonLocalMeans,
        config=NonLocalMeansConfig(),
    ),
    Model(
        name="telea",
        about="Fills what the mask shows by fast marching.",
        source='Telea 2004, "An image inpainting technique based on the fast marching method"',
        needs="nothing",
        build=Telea,
        config=InpaintConfig(),
        wants_mask=True,
    ),
    Model(
        name="navier-stokes",
        about="Fills what the mask shows along the lines of equal brightness.",
        source='Bertalmio et al. 2001, "Navier-Stokes, fluid dynamics, and image and video inpainting"',
        needs="nothing",
        build=NavierStokes,
        config=InpaintConfig(),
        wants_mask=True,
    ),
    Model(
        name="sequential",
        about="Denoises, then inpaints: non-local means, then Telea (BM3D's package forbids commercial use).",
        source='the baseline of Wan et al. 2020, "Bringing Old Photos Back to Life", with freely usable parts',
        needs="nothing",
        build=Sequential,
        config=SequentialConfig(),
        wants_mask=True,
    ),
)

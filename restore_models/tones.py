"""Classical rivals against fading and casts: one curve for each channel, from the photo's own statistics. No torch."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from degrade.light import Doubles, display_from_linear, linear_from_display
from degrade.types import Image, Mask
from restore_models.restorer import Model, checked

LEVELS = np.arange(256)


@dataclass(frozen=True, slots=True)
class GreyWorldConfig:
    """How far the balance may go."""

    most: float = 4.0  # times; a channel that is fainter has lost more than a gain brings back


@dataclass(frozen=True, slots=True)
class GreyWorld:
    """Each channel times a factor, so that the mean of the photo is grey.

    Source: Buchsbaum 1980, "A spatial processor model for object colour perception": the mean reflectance of a scene
    is grey. Here the factors act on linear light, where they stand for a coloured illuminant; what a mask says is
    hidden does not count.
    """

    config: GreyWorldConfig
    name: ClassVar[str] = "grey-world"

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The photo without its cast."""
        checked(image, mask)
        light = linear_from_display(LEVELS / 255)
        means = counts(image, mask) @ light
        gains = np.clip(means.mean() / np.maximum(means, 1e-9), 1 / self.config.most, self.config.most)
        return curved(image, 255 * display_from_linear(np.minimum(gains[:, None] * light, 1)))


@dataclass(frozen=True, slots=True)
class AutoLevelsConfig:
    """What is stretched to black and white."""

    clipped: float = 0.005  # of the pixels at each end; the paper advises 1 to 3 % for both together
    flattest: int = 16  # levels from darkest to brightest; what has fewer is an even area, and would become all noise


@dataclass(frozen=True, slots=True)
class AutoLevels:
    """Each channel stretched from black to white, but for a few pixels at either end.

    Source: Limare et al. 2011, "Simplest Color Balance", IPOL. What a mask says is hidden does not count.
    """

    config: AutoLevelsConfig
    name: ClassVar[str] = "auto-levels"

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """The photo with its full range of tones."""
        checked(image, mask)
        below = np.cumsum(counts(image, mask), axis=1)
        low = (below <= self.config.clipped).sum(axis=1)
        high = np.maximum((below < 1 - self.config.clipped - 1e-12).sum(axis=1), low)
        stretched = 255 * (LEVELS - low[:, None]) / np.maximum(high - low, 1)[:, None]
        return curved(image, np.where((high - low >= self.config.flattest)[:, None], stretched, LEVELS))


def counts(image: Image, mask: Mask | None) -> Doubles:
    """(3, 256); how large a share of the pixels has each level, of those that a mask says are intact if any are."""
    intact = None if mask is None or (mask > 0).all() else (mask == 0).astype(np.uint8)
    histograms = [cv2.calcHist([image], [channel], intact, [256], [0, 256]).ravel() for channel in range(3)]
    found = np.stack(histograms).astype(np.float64)
    shares: Doubles = found / found.sum(axis=1, keepdims=True)
    return shares


def curved(image: Image, curves: Doubles) -> Image:
    """The photo through one curve (256 levels) for each channel, rounded."""
    tables = np.rint(np.clip(curves, 0, 255)).astype(np.uint8)
    return cv2.LUT(image, np.ascontiguousarray(tables.T)[None])


MODELS = (
    Model(
        name="grey-world",
        about="Takes away a colour cast: the mean of the photo becomes grey.",
        source='Buchsbaum 1980, "A spatial processor model for object colour perception"',
        needs="nothing",
        build=GreyWorld,
        config=GreyWorldConfig(),
    ),
    Model(
        name="auto-levels",
        about="Stretches each channel from black to white, against fading and casts.",
        source='Limare et al. 2011, "Simplest Color Balance", IPOL',
        needs="nothing",
        build=AutoLevels,
        config=AutoLevelsConfig(),
    ),
)

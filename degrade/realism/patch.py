"""A patch of a photo in the forms that its statistics are taken from."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.light import luma
from degrade.types import Image

SIDE = 128
"""Of a patch, in pixels."""

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

Numbers = dict[str, float]
"""Statistics by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The same pixels as levels, as grey, and as CIELAB."""

    image: Image
    grey: NDArray[np.uint8]
    """Luma."""

    light: Floats
    """Luma as floats, 0 to 255."""

    lab: Floats
    """(H, W, 3): L* of 0 to 100, a*, b*."""

    opponent: Floats
    """(2, H, W): blue and red less luma, in levels, and less what follows luma in each detail: 0 in a grey photo, and
    nearly 0 in a toned one."""

    @classmethod
    def of(cls, image: Image) -> "Patch":
        """The forms of a picture of any size."""
        grey = luma(image)
        lab: Floats = cv2.cvtColor(image.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
        red, green, blue = (image[..., channel].astype(np.float32) for channel in range(3))
        exact = np.float32(0.299) * red + np.float32(0.587) * green + np.float32(0.114) * blue
        neutral = (red == green) & (green == blue)  # no trace of rounding where there is no colour
        beside = (np.where(neutral, np.float32(0), channel - exact) for channel in (blue, red))
        opponent = np.stack([each - np.float32(_following(each, exact)) * (exact - exact.mean()) for each in beside])
        return cls(image, grey, grey.astype(np.float32), lab, opponent)


def _following(colour: Floats, light: Floats) -> float:
    """How much colour changes from one pixel to the next with each level that luma changes."""
    steps = [(np.diff(colour, axis=axis), np.diff(light, axis=axis)) for axis in (0, 1)]
    power = sum(float(np.mean(light_step**2)) for _, light_step in steps)
    return sum(float(np.mean(ours * theirs)) for ours, theirs in steps) / power if power > 1e-9 else 0.0


def correlation(first: Doubles | Floats, second: Doubles | Floats) -> float:
    """Of two sets of numbers with mean 0; 1 where either is all 0."""
    power = float(np.mean(first * first) * np.mean(second * second))
    return float(np.mean(first * second)) / power**0.5 if power > 1e-12 else 1.0

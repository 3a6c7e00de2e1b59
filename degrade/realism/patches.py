"""Where a photo is looked at: patches anywhere but at its border, and patches where something stands out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.light import luma
from degrade.realism.marks import dark_marks, light_marks
from degrade.realism.patch import SIDE
from degrade.seeds import stream
from degrade.types import Image

ANYWHERE = 12
"""Patches of a photo that are laid by chance."""

MARKED = 4
"""Patches of a photo that are laid where something stands out."""

BORDER = 0.06
"""Share of each side that is left out: mounts, scanner lids, cut edges."""

REACH = 2
"""Of a mark's surroundings, in patches of half a side: what is as strong as they are is texture."""

Place = tuple[int, int]
"""Top and left of a patch."""


def anywhere(size: tuple[int, int], seed: int, key: str) -> list[Place]:
    """Places that hang on the seed, the photo's key and its size alone; they may overlap."""
    source = stream(seed, "realism", "patches", key)
    tops, lefts = _range(size[0]), _range(size[1])
    return [(source.integer(*tops), source.integer(*lefts)) for _ in range(ANYWHERE)]


def marked(image: Image) -> list[Place]:
    """Places where most stands out, the strongest first; what one holds does not count for the next.

    What counts is the top-hat of 15 pixels, light and dark, as far as it rises above three times its mean around: that
    passes over even texture, as of leaves. The rule is one for all photos, with a mask or without: two rules would be
    something to tell the photos by.
    """
    grey = luma(image)
    hat = cv2.max(light_marks(grey, 15), dark_marks(grey, 15)).astype(np.float32)
    around: NDArray[np.float32] = cv2.blur(hat, (SIDE // REACH + 1, SIDE // REACH + 1))
    excess = np.maximum(hat - 3 * around, 0)
    tops, lefts = _grid(image.shape[0]), _grid(image.shape[1])
    places = []
    for _ in range(MARKED):
        sums = cv2.integral(excess)
        ends = np.ix_(tops + SIDE, lefts + SIDE), np.ix_(tops, lefts), np.ix_(tops, lefts + SIDE)
        held = sums[ends[0]] + sums[ends[1]] - sums[ends[2]] - sums[np.ix_(tops + SIDE, lefts)]
        row, column = divmod(int(held.argmax()), len(lefts))
        top, left = int(tops[row]), int(lefts[column])
        places.append((top, left))
        excess[top : top + SIDE, left : left + SIDE] = 0
    return places


def cut(image: Image, place: Place) -> Image:
    """The patch at that place."""
    top, left = place
    return np.ascontiguousarray(image[top : top + SIDE, left : left + SIDE])


def _range(length: int) -> tuple[int, int]:
    """The first and the last pixel at which a patch may begin; where the photo is small, the border gives way."""
    border = max(0, min(round(BORDER * length), (length - SIDE) // 2))
    return border, length - border - SIDE


def _grid(length: int) -> NDArray[np.intp]:
    first, last = _range(length)
    return np.unique(np.append(np.arange(first, last + 1, SIDE // 4), last))

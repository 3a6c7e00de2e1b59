"""Pictures seen through tables: what a smooth layer does to every grey level is worked out once, then looked up."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.light import linear_from_display, look_up, to_display
from degrade.types import Field, Image, Mask

STRIP = 1 << 16
"""Values looked up at a time: small enough to stay in the second-level cache."""

COARSE = 96
"""Smooth layers are made so many pixels high or wide on the shorter side, and enlarged."""


def coarse(size: tuple[int, int]) -> tuple[int, int]:
    """Height and width of the small copy on which a smooth layer is made."""
    shrink = max(1.0, min(size) / COARSE)
    return max(1, round(size[0] / shrink)), max(1, round(size[1] / shrink))


def enlarged(layer: Mask, size: tuple[int, int]) -> Mask:
    """A smooth layer at the picture's size."""
    larger: Mask = cv2.resize(layer, size[::-1], interpolation=cv2.INTER_LINEAR)
    return larger


def in_steps(layer: Field, low: float, high: float) -> Mask:
    """A layer in 256 steps from low to high, rounded; what lies outside is clipped."""
    steps = (layer - np.float32(low)) * np.float32(255 / max(high - low, 1e-9))
    return np.asarray(np.rint(np.clip(steps, 0, 255)), np.uint8)


def steps(low: float, high: float) -> NDArray[np.float64]:
    """What the 256 steps of a layer stand for, as a row (1, 256)."""
    return np.linspace(low, high, 256)[None, :]


@lru_cache(maxsize=1)
def lights() -> NDArray[np.float64]:
    """The linear light of the 256 display levels, as a column (256, 1)."""
    column = linear_from_display(np.arange(256)[:, None] / 255)
    column.flags.writeable = False
    return column


def displayed(light: NDArray[np.float64]) -> Image:
    """A table of display levels from one of linear light, clipped and rounded."""
    return to_display(light.astype(np.float32))


def crossed(plane: Mask, layer: Mask, table: NDArray[np.generic]) -> NDArray[np.generic]:
    """For each pixel the entry [level of the plane, step of the layer] of a table (256, 256)."""
    where = cv2.merge([layer, plane]).view("<u2")[..., 0]
    found = np.empty(where.shape, table.dtype)
    flat, into = where.reshape(1, -1), found.reshape(1, -1)
    for start in range(0, flat.size, STRIP):
        look_up(table, flat[:, start : start + STRIP], into[:, start : start + STRIP])
    return found


def seen_through(image: Image, layer: Mask, tables: tuple[Image, ...]) -> Image:
    """The picture behind a layer in 256 steps.

    Args:
        image: the picture.
        layer: (H, W), steps.
        tables: one for all channels, or one for each: (256, 256) display levels by level of the picture and step.
    """
    planes = [crossed(plane, layer, tables[c % len(tables)]) for c, plane in enumerate(cv2.split(image))]
    return np.asarray(cv2.merge(planes), np.uint8)

"""Noise added to a picture, fast: raw random bits, a table, and a saturating sum in strips that fit the cache."""

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.fields import CUBIC_SPREAD
from degrade.seeds import Stream, normal_table
from degrade.types import Image

STRIP = 1 << 16
"""Values per strip: small enough to stay in the second-level cache."""

Levels16 = NDArray[np.int16]


def gaussian_levels(sigma: float) -> Levels16:
    """Gaussian noise as a table of 65,536 equally likely whole grey levels, exactly symmetric."""
    return np.rint(normal_table() * np.float32(sigma)).astype(np.int16)


def white(size: tuple[int, int], table: Levels16, source: Stream, cell: float = 1.0) -> Levels16:
    """A field (H, W) of independent draws from a table; with `cell` above 1 px, one draw for each cell, smoothed."""
    if cell > 1:
        small = (max(1, round(size[0] / cell)), max(1, round(size[1] / cell)))
        coarse = white(small, table, source).astype(np.float32) * np.float32(1 / CUBIC_SPREAD)
        return np.rint(cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_CUBIC)).astype(np.int16)
    field = np.empty(size, np.int16)
    flat = field.reshape(-1)
    for start in range(0, flat.size, STRIP):
        part = flat[start : start + STRIP]
        np.take(table, source.raw16(part.size), out=part, mode="clip")
    return field


def added(image: Image, table: Levels16, source: Stream, cell: float = 1.0, same: bool = False) -> Image:
    """The picture plus independent draws from a table, saturating.

    Args:
        image: the picture.
        table: 65,536 equally likely grey levels to add.
        source: where the draws come from.
        cell: the noise's grain in pixels; 1 is one draw for each pixel.
        same: whether all channels of a pixel get the same draw.
    """
    if same:
        field = white(image.shape[:2], table, source, cell)
        return cv2.add(image, cv2.merge([field] * 3), dtype=cv2.CV_8U)
    if cell > 1:
        fields = [white(image.shape[:2], table, source, cell) for _ in range(3)]
        return cv2.add(image, cv2.merge(fields), dtype=cv2.CV_8U)
    noisy = np.empty_like(image)
    before, after = image.reshape(-1), noisy.reshape(-1)
    buffer = np.empty(min(STRIP, before.size), np.int16)
    for start in range(0, before.size, STRIP):
        part = before[start : start + STRIP]
        draws = buffer[: part.size]
        np.take(table, source.raw16(part.size), out=draws, mode="clip")
        cv2.add(part, draws, dst=after[start : start + STRIP], dtype=cv2.CV_8U)
    return noisy

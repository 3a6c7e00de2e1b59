"""Optical blurs of any width at little cost: wide ones on smaller copies, long ones by doubling."""

import math
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.types import Image, Mask

Pixels = TypeVar("Pixels", Image, NDArray[np.float32])
"""Display values or linear light, (H, W, 3), or a field of one value for each pixel."""

NARROW = 2.5
"""Gaussians up to this sigma are computed as they stand, in pixels."""


def soft(image: Pixels, sigma: float) -> Pixels:
    """The picture under a whole Gaussian bell; above `NARROW` it is made on a smaller copy."""
    if sigma < 0.05:
        return image.copy()
    size = image.shape[1::-1]
    shrink = 2 ** max(0, math.ceil(math.log2(sigma / NARROW)))
    shrink = min(shrink, max(1, min(size) // 8))
    copy = shrunk(image, shrink)
    # shrinking is a box of `shrink` pixels, and enlarging a triangle of two small pixels
    own = (shrink**2 - 1) / 12 + (shrink**2 - 1) / 6
    rest = math.sqrt(max(sigma**2 - own, 0.01)) / shrink
    width = 2 * math.ceil(3 * rest) + 1
    small: Pixels = cv2.GaussianBlur(copy, (width, width), rest, borderType=cv2.BORDER_REFLECT_101)
    if shrink > 1:
        small = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
    return small


def feathered(mask: Mask, radius: float) -> Mask:
    """A mask with soft edges of about `radius` pixels to each side."""
    return mask if radius < 0.3 else soft(mask, radius / 2)


def shrunk(image: Pixels, factor: float) -> Pixels:
    """A smaller copy of the same view, halved as often as the factor asks; each pixel is the mean of what it covers."""
    while factor >= 2 and min(image.shape[:2]) > 1:
        image, factor = halved(image), factor / 2
    return image


def halved(image: Pixels) -> Pixels:
    """The same view at half the width and height; an odd side is rounded up."""
    height, width = image.shape[:2]
    if height % 2 == 0 and width % 2 == 0:
        whole: Pixels = cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return whole
    fine = cv2.GaussianBlur(image, (3, 3), 0, borderType=cv2.BORDER_REFLECT_101)  # 1, 2, 1: the finest grating is gone
    small: Pixels = cv2.resize(fine, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_LINEAR)
    return small


def mean_of_two(image: Image, across: int, down: int) -> Image:
    """The mean of a picture and its copy moved by whole pixels; it loses as many columns and rows as it is moved."""
    if across < 0:
        across, down = -across, -down
    height, width = image.shape[0] - abs(down), image.shape[1] - across
    upper, lower = slice(0, height), slice(abs(down), abs(down) + height)
    first, second = (upper, lower) if down >= 0 else (lower, upper)
    mean: Image = cv2.addWeighted(image[first, :width], 0.5, image[second, across:], 0.5, 0)
    return mean


def spread_along(image: Image, kernel: NDArray[np.float32], moves: list[tuple[int, int]]) -> Image:
    """The picture under a small kernel, then averaged with copies of itself moved one after the other."""
    across, down = (sum(abs(move[axis]) for move in moves) for axis in (0, 1))
    reach = kernel.shape[0] // 2
    top, left = down // 2 + reach, across // 2 + reach
    bottom, right = down - down // 2 + reach, across - across // 2 + reach
    padded = cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_REFLECT_101)
    wide = cv2.filter2D(padded, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    wide = wide[reach : wide.shape[0] - reach, reach : wide.shape[1] - reach]
    for move in moves:
        wide = mean_of_two(wide, *move)
    return np.ascontiguousarray(wide)


def line(length: float, angle: float, sigma: float = 0.0) -> NDArray[np.float32]:
    """A kernel along a line through its centre, its weights shared out between neighbouring pixels.

    Args:
        length: in pixels.
        angle: in radians, clockwise from the right.
        sigma: of a Gaussian profile along the line; 0 is even all along.
    """
    steps = 8 * math.ceil(max(length, 1)) + 1
    along = ((np.arange(steps) + 0.5) / steps - 0.5) * length
    x, y = along * math.cos(angle), along * math.sin(angle)
    weights = np.exp(-(along**2) / (2 * sigma**2)) if sigma > 0 else np.ones(steps)
    reach = max(1, math.ceil(float(max(np.abs(x).max(), np.abs(y).max())) - 1e-9))
    kernel = np.zeros((2 * reach + 2, 2 * reach + 2))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for down in (0, 1):
        for across in (0, 1):
            part = np.abs(1 - across - (x - left)) * np.abs(1 - down - (y - top))
            np.add.at(kernel, (top + down + reach, left + across + reach), weights * part)
    kernel = kernel[: 2 * reach + 1, : 2 * reach + 1]
    kernel /= float(kernel.sum())
    return kernel.astype(np.float32)


def spreads(kernel: NDArray[np.float32], angle: float) -> tuple[float, float]:
    """Variance of a kernel along a direction (radians) and across it."""
    reach = kernel.shape[0] // 2
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along, across = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    return float((kernel * along**2).sum()), float((kernel * across**2).sum())

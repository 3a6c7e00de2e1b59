"""Drawing thin things finely: lines and shapes with edges between the pixels."""

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.fields import Path
from degrade.types import Mask

SUBPIXEL = 6
"""Coordinates are drawn to 1/64 of a pixel."""


def canvas(size: tuple[int, int]) -> Mask:
    """An empty coverage to draw on."""
    return np.zeros(size, np.uint8)


def stroke(coverage: Mask, path: Path, width: NDArray[np.float64] | float, strength: float = 1.0) -> None:
    """Draw a line with soft edges into a coverage; where it is drawn already, the stronger one stays.

    Args:
        coverage: changed in place.
        path: (n, 2), x and y in pixels.
        width: in pixels, one number or one for each point; a line thinner than a pixel is drawn fainter instead.
        strength: coverage along the line's core, 0 to 1.
    """
    widths = np.broadcast_to(np.asarray(width, np.float64), len(path))
    reach = float(widths.max()) + 2
    low, high = path.min(axis=0) - reach, path.max(axis=0) + reach
    left, top = (int(v) for v in np.maximum(low, 0))
    right, bottom = (int(v) + 1 for v in np.minimum(high, (coverage.shape[1] - 1, coverage.shape[0] - 1)))
    if right <= left or bottom <= top:
        return
    part = np.zeros((bottom - top, right - left), np.uint8)
    _draw(part, path - (left, top), widths, strength)
    target = coverage[top:bottom, left:right]
    target[...] = cv2.max(target, part)


def _draw(part: Mask, path: Path, widths: NDArray[np.float64], strength: float) -> None:
    faint = np.minimum(widths, 1.0)
    half = np.maximum(widths, 1.0) / 2
    along = np.diff(path, axis=0)
    across = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    first, last = across * half[:-1, None], across * half[1:, None]
    quads = np.stack([path[:-1] + first, path[1:] + last, path[1:] - last, path[:-1] - first], axis=1)
    fixed = np.rint(quads * 2**SUBPIXEL).astype(np.int32)
    joints = np.rint(path * 2**SUBPIXEL).astype(np.int32)
    for index in np.argsort(faint[:-1], kind="stable"):  # the faint first, so that the strong stay on top
        level = 255 * strength * faint[index]
        cv2.fillConvexPoly(part, fixed[index], level, cv2.LINE_AA, SUBPIXEL)
        if half[index] > 1.5:
            spot = round(half[index] * 2**SUBPIXEL)
            cv2.circle(part, joints[index].tolist(), spot, level, -1, cv2.LINE_AA, SUBPIXEL)


def fill(coverage: Mask, shape: Path, strength: float = 1.0) -> None:
    """Fill a closed shape with soft edges into a coverage, in place."""
    fixed = np.rint(shape * 2**SUBPIXEL).astype(np.int32)
    cv2.fillPoly(coverage, [fixed], 255 * strength, cv2.LINE_AA, SUBPIXEL)


def dot(coverage: Mask, centre: tuple[float, float], radius: float, strength: float = 1.0) -> None:
    """Fill a round spot with soft edges into a coverage, in place; one below a pixel is drawn fainter instead."""
    drawn = max(radius, 0.5)
    level = 255 * strength * (radius / drawn) ** 2
    at = [round(v * 2**SUBPIXEL) for v in centre]
    cv2.circle(coverage, at, round(drawn * 2**SUBPIXEL), level, -1, cv2.LINE_AA, SUBPIXEL)

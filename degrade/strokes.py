"""Drawing thin things finely: lines and shapes with edges between the pixels, as wide as they are said to be."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.fields import Path
from degrade.types import Mask

SUBPIXEL = 6
"""Coordinates are drawn to 1/64 of a pixel."""

THIN = 1.25
"""Width in pixels of OpenCV's thinnest soft line, averaged over its directions (measured: 1.12 to 1.37)."""

EDGE = 1.4
"""By how much OpenCV's soft edges widen a filled shape, in pixels (measured: 1.3 to 1.6)."""

NARROWEST = 1.72
"""Width in pixels of its narrowest filled shape."""

TONES = 12
"""Faintnesses that lines below a pixel may have."""


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
    strokes(coverage, path[None], widths[None], np.array([[strength]]))


def strokes(
    coverage: Mask, paths: NDArray[np.float64], widths: NDArray[np.float64], strength: NDArray[np.float64] | float = 1.0
) -> None:
    """Draw many lines at once into a coverage; where it is drawn already, the stronger one stays.

    Args:
        coverage: changed in place.
        paths: (m, n, 2), x and y in pixels of the n points of m lines.
        widths: (m, n) in pixels; a piece of no width is a gap.
        strength: coverage of the core, 0 to 1; a number, or what broadcasts to (m, n).
    """
    if not widths.size:
        return
    strengths = np.broadcast_to(np.asarray(strength, np.float64), widths.shape)
    heads, tails, middles, levels = _pieces(paths, widths, strengths)
    pad = float(middles.max(initial=0)) / 2 + 2
    size = np.array(coverage.shape[1::-1])
    low, high = np.minimum(heads, tails), np.maximum(heads, tails)
    inside = (middles > 0.02) & (levels > 0.002) & ((high > -pad) & (low < size + pad)).all(axis=1)
    if not inside.any():
        return
    heads, tails, middles, levels = heads[inside], tails[inside], middles[inside], levels[inside]
    left, top = (int(v) for v in np.maximum(low[inside].min(axis=0) - pad, 0))
    right, bottom = (int(v) for v in np.minimum(high[inside].max(axis=0) + pad + 1, size))
    if right <= left or bottom <= top:
        return
    part = np.zeros((bottom - top, right - left), np.uint8)
    _draw(part, heads - (left, top), tails - (left, top), middles, levels)
    target = coverage[top:bottom, left:right]
    target[...] = cv2.max(target, part)


def _pieces(
    paths: NDArray[np.float64], widths: NDArray[np.float64], strengths: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """The straight pieces of many lines: heads, tails, widths, strengths.

    Points that lie closer than a pixel or than most of the width are left out: short pieces cost time, and their soft
    ends add up to a line that is too wide.
    """
    apart = max(1.2, 0.8 * float(np.median(widths)))
    step = max(1, math.ceil(apart * (paths.shape[1] - 1) / max(_longest(paths), 1)))
    kept = np.unique(np.append(np.arange(0, paths.shape[1], step), paths.shape[1] - 1))
    paths, widths, strengths = paths[:, kept], widths[:, kept], strengths[:, kept]
    middles = (widths[:, :-1] + widths[:, 1:]) / 2
    middles = np.where((widths[:, :-1] <= 0) | (widths[:, 1:] <= 0), 0, middles)
    levels = (strengths[:, :-1] + strengths[:, 1:]) / 2
    return paths[:, :-1].reshape(-1, 2), paths[:, 1:].reshape(-1, 2), middles.reshape(-1), levels.reshape(-1)


def _longest(paths: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.moveaxis(np.diff(paths, axis=1), 2, 0)).sum(axis=1).max(initial=0))


def _draw(
    part: Mask,
    heads: NDArray[np.float64],
    tails: NDArray[np.float64],
    widths: NDArray[np.float64],
    strengths: NDArray[np.float64],
) -> None:
    """Draw straight pieces, the faint ones first, so that the strong stay on top."""
    levels = strengths * np.minimum(widths / np.where(widths <= THIN, THIN, NARROWEST), 1)
    tones = np.ceil(levels * TONES).astype(np.int64)
    thin = widths <= THIN
    lines = _fixed(np.stack([heads, tails], axis=1))
    along = tails - heads
    across = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    across *= np.maximum(widths - EDGE, 0.05)[:, None] / 2
    quads = _fixed(np.stack([heads + across, tails + across, tails - across, heads - across], axis=1))
    for tone in range(1, TONES + 1):
        fine = (tones == tone) & thin
        if fine.any():
            mean = 255 * float(levels[fine].mean())
            cv2.polylines(part, list(lines[fine]), False, mean, 1, cv2.LINE_AA, SUBPIXEL)
        for index in np.flatnonzero((tones == tone) & ~thin):
            cv2.fillConvexPoly(part, quads[index], 255 * levels[index], cv2.LINE_AA, SUBPIXEL)
            if widths[index] > ROUND:
                spot = round((widths[index] - EDGE) / 2 * 2**SUBPIXEL)
                cv2.circle(part, lines[index, 0].tolist(), spot, 255 * levels[index], -1, cv2.LINE_AA, SUBPIXEL)


ROUND = 3.5
"""Width in pixels from which the joints of a line are rounded."""


def _fixed(points: NDArray[np.float64]) -> NDArray[np.int32]:
    fixed: NDArray[np.int32] = np.rint(np.clip(points, -1e5, 1e5) * 2**SUBPIXEL).astype(np.int32)
    return fixed


def fill(coverage: Mask, shape: Path, strength: float = 1.0) -> None:
    """Fill a closed shape with soft edges into a coverage, in place."""
    cv2.fillPoly(coverage, [_fixed(shape)], 255 * strength, cv2.LINE_AA, SUBPIXEL)


def dot(coverage: Mask, centre: tuple[float, float], radius: float, strength: float = 1.0) -> None:
    """Fill a round spot with soft edges into a coverage, in place; one below a pixel is drawn fainter instead."""
    if radius < SPLAT:
        splats(coverage, np.array([centre], np.float64), np.array([radius]), np.array([strength]))
        return
    at = [round(v * 2**SUBPIXEL) for v in centre]
    spot = round((radius - 0.5) * 2**SUBPIXEL)
    cv2.circle(coverage, at, spot, 255 * strength, -1, cv2.LINE_AA, SUBPIXEL)


SPLAT = 0.8
"""Radius in pixels below which a spot is shared out among four pixels."""


def splats(
    coverage: Mask, centres: NDArray[np.float64], radii: NDArray[np.float64], strengths: NDArray[np.float64]
) -> None:
    """Draw many spots of at most a pixel into a coverage, in place: each is shared out among four pixels."""
    corner = np.floor(centres).astype(np.int64)
    right, below = (centres - corner).T
    levels = 255 * strengths * np.minimum(math.pi * radii**2, 1)
    for across in (0, 1):
        for down in (0, 1):
            share = np.abs(1 - across - right) * np.abs(1 - down - below)
            x, y = corner[:, 0] + across, corner[:, 1] + down
            inside = (x >= 0) & (y >= 0) & (x < coverage.shape[1]) & (y < coverage.shape[0])
            drawn = np.rint(levels * share)[inside].astype(np.uint8)
            np.maximum.at(coverage, (y[inside], x[inside]), drawn)

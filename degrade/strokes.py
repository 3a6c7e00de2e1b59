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
    ends, middles, levels = _pieces(paths, widths, strengths)
    pad = float(middles.max(initial=0)) / 2 + 2
    low, high = ends.min(axis=1), ends.max(axis=1)
    height, width = coverage.shape
    seen = (middles > 0.02) & (levels > 0.002)
    seen &= (high[:, 0] > -pad) & (low[:, 0] < width + pad) & (high[:, 1] > -pad) & (low[:, 1] < height + pad)
    inside = np.flatnonzero(seen)
    if not inside.size:
        return
    left, top = (max(int(v - pad), 0) for v in low[inside].min(axis=0))
    right, bottom = (int(v + pad + 1) for v in high[inside].max(axis=0))
    target = coverage[top:bottom, left:right]
    if not target.size:
        return
    part = np.zeros(target.shape, np.uint8)
    _draw(part, ends[inside] - (left, top), middles[inside], levels[inside])
    target[...] = cv2.max(target, part)


def _pieces(
    paths: NDArray[np.float64], widths: NDArray[np.float64], strengths: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The straight pieces of many lines: ends (k, 2, 2), widths, strengths.

    Points that lie closer than `APART` or than most of the width are left out: short pieces cost time, and their soft
    ends add up to a line that is too wide.
    """
    points = paths.shape[1]
    along = np.diff(paths, axis=1)
    lengths = np.sqrt(np.einsum("mnk,mnk->mn", along, along)).sum(axis=1)
    apart = np.maximum(APART, 0.8 * widths.mean(axis=1))
    steps = np.ceil(np.clip(apart * (points - 1) / np.maximum(lengths, 1e-9), 1, points) - 0.2).astype(np.int64)
    kept = np.arange(points) % steps[:, None] == 0
    kept[:, -1] = True
    places = np.flatnonzero(kept)
    pairs = np.stack([places[:-1], places[1:]], axis=1)[places[1:] % points > 0]  # no piece joins one line to the next
    wide = widths.reshape(-1)[pairs]
    middles = wide.mean(axis=1) * (wide > 0).all(axis=1)
    return paths.reshape(-1, 2)[pairs], middles, strengths.reshape(-1)[pairs].mean(axis=1)


APART = 1.6
"""Pixels from one point of a thin line to the next, at least."""


def _draw(part: Mask, ends: NDArray[np.float64], widths: NDArray[np.float64], strengths: NDArray[np.float64]) -> None:
    """Draw straight pieces, the faint ones first, so that the strong stay on top."""
    thin = widths <= THIN
    levels = strengths * np.minimum(widths / np.where(thin, THIN, NARROWEST), 1)
    ranks = 2 * np.ceil(levels * TONES).astype(np.int64) + ~thin  # by tone, and the thin first
    order = np.argsort(ranks, kind="stable")
    ranks, levels, widths, ends = ranks[order], levels[order], widths[order], ends[order]
    starts = np.flatnonzero(np.diff(ranks, prepend=-1))
    stops = np.append(starts[1:], len(ranks))
    means = 255 * np.add.reduceat(levels, starts) / (stops - starts)
    lines = _fixed(ends)
    for start, stop, mean in zip(starts.tolist(), stops.tolist(), means.tolist(), strict=True):
        if ranks[start] % 2 == 0:
            cv2.polylines(part, list(lines[start:stop]), False, mean, 1, cv2.LINE_AA, SUBPIXEL)
        else:
            some = slice(start, stop)
            _draw_wide(part, ends[some], widths[some].tolist(), (255 * levels[some]).tolist())


def _draw_wide(part: Mask, ends: NDArray[np.float64], widths: list[float], levels: list[float]) -> None:
    """Draw straight pieces as narrow rectangles, with round joints where they are wide."""
    along = ends[:, 1] - ends[:, 0]
    across = along[:, ::-1] * (1, -1)
    across *= (np.maximum(np.array(widths) - EDGE, 0.05) / np.maximum(np.hypot(*along.T), 1e-9) / 2)[:, None]
    quads = _fixed(np.concatenate([ends + across[:, None], ends[:, ::-1] - across[:, None]], axis=1))
    joints = _fixed(ends[:, 0]).tolist()
    for quad, joint, width, level in zip(quads, joints, widths, levels, strict=True):
        cv2.fillConvexPoly(part, quad, level, cv2.LINE_AA, SUBPIXEL)
        if width > ROUND:
            spot = round((width - EDGE) / 2 * 2**SUBPIXEL)
            cv2.circle(part, joint, spot, level, -1, cv2.LINE_AA, SUBPIXEL)


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
    dots(coverage, np.array([centre], np.float64), np.array([radius]), np.array([strength]))


def dots(
    coverage: Mask, centres: NDArray[np.float64], radii: NDArray[np.float64], strengths: NDArray[np.float64]
) -> None:
    """Fill many round spots into a coverage, in place, as `dot` does one."""
    small = radii < SPLAT
    if small.any():
        splats(coverage, centres[small], radii[small], strengths[small])
    for index in np.flatnonzero(~small).tolist():
        at = [round(float(v) * 2**SUBPIXEL) for v in centres[index]]
        spot = round((float(radii[index]) - 0.5) * 2**SUBPIXEL)
        cv2.circle(coverage, at, spot, 255 * float(strengths[index]), -1, cv2.LINE_AA, SUBPIXEL)


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

"""Random fields and shapes over the picture, the same at every resolution.

Lengths are shares of the picture's shorter side, places are (x, y) in pixels, and the same stream draws the same
shape at 512 and at 4096 pixels.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.seeds import Stream
from degrade.types import Field

Path = NDArray[np.float64]
"""(n, 2): x and y in pixels along a line."""


def clouds(size: tuple[int, int], grain: float, source: Stream) -> Field:
    """Smooth noise of mean 0 and variance of about 1.

    Args:
        size: height and width.
        grain: distance between its independent values, as a share of the shorter side.
        source: where the values come from.
    """
    height, width = size
    grain = max(grain, 1e-3, 1 / min(size))  # finer than a pixel is the same as a pixel
    cell = grain * min(size)
    own = Stream(source.seed().to_bytes(4, "little"))  # so that what is drawn next does not depend on the size
    # row by row along the longer side: 341 by 512 and 2667 by 4000 differ by rounding, and then only in the last rows
    knots = own.normals(math.ceil(max(size) / cell - 1e-6) + 3, math.ceil(1 / grain - 1e-6) + 3)
    knots = knots if height >= width else np.ascontiguousarray(knots.T)
    finer = 2 if cell < 4 else 4 if cell < 16 else 8 if cell < 64 else 16  # the cubic is drawn so much finer
    smooth = cv2.resize(knots, None, fx=finer, fy=finer, interpolation=cv2.INTER_CUBIC)
    rows, columns = (math.ceil(side * finer / cell) + 2 for side in size)
    start = 3 * finer // 2  # the first pixel's edge lies on the second knot, at every resolution
    smooth = smooth[start : start + rows, start : start + columns] * np.float32(1 / SPREADS[finer])
    field = cv2.resize(smooth, None, fx=cell / finer, fy=cell / finer, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(field[:height, :width])


CUBIC_SPREAD = 0.86
"""Standard deviation of white noise after cubic interpolation, averaged over the cell."""

SPREADS = {2: 0.765, 4: 0.835, 8: CUBIC_SPREAD, 16: CUBIC_SPREAD}
"""The same where it is drawn so many times finer, with straight lines between (measured)."""


def fractal(size: tuple[int, int], grain: float, source: Stream, octaves: int = 5, roughness: float = 0.5) -> Field:
    """Rough noise of variance of about 1: clouds of halving size, each weaker by `roughness`.

    Octaves finer than two pixels are drawn from the stream and left out.
    """
    total = np.zeros(size, np.float32)
    power = 0.0
    for octave in range(octaves):
        part = Stream(source.seed().to_bytes(4, "little"))
        power += roughness ** (2 * octave)
        if grain * min(size) >= 2:
            cv2.scaleAdd(clouds(size, grain, part), roughness**octave, total, dst=total)
        grain /= 2
    total *= np.float32(1 / math.sqrt(power))
    return total


def edge_distance(size: tuple[int, int]) -> Field:
    """Distance to the nearest edge of the picture, as a share of the shorter side."""
    height, width = size
    rows = np.minimum(np.arange(height), np.arange(height)[::-1]).astype(np.float32) + 0.5
    columns = np.minimum(np.arange(width), np.arange(width)[::-1]).astype(np.float32) + 0.5
    return np.minimum(rows[:, None], columns[None, :]) / np.float32(min(size))


def radius_from_centre(size: tuple[int, int]) -> Field:
    """Distance from the centre, 1 at the corners."""
    height, width = size
    rows = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) ** 2
    columns = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) ** 2
    return np.sqrt((rows[:, None] + columns[None, :]) / np.float32((height**2 + width**2) / 4))


def place(size: tuple[int, int], source: Stream, margin: float = 0.0) -> tuple[float, float]:
    """A random (x, y) in the picture, at least `margin` of each side from the edge."""
    height, width = size
    return width * source.uniform(margin, 1 - margin), height * source.uniform(margin, 1 - margin)


def jagged(corners: Path, wander: float, source: Stream, halvings: int) -> Path:
    """A closed line through corners, broken between them by midpoint displacement: torn paper.

    Args:
        corners: (n, 2), x and y in pixels.
        wander: how far the middle of a side strays, as a share of the side's length; each halving strays 0.6 as far
            (roughness exponent of about 0.7, as torn paper has).
        source: where the displacements come from, one side after the other.
        halvings: each side gets 2 ** halvings pieces.
    """
    after = np.roll(corners, -1, axis=0)
    points = np.stack([corners, after], axis=1)
    across = np.stack([after[:, 1] - corners[:, 1], corners[:, 0] - after[:, 0]], axis=1)[:, None]  # as long as a side
    firsts = np.cumsum([0, *(max(4, 2**number) for number in range(halvings))]).tolist()  # four share a random word
    strays = source.normals(len(corners), firsts[-1]).astype(np.float64)[..., None]
    for number in range(halvings):
        between = (points[:, :-1] + points[:, 1:]) / 2
        between += strays[:, firsts[number] : firsts[number] + 2**number] * wander * across
        merged = np.empty((len(points), points.shape[1] + between.shape[1], 2))
        merged[:, 0::2], merged[:, 1::2] = points, between
        points, wander = merged, wander * 0.6
    return points[:, :-1].reshape(-1, 2)


def arc(start: tuple[float, float], angle: float, length: float, bend: float, points: int = 24) -> Path:
    """A line of even curvature from start: a scratch, a hair.

    Args:
        start: (x, y) in pixels.
        angle: its first direction in radians.
        length: in pixels.
        bend: how far its direction turns over the whole length, in radians.
        points: how many.
    """
    turns = angle + bend * (np.arange(points - 1) + 0.5) / (points - 1)
    steps = np.stack([np.cos(turns), np.sin(turns)], axis=1) * length / (points - 1)
    return np.concatenate([[start], np.array(start) + np.cumsum(steps, axis=0)])


def outline(centre: tuple[float, float], radius: float, source: Stream, rough: float = 0.3, points: int = 96) -> Path:
    """A closed random shape around a centre.

    Args:
        centre: (x, y) in pixels.
        radius: its mean radius in pixels.
        source: where the shape comes from.
        rough: how much the radius varies, as a share of itself; harmonics fall as 1 / frequency ** 1.2.
        points: how many.
    """
    around = np.arange(points) * (2 * math.pi / points)
    harmonics = np.arange(2, 17)
    sizes = np.array([source.normal() for _ in harmonics]) * harmonics**-1.2
    phases = np.array([source.uniform(0, 2 * math.pi) for _ in harmonics])
    swell = sizes @ np.cos(harmonics[:, None] * around + phases[:, None])
    spokes = radius * np.exp(rough * 1.4 * swell)  # 1.4: the harmonics' weights add up to a variance of about 1/2
    return np.stack([centre[0] + spokes * np.cos(around), centre[1] + spokes * np.sin(around)], axis=1)


def nearby(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Top, left, height and width of the pixels that a float box (x0, y0, x1, y1) touches inside the picture."""
    left, top = max(0, math.floor(box[0])), max(0, math.floor(box[1]))
    right, bottom = min(size[1], math.ceil(box[2]) + 1), min(size[0], math.ceil(box[3]) + 1)
    return top, left, max(0, bottom - top), max(0, right - left)

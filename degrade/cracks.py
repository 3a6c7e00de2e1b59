"""Jagged lines: cracked emulsion and torn paper, many at once and the same at every resolution."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from degrade.fields import Path
from degrade.seeds import Stream
from degrade.strokes import EDGE, THIN, fill, strokes
from degrade.types import Mask

Array = NDArray[np.float64]


def walks(starts: Array, ends: Array, wander: Array | float, source: Stream, halvings: int = 4) -> Array:
    """Jagged lines (m, 2 ** halvings + 1, 2) by midpoint displacement, as `degrade.fields.jagged` breaks one.

    Args:
        starts: (m, 2), x and y in pixels.
        ends: (m, 2), x and y in pixels.
        wander: how far the middle strays, as a share of the line's length, for all or for each (m,); each halving
            strays 0.6 as far.
        source: where the displacements come from.
        halvings: the lines get 2 ** halvings pieces.
    """
    points = np.stack([starts, ends], axis=1).astype(np.float64)
    across = np.stack([ends[:, 1] - starts[:, 1], starts[:, 0] - ends[:, 0]], axis=1)[:, None]  # as long as the line
    share = np.reshape(np.asarray(wander, np.float64), (-1, 1, 1))
    for _ in range(halvings):
        between = (points[:, :-1] + points[:, 1:]) / 2
        between += source.normals(*between.shape[:2], 1) * share * across
        merged = np.empty((len(points), points.shape[1] + between.shape[1], 2))
        merged[:, 0::2], merged[:, 1::2] = points, between
        points, share = merged, share * 0.6
    return points


def ragged(shape: tuple[int, int], spread: float, length: float, source: Stream) -> Array:
    """Factors (m, n) with a mean of 1 along m lines: lognormal, correlated over `length` points.

    Args:
        shape: how many lines of how many points.
        spread: coefficient of variation.
        length: correlation length in points.
        source: where they come from.
    """
    lines, points = shape
    sigma = math.sqrt(math.log1p(spread**2))
    knots = max(2, math.ceil(points / max(length, 1)) + 1)
    values = source.normals(lines, knots).astype(np.float64)
    low, before, after = _between(points, knots)
    noise = values[:, low] * before + values[:, low + 1] * after
    factors: Array = np.exp(sigma * noise - sigma**2 / 2)
    return factors


@lru_cache(maxsize=64)
def _between(points: int, knots: int) -> tuple[NDArray[np.int64], Array, Array]:
    """For each of so many points the knot before it, and the weights of that and the next that keep the variance."""
    at = np.linspace(0, knots - 1.001, points)
    low, part = at.astype(np.int64), at % 1
    spread = np.sqrt((1 - part) ** 2 + part**2)
    return low, (1 - part) / spread, part / spread


def normals_of(paths: Array) -> Array:
    """The unit normals along a path (n, 2), or along many (m, n, 2), to its left on the screen."""
    along = np.gradient(paths, axis=-2)
    across = along[..., ::-1] * (1, -1)
    normals: Array = across / np.maximum(np.hypot(along[..., 0], along[..., 1]), 1e-9)[..., None]
    return normals


def ridge(points: int, source: Stream, roughness: float = 0.65, octaves: int = 9) -> Array:
    """A fractal profile along a torn edge, of mean 0 and variance 1: at every resolution the same.

    Args:
        points: how many values.
        source: where they come from; 2 ** octaves + 1 numbers are drawn however many points are asked for.
        roughness: Hurst exponent; torn paper has 0.6 to 0.8.
        octaves: how many halvings.
    """
    profile = source.normals(2).astype(np.float64)
    spread = 1.0
    for _ in range(octaves):
        middle = (profile[:-1] + profile[1:]) / 2 + spread * 0.7 * source.normals(len(profile) - 1)
        merged = np.empty(len(profile) + len(middle))
        merged[0::2], merged[1::2] = profile, middle
        profile, spread = merged, spread * 2**-roughness
    profile = (profile - profile.mean()) / max(float(profile.std()), 1e-9)
    sampled: Array = np.interp(np.linspace(0, len(profile) - 1, points), np.arange(len(profile)), profile)
    return sampled


def ribbon(coverage: Mask, path: Path, left: Array, right: Array) -> None:
    """Draw a ragged band along a path into a coverage, in place; where it is below a pixel it is drawn fainter.

    Args:
        coverage: changed in place.
        path: (n, 2), x and y in pixels.
        left: (n,), how far it reaches to the left, in pixels.
        right: (n,), how far to the right.
    """
    ribbons(coverage, path[None], left[None], right[None])


def ribbons(coverage: Mask, paths: Array, left: Array, right: Array) -> None:
    """Draw ragged bands along many paths (m, n, 2), that reach (m, n) to the left and right, as `ribbon` draws one."""
    normals, widths = normals_of(paths), left + right
    middle = paths + normals * ((left - right) / 2)[..., None]
    strokes(coverage, middle, np.minimum(widths, THIN))
    inner = np.maximum(widths - EDGE, 0)[..., None] / 2 * normals
    borders = middle + inner, middle - inner
    turns = np.diff(widths > EDGE, axis=1, prepend=False, append=False)  # where a wide run starts, and where it ends
    lines, places = (each.reshape(-1, 2).tolist() for each in np.nonzero(turns))
    for (line, _), (start, stop) in zip(lines, places, strict=True):
        if stop - start > 1:
            near, far = (border[line, start:stop] for border in borders)
            fill(coverage, np.concatenate([near, far[::-1]]))


def arcs(starts: Array, angles: Array, lengths: Array, bends: Array, points: int) -> Array:
    """Lines (m, points, 2) that turn evenly, as `degrade.fields.arc` makes one.

    Args:
        starts: (m, 2), x and y in pixels.
        angles: (m,), their first directions in radians.
        lengths: (m,), in pixels.
        bends: (m,) how far they turn in all, or (m, points - 1) how far they have turned at each piece, in radians.
        points: how many each has.
    """
    turned = bends if bends.ndim == 2 else bends[:, None] * ((np.arange(points - 1) + 0.5) / (points - 1))
    heading = angles[:, None] + turned
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=2) * (lengths / (points - 1))[:, None, None]
    return np.concatenate([starts[:, None], starts[:, None] + np.cumsum(steps, axis=1)], axis=1)

"""Broken emulsion along folds: the cracks, strands beside them, cracks that branch off, and lost flakes."""

import math

import numpy as np

from degrade.cracks import Array, normals_of, ragged, ribbons, walks
from degrade.seeds import Stream
from degrade.strokes import fill, strokes
from degrade.types import Mask


def crack(coverage: Mask, paths: Array, widths: Array, feathers: float, source: Stream) -> None:
    """Draw the cracks of creases (m, n, 2) of mean widths (m,), with strands, side cracks and flakes, in place."""
    shape = paths.shape[:2]
    worn = widths[:, None] * np.clip(ragged(shape, 0.7, shape[1] / 11, source), 0.15, 1.9)  # more in some stretches
    there = ragged(shape, 0.7, 5, source) * worn > 0.12 * widths[:, None]
    left, right = (0.44 * worn * there * np.minimum(ragged(shape, 0.75, 1.6, source), 2.2) for _ in range(2))
    ribbons(coverage, paths, left, right)
    _strands(coverage, paths, worn, feathers, source)
    _side_cracks(coverage, paths, 0.4 * worn, feathers, source)
    _flakes(coverage, paths, worn, feathers, source)


def _strands(coverage: Mask, paths: Array, widths: Array, feathers: float, source: Stream) -> None:
    """Cracks that leave the fold, run beside it like the strands of a rope, and come back."""
    lines, points = paths.shape[:2]
    which = np.repeat(np.arange(lines), round(3 + 12 * feathers))
    count, along = which.size, np.linspace(0, 1, STRAND)
    first = (points - 16) * source.units(count, 1)
    index = (first + np.minimum(8 + 70 * source.units(count, 1) ** 2, points - 1 - first) * along).astype(int)
    wide = widths[which, index[:, STRAND // 2]][:, None]
    away = np.where(source.units(count, 1) < 0.5, -1, 1) * (0.6 + 2.4 * source.units(count, 1) ** 2)
    offset = wide * (away * np.sin(math.pi * along) ** 0.7 + 0.2 * source.normals(count, STRAND))
    sides = paths[which[:, None], index] + normals_of(paths)[which[:, None], index] * offset[..., None]
    fine = 0.4 * wide * np.minimum(ragged((count, STRAND), 0.7, 3, source), 2)
    strokes(coverage, sides, fine * (ragged((count, STRAND), 0.5, 6, source) > 0.6))


STRAND = 33
"""Points of one strand."""


def _side_cracks(coverage: Mask, paths: Array, widths: Array, feathers: float, source: Stream) -> None:
    """Cracks that branch off at 30 to 70 degrees, and smaller ones off those."""
    each = round(46 * feathers)
    which = np.repeat(np.arange(len(paths)), each)
    count = which.size
    starts, turn = _branches(paths, each, source)
    reach = np.hypot(*(paths[:, -1] - paths[:, 0]).T)
    lengths = 0.015 * reach[which] * np.exp(np.minimum(0.9 * source.normals(count).astype(np.float64), 2))
    lines = walks(starts, starts + lengths[:, None] * _towards(turn), 0.08, source, 4)
    core = 0.5 * widths[which, (source.units(count) * widths.shape[1]).astype(int)] + 0.5 * widths.mean(axis=1)[which]
    taper = np.linspace(1, 0.25, lines.shape[1]) * ragged((count, lines.shape[1]), 0.6, 2, source)
    strokes(coverage, lines, 0.8 * core[:, None] * taper)
    heading = turn + np.where(source.units(count) < 0.5, 0.7, -0.7)
    middle = lines[:, lines.shape[1] // 2]
    twigs = walks(middle, middle + 0.5 * lengths[:, None] * _towards(heading), 0.1, source, 3)
    strokes(coverage, twigs, 0.5 * core[:, None] * np.linspace(1, 0.3, twigs.shape[1]))


def _towards(angles: Array) -> Array:
    """Steps (m, 2) of one pixel in directions given in radians."""
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _branches(paths: Array, each: int, source: Stream) -> tuple[Array, Array]:
    """Where on paths their branches start, so many on each, in clusters, and their directions in radians."""
    lines, points = paths.shape[:2]
    which, count = np.repeat(np.arange(lines), each), lines * each
    nests = source.units(lines, max(1, each // 4))
    where = nests[which, (source.units(count) * nests.shape[1]).astype(int)] + 0.02 * source.normals(count)
    index = np.clip((where % 1) * points, 1, points - 2).astype(int)
    along = paths[which, index + 1] - paths[which, index - 1]
    lean = np.radians(30 + 40 * source.units(count)) * np.where(source.units(count) < 0.5, -1, 1)
    back = np.where(source.units(count) < 0.5, 0, math.pi)
    return paths[which, index], np.arctan2(along[:, 1], along[:, 0]) + lean + back


def _flakes(coverage: Mask, paths: Array, widths: Array, feathers: float, source: Stream) -> None:
    """Small angular pieces of emulsion lost along the fold."""
    lines, points = paths.shape[:2]
    which = np.repeat(np.arange(lines), round(45 * feathers))
    count = which.size
    index = (source.units(count) * points).astype(int)
    wide = widths[which, index]
    sizes = 0.2 * wide * np.minimum((1 - source.units(count)) ** -0.6, 4)  # a power law
    aside = wide * source.normals(count) * 0.6
    around = np.arange(9) * (2 * math.pi / 9) + 0.2 * source.normals(count, 9)
    spokes = np.exp(0.4 * source.normals(count, 9))
    seen = np.flatnonzero(sizes > 0.6)
    which, index, around = which[seen], index[seen], around[seen]
    centres = paths[which, index] + normals_of(paths)[which, index] * aside[seen, None]
    spokes = spokes[seen] * sizes[seen, None]
    for shape in centres[:, None] + np.stack([spokes * np.cos(around), spokes * np.sin(around)], axis=2):
        fill(coverage, shape)

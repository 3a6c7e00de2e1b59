"""Intervals of what votes say, when votes of one rater hang together, and so do votes on one photo."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.bootstrap import COVERED, Means
from benchmark.student import upper_quantile, upper_tail
from degrade.light import Doubles
from degrade.seeds import stream

RESAMPLES, STRIP, SEED = 1000, 100, 6

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The same sums over votes, in every resample, by what was drawn again."""

    raters: Doubles
    """(resamples, columns)."""

    photos: Doubles
    cells: Doubles
    """Votes of one rater on one photo."""

    sizes: tuple[int, int, int]
    """How many raters, photos and cells there are."""


def resampled(columns: Doubles, rater: Whole, photo: Whole) -> Ways:
    """Sums of each column of a (votes, columns) table over votes drawn again, RESAMPLES times in three ways.

    Args:
        columns: what is summed.
        rater: of each vote, by number.
        photo: of each vote, by number.
    """
    cell = np.unique(rater * (photo.max() + 1) + photo, return_inverse=True)[1]
    sizes = (int(rater.max()) + 1, int(photo.max()) + 1, int(cell.max()) + 1)
    raters, photos, cells = (drawn(size, name) for size, name in zip(sizes, ("raters", "photos", "cells"), strict=True))
    return Ways(
        raters=raters @ grouped(columns, rater, sizes[0]),
        photos=photos @ grouped(columns, photo, sizes[1]),
        cells=cells @ grouped(columns, cell, sizes[2]),
        sizes=sizes,
    )


def drawn(size: int, name: str) -> Doubles:
    """(resamples, size): how often each was drawn; the same for the same number, anywhere, for ever."""
    source = stream(SEED, "study", "bootstrap", name, size)
    picks = (source.units(RESAMPLES, size) * size).astype(np.intp) + np.arange(RESAMPLES)[:, None] * size
    return np.bincount(picks.ravel(), minlength=RESAMPLES * size).reshape(RESAMPLES, size).astype(np.float64)


def grouped(columns: Doubles, group: Whole, size: int) -> Doubles:
    """(groups, columns): sums of a table's rows by group."""
    found = np.zeros((size, columns.shape[1]))
    np.add.at(found, group, columns)
    return found


def of_both(columns: Doubles, rater: Whole, photo: Whole) -> Doubles:
    """(resamples, columns): sums over votes that are there as often as their rater times their photo.

    Source: Owen 2007, "The pigeonhole bootstrap". Its variances are too large rather than too small, and it is kept for
    what has no variance that could be taken apart.
    """
    raters, photos = drawn(int(rater.max()) + 1, "raters"), drawn(int(photo.max()) + 1, "photos")
    strips = [slice(at, at + STRIP) for at in range(0, RESAMPLES, STRIP)]  # memory has an end
    return np.concatenate([(raters[strip][:, rater] * photos[strip][:, photo]) @ columns for strip in strips])


def two_way(value: Doubles, ways: tuple[Doubles, Doubles, Doubles], sizes: tuple[int, int, int]) -> Means:
    """Values with intervals and p-values of their being nought.

    Source: Cameron, Gelbach and Miller 2011, "Robust inference with multiway clustering", eq. 2.12: the variance over
    raters, and that over photos, less that over the votes that share both, which is in each of them. Deviations: the
    three are those of bootstraps, each scaled by n / (n - 1); none is left below the larger of the first two; the
    interval is Student's with one degree of freedom less than there are raters, or photos where these are fewer.

    Args:
        value: (columns).
        ways: (resamples, columns) of what was drawn again: raters, photos, their cells.
        sizes: how many there are of each; with one rater or one photo there is no interval.
    """
    if min(sizes[:2]) < 2:
        none = np.full(value.shape, np.nan)
        return Means(value, none, none, none)
    by = [np.nanvar(way, axis=0) * size / (size - 1) for way, size in zip(ways, sizes, strict=True)]
    error = np.sqrt(np.maximum(by[0] + by[1] - by[2], np.maximum(by[0], by[1])))
    freedom = min(sizes[:2]) - 1
    spread = upper_quantile((1 - COVERED) / 2, freedom) * error
    p = np.where(error > 0, 2 * upper_tail(np.abs(value) / np.where(error > 0, error, 1), freedom), 1.0)
    return Means(value, value - spread, value + spread, p)


def share(values: Doubles, rater: Whole, photo: Whole) -> Means:
    """The mean of one number for each vote, with its interval.

    Args:
        values: of each vote, from 0 to 1.
        rater: of each vote, by number; numbers without votes do no harm.
        photo: of each vote, by number.
    """
    if not len(values):
        none = np.full(1, np.nan)
        return Means(none, none, none, none)
    ways = resampled(np.stack([values, np.ones(len(values))], axis=1), dense(rater), dense(photo))
    with np.errstate(invalid="ignore"):
        again = [way[:, :1] / way[:, 1:] for way in (ways.raters, ways.photos, ways.cells)]
    found = two_way(np.array([values.mean()]), (again[0], again[1], again[2]), ways.sizes)
    return Means(found.value, np.maximum(found.low, 0.0), np.minimum(found.high, 1.0), found.p)


def dense(numbers: Whole) -> Whole:
    """The same labels by numbers that leave none out."""
    return np.unique(numbers, return_inverse=True)[1]

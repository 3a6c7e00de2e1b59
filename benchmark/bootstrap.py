"""Means over photos with an interval and a test each: what is drawn again is the photo, with all that hangs on it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmark.student import upper_quantile, upper_tail
from degrade.light import Doubles
from degrade.seeds import stream

RESAMPLES = 10_000

COVERED = 0.95

FEW = 6
"""Of fewer photos, resamples hold so little that their intervals are up to four times as wide as need be
(docs/statistics.md), and Student's distribution alone is used."""

LEAST = 0.1
"""A resample's standard error is no less than this share of the data's own: where all but one photo are equal, many
resamples have none at all, and an interval would have no end."""

EDGE = 50
"""So many resamples, at either end, are where p-values go over to the tail of Student's distribution."""

MOST = 256
"""Of more photos, neighbours in order are drawn together in so many groups: time and memory have an end, and the
interval hardly changes."""

SEED, STRIP, WIDTH = 5, 40, 64

ONE_THREAD = 200_000
"""Multiplications in a product of matrices that OpenBLAS does not share among threads."""

Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Of each column: its mean, the 95 % interval, and the p-value of its being nought; NaN where nobody can say."""

    value: Doubles
    low: Doubles
    high: Doubles
    p: Doubles


@lru_cache(maxsize=4)
def drawn(photos: int, resamples: int = RESAMPLES) -> Singles:
    """(strips, photos, STRIP): how often each photo was drawn; the same for the same numbers, anywhere, for ever."""
    source = stream(SEED, "benchmark", "bootstrap", photos)
    counts = np.empty((resamples // STRIP, photos, STRIP), np.float32)
    for strip in counts:
        picks = (source.units(photos, STRIP) * photos).astype(np.intp) * STRIP + np.arange(STRIP)
        strip[:] = np.bincount(picks.ravel(), minlength=strip.size).reshape(strip.shape)
    counts.flags.writeable = False
    return counts


def grouped(table: Doubles) -> Doubles:
    """(groups, columns): the rows of many photos, less the columns' means, by groups; their mean is nought."""
    off = table - table.mean(axis=0)
    if len(off) <= MOST:
        return off
    starts = np.arange(MOST) * len(off) // MOST
    return np.asarray(np.add.reduceat(off, starts, axis=0) * (MOST / len(off)))


def resampled(off: Doubles, resamples: int = RESAMPLES) -> Singles:
    """(columns, resamples): the mean of each column of a (photos, columns) table in every resample.

    Single precision: the columns are expected to have a mean of nought. The products are small ones, which linear
    algebra computes on one thread, with the same digits and in the same time whatever else the machine does.
    """
    photos, columns = off.shape
    counts, across = drawn(photos, resamples), (off.T / photos).astype(np.float32)
    found = np.empty((columns, len(counts), STRIP), np.float32)
    width = max(1, ONE_THREAD // (photos * STRIP))
    for first in range(0, columns, width):
        part = slice(first, first + width)
        found[part] = np.matmul(across[part], counts).transpose(1, 0, 2)
    return found.reshape(columns, -1)


def interval_name(photos: int) -> str | None:
    """What intervals of so many photos rest on."""
    if photos < 2:
        return None
    return "student" if photos < FEW else "bootstrap"


def means(table: Doubles, resamples: int = RESAMPLES) -> Means:
    """The mean of each column of a (photos, columns) table, with its interval and the p-value of a mean of nought.

    Source: the studentised bootstrap of Efron 1981 ("Nonparametric standard errors and confidence intervals") and Hall
    1988 ("Theoretical comparison of bootstrap confidence intervals"), both ends with the same share outside; the
    p-value is the share that just leaves nought outside. Deviations: each end is that of Student's interval where this
    is further out, and the p-value the larger one, as the bootstrap alone is too sure of scores with outliers, and
    Student alone of skewed ones; a resample's standard error has a floor; the far tails, where resamples run out, fall
    as Student's do; fewer than 6 photos have Student's interval alone, and one has none.
    """
    photos, columns = table.shape
    value = table.mean(axis=0)
    if photos < 2:
        none = np.full(columns, np.nan)
        return Means(value, none, none, none)
    off = grouped(table)
    error = _error(table, off)
    student = _by_student(value, error, len(off))
    if photos < FEW:
        return student
    scale = np.where(error > 0, error, 1)
    found = np.empty((3, columns))
    for first in range(0, columns, WIDTH):
        part = slice(first, first + WIDTH)
        found[:, part] = _tails(off[:, part] / scale[part], value[part] / scale[part], resamples)
    reach = np.where(error > 0, found[:2] * error, 0)
    low, high = np.minimum(value - reach[1], student.low), np.maximum(value - reach[0], student.high)
    return Means(value, low, high, np.where(error > 0, np.maximum(found[2], student.p), student.p))


def by_student(table: Doubles) -> Means:
    """The same by Student's distribution, at once: for a great many columns that decide nothing."""
    photos = len(table)
    if photos < 2:
        return means(table)
    return _by_student(table.mean(axis=0), _error(table, table - table.mean(axis=0)), photos)


def _error(table: Doubles, off: Doubles) -> Doubles:
    """The standard errors of the means, from what photos, or groups of them, are off; nought for equal numbers."""
    error = np.sqrt((off**2).sum(axis=0) / (len(off) - 1) / len(off))
    error[error <= 1e-12 * np.abs(table).max(axis=0)] = 0.0  # what rounding leaves
    return np.asarray(error)


def _by_student(value: Doubles, error: Doubles, photos: int) -> Means:
    reach = upper_quantile((1 - COVERED) / 2, photos - 1) * error
    p = 2 * upper_tail(np.abs(value) / np.where(error > 0, error, 1), photos - 1)
    equal = np.where(value == 0, 1.0, 2.0 ** (1 - min(photos, 60)))  # of so many equal signs
    return Means(value, value - reach, value + reach, np.where(error > 0, p, equal))


def _tails(off: Doubles, observed: Doubles, resamples: int) -> Doubles:
    """Where the middle 95 % of studentised means of resamples end, and the p-value of what was observed.

    Args:
        off: (photos, columns), in standard errors; few enough columns for a processor's cache.
        observed: the means, in standard errors.
        resamples: how many.
    """
    photos = len(off)
    moved, spread = resampled(off, resamples), resampled(off**2, resamples)
    spread -= moved**2
    np.maximum(spread, LEAST**2 * (photos - 1), out=spread)
    moved /= np.sqrt(spread / np.float32(photos - 1))
    outside, edge = round((1 - COVERED) / 2 * resamples), max(1, round(EDGE * resamples / RESAMPLES))
    above = (moved >= observed[:, None]).sum(axis=1) / resamples
    below = (moved <= observed[:, None]).sum(axis=1) / resamples
    moved.partition((outside - 1, resamples - outside), axis=1)
    low, high = moved[:, :outside], moved[:, resamples - outside :]
    ends = np.array([low.max(axis=1), high.min(axis=1)], np.float64)
    low.partition(edge - 1, axis=1)
    high.partition(outside - edge, axis=1)
    above = _beyond(above, observed, high[:, outside - edge], edge / resamples, photos - 1)
    below = _beyond(below, -observed, -low[:, edge - 1], edge / resamples, photos - 1)
    return np.vstack([ends, np.minimum(1, 2 * np.minimum(above, below))])


def _beyond(share: Doubles, observed: Doubles, start: Singles, edge: float, freedom: int) -> Doubles:
    """The share of resamples beyond what was observed; past the last few of them, along Student's tail."""
    falling = upper_tail(observed, freedom) / upper_tail(start.astype(np.float64), freedom)
    return np.where(observed > start, edge * np.minimum(1, falling), share)

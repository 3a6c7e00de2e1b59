"""Numbers compared by their order alone: ranks, the area under the ROC curve and its interval."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from degrade.realism.patch import Doubles
from degrade.seeds import Stream

RESAMPLINGS = 2000
COVERED = 0.95


class Estimate(NamedTuple):
    """A number and the interval it may lie in."""

    value: float
    low: float
    high: float


def ranked(values: Doubles) -> Doubles:
    """The rank of each number from 1; equal ones share the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place.reshape(values.shape)])


def normal_scores(table: Doubles) -> Doubles:
    """Each column (photos, statistics) as normal numbers in the same order."""
    count = len(table)
    scores = np.array([NormalDist().inv_cdf((half / 2 - 0.5) / count) for half in range(2, 2 * count + 1)])
    return np.column_stack([scores[(2 * ranked(column)).astype(np.intp) - 2] for column in table.T])


def wins(first: Doubles, second: Doubles) -> Doubles:
    """(first, second): 1 where the second is larger, a half where they are equal."""
    return np.asarray((second[None, :] > first[:, None]) + 0.5 * (second[None, :] == first[:, None]))


def area(first: Doubles, second: Doubles) -> float:
    """How often one of the second is larger than one of the first: the area under the ROC curve."""
    return float(wins(first, second).mean())


def area_estimate(first: Doubles, second: Doubles, source: Stream) -> Estimate:
    """The area with the interval that drawing the photos of both sides again and again gives (percentiles)."""
    won = wins(first, second)
    resampled = np.einsum("rn,nm,rm->r", _drawn(source, len(first)), won, _drawn(source, len(second)), optimize=True)
    low, high = np.quantile(resampled / won.size, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return Estimate(float(won.mean()), float(low), float(high))


def _drawn(source: Stream, count: int) -> Doubles:
    """(resamplings, photos): how often each photo was drawn."""
    picks = (source.units(RESAMPLINGS, count) * count).astype(np.intp)
    rows = np.arange(RESAMPLINGS)[:, None] * count
    counts = np.bincount((picks + rows).ravel(), minlength=RESAMPLINGS * count)
    return counts.reshape(RESAMPLINGS, count).astype(np.float64)

"""The maximum mean discrepancy of two sets of photos, and whether chance alone would give it."""

from typing import NamedTuple

import numpy as np

from degrade.realism.patch import Doubles
from degrade.realism.ranks import normal_scores
from degrade.seeds import Stream

PERMUTATIONS = 1000


class Discrepancy(NamedTuple):
    """How far two sets lie apart."""

    value: float
    """Around 0 for two sets of one kind; it may be below."""

    p: float
    """How often photos dealt out anew lie as far apart."""


def discrepancy(first: Doubles, second: Doubles, source: Stream) -> Discrepancy:
    """The squared discrepancy of photo means (photos, statistics) under the cubic kernel, unbiased.

    The statistics are turned into normal scores over both sets first, so that no unit and no outlier counts.

    Source: Gretton et al. 2012, eq. 3 and section 5 (permutations); kernel (x.y / d + 1)^3 of KID, Binkowski et al.
    2018.
    """
    scores = normal_scores(np.concatenate([first, second]))
    kernel = (scores @ scores.T / scores.shape[1] + 1) ** 3
    np.fill_diagonal(kernel, 0)
    count = len(scores)
    dealt = np.zeros((PERMUTATIONS + 1, count))
    dealt[0, : len(first)] = 1
    order = np.argsort(source.units(PERMUTATIONS, count), axis=1, kind="stable")
    np.put_along_axis(dealt[1:], order[:, : len(first)], 1.0, axis=1)
    values = _between(kernel, dealt, len(first), len(second))
    as_far = int(np.sum(values[1:] >= values[0] - 1e-9))
    return Discrepancy(float(values[0]), (1 + as_far) / (1 + PERMUTATIONS))


def _between(kernel: Doubles, dealt: Doubles, first: int, second: int) -> Doubles:
    """The discrepancy of each deal; `kernel` has nothing on its diagonal."""
    rest = 1 - dealt
    seen = dealt @ kernel
    own = np.sum(seen * dealt, axis=1) / (first * (first - 1))
    cross = np.sum(seen * rest, axis=1) / (first * second)
    others = np.sum((rest @ kernel) * rest, axis=1) / (second * (second - 1))
    return np.asarray(own + others - 2 * cross)

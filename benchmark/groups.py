"""Who can be told from whom: tests corrected for their number, ranks from-to, groups that nobody can separate."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from degrade.light import Doubles

ALPHA = 0.05
"""How often, at most, equal models are told apart anywhere in a table."""

LOGICAL = 100
"""Of more models, which numbers of pairs can be equal takes too long to list, and hardly differs from all."""


def holm(p: Doubles) -> Doubles:
    """P-values as they count among so many tests.

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, raised)
    return adjusted


def all_pairs(p: Doubles, models: int) -> Doubles:
    """P-values of the equality of each two models, as they count among all of them.

    Source: Shaffer 1986, "Modified sequentially rejective multiple test procedures", S1: Holm's procedure, but counting
    how many pairs can still be equal. Once any two models differ, one of them differs from each third.
    """
    if models > LOGICAL:
        return holm(p)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * still_equal(models)))
    return adjusted


@lru_cache(maxsize=16)
def still_equal(models: int) -> Doubles:
    """After nought, one, two ... pairs were told apart: how many of the others can be equal at most.

    A model that is split into groups of equals has as many equal pairs as these have.
    """
    counts = [1]  # bit n: so many models can have n equal pairs
    for size in range(1, models + 1):
        found = 0
        for group in range(1, size + 1):
            found |= counts[size - group] << (group * (group - 1) // 2)
        counts.append(found)
    pairs = models * (models - 1) // 2
    possible = np.flatnonzero([counts[models] >> number & 1 for number in range(pairs + 1)])
    left = np.arange(pairs, 0, -1)
    most = possible[np.searchsorted(possible, left, side="right") - 1]
    return np.maximum(most, 1).astype(np.float64)


def rank_intervals(beats: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The best and the worst rank that each can have, from (models, models): whether one is surely better."""
    return [
        (1 + int(better), len(beats) - int(worse))
        for better, worse in zip(beats.sum(axis=0), beats.sum(axis=1), strict=True)
    ]


def inseparable(beats: NDArray[np.bool_], order: Sequence[int]) -> list[list[int]]:
    """The largest groups within which no two are told apart, each and all in the given order, the best first.

    Source: insert and absorb, Piepho 2004, "An algorithm for a letter-based representation of all-pairwise
    comparisons".
    """
    groups = [frozenset(order)]
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            if beats[first, second] or beats[second, first]:
                groups = _split(groups, first, second)
    places = {model: place for place, model in enumerate(order)}
    return sorted((sorted(group, key=places.__getitem__) for group in groups), key=lambda g: [places[m] for m in g])


def _split(groups: list[frozenset[int]], first: int, second: int) -> list[frozenset[int]]:
    """The groups without any that holds both; what lies within another one is left out."""
    both = {first, second}
    kept = [group for group in groups if not both <= group]
    parts = {group - {gone} for group in groups if both <= group for gone in both}
    kept += sorted((part for part in parts if not any(part <= group for group in kept)), key=sorted)
    return [group for group in kept if not any(group < other for other in kept)]

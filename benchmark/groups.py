"""Who can be told from whom: tests corrected for their number, ranks from-to, groups that nobody can separate."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from degrade.light import Doubles

ALPHA = 0.05
"""How often, at most, equal models are told apart anywhere in a table."""


def holm(p: Doubles) -> Doubles:
    """P-values as they count among so many tests.

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, raised)
    return adjusted


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

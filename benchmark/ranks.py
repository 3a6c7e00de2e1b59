"""Orders of models: how much two of them agree, and the one that many of them make together."""

from statistics import NormalDist

import numpy as np

from benchmark.bootstrap import COVERED, grouped, resampled
from benchmark.student import upper_quantile
from degrade.light import Doubles

RESAMPLES = 1000
"""Ranks of ranks are coarse, and each resample of them costs as much as a table."""


def kendall(first: Doubles, second: Doubles) -> float | None:
    """Kendall's tau-b of two lists of scores of the same models; None where one of them makes no difference.

    Source: Kendall 1945, "The treatment of ties in ranking problems".
    """
    pairs = np.triu_indices(len(first), 1)
    one, other = (np.sign(scores[:, None] - scores[None, :])[pairs] for scores in (first, second))
    untied = float(np.abs(one).sum()) * float(np.abs(other).sum())
    return float((one * other).sum()) / untied**0.5 if untied else None


def points(scores: Doubles) -> Doubles:
    """(models, ...): the share of the others that each model beats, higher scores being better and ties one half.

    What rounding can make of equal scores is a tie.
    """
    models = len(scores)
    near = 1e-7 * float(np.ptp(scores)) if scores.size else 0.0
    won = np.zeros(scores.shape)
    for first in range(models):
        for second in range(first + 1, models):
            less = scores[first] - scores[second]
            sign = (less > near).astype(np.float64) - (less < -near)
            won[first] += sign
            won[second] -= sign
    return np.asarray(50 * (1 + won / max(models - 1, 1)))


def borda(blocks: list[Doubles]) -> tuple[Doubles, Doubles]:
    """Mean points per model from 0 to 100, and the same in every resample of the photos (models, resamples).

    Source: Borda 1784, with every (defect, metric) cell one voter. A model that is best everywhere has 100.

    Args:
        blocks: per metric (photos, voters, models), higher being better; the photos are the same in all.
    """
    models = blocks[0].shape[2]
    voters = sum(block.shape[1] for block in blocks)
    found, again = np.zeros(models), np.zeros((models, RESAMPLES))
    for block in blocks:
        level = block.mean(axis=0).T  # (models, voters)
        found += points(level).sum(axis=1)
        off = grouped(block.transpose(0, 2, 1).reshape(len(block), -1))
        moved = resampled(off, RESAMPLES).astype(np.float64).reshape(models, -1, RESAMPLES)
        again += points(moved + level[:, :, None]).sum(axis=1)
    return found / voters, again / voters


def percentiles(table: Doubles) -> Doubles:
    """(2, models): where the middle 95 % of the resamples end."""
    return np.quantile(table, [(1 - COVERED) / 2, (1 + COVERED) / 2], axis=1)


def widening(photos: int) -> float:
    """By how much percentiles of resamples must go further out, so that few photos are covered as many are.

    Source: Hesterberg 2015, "What teachers should know about the bootstrap", section 3.4: resamples of few photos vary
    less than photos do, and Student's distribution is wider than the normal one. Here the interval is stretched, as
    percentiles further out are not there.
    """
    if photos < 2:
        return float("nan")
    share = (1 - COVERED) / 2
    return upper_quantile(share, photos - 1) / NormalDist().inv_cdf(1 - share) * (photos / (photos - 1)) ** 0.5


def places(scores: Doubles) -> Doubles:
    """(models, ...): ranks from 1, the highest score first; ties share the best of theirs."""
    return np.stack([1.0 + (scores > scores[model]).sum(axis=0) for model in range(len(scores))])

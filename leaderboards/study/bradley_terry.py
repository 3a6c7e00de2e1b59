"""Scores of models from votes between two of them, ties among the answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.light import Doubles

VIRTUAL = 0.5
"""Votes that every two models have beforehand, a third of each answer, so that scores have an end where one model wins
everything, no tie was given, or nobody compared two models; beside dozens of votes they hardly count."""

ROUNDS, STEP, CLOSE = 100, 2.0, 1e-10

STRIP = 250
"""Resamples that are fitted at once: memory has an end."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What makes votes like these most likely."""

    scores: Doubles
    """(..., models): natural logarithms of strength, their mean nought."""

    ties: Doubles
    """(...): the logarithm of Davidson's nu; of two equal models, nu / (2 + nu) of the votes are ties."""


def pairs_of(models: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the second model of every two, in the order that votes are counted in."""
    first, second = np.triu_indices(models, 1)
    return first, second


def fitted(counts: Doubles, models: int, virtual: float = VIRTUAL) -> Fit:
    """The scores of models by Davidson's model.

    Source: Davidson 1970, "On extending the Bradley-Terry model to accommodate ties in paired comparison experiments",
    eq. 2.4: wins of i, ties and wins of j are as pi_i : nu sqrt(pi_i pi_j) : pi_j. Its logarithm is concave in log pi
    and log nu, and is climbed by Newton's steps of limited length. Deviation: virtual votes, see `VIRTUAL`.

    Args:
        counts: (..., pairs, 3), of every two models: how often the first won, a tie was given, the second won.
        models: how many.
        virtual: votes that every two have beforehand.
    """
    shape = counts.shape[:-2]
    flat = counts.reshape(-1, *counts.shape[-2:]) + virtual / 3
    found = np.concatenate([_climbed(flat[at : at + STRIP], models) for at in range(0, len(flat), STRIP)])
    return Fit(found[:, :-1].reshape(*shape, models), found[:, -1].reshape(shape))


def chances(scores: Doubles, ties: Doubles) -> Doubles:
    """(pairs, 3): how likely each answer is, of every two models."""
    utilities = _terms(len(scores)) @ np.append(scores, ties)
    return _shares(utilities)


def preferred(scores: Doubles, ties: Doubles) -> Doubles:
    """(models): the mean chance, in per cent, of being preferred to another one, a tie being one half."""
    models = len(scores)
    first, second = pairs_of(models)
    likely = chances(scores, ties)
    half = likely[:, 0] + likely[:, 1] / 2
    sums = np.bincount(first, half, models) + np.bincount(second, 1 - half, models)
    return np.asarray(100 * sums / max(models - 1, 1))


def reach(counts: Doubles, models: int) -> NDArray[np.bool_]:
    """(models, models): whether a chain of votes, in each of which the former won or was level, leads to the latter.

    Source: Ford 1957, "Solution of a ranking problem from binary comparisons": scores are finite without virtual votes
    where every model reaches every other.
    """
    first, second = pairs_of(models)
    found = np.eye(models, dtype=np.bool_)
    found[first, second] |= counts[:, :2].sum(axis=1) > 0
    found[second, first] |= counts[:, 1:].sum(axis=1) > 0
    for middle in range(models):
        found |= found[:, [middle]] & found[middle]
    return found


def islands(counts: Doubles, models: int) -> list[list[int]]:
    """The groups of models that votes join; between groups nobody can say anything."""
    joined = reach(np.repeat(counts.sum(axis=1, keepdims=True), 3, axis=1), models)
    return [list(group) for group in sorted({tuple(np.flatnonzero(row).tolist()) for row in joined})]


def _climbed(counts: Doubles, models: int) -> Doubles:
    """(resamples, models + 1): scores and the logarithm of nu."""
    terms = _terms(models)  # (pairs, 3, models + 1)
    pairs, _, size = terms.shape
    outer = np.einsum("pok,pol->pokl", terms, terms).reshape(pairs * 3, size * size)
    level = np.append(np.ones(models), 0.0)
    anchor = np.outer(level, level)  # the sum of scores changes no likelihood: it is held at nought
    total = counts.sum(axis=2)
    found = np.zeros((len(counts), size))
    for _ in range(ROUNDS):
        likely = _shares((found @ terms.reshape(-1, size).T).reshape(-1, pairs, 3))
        expected = total[:, :, None] * likely
        slope = (counts - expected).reshape(len(counts), -1) @ terms.reshape(-1, size) - found @ anchor
        mean = np.einsum("bpo,pok->bpk", likely, terms) * np.sqrt(total)[:, :, None]
        bend = (expected.reshape(len(counts), -1) @ outer).reshape(-1, size, size) - mean.transpose(0, 2, 1) @ mean
        step = np.linalg.solve(bend + anchor, slope[:, :, None])[:, :, 0]
        longest = np.abs(step).max(axis=1, keepdims=True)
        found += step * np.minimum(1, STEP / np.maximum(longest, STEP))
        if float(longest.max()) < CLOSE:
            break
    return found


def _terms(models: int) -> Doubles:
    """(pairs, 3, models + 1): what of the scores and of log nu is in the logarithm of each answer's weight."""
    first, second = pairs_of(models)
    terms = np.zeros((len(first), 3, models + 1))
    rows = np.arange(len(first))
    terms[rows, 0, first] = terms[rows, 2, second] = 1.0
    terms[rows, 1, first] = terms[rows, 1, second] = 0.5
    terms[:, 1, models] = 1.0
    return terms


def _shares(utilities: Doubles) -> Doubles:
    """(..., pairs, 3): the answers' chances, from the logarithms of their weights."""
    weights = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))

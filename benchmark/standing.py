"""Models in order of a mean over photos: what separates each two, the ranks they can have, the groups they form."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmark.bootstrap import RESAMPLES, Means, means
from benchmark.groups import ALPHA, all_pairs, inseparable, rank_intervals
from benchmark.ratios import as_decibels
from degrade.light import Doubles


def number(value: float) -> float | None:
    """A number as it is kept: nine digits, so that no library's rounding shows; None where there is none."""
    return float(f"{value:.9g}") + 0.0 if math.isfinite(value) else None


def estimate(found: Means, place: int) -> dict[str, float | None]:
    """One value with its interval."""
    return {"value": number(found.value[place]), "low": number(found.low[place]), "high": number(found.high[place])}


def standing(
    table: Doubles,
    models: Sequence[str],
    *,
    higher_is_better: bool,
    logarithmic: bool = False,
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """The order of the models, and how sure it is.

    Args:
        table: (photos, models).
        models: their names.
        higher_is_better: the direction.
        logarithmic: whether the numbers are logarithms, see `benchmark.ratios.logarithms`.
        resamples: how many.

    Returns:
        order: the best first. ranks: the best and the worst that each can have. groups: of models that nobody can tell
        apart. pairs: first minus second with its interval, the p-value alone and among all pairs; of logarithms in
        decibels.
    """
    first, second = np.triu_indices(len(models), 1)
    found = means(table[:, first] - table[:, second], resamples)
    known = np.isfinite(found.p)
    adjusted = np.full(len(first), np.nan)
    if known.all():  # or none is: one photo has no spread
        adjusted = all_pairs(found.p, len(models))
    separate = known & (adjusted <= ALPHA)
    ahead = (found.value > 0) == higher_is_better
    beats = np.zeros((len(models), len(models)), np.bool_)
    beats[first, second], beats[second, first] = separate & ahead, separate & ~ahead
    shown = as_decibels(found) if logarithmic else found
    level = table.mean(axis=0) * (-1 if higher_is_better else 1)
    order = sorted(range(len(models)), key=lambda model: (level[model], models[model]))
    return {
        "order": [models[model] for model in order],
        "ranks": {models[model]: list(ranks) for model, ranks in enumerate(rank_intervals(beats))},
        "groups": [[models[model] for model in group] for group in inseparable(beats, order)],
        "pairs": [
            {
                "first": models[one],
                "second": models[other],
                **estimate(shown, place),
                "p": number(found.p[place]),
                "p_adjusted": number(adjusted[place]),
                "separable": bool(separate[place]),
            }
            for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True))
        ],
    }

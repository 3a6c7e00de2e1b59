"""All that the items of a sweep say of its models, as plain data: the same bytes for the same items in any order."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from benchmark.bootstrap import COVERED, RESAMPLES
from benchmark.columns import Column, Plain, described, read
from benchmark.groups import ALPHA
from benchmark.ranks import borda, kendall, percentiles, places, widening
from benchmark.relative import NOTHING, READINGS, Reading
from benchmark.scores import Sheet, scores, sheet
from benchmark.standing import number
from degrade.light import Doubles

VERSION = 2
"""Of the numbers: it grows when the same items give others."""


def summary(items: Any, readings: Mapping[str, Reading] = READINGS) -> Plain:
    """What the items say: scores with intervals, relative errors, who can be told from whom, and orders of models.

    A failed item counts as the untouched input's value, and is counted. A model that was not asked for some item of a
    column has no score in it and no rank, and its missing items are counted. Items for which the untouched input has no
    value count for nobody, and are counted too. See docs/statistics.md for the methods and how they were tried.

    Args:
        items: the table of a sweep, see `benchmark.scores.sheet`.
        readings: directions and errors of metrics, by name or spec.

    Raises:
        ModelError: see `benchmark.scores`; or nobody said which direction of a metric is better.
    """
    whole = sheet(items)
    columns = [read(scores(whole, place), readings) for place in range(len(whole.columns))]
    return {
        "version": VERSION,
        "suite_id": whole.suite,
        "models": list(whole.models),
        "photos": len(whole.photos),
        "items": len(whole.items),
        "method": {"unit": "photo", "covered": COVERED, "alpha": ALPHA, "resamples": RESAMPLES, "nothing": NOTHING},
        "columns": [described(column) for column in columns],
        "borda": together(whole, [column for column in columns if column.scores.region == "whole"]),
        "agreement": agreement(columns),
    }


def together(whole: Sheet, columns: Sequence[Column]) -> Plain | None:
    """The order that all metrics of the whole picture make, of the models that have all of their items.

    Every metric has one vote for each defect.
    """
    models = [name for name in whole.models if all(name in column.scores.models for column in columns)]
    if len(models) < 2 or not columns:
        return None
    found, again = borda([_votes(column, models, len(whole.photos)) for column in columns])
    sure = all(len(column.values.table) > 1 for column in columns)
    ends = percentiles(again)
    low, high = np.clip(found + widening(len(whole.photos)) * (ends - found), 0, 100) if sure else ends * np.nan
    best, worst = percentiles(places(again))
    order = sorted(range(len(models)), key=lambda model: (-found[model], models[model]))
    return {
        "metrics": [column.scores.metric for column in columns],
        "order": [models[model] for model in order],
        "unranked": [name for name in whole.models if name not in models],
        "models": {
            name: {
                "points": {"value": number(found[model]), "low": number(low[model]), "high": number(high[model])},
                "ranks": [int(np.floor(best[model])), int(np.ceil(worst[model]))] if sure else None,
            }
            for model, name in enumerate(models)
        },
    }


def _votes(column: Column, models: Sequence[str], photos: int) -> Doubles:
    """(photos, defects, models): the mean over severities, higher being better; of a photo without any, the mean."""
    values = column.values
    groups = list(values.defects().values()) or [values.damaged()]
    chosen = [column.scores.models.index(name) for name in models]
    table = np.stack([values.table[:, cells].mean(axis=1) for cells in groups], axis=1)[:, :, chosen]
    if not column.reading.higher_is_better:
        table = -table
    mean = table.mean(axis=0)
    found = np.repeat(mean[None], photos, axis=0)
    if len(table) > 1:
        found[values.photos] += (table - mean) * (photos / len(table))
    return found


def agreement(columns: Sequence[Column]) -> list[Plain]:
    """Kendall's tau-b of each two columns: 1 where they put the models in the same order, -1 in the opposite one."""
    found = []
    for first, second in combinations(columns, 2):
        shared = [name for name in first.scores.models if name in second.scores.models]
        levels = [_level(column, shared) for column in (first, second)]
        tau = kendall(*levels)
        sides = [[column.scores.metric, column.scores.region] for column in (first, second)]
        found.append({"first": sides[0], "second": sides[1], "tau": None if tau is None else number(tau)})
    return found


def _level(column: Column, models: Sequence[str]) -> Doubles:
    """The score of each model, higher being better; differences of rounding are none."""
    chosen = [column.scores.models.index(name) for name in models]
    level = column.photo_scores().mean(axis=0)[chosen]
    rounded = np.array([float(f"{each:.9g}") for each in level])
    return rounded if column.reading.higher_is_better else -rounded

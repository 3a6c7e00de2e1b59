"""One metric in one region: what it says of each model, and of the order of all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmark.bootstrap import Means, by_student, interval_name, means
from benchmark.linear import Linear, linear
from benchmark.ratios import as_shares, logarithms
from benchmark.relative import NOTHING, Reading, gain, reading, relative_error
from benchmark.scores import IDENTITY, Scores, by_photo, unchanged
from benchmark.standing import estimate, number, standing
from degrade.light import Doubles
from restore_models.restorer import ModelError

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The scores of a metric in a region, read as somebody said they are to be read."""

    scores: Scores

    reading: Reading

    values: Linear
    """Of the scores as they are."""

    errors: Linear | None
    """Of the errors they stand for, where they do."""

    @property
    def identity(self) -> int:
        """Which model is the untouched input."""
        return self.scores.models.index(IDENTITY)

    def photo_scores(self) -> Doubles:
        """(photos, models): the mean over damaged cells."""
        return np.asarray(self.values.table[:, self.values.damaged()].mean(axis=1))


def read(found: Scores, readings: Mapping[str, Reading]) -> Column:
    """The scores of a metric in a region as a column, with the direction of the metric.

    Raises:
        ModelError: nobody said which direction of the metric is better.
    """
    how = reading(found.metric, readings)
    if how is None:
        raise ModelError(f"{found.metric}: nobody said whether higher is better; give a reading for it")
    values = linear(*by_photo(found, unchanged), found.cells)
    errors = linear(*by_photo(found, how.error), found.cells) if how.error else None
    return Column(found, how, values, errors)


def described(column: Column) -> Plain:
    """The column as plain data."""
    found, values, models = column.scores, column.values, column.scores.models
    table = column.photo_scores()
    higher = column.reading.higher_is_better
    parts: dict[str, Plain] = {
        name: {"complete": not missing, "missing": missing, "failed": found.failed[name]}
        for name, missing in found.missing.items()
    }
    _add(parts, models, "score", means(table))
    level = values.table.mean(axis=0)
    seeds = seed_spread(column)
    for place, name in enumerate(models):
        parts[name] |= {"cells": [number(each) for each in level[:, place]], **seeds[place]}
    if values.undamaged():
        harm = values.table[:, values.undamaged()].mean(axis=1)
        _add(parts, models, "undamaged", means(harm - harm[:, [column.identity]]))
    return {
        "metric": found.metric,
        "region": found.region,
        "higher_is_better": higher,
        "error": column.reading.words,
        "photos": len(values.photos),
        "items": found.items,
        "unscored": found.unscored,
        "interval": interval_name(len(values.table)),
        "cells": [
            {"defect": cell.defect, "severity": cell.severity, "photos": int(count)}
            for cell, count in zip(values.cells, values.counts, strict=True)
        ],
        "by_score": standing(table, models, higher_is_better=higher),
        "by_relative_error": _relative(column, parts),
        "models": parts,
    }


def _relative(column: Column, parts: dict[str, Plain]) -> Plain | None:
    """The order by relative error; each model's own numbers go into its part. None where there is no error."""
    errors, models = column.errors, column.scores.models
    defects = errors.defects() if errors else {}
    if not errors or not defects:
        return None
    shares, known = relative_error(errors.table, column.identity, list(defects.values()))
    if not any(known):
        return None
    shares, names = shares[:, known], [name for name, there in zip(defects, known, strict=True) if there]
    mean = shares.mean(axis=1)
    logs = logarithms(mean)
    _add(parts, models, "relative_error", as_shares(means(logs), mean))
    flat = shares.reshape(len(shares), -1)
    each = as_shares(by_student(logarithms(flat)), flat)
    for place, model in enumerate(models):
        parts[model]["relative_error_by_defect"] = {
            name: estimate(each, number_of * len(models) + place) for number_of, name in enumerate(names)
        }
        parts[model]["worst"] = _worst(column, errors, place)
    decibels = gain(errors.table[:, errors.damaged()], column.identity)
    if decibels is not None:
        _add(parts, models, "gain_db", means(decibels))
    return standing(logs, models, higher_is_better=False, logarithmic=True)


def _worst(column: Column, errors: Linear, model: int) -> Plain | None:
    """The cell where the model leaves most of the untouched input's error."""
    level = errors.table.mean(axis=0)
    places = [place for place in errors.damaged() if level[place, column.identity] > NOTHING]
    if not places:
        return None
    share = {place: float(level[place, model] / level[place, column.identity]) for place in places}
    worst = max(places, key=share.__getitem__)
    cell = errors.cells[worst]
    return {"defect": cell.defect, "severity": cell.severity, "relative_error": number(100 * share[worst])}


def seed_spread(column: Column) -> list[Plain]:
    """Of each model: with how many seeds it ran on every item, and how its score varies from seed to seed (sd).

    It is apart from the interval, which is of the mean over seeds and says what other photos would change.
    """
    found = column.scores
    runs = np.isfinite(found.values).sum(axis=2).min(axis=1)
    spread: list[Plain] = []
    for place, count in enumerate(runs.tolist()):
        if count < 2:
            spread.append({"seeds": count, "seed_sd": None})
            continue
        alone = found.values[place, :, :count].T[:, :, None]  # (seeds, items, 1): each seed as if it were a model
        table, there = by_photo(replace(found, values=alone), unchanged)
        of_seed = linear(table, there, found.cells)
        totals = of_seed.table[:, of_seed.damaged()].mean(axis=(0, 1))
        spread.append({"seeds": count, "seed_sd": number(float(totals.std(ddof=1)))})
    return spread


def _add(parts: dict[str, Plain], models: tuple[str, ...], name: str, found: Means) -> None:
    """Give each model its value with its interval."""
    for place, model in enumerate(models):
        parts[model][name] = estimate(found, place)

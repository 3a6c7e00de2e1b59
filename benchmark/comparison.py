"""Two sweeps of one suite side by side: what got better, what worse, how surely, and on which photos."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmark.bootstrap import Means, interval_name, means
from benchmark.columns import Column, Plain, read
from benchmark.groups import ALPHA, holm
from benchmark.relative import READINGS, Reading
from benchmark.scores import IDENTITY, Sheet, scores, sheet
from benchmark.standing import estimate, number
from degrade.light import Doubles
from restore_models.restorer import ModelError

MOVED = 10
"""So many photos are named, those that moved most."""

LEVEL = ALPHA / 2
"""For columns and for cells each, so that both together call equal sweeps different in at most one of twenty cases."""


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """A model in a column: second minus first."""

    column: Column
    names: tuple[str, str]
    table: Doubles
    """(photos, cells)."""

    tested: Means
    """Of the mean over damaged cells, and then of each cell."""


def compared(first: Any, second: Any, readings: Mapping[str, Reading] = READINGS) -> Plain:
    """What the second sweep has changed against the first, photo by photo.

    Models are paired by name; where each sweep has one besides identity, these two are a pair whatever their names.

    Args:
        first: items of a sweep, see `benchmark.scores.sheet`.
        second: items of another one of the same suite.
        readings: directions of metrics, by name or spec.

    Returns:
        verdict: "worse" where any model is surely worse in any column or cell, else "better" where any is surely
        better, else "same", which one photo always is. changes: by model and column the difference, second minus first
        in the metric's own unit, with its interval, its verdict, that of each cell, and the photos that moved most.
        left_out: models and columns in which items are missing. `p_holm` counts all columns, or all cells, there are.

    Raises:
        ModelError: the sweeps are of different suites, items, or of no common model or metric.
    """
    sheets = sheet(first), sheet(second)
    _same_items(*sheets)
    pairs = _pairs(*sheets)
    changes, left_out = [], []
    for before, after in _columns(*sheets, readings):
        for names in pairs:
            if names[0] in before.scores.models and names[1] in after.scores.models:
                changes.append(_change(before, after, names))
            else:
                left_out.append({"models": list(names), "metric": before.scores.metric, "region": before.scores.region})
    if not changes:
        raise ModelError("nothing to compare: no metric that both sweeps have for all items of a common model")
    wholes = _adjusted([change.tested.p[:1] for change in changes])
    cells = _adjusted([change.tested.p[1:] for change in changes])
    parts = [_described(*each) for each in zip(changes, wholes, cells, strict=True)]
    found = {verdict for part in parts for verdict in (part["verdict"], *(cell["verdict"] for cell in part["cells"]))}
    return {
        "suite_id": sheets[0].suite,
        "verdict": next((verdict for verdict in ("worse", "better") if verdict in found), "same"),
        "changes": parts,
        "left_out": left_out,
    }


def _same_items(first: Sheet, second: Sheet) -> None:
    if first.suite != second.suite:
        raise ModelError(f"sweeps of two suites, {first.suite} and {second.suite}: their scores are never compared")
    other = sorted(set(first.items) ^ set(second.items))
    if other:
        raise ModelError(f"{len(other)} items are in one sweep alone, such as {other[0]!r}: finish both")


def _pairs(first: Sheet, second: Sheet) -> list[tuple[str, str]]:
    """The models to compare."""
    ours, theirs = ([name for name in each.models if name != IDENTITY] for each in (first, second))
    shared = [(name, name) for name in ours if name in theirs]
    if not shared and len(ours) == len(theirs) == 1:
        shared = [(ours[0], theirs[0])]
    if not shared:
        raise ModelError(f"no common model: {', '.join(ours) or 'none'} and {', '.join(theirs) or 'none'}")
    return shared


def _columns(first: Sheet, second: Sheet, readings: Mapping[str, Reading]) -> Iterator[tuple[Column, Column]]:
    """Each metric and region that both have."""
    for place, column in enumerate(first.columns):
        if column in second.columns:
            before = read(scores(first, place), readings)
            after = read(scores(second, second.columns.index(column)), readings)
            if before.values.places() != after.values.places():
                raise ModelError(f"{column[0]} ({column[1]}): the sweeps have scored different items")
            yield before, after


def _change(before: Column, after: Column, names: tuple[str, str]) -> _Change:
    old, new = (
        column.values.table[:, :, column.scores.models.index(name)]
        for column, name in zip((before, after), names, strict=True)
    )
    table = new - old
    table[np.abs(table) <= 1e-9 * np.abs(old)] = 0  # what another machine's rounding makes
    whole = table[:, before.values.damaged()].mean(axis=1)
    return _Change(before, names, table, means(np.column_stack([whole, table])))


def _adjusted(p: Sequence[Doubles]) -> list[Doubles]:
    """The p-values, as they count among all."""
    flat = np.concatenate(p)
    known = np.isfinite(flat)
    flat[known] = holm(flat[known])
    return np.split(flat, np.cumsum([len(each) for each in p])[:-1])


def _described(change: _Change, whole: Doubles, cells: Doubles) -> Plain:
    """The change as plain data."""
    values = change.column.values

    def judged(place: int, p: float) -> Plain:
        verdict = "same"
        if p <= LEVEL:  # never of NaN
            up = (change.tested.value[place] > 0) == change.column.reading.higher_is_better
            verdict = "better" if up else "worse"
        return {
            **estimate(change.tested, place),
            "p": number(change.tested.p[place]),
            "p_holm": number(p),
            "verdict": verdict,
        }

    return {
        "models": list(change.names),
        "metric": change.column.scores.metric,
        "region": change.column.scores.region,
        "higher_is_better": change.column.reading.higher_is_better,
        "photos": len(values.photos),
        "interval": interval_name(len(values.table)),
        **judged(0, float(whole[0])),
        "cells": [
            {"defect": cell.defect, "severity": cell.severity, **judged(1 + place, float(p))}
            for place, (cell, p) in enumerate(zip(values.cells, cells, strict=True))
        ],
        "moved": _moved(change),
    }


def _moved(change: _Change) -> list[Plain]:
    """The photos that changed most, over damaged cells."""
    values = change.column.values
    if len(change.table) != len(values.photos):
        return []
    by_photo = change.table[:, values.damaged()].mean(axis=1)
    order = np.argsort(-np.abs(by_photo), kind="stable")[:MOVED]
    photos = change.column.scores.photos
    return [
        {"photo": photos[values.photos[place]], "change": number(by_photo[place])} for place in order if by_photo[place]
    ]

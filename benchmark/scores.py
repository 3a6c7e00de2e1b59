"""The long table of items as arrays: what every model scored on every item, by metric and region, with nothing lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from benchmark.labels import Flags, Labelled, Whole, labelled, of_item, pairs_of, runs_of
from degrade.light import Doubles
from restore_models.restorer import ModelError

IDENTITY = "identity"
"""The model that leaves every photo as it was: what all others are measured against."""

NEEDED = ("suite_id", "model", "item", "photo", "defect", "severity", "region", "metric", "value", "status", "seed")


class Cell(NamedTuple):
    """One kind and strength of damage; severity 0 is an undamaged photo, None one that nobody graded."""

    defect: str
    severity: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """All of a table, by number: labels are sorted, so that the order of rows means nothing."""

    suite: str
    models: tuple[str, ...]
    items: tuple[str, ...]
    photos: tuple[str, ...]
    cells: tuple[Cell, ...]
    photo_of: Whole
    cell_of: Whole
    columns: tuple[tuple[str, str], ...]
    """Metric and region."""

    runs: Whole
    """(models, items): with how many seeds."""

    values: Doubles
    """(columns, models, items, runs), NaN where there is none."""

    asked: Flags
    """Of the same shape: whether there is a row, with a value or without."""

    lost: Flags
    """(models, items, runs): whether the run failed as such, so that a row that is not there failed too."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One metric in one region: of the models that have all items."""

    metric: str
    region: str
    models: tuple[str, ...]
    photos: tuple[str, ...]
    cells: tuple[Cell, ...]
    photo_of: Whole
    cell_of: Whole
    items: int
    values: Doubles
    """(models, items, runs), NaN beyond a model's runs; a failed run has the untouched input's value."""

    failed: Mapping[str, int]
    """Items on which a model failed at least once."""

    missing: Mapping[str, int]
    """Items that a model has not been asked for: with any, it is none of `models`."""

    unscored: int
    """Items for which the untouched input itself has no value: they count for nobody."""


def sheet(items: Any) -> Sheet:
    """The table by number.

    Args:
        items: a `pyarrow.Table` of the columns in NEEDED, or a mapping of such columns.

    Raises:
        ModelError: when a column lacks, suites are mixed, rows contradict each other, or identity is not there.
    """
    table = _checked(items if isinstance(items, pa.Table) else pa.table(dict(items)))
    by = {name: labelled(table.column(name)) for name in NEEDED if name != "value"}
    if len(by["suite_id"].labels) != 1:
        raise ModelError(f"scores of {len(by['suite_id'].labels)} suites, {by['suite_id'].labels[:2]}: never mixed")
    photo_of, defect_of, severity_of = (of_item(by["item"], by[name], name) for name in ("photo", "defect", "severity"))
    kinds = sorted(set(zip(defect_of.tolist(), severity_of.tolist(), strict=True)))
    cell_number = {kind: place for place, kind in enumerate(kinds)}
    cell_of = np.array([cell_number[kind] for kind in zip(defect_of.tolist(), severity_of.tolist(), strict=True)])
    runs, run = runs_of(by["model"], by["item"], by["seed"])
    shape = (len(by["model"].labels), len(by["item"].labels), int(runs.max()))
    slot = np.ravel_multi_index((by["model"].codes, by["item"].codes, run), shape)
    columns, column = pairs_of(by["metric"], by["region"])
    _no_doubles(slot + column * int(np.prod(shape)), by, columns)
    values, good = _values(table, by["status"])
    full = (len(columns), int(np.prod(shape)))
    filled, asked, lost = np.full(full, np.nan), np.zeros(full, np.bool_), np.zeros(full[1], np.bool_)
    filled[column, slot], asked[column, slot] = values, True
    lost[slot[~good]] = True
    return Sheet(
        suite=by["suite_id"].labels[0],
        models=tuple(by["model"].labels),
        items=tuple(by["item"].labels),
        photos=tuple(by["photo"].labels),
        cells=tuple(Cell(by["defect"].labels[defect] or "", by["severity"].labels[grade]) for defect, grade in kinds),
        photo_of=photo_of,
        cell_of=cell_of,
        columns=columns,
        runs=runs,
        values=filled.reshape(-1, *shape),
        asked=asked.reshape(-1, *shape),
        lost=lost.reshape(shape),
    )


def scores(whole: Sheet, column: int) -> Scores:
    """One metric in one region.

    Raises:
        ModelError: when identity was not scored on an item that another model has a row for.
    """
    metric, region = whole.columns[column]
    values, asked = whole.values[column], whole.asked[column]
    identity = whole.models.index(IDENTITY)
    here = asked[identity].any(axis=1)
    due = asked.any(axis=(0, 2)) | (region == "whole")
    if (due & ~here).any():
        name = whole.items[int(np.argmax(due & ~here))]
        raise ModelError(f"identity has no score by {metric} ({region}) for {name}: run identity on the whole suite")
    reference = _mean_of_runs(values[identity])
    kept = here & np.isfinite(reference)
    wanted = np.arange(values.shape[2]) < np.maximum(whole.runs, 1)[:, :, None]
    empty = wanted & ~np.isfinite(values) & kept[:, None]
    failed = empty & (asked | whole.lost) & (np.arange(len(values)) != identity)[:, None, None]
    missing = (empty & ~(asked | whole.lost)).any(axis=2).sum(axis=1)
    full = missing == 0
    return Scores(
        metric=metric,
        region=region,
        models=tuple(name for name, there in zip(whole.models, full, strict=True) if there),
        photos=whole.photos,
        cells=whole.cells,
        photo_of=whole.photo_of[kept],
        cell_of=whole.cell_of[kept],
        items=int(kept.sum()),
        values=np.where(failed, reference[:, None], values)[full][:, kept],
        failed=dict(zip(whole.models, failed.any(axis=2).sum(axis=1).tolist(), strict=True)),
        missing=dict(zip(whole.models, missing.tolist(), strict=True)),
        unscored=int((here & ~kept).sum()),
    )


def by_photo(found: Scores, of: Callable[[Doubles], Doubles]) -> tuple[Doubles, Flags]:
    """Means over seeds, and then over the items of a photo in a cell.

    Args:
        found: the scores.
        of: what to take the mean of: the score, or the error it stands for.

    Returns:
        (photos, cells, models), NaN where a photo has no item in a cell; and (photos, cells), whether it has one.
    """
    each = _mean_of_runs(of(found.values))  # (models, items)
    size = (len(found.photos), len(found.cells))
    flat = found.photo_of * size[1] + found.cell_of
    count = np.bincount(flat, minlength=size[0] * size[1])
    sums = np.stack([np.bincount(flat, weights=row, minlength=len(count)) for row in each], axis=1)
    with np.errstate(invalid="ignore"):
        table = sums / count[:, None]
    return table.reshape(*size, -1), (count > 0).reshape(size)


def unchanged(values: Doubles) -> Doubles:
    """The scores as they are."""
    return values


def _mean_of_runs(values: Doubles) -> Doubles:
    """The mean over the last axis of what is there."""
    there = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there, values, 0).sum(axis=-1) / there.sum(axis=-1))


def _checked(table: pa.Table) -> pa.Table:
    lacking = [name for name in NEEDED if name not in table.column_names]
    if lacking:
        raise ModelError(f"the items have no column {lacking[0]!r}; they need {', '.join(NEEDED)}")
    if not table.num_rows:
        raise ModelError("there are no items: run a sweep first")
    if IDENTITY not in table.column("model").unique().to_pylist():
        raise ModelError(f"no model named {IDENTITY!r} among the items: all others are measured against it, run it too")
    return table


def _no_doubles(keys: Whole, by: Mapping[str, Labelled], columns: Sequence[tuple[str, str]]) -> None:
    """Refuse two rows of one run."""
    twice = np.bincount(keys) > 1
    if twice.any():
        row = int(np.argmax(twice[keys]))
        model, item = (by[name].labels[by[name].codes[row]] for name in ("model", "item"))
        raise ModelError(f"more than one score of {model!r} for {item!r} with one seed, metric and region: merge first")


def _values(table: pa.Table, status: Labelled) -> tuple[Doubles, Flags]:
    """The values, NaN unless the status is ok, and whether the run as such was good."""
    values = np.array(table.column("value").cast(pa.float64()).to_numpy(), np.float64)
    fine = np.array([label == "ok" for label in status.labels])[status.codes]
    values[~fine | ~np.isfinite(values)] = np.nan
    return values, np.array([label in ("ok", "unsupported") for label in status.labels])[status.codes]

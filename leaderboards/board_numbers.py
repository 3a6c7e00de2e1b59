"""All that statistics say of the rows of several models, down to the cell, computed once for each set of rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from benchmark.bootstrap import Means, by_student
from benchmark.columns import Column, read
from benchmark.finishing import scorable
from benchmark.ratios import as_shares, logarithms
from benchmark.relative import READINGS, Reading, gain, relative_error
from benchmark.scores import scores, sheet
from benchmark.standing import number
from benchmark.statistics import summary
from degrade.light import Doubles


class Estimate(NamedTuple):
    """A value and its 95 % interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


NONE = Estimate(None)


class CellScore(NamedTuple):
    """What a model did with one defect at one severity, by one metric in one region."""

    model: str
    metric: str
    region: str
    defect: str
    severity: int | None
    photos: int
    score: Estimate
    relative_error: Estimate
    """Per cent of the untouched input's error that is left; none of undamaged photos."""

    gain_db: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """What a model did in all, by one metric in one region."""

    model: str
    metric: str
    region: str
    photos: int
    score: Estimate
    relative_error: Estimate
    gain_db: Estimate
    by_defect: Mapping[str, Estimate]
    """Relative errors."""

    rank: tuple[int, int] | None
    """The best and the worst by this column; None where items are missing."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The rows of several models; two of one digest are equal."""

    digest: str
    rows: pa.Table = field(compare=False, repr=False)
    readings: Mapping[str, Reading] | None = field(compare=False, repr=False, default=None)
    """How metrics are read, where some are not the project's own."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """What the benchmark's statistics say of the entries of one suite."""

    summary: Mapping[str, Any]
    """See `benchmark.statistics.summary`."""

    cells: tuple[CellScore, ...]

    totals: tuple[Total, ...]

    def column(self, metric: str, region: str) -> Mapping[str, Any]:
        """What the summary says of a metric in a region; empty where there is none."""
        found = self.summary["columns"]
        return next((each for each in found if (each["metric"], each["region"]) == (metric, region)), {})


@lru_cache(maxsize=8)
def numbers(pool: Pool) -> Numbers:
    """The numbers of a set of rows; kept for the next who asks, as twenty models on a ladder take seconds.

    Raises:
        ModelError: the rows contradict each other.
    """
    known = scorable(pool.rows)
    readings = pool.readings or READINGS
    whole = sheet(known)
    columns = [read(scores(whole, place), readings) for place in range(len(whole.columns))]
    cells = tuple(cell for column in columns for cell in cells_of(column))
    found = summary(known, readings)
    return Numbers(found, cells, tuple(total for column in found["columns"] for total in totals_of(column)))


def cells_of(column: Column) -> list[CellScore]:
    """Every model in every cell of a column, with Student's intervals: they decide nothing, and there are many."""
    values, models = column.values, column.scores.models
    shape = values.table.shape[1:]
    levels = estimates(by_student(values.table.reshape(len(values.table), -1)), shape)
    shares, gains = (_of_errors(column, each) for each in (_share, _gain))
    return [
        CellScore(
            model,
            column.scores.metric,
            column.scores.region,
            cell.defect,
            cell.severity,
            int(values.counts[place]),
            levels[place][at],
            shares[place][at] if cell.severity != 0 else NONE,
            gains[place][at] if cell.severity != 0 else NONE,
        )
        for at, model in enumerate(models)
        for place, cell in enumerate(values.cells)
    ]


def _share(errors: Doubles, identity: int) -> Means | None:
    """The share of the untouched input's error that each model leaves in one cell."""
    found, known = relative_error(errors, identity, [[0]])
    return as_shares(by_student(logarithms(found[:, 0])), found[:, 0]) if known[0] else None


def _gain(errors: Doubles, identity: int) -> Means | None:
    """The decibels by which each model lowers the error of one cell."""
    found = gain(errors, identity)
    return None if found is None else by_student(found)


def _of_errors(column: Column, of: Callable[[Doubles, int], Means | None]) -> list[list[Estimate]]:
    """By cell and model: what is made of a cell's errors, where there are any."""
    models = len(column.scores.models)
    if column.errors is None:
        return [[NONE] * models for _ in column.values.cells]
    found = []
    for place in range(len(column.errors.cells)):
        means = of(column.errors.table[:, [place]], column.identity)
        found.append([NONE] * models if means is None else estimates(means, (1, models))[0])
    return found


def totals_of(column: Mapping[str, Any]) -> Iterator[Total]:
    """Every model in a column of a summary; the scores of those that lack items are not there."""
    ranks = ((column["by_relative_error"] or column["by_score"]) or {}).get("ranks", {})
    for model, mine in column["models"].items():
        rank = ranks.get(model)
        yield Total(
            model,
            column["metric"],
            column["region"],
            column["photos"],
            estimate_in(mine.get("score")),
            estimate_in(mine.get("relative_error")),
            estimate_in(mine.get("gain_db")),
            {name: estimate_in(each) for name, each in (mine.get("relative_error_by_defect") or {}).items()},
            (rank[0], rank[1]) if rank else None,
        )


def estimates(found: Means, shape: tuple[int, ...]) -> list[list[Estimate]]:
    """Means of many columns as a table of so many rows and columns."""
    parts = [np.asarray(each).reshape(shape) for each in (found.value, found.low, found.high)]
    return [
        [Estimate(*(number(float(part[row, column])) for part in parts)) for column in range(shape[1])]
        for row in range(shape[0])
    ]


def estimate_in(found: Mapping[str, float | None] | None) -> Estimate:
    """A value and its interval as a summary holds them; nothing where it has none."""
    return Estimate(found.get("value"), found.get("low"), found.get("high")) if found else NONE

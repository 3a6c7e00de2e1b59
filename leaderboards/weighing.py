"""A board for one photo: what models are to be expected to leave of damage like its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.bootstrap import means
from benchmark.columns import Column, read
from benchmark.finishing import scorable
from benchmark.ratios import as_shares, logarithms
from benchmark.relative import READINGS, relative_error
from benchmark.scores import scores, sheet
from benchmark.standing import number, standing
from degrade.light import Doubles
from leaderboards.board import Board, Lead
from leaderboards.board_numbers import Estimate, Pool
from leaderboards.entry import EntryError
from leaderboards.likeness import Cell


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to be expected of a model on photos of that kind."""

    model: str
    rank: tuple[int, int]
    expected: Estimate
    """Relative error, or the score where the board ranks by it; the interval is over the suite's photos."""

    board_rank: tuple[int, int] | None
    """On the whole board."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The table of a board, weighed for one photo."""

    lead: Lead
    rows: tuple[Expected, ...]
    """The best first; of models that have all items."""

    groups: tuple[tuple[str, ...], ...]
    weights: Mapping[Cell, float]
    """Of the cells that count, together 1."""


def weighed(board: Board, pooled: Pool, likely: Mapping[Cell, float]) -> Weighed:
    """The models in the order that is to be expected on photos of which each cell is that likely.

    The mean over cells of relative errors, each with its weight, as one number for each photo of the suite, see
    `benchmark.relative`; the interval and the groups are those of other photos of the suite's kind. How sure the
    weights are is not in them.

    Args:
        board: of all entries.
        pooled: the rows that it was made of.
        likely: by defect and severity.

    Raises:
        EntryError: nothing on the board is like it, or nothing could be scored.
    """
    if board.lead is None:
        raise EntryError(f"suite {board.suite_id}: nothing could be scored; there is no table to weigh")
    column = lead_column(pooled, board.lead)
    table, kept = by_cell(column, board.lead)
    names = [(column.values.cells[place].defect, column.values.cells[place].severity) for place in kept]
    share = np.array([likely.get(name, 0.0) for name in names])
    if not share.sum() > 0:
        raise EntryError(f"suite {board.suite_id}: no cell of the board is in the fingerprint; make that anew")
    share /= share.sum()
    mean = np.asarray(np.einsum("pcm,c->pm", table, share))
    upwards = board.lead.settled_by == "score" and board.lead.higher_is_better
    models, shares = column.scores.models, board.lead.settled_by == "relative_error"
    if shares:
        logs = logarithms(mean)
        found, order = as_shares(means(logs), mean), standing(logs, models, higher_is_better=False, logarithmic=True)
    else:
        found, order = means(mean), standing(mean, models, higher_is_better=upwards)
    rows = []
    for model in order["order"]:
        at, row = models.index(model), board.row(model)
        estimate = Estimate(*(number(float(each[at])) for each in (found.value, found.low, found.high)))
        low, high = order["ranks"][model]
        rows.append(Expected(model, (low, high), estimate, row.rank if row else None))
    groups = tuple(tuple(group) for group in order["groups"])
    return Weighed(board.lead, tuple(rows), groups, dict(zip(names, share.tolist(), strict=True)))


def lead_column(pooled: Pool, lead: Lead) -> Column:
    """The column that ranks, photo by photo."""
    whole = sheet(scorable(pooled.rows))
    return read(scores(whole, whole.columns.index((lead.metric, lead.region))), pooled.readings or READINGS)


def by_cell(column: Column, lead: Lead) -> tuple[Doubles, list[int]]:
    """(photos, cells, models) of what ranks, and which cells these are: those with damage, and something to restore."""
    damaged = column.values.damaged()
    if lead.settled_by == "score" or column.errors is None:
        return column.values.table[:, damaged], damaged
    shares, known = relative_error(column.errors.table, column.identity, [[place] for place in damaged])
    kept = np.flatnonzero(known)
    return shares[:, kept], [damaged[place] for place in kept]

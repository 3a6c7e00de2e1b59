"""The work behind `foxing leaderboard compare`: where a model stands, on one screen."""

import json as json_format
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.cli_make import told
from benchmark.cli_report import show_all
from benchmark.reporting import Grid
from degrade.console import show, tell
from leaderboards.board import FLOOR, Board, as_data, written_out
from leaderboards.board_numbers import Estimate
from leaderboards.board_rows import Row
from leaderboards.comparing import Against, Comparison, compared
from leaderboards.exporting import cell_words, interval, number_words, rank_words
from leaderboards.gathering import gathered
from leaderboards.reading import entries_root
from leaderboards.standings import unmeasured_on

AROUND = 2
"""Rows of the table above and below mine that are shown."""

NAMED = 6
"""Models that are named in a line; of the others their number."""


@dataclass(frozen=True, slots=True)
class Compare:
    """What was typed behind `foxing leaderboard compare`."""

    mine: Path
    suite: str
    model: str
    entries: Path | None
    json: bool


def run_compare(asked: Compare) -> None:
    """Show where a model stands.

    Raises:
        MisuseError: it cannot be compared; why, and what to do.
    """
    with told(asked.mine):
        there = gathered(asked.entries or entries_root())
        for each in there.left_out:
            tell(f"left out: {each}")
        entries = [entry for board in there.boards.values() for entry in board]
        found = compared(asked.mine, entries, asked.suite, asked.model)
    if asked.json:
        show(json_format.dumps(data_of(found), ensure_ascii=False, indent=1))
        return
    show("\n".join(lines_of(found)))
    show("")
    show_all([neighbours(found)])


def data_of(found: Comparison) -> dict[str, Any]:
    """The comparison as plain data, without the cells of the other models."""
    board = as_data(found.board)
    mine = [each for each in board["cells"] if each["model"] == found.row.model]
    return {
        "suite_id": found.board.suite_id,
        "model": found.row.model,
        "ranked": found.ranked,
        "lead": board["lead"],
        "row": written_out(found.row),
        "better_than": written_out(found.better_than),
        "worse_than": written_out(found.worse_than),
        "unsure": written_out(found.unsure),
        "do_nothing": found.floor,
        "best": [{"defect": defect, **written_out(estimate)} for defect, estimate in found.best],
        "worst": [{"defect": defect, **written_out(estimate)} for defect, estimate in found.worst],
        "cells": mine,
        "standings": [{"model": row.model, "rank": row.rank} for row in found.board.rows],
    }


def lines_of(found: Comparison) -> Iterator[str]:
    """What is to know, a line each."""
    row, board = found.row, found.board
    yield f"{row.card.name} on {board.suite_id}: {board.suite.get('items')} items of {board.suite.get('photos')} photos"
    yield line("rank", f"{rank_words(row)} of {found.ranked}, {settled(board, row)}" if row.rank else rank_words(row))
    floors = FINDING if board.suite.get("task") == "detect" else FLOORS
    yield line("do nothing", floors.get(found.floor, FLOORS[found.floor]))
    unit = " dB" if board.lead is not None and board.lead.settled_by == "relative_error" else ""
    yield line("surely better than", names_of(found.better_than, unit))
    yield line("surely worse than", names_of(found.worse_than, unit))
    yield line("cannot be told from", names_of(found.unsure, unit))
    if found.best:
        yield line("best on", defects_of(found.best))
    if found.worst:
        yield line("worst on", defects_of(found.worst))
    if row.worst is not None:
        cell = cell_words(row.worst.defect, row.worst.severity)
        yield line("worst cell", f"{cell}, {row.worst.relative_error:.0f} % of the error left")
    for each in row.by_region:
        if each.gain_db.value is not None:
            yield line(f"gain, {each.meaning}", f"{interval(each.gain_db, 2)} dB")
    if row.undamaged.value is not None and board.lead is not None:
        yield line("undamaged photos", f"{interval(row.undamaged, 2)} by {board.lead.name}")
    yield line("cost", cost_words(row))
    yield line("failed, missing", f"{row.failed}, {row.missing}")
    if said := unmeasured_on(board):
        yield line("mind", said)


def line(what: str, words: str) -> str:
    """A line in two columns."""
    return f"{what:<23} {words}"


def settled(board: Board, row: Row) -> str:
    """What ranks, and the model's own."""
    if board.lead is None:
        return "nothing could be scored"
    if board.lead.settled_by == "score":
        return f"{board.lead.name} {interval(row.score, 3)}"
    error = interval(row.relative_error, 1)
    return f"relative error {error} by {board.lead.name}; 100 = did nothing, less is better"


FLOORS = {
    "better": "surely better than leaving the photo as it is",
    "worse": "surely worse than leaving the photo as it is",
    "unsure": "cannot be told from leaving the photo as it is",
    "same": "this is leaving the photo as it is",
    "unranked": "not known, as items are missing",
}
"""Against the do-nothing line."""

FINDING = {
    "better": "surely better than finding nothing",
    "worse": "surely worse than finding nothing",
    "unsure": "cannot be told from finding nothing",
    "same": "this is finding nothing",
}
"""The same for detectors of damage."""


def names_of(rivals: Sequence[Against], unit: str = "") -> str:
    """The models, with the difference to each: of relative errors in decibels, below nought where mine leaves less."""
    if not rivals:
        return "none"
    words = [
        each.model + (f" ({each.difference.value:+.1f}{unit})" if each.difference.value is not None else "")
        for each in rivals
        if each.model != FLOOR
    ]
    if len(words) < len(rivals):
        words.append("doing nothing")
    more = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" and {more} more" if more > 0 else "")


def defects_of(found: Sequence[tuple[str, Estimate]]) -> str:
    """Defects, and how much of the error is left."""
    return "; ".join(f"{defect} {interval(estimate, 0)}" for defect, estimate in found)


def cost_words(row: Row) -> str:
    """What the model costs."""
    cost = row.cost
    if cost.seconds_per_megapixel is None:
        return "not measured (foxing benchmark run --cost)"
    low, high = number_words(cost.seconds_low), number_words(cost.seconds_high)
    parts = [f"{number_words(cost.seconds_per_megapixel)} s/MP ({low} to {high})"]
    parts += [f"on {cost.hardware or 'unknown hardware'}" + (f", {cost.threads} threads" if cost.threads else "")]
    parts += [f"{cost.parameters:,} parameters"] if cost.parameters else []
    parts += [f"{cost.peak_bytes / 2**20:.0f} MiB"] if cost.peak_bytes else []
    parts += ["nobody there is as quick and as good"] if row.pareto else []
    return "; ".join(parts)


def neighbours(found: Comparison) -> Grid:
    """The table around mine: the first row, the rows beside it, and the do-nothing line."""
    rows = found.board.rows
    mine = rows.index(found.row)
    kept = [
        row
        for place, row in enumerate(rows)
        if place == 0 or abs(place - mine) <= AROUND or row.model in (FLOOR, found.row.model)
    ]
    lead = found.board.lead.name if found.board.lead else "score"
    errors = any(row.relative_error.value is not None for row in rows)
    head = ("", "rank", "model", *(("relative error", lead, "gain dB") if errors else (lead,)), "s/MP")
    return Grid(
        f"{len(kept)} of {len(rows)} rows",
        head,
        tuple(
            (
                ">" if row.model == found.row.model else "",
                rank_words(row),
                row.card.name,
                *([interval(row.relative_error, 1)] if errors else []),
                interval(row.score, 2),
                *([interval(row.gain_db, 2)] if errors else []),
                number_words(row.cost.seconds_per_megapixel),
            )
            for row in kept
        ),
    )

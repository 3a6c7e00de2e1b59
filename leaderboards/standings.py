"""What a board says of its models, in sentences: who leads, what each can be told apart from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from benchmark.contestants import FLOOR
from benchmark.reporting import unmeasured
from leaderboards.board import Board
from leaderboards.board_rows import Row
from leaderboards.figures import estimated
from leaderboards.tabular import rank_text


@dataclass(frozen=True, slots=True)
class Told:
    """What a model is surely better and worse than, and what it cannot be told from."""

    better: tuple[Row, ...]
    worse: tuple[Row, ...]
    alike: tuple[Row, ...]


@lru_cache(maxsize=4)
def pairs_of(board: Board) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The pairs in which each model is; a board of many models has many."""
    found: dict[str, list[Mapping[str, Any]]] = {row.model: [] for row in board.rows}
    for pair in board.pairs:
        for name in (pair["first"], pair["second"]):
            found[name].append(pair)
    return found


def told(board: Board, model: str) -> Told:
    """What the pairs of the board say of a model, in order of rank."""
    lower = board.lead is not None and (board.lead.settled_by == "relative_error" or not board.lead.higher_is_better)
    better, worse, alike = set(), set(), set()
    for pair in pairs_of(board)[model]:
        other = pair["second"] if pair["first"] == model else pair["first"]
        ahead = (pair["value"] < 0) == lower  # the first of the two
        if not pair["separable"]:
            alike.add(other)
        elif ahead == (pair["first"] == model):
            better.add(other)
        else:
            worse.add(other)
    each = (tuple(row for row in board.rows if row.model in names) for names in (better, worse, alike))
    return Told(*each)


def unmeasured_on(board: Board) -> str:
    """What cannot be measured on the suite, in words; empty where all can."""
    if board.lead is None:
        return ""
    return unmeasured(board.suite, board.lead.name, error=board.lead.settled_by == "relative_error")


def headline(board: Board) -> str:
    """Who leads and how sure that is, in a sentence or two."""
    others = [row for row in board.rows if row.rank is not None and row.model != FLOOR]
    if not others:
        return "No model has been ranked yet."
    first = others[0]
    same = told(board, first.model)
    ahead = board.rows[0].model != FLOOR
    if not ahead or any(row.model == FLOOR for row in same.worse):
        return f"No model stands before doing nothing; {first.card.name} comes next{left(first)}."
    if any(row.model == FLOOR for row in same.alike):
        said = f"{first.card.name} stands first{left(first)}."
        return f"{said} With all pairs counted, that is not surely better than doing nothing."
    alike = [row.card.name for row in same.alike]
    if not alike:
        return f"{first.card.name} leads{left(first)}."
    names = alike[0] if len(alike) == 1 else f"{', '.join(alike[:-1])} and {alike[-1]}"
    if len(alike) > 4:
        names = f"{', '.join(alike[:3])} and {len(alike) - 3} others"
    return f"{first.card.name} stands first{left(first)}. It cannot be told from {names} by these photos."


def left(row: Row) -> str:
    """What a model leaves, as a part of a sentence."""
    found = row.relative_error
    if found.value is None:
        return ""
    return f": it leaves {estimated(found.value, 1)} % of the error of doing nothing{between(row)}"


def between(row: Row) -> str:
    """The interval, as a part of a sentence."""
    found = row.relative_error
    if found.low is None or found.high is None:
        return ""
    return f" ({estimated(found.low, 1)} to {estimated(found.high, 1)})"


def verdict(board: Board, row: Row) -> str:
    """Where a model stands, in a sentence or two."""
    ranked = sum(each.rank is not None for each in board.rows)
    if row.rank is None:
        return f"Unranked: {row.unranked}."
    rank = f"Rank {rank_text(row)} of {ranked}{left(row)}."
    if row.model == FLOOR:
        return f"{rank} It is the photo as it came: what every other model is measured against."
    found = told(board, row.model)
    if any(other.model == FLOOR for other in found.better):
        return f"{rank} Surely better than doing nothing."
    worse = any(other.model == FLOOR for other in found.worse)
    return f"{rank} " + ("Surely worse than doing nothing." if worse else "It cannot be told from doing nothing.")

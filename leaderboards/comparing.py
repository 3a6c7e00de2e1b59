"""Where a model stands among the entries of a suite: what it is surely better and worse than, and on what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from benchmark.scored import scored
from benchmark.store import ITEMS, KEY, RUN, RunStore, plain
from leaderboards.board import FLOOR, Board, assembled, board
from leaderboards.board_numbers import Estimate
from leaderboards.board_rows import Contestant, Row
from leaderboards.entry import CARD, Card, Entry, EntryError
from leaderboards.pooling import contestant, cost_in, described, own_rows, pool, suite_of
from leaderboards.reading import read_entry

ENDS = 3
"""So many defects are named as the best and as the worst."""

MINE = " (mine)"
"""Behind the name of a model that has the name of an entry and is not it."""


@dataclass(frozen=True, slots=True, eq=False)
class Mine:
    """A model that somebody brings: of a finished sweep, or an entry that is not among the others."""

    where: Path
    suite_id: str
    rows: pa.Table
    """Its own, and the untouched input's where they are there."""

    model: str
    card: Card
    cost: Mapping[str, Any]


class Against(NamedTuple):
    """The difference from another model, mine less theirs, in what ranks them; relative errors in decibels."""

    model: str
    difference: Estimate
    p_adjusted: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Where a model stands."""

    board: Board
    """With the model among the entries."""

    row: Row
    ranked: int
    """Models that have a rank."""

    better_than: tuple[Against, ...]
    """Those that it is surely better than, of all pairs on the board."""

    worse_than: tuple[Against, ...]
    unsure: tuple[Against, ...]
    """Those that it cannot be told from."""

    floor: str
    """Mine against doing nothing: `better`, `worse`, `unsure`; `same` for the untouched input; `unranked`."""

    best: tuple[tuple[str, Estimate], ...]
    """Defects of which least is left, and how much."""

    worst: tuple[tuple[str, Estimate], ...]


def compared(mine: Path, entries: Sequence[Entry], suite: str = "", model: str = "") -> Comparison:
    """Where a model stands among the entries of its suite.

    Args:
        mine: the folder of a finished sweep, or of an entry.
        entries: of all suites.
        suite: the suite's id or its name; empty for that of mine.
        model: which one of a sweep of several.

    Raises:
        EntryError: there are no entries of that suite, mine is of another, or nobody said which model.
        SuiteError: mine is no finished sweep, or is damaged.
    """
    brought = opened(mine, model)
    rivals = chosen(entries, suite, brought)
    same = next((each for each in rivals if is_mine(each, brought)), None)
    found = joined(brought, rivals) if same is None else board(rivals)
    names = [brought.model + MINE, brought.model] if same is None else [same.model]
    row = next(filter(None, map(found.row, names)), None)
    if row is None:
        raise EntryError(f"{mine}: it was withdrawn; compare another")
    return standing(found, row)


def is_mine(entry: Entry, mine: Mine) -> bool:
    """Whether an entry is the model that was brought: its folder, or made of this sweep."""
    if entry.folder.resolve() == mine.where.resolve():
        return True
    if entry.withdrawn or entry.model != mine.model.lower():  # equal answers of another name are another model's
        return False
    own = mine.rows.filter(pc.equal(mine.rows["model"], mine.model))
    return answers_of(own).equals(answers_of(own_rows(entry)))


def answers_of(rows: pa.Table) -> pa.Table:
    """What a model's rows say, without its name and the time that it took."""
    order = [(name, "ascending") for name in KEY if name != "model"]
    return plain(rows).drop_columns(["model", "seconds", "tries"]).sort_by(order).combine_chunks()


def opened(where: Path, model: str) -> Mine:
    """The model of a sweep or an entry that is to be compared.

    Raises:
        SuiteError: there is no finished sweep, or it is damaged.
        EntryError: it has several models and nobody said which, or not this one.
    """
    if (where / CARD).is_file():
        entry = read_entry(where)
        if model and model != entry.model:
            raise EntryError(f"{where}: the entry of {entry.model}, not of {model}; leave --model out")
        return Mine(where, entry.suite_id, own_rows(entry), entry.model, entry.card, cost_in(entry.run, entry.model))
    if not (where / ITEMS).is_file():
        raise EntryError(f"{where}: neither an entry nor a finished sweep ({ITEMS} is missing); foxing benchmark run")
    rows, record = plain(scored(where)), RunStore(where).read_json(RUN)
    name = the_one(sorted(rows["model"].unique().to_pylist()), model, where)
    ids = rows["suite_id"].unique().to_pylist()
    if len(ids) != 1:
        raise EntryError(f"{where}: rows of {len(ids)} suites; scores of two suites are never mixed")
    kept = rows.filter(pc.is_in(rows["model"], pa.array(sorted({name, FLOOR}))))
    return Mine(where, ids[0], kept, name, Card(name, "not on the board", "learned"), cost_in(record, name))


def the_one(models: Sequence[str], wanted: str, where: Path) -> str:
    """The model of a sweep that is meant.

    Raises:
        EntryError: there are several, or none of that name.
    """
    if wanted:
        if wanted not in models:
            raise EntryError(f"{where}: no model {wanted!r}; there are {', '.join(models)}")
        return wanted
    others = [each for each in models if each != FLOOR] or list(models)
    if len(others) > 1:
        raise EntryError(f"{where}: holds {len(others)} models ({', '.join(others)}); say which with --model")
    return others[0]


def chosen(entries: Sequence[Entry], suite: str, mine: Mine) -> list[Entry]:
    """The entries that a model can be compared with.

    Raises:
        EntryError: there are none of that suite, or mine is of another.
    """
    wanted = suite or mine.suite_id
    ids = sorted({each.suite_id for each in entries})
    named = [each for each in ids if wanted in (each, each.partition(":")[0])]
    if not named:
        there = f"there are entries of {', '.join(ids)}" if ids else "there are none at all"
        raise EntryError(f"no entries of suite {wanted!r}; {there}; foxing leaderboard add RUN brings some")
    if mine.suite_id not in named:
        raise EntryError(
            f"{mine.where}: of suite {mine.suite_id}, and the entries are of {', '.join(named)}: scores of two suites "
            f"are never compared; foxing benchmark run --suite {named[-1].partition(':')[0]} --model {mine.model} "
            "--out ANOTHER"
        )
    return [each for each in entries if each.suite_id == mine.suite_id]


def joined(mine: Mine, rivals: Sequence[Entry]) -> Board:
    """The board with a model more.

    Raises:
        EntryError: every entry was withdrawn and mine has no untouched input, either.
        ModelError: the rows contradict each other.
    """
    current = [each for each in rivals if not each.withdrawn]
    names = {each.model for each in current}
    label = mine.model + MINE if mine.model in names else mine.model
    wanted = {mine.model, FLOOR} if FLOOR not in names else {mine.model}
    own = mine.rows.filter(pc.is_in(mine.rows["model"], pa.array(sorted(wanted))))
    if label != mine.model:
        own = renamed(own, mine.model, label)
    card = replace(mine.card, name=label if label != mine.model else mine.card.name)
    people = [*(contestant(each) for each in current), Contestant(label, card, "self-reported", mine.cost)]
    suite = suite_of(rivals[0])
    tables = [*(own_rows(each) for each in current), own]
    return assembled(people, pool(tables, suite), described(suite, rivals))


def renamed(rows: pa.Table, model: str, label: str) -> pa.Table:
    """The rows, with another name for one model."""
    names = pa.array([label if each == model else each for each in rows["model"].to_pylist()])
    return rows.set_column(rows.schema.get_field_index("model"), "model", names)


def standing(found: Board, row: Row) -> Comparison:
    """Where a row of a board stands."""
    upwards = bool(found.lead and found.lead.settled_by == "score" and found.lead.higher_is_better)
    duels = [
        duel(pair, row.model, upwards=upwards) for pair in found.pairs if row.model in (pair["first"], pair["second"])
    ]
    sides: dict[str, list[Against]] = {"better": [], "worse": [], "unsure": []}
    for side, against in duels:
        sides[side].append(against)
    order = {each.model: number for number, each in enumerate(found.rows)}
    ordered = {side: tuple(sorted(each, key=lambda one: order[one.model])) for side, each in sides.items()}
    floor = next((side for side, each in ordered.items() if FLOOR in [one.model for one in each]), "same")
    defects = sorted(row.by_defect.items(), key=lambda each: (each[1].value or 0.0, each[0]))
    half = min(ENDS, len(defects) // 2)  # no defect is named as one of the best and one of the worst
    return Comparison(
        board=found,
        row=row,
        ranked=sum(each.rank is not None for each in found.rows),
        better_than=ordered["better"],
        worse_than=ordered["worse"],
        unsure=ordered["unsure"],
        floor=floor if row.rank else "unranked",
        best=tuple(defects[:half]),
        worst=tuple(reversed(defects[-half:])) if half else tuple(defects),
    )


def duel(pair: Mapping[str, Any], model: str, *, upwards: bool) -> tuple[str, Against]:
    """A pair as the model sees it: mine less theirs, and which side is surely better."""
    value, low, high = pair["value"], pair["low"], pair["high"]
    mine = Estimate(value, low, high)
    other = pair["second"]
    if pair["second"] == model:
        other = pair["first"]
        mine = Estimate(*(None if each is None else -each + 0.0 for each in (value, high, low)))
    if not pair["separable"]:
        return "unsure", Against(other, mine, pair["p_adjusted"])
    return ("better" if ((mine.value or 0.0) > 0) == upwards else "worse"), Against(other, mine, pair["p_adjusted"])

"""From entries to what a board is computed from: their rows together, and what is known beside them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmark.contestants import FLOOR
from benchmark.scoring import readings_of
from benchmark.store import KEY, plain
from benchmark.suite import Suite
from leaderboards.board_numbers import Pool
from leaderboards.board_rows import Contestant
from leaderboards.entry import SUITE, Entry, EntryError
from leaderboards.reading import read_suite


def pool(tables: Sequence[pa.Table], suite: Suite | None) -> Pool:
    """The rows of several models as one table, in order; each table has models of its own.

    Raises:
        EntryError: there are none, or the untouched input is not among the models.
    """
    if not tables:
        raise EntryError("every entry was withdrawn; foxing leaderboard add RUN makes another")
    together = pa.concat_tables([plain(table) for table in tables])
    if FLOOR not in together["model"].unique().to_pylist():
        raise EntryError(f"no entry of {FLOOR}, the do-nothing line; foxing leaderboard add a run of it")
    ordered = together.sort_by([(name, "ascending") for name in KEY]).combine_chunks()
    state = hashlib.sha256()
    for batch in ordered.to_batches():
        state.update(batch.serialize())
    return Pool(state.hexdigest(), ordered, readings_of(suite) if suite is not None else None)


def pooled(entries: Sequence[Entry]) -> Pool:
    """The rows of all entries that were not withdrawn.

    Raises:
        EntryError: there are none, or the untouched input is not among the models.
        SuiteError: a file is damaged.
    """
    return pool([own_rows(entry) for entry in entries if not entry.withdrawn], suite_of(entries[0]))


def own_rows(entry: Entry) -> pa.Table:
    """The rows of an entry's model alone.

    Raises:
        SuiteError: the file is damaged.
    """
    table = plain(entry.items())
    return table.filter(pc.equal(table["model"], entry.model))


def suite_of(entry: Entry) -> Suite | None:
    """The suite that lies beside an entry's folder; None where it does not.

    Raises:
        EntryError: it was edited.
    """
    place = entry.folder.parent
    return read_suite(place) if (place / SUITE).is_file() else None


def described(suite: Suite | None, entries: Sequence[Entry]) -> dict[str, Any]:
    """What people want to know of a suite."""
    if suite is None:
        return {"about": "", **next((dict(entry.run["suite"]) for entry in entries if "suite" in entry.run), {})}
    return {
        "name": suite.name,
        "about": suite.about,
        "task": suite.task,
        "masks": suite.masks,
        "clean_photos": any(item.clean_sha256 for item in suite.items),
        "metrics": list(suite.metrics),
        "items": len(suite.items),
        "photos": len(suite.photos),
        "protocol": suite.protocol,
        "engine": suite.engine,
        "commitment": suite.commitment,
    }


def contestant(entry: Entry) -> Contestant:
    """What the board knows of an entry beside its items."""
    return Contestant(entry.model, entry.card, entry.badge, cost_in(entry.run, entry.model))


def cost_in(run: Mapping[str, Any], model: str) -> Mapping[str, Any]:
    """What a run's record says of a model's cost; empty where it was not measured."""
    found = run.get("models", {}).get(model, {}).get("cost")
    return found if isinstance(found, Mapping) else {}

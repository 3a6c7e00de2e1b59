"""What a finished sweep left, compared with what its record says of it: a copy that broke off is nobody's result."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmark.store import ITEMS, RUN, SUMMARY, RunStore, plain, read_rows
from benchmark.suite import SuiteError

ITEMS_DIGEST, SUMMARY_DIGEST = "items_sha256", "summary_sha256"
"""What run.json calls the hashes of the two files; neither is there while a sweep is at work."""


def scored(runs: Path) -> pa.Table:
    """The one table of a finished sweep.

    Raises:
        SuiteError: there is none, it is damaged, or it is not the one that the sweep left.
    """
    if not (runs / ITEMS).is_file():
        raise SuiteError(f"{runs}: no finished sweep ({ITEMS} is missing); foxing benchmark run, or merge")
    refuse_other_rows(runs)
    return read_rows(runs / ITEMS)


def refuse_other_rows(runs: Path) -> None:
    """Refuse a table that is not the one that the sweep left, where there is a table.

    Raises:
        SuiteError: it was edited, or is of another moment than run.json.
    """
    if not (runs / ITEMS).is_file() or is_as_noted(runs, ITEMS, ITEMS_DIGEST):
        return
    raise SuiteError(
        f"{runs / ITEMS}: not what {RUN} says that the sweep left, it was edited or copied in part; copy the folder "
        "again, or delete this file and run the sweep again"
    )


def summed_up(runs: Path) -> dict[str, Any]:
    """The summary of a finished sweep; empty where there is none.

    Raises:
        SuiteError: it is damaged, or it is not the one that the sweep left.
    """
    if (runs / SUMMARY).is_file() and not is_as_noted(runs, SUMMARY, SUMMARY_DIGEST):
        raise SuiteError(
            f"{runs / SUMMARY}: not what {RUN} says that the sweep left, it was edited or copied in part; foxing "
            f"benchmark merge {runs} writes it anew from the items"
        )
    return RunStore(runs).read_json(SUMMARY)


def is_as_noted(runs: Path, name: str, digest: str) -> bool:
    """Whether a file hashes to what run.json says; also where that says nothing of it.

    Raises:
        SuiteError: run.json is damaged.
    """
    noted = RunStore(runs).read_json(RUN).get(digest)
    return noted is None or noted == hashlib.sha256((runs / name).read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Lost:
    """A model that gave nothing at all."""

    model: str
    answers: int
    """That it owed."""

    item: str
    why: str
    """What went wrong with the first."""


def lost(table: pa.Table, models: Iterable[str]) -> Iterator[Lost]:
    """Those of the models that failed on every item that they were asked."""
    flat = plain(table)
    columns = ("model", "item", "seed", "status", "error", "output_sha256")
    answers: dict[str, dict[tuple[str, int], tuple[str, str]]] = {}
    for model, item, seed, *said, output in zip(*(flat[name].to_pylist() for name in columns), strict=True):
        answers.setdefault(model, {}).setdefault((item, seed), ("", "") if output else (said[0], said[1]))
    for model in models:
        mine = answers.get(model, {})
        if mine and all(status for status, _ in mine.values()):
            (item, _), (status, error) = next(iter(mine.items()))
            yield Lost(model, len(mine), item, f"{status}: {error}")

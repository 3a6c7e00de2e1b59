"""A sweep that is whole: what entries are made of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from benchmark.contestants import FLOOR
from benchmark.materials import Materials
from benchmark.store import ITEMS, RUN, plain, read_rows
from benchmark.suite import Suite, one_of
from benchmark.suite_of_run import suite_of_run
from leaderboards.documents import read_json
from leaderboards.entry import EntryError


@dataclass(frozen=True, slots=True)
class Finished:
    """A sweep that is whole."""

    folder: Path
    record: Mapping[str, Any]
    rows: pa.Table
    materials: Materials

    @property
    def suite(self) -> Suite:
        """What was asked."""
        return self.materials.suite

    def of(self, label: str) -> pa.Table:
        """The rows of a model."""
        flat = plain(self.rows)
        wanted = pc.equal(flat["model"], label)
        if label == FLOOR:  # it is the same every time
            wanted = pc.and_(wanted, pc.equal(flat["seed"], 0))
        return self.rows.filter(wanted)


def finished_sweep(folder: Path, suite: Path | None) -> Finished:
    """The sweep in a folder.

    Raises:
        EntryError: it is not finished, it was edited since, or its suite is not to be found.
        SuiteError: a file is damaged.
    """
    if not (folder / RUN).is_file() or not (folder / ITEMS).is_file():
        raise EntryError(f"{folder}: no finished sweep; foxing benchmark run --out {folder} makes one, or goes on")
    record = read_json(folder / RUN)
    noted = record.get("items_sha256")
    if noted is None:
        raise EntryError(f"{folder}: the sweep is not finished; run the same command again to go on")
    if hashlib.sha256((folder / ITEMS).read_bytes()).hexdigest() != noted:
        raise EntryError(f"{folder / ITEMS}: is not what {RUN} says that it is: it was edited; run the sweep again")
    materials = suite_of_run(folder, suite)
    if materials.suite.suite_id != record.get("suite_id"):
        raise EntryError(
            f"{materials.folder}: is suite {materials.suite.suite_id}, the run is of {record.get('suite_id')}; name "
            "the right one with --suite"
        )
    return Finished(folder, record, read_rows(folder / ITEMS), materials)


def labels_of(sweep: Finished, label: str) -> list[str]:
    """The models to be added: the one that was named, or all but the untouched photo.

    Raises:
        SuiteError: there is none of that name.
    """
    there = sweep.record["models"]
    return [one_of(label, there, f"{sweep.folder}: no model")] if label else [each for each in there if each != FLOOR]


def seeds_of(sweep: Finished, label: str) -> int:
    """How often a model was asked."""
    return 1 if label == FLOOR else int(sweep.record["models"][label]["seeds"])

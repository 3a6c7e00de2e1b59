"""What a sweep leaves: shards of rows that are there whole or not at all, and one table when all is there."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmark.suite import SuiteError
from degrade.console import one_line
from degrade.io import write_bytes, write_text

ITEMS, RUN, SUMMARY, SHARDS = "items.parquet", "run.json", "summary.json", "shards"

TEXT = pa.dictionary(pa.int32(), pa.string())

SCHEMA = pa.schema(
    [
        ("suite_id", TEXT),
        ("model", TEXT),
        ("item", TEXT),
        ("photo", TEXT),
        ("defect", TEXT),
        ("severity", pa.int32()),
        ("region", TEXT),
        ("metric", TEXT),
        ("value", pa.float64()),
        ("status", TEXT),
        ("error", TEXT),
        ("seconds", pa.float64()),
        ("output_sha256", TEXT),
        ("seed", pa.int64()),
        ("tries", pa.int32()),
    ]
)
"""One row for each item x model x metric x region; a value is null where there is none, and the status says why."""

KEY = ("model", "item", "seed", "metric", "region")
"""What tells two rows apart, and their order in the table."""

FAILED = ("error", "timeout", "nonfinite", "shape")
"""The statuses of what may go better another time; `unsupported` never does."""

Question = tuple[str, str, int, str]
"""Model, item, seed, metric: what is resumed by."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which share of the items a job does; 0 of 1 is all."""

    index: int = 0
    count: int = 1

    def has(self, item: str) -> bool:
        """Whether an item is in it: it hangs on the item's name alone."""
        return int.from_bytes(hashlib.sha256(item.encode()).digest()[:8], "big") % self.count == self.index


@dataclass(frozen=True, slots=True)
class RunStore:
    """The folder of a sweep."""

    root: Path

    def write_shard(self, rows: Sequence[Mapping[str, Any]], part: Part) -> None:
        """Keep rows, whole or not at all; the name is that of their content, so equal rows are kept once.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        data = parquet_bytes(pa.Table.from_pylist([*rows], SCHEMA))
        name = f"{part.index:04d}-of-{part.count:04d}-{hashlib.sha256(data).hexdigest()[:16]}.parquet"
        write_bytes(self.root / SHARDS / name, data)

    def rows(self) -> pa.Table:
        """All rows that there are, the last try of each question alone, in order.

        Raises:
            SuiteError: a shard is damaged.
        """
        tables = [*self._tables()]
        return latest(pa.concat_tables(tables)) if tables else SCHEMA.empty_table()

    def _tables(self) -> Iterator[pa.Table]:
        merged = self.root / ITEMS
        shards = sorted((self.root / SHARDS).glob("*.parquet"))
        for path in [*([merged] if merged.is_file() else []), *shards]:
            yield read_rows(path)

    def finish(self, table: pa.Table) -> str:
        """Keep the one table, then take the shards away; its SHA-256.

        Raises:
            OSError: it cannot be written.
        """
        data = parquet_bytes(table)
        shards = sorted((self.root / SHARDS).glob("*.parquet"))
        write_bytes(self.root / ITEMS, data)
        for path in shards:  # what a kill leaves of them is read again, and is found to be the same
            path.unlink(missing_ok=True)
        return hashlib.sha256(data).hexdigest()

    def write_json(self, name: str, data: Mapping[str, Any]) -> str:
        """Keep a record; the SHA-256 of its file.

        Raises:
            OSError: it cannot be written.
        """
        text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        write_text(self.root / name, text)
        return hashlib.sha256(text.encode()).hexdigest()

    def read_json(self, name: str) -> dict[str, Any]:
        """A record; empty where there is none.

        Raises:
            SuiteError: it is damaged.
        """
        path = self.root / name
        if not path.is_file():
            return {}
        try:
            found = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise SuiteError(f"{path}: damaged ({error}); copy it again") from None
        return found if isinstance(found, dict) else {}


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as a file; the same bytes for the same rows."""
    file = BytesIO()
    pq.write_table(table.unify_dictionaries().combine_chunks(), file, compression="zstd")
    return file.getvalue()


def read_rows(path: Path) -> pa.Table:
    """The rows of a Parquet file, in the columns of a sweep.

    Raises:
        SuiteError: it is damaged, or holds something else.
    """
    try:
        # no file of Python's: a thread that lets go of one while the interpreter ends would abort the process
        with pa.OSFile(os.fsencode(path)) as file:
            table = pq.ParquetFile(file, pre_buffer=False).read(use_threads=False)
        return table.select(SCHEMA.names).cast(SCHEMA)
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        raise SuiteError(f"{path}: cannot be read ({one_line(str(error))[:150]}); copy it again or delete it") from None


def plain(table: pa.Table) -> pa.Table:
    """The same with texts written out, for sorting and comparing."""
    kinds = [pa.string() if pa.types.is_dictionary(each.type) else each.type for each in table.schema]
    return table.cast(pa.schema([*zip(table.schema.names, kinds, strict=True)]))


def latest(table: pa.Table) -> pa.Table:
    """The last try of each question, in the order of `KEY`.

    A question is model x item x seed x metric: a success has a row for each region, a failure one alone.
    """
    flat = plain(table)
    question = [*KEY[:4]]
    most = flat.group_by(question).aggregate([("tries", "max")])
    joined = flat.join(most, question)
    last = joined.filter(pc.equal(joined["tries"], joined["tries_max"])).select(SCHEMA.names)
    once = last.group_by([*KEY], use_threads=False).aggregate(
        [(name, "first") for name in SCHEMA.names if name not in KEY]
    )
    named = once.rename_columns([name.removesuffix("_first") for name in once.schema.names]).select(SCHEMA.names)
    return named.sort_by([(name, "ascending") for name in KEY]).cast(SCHEMA)


def tried(table: pa.Table) -> dict[Question, tuple[str, int]]:
    """The worst status of each question, and its tries."""
    found: dict[Question, tuple[str, int]] = {}
    columns = [plain(table)[name].to_pylist() for name in (*KEY[:4], "status", "tries")]
    for model, item, seed, metric, status, tries in zip(*columns, strict=True):
        key = (model, item, seed, metric)
        if key not in found or status != "ok":
            found[key] = (status, tries)
    return found


def uncovered(table: pa.Table, wanted: Iterable[Question]) -> list[Question]:
    """The questions that have no row."""
    there = tried(table)
    return [each for each in wanted if each not in there]


def content_digest(table: pa.Table) -> str:
    """The SHA-256 of the rows but for how long they took: equal for two runs of the same."""
    rows = plain(table).drop_columns(["seconds", "tries"]).to_pylist()
    state = hashlib.sha256()
    for row in rows:
        state.update(json.dumps(row, sort_keys=True).encode())
    return state.hexdigest()

"""Verifying entries, and changing them as an honest or a dishonest user would."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from benchmark.finishing import finished
from benchmark.materials import opened_suite
from benchmark.store import ITEMS, RUN, SCHEMA, SUMMARY, RunStore, content_digest, parquet_bytes, plain, read_rows
from foxing import main
from leaderboards.adding import as_text, summary_of
from leaderboards.reading import read_suite

Console = pytest.CaptureFixture[str]


def verify(*words: object) -> int:
    return main(["leaderboard", "verify", *map(str, words)])


def refused(capsys: Console, said: str, *words: object) -> None:
    """Verify, and see the reason in one line of its own."""
    assert verify(*words) == 1
    lines = capsys.readouterr().err.splitlines()
    assert any(said in line for line in lines), lines
    assert all(line.startswith("foxing: ") for line in lines)


def change(entry: Path, edit: Callable[[dict[str, Any]], None], *, honest: bool = True) -> None:
    """Edit the rows of an entry; where it is to look honest, everything that follows from them too."""
    rows = plain(read_rows(entry / ITEMS)).to_pylist()
    for row in rows:
        edit(row)
    store(entry, rows, honest=honest)


def store(entry: Path, rows: list[dict[str, Any]], *, honest: bool = True, summary: bool = True) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    data = parquet_bytes(table)
    (entry / ITEMS).write_bytes(data)
    if honest:
        record = json.loads((entry / RUN).read_text("utf-8"))
        digests = {"items_sha256": hashlib.sha256(data).hexdigest()}
        record |= digests | {"content_sha256": content_digest(table), "rows": table.num_rows}
        (entry / RUN).write_text(as_text(record), "utf-8")
    if honest and summary:
        floor = read_rows(entry.parent / "identity" / ITEMS)
        (entry / SUMMARY).write_text(as_text(summary_of(table, floor, read_suite(entry.parent))), "utf-8")


def better(row: dict[str, Any]) -> None:
    if row["metric"].startswith("psnr/"):
        row["value"] += 1


def board(root: Path) -> Path:
    """The folder of the one suite with entries."""
    return next(path for path in root.iterdir() if path.is_dir())


def rewritten(run: Path, change: dict[str, object], *, where: dict[str, object]) -> None:
    """The sweep with other values in some rows, its records made to fit."""
    rows = plain(read_rows(run / ITEMS)).to_pylist()
    for row in rows:
        if all(row[name] == value for name, value in where.items()):
            row.update(change)
    store = RunStore(run)
    (run / ITEMS).write_bytes(parquet_bytes(pa.Table.from_pylist(rows, SCHEMA)))
    finished(opened_suite(run / "suite").suite, store.read_json(RUN), store)

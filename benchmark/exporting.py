"""The items of a sweep for other programs: CSV, Parquet, or JSON with one row a line."""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from benchmark.store import parquet_bytes, plain
from benchmark.suite import SuiteError


def as_csv(rows: pa.Table) -> bytes:
    """With a head; a value that is not there is empty."""
    held = io.BytesIO()
    pa_csv.write_csv(plain(rows), held)
    return held.getvalue()


def as_json(rows: pa.Table) -> bytes:
    """A list of rows."""
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in plain(rows).to_pylist())
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def as_json_lines(rows: pa.Table) -> bytes:
    """A row on each line."""
    return "".join(
        json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in plain(rows).to_pylist()
    ).encode()


FORMATS: Mapping[str, Callable[[pa.Table], bytes]] = {
    ".csv": as_csv,
    ".parquet": lambda rows: parquet_bytes(plain(rows)),
    ".json": as_json,
    ".jsonl": as_json_lines,
}
"""By suffix."""


def exported(rows: pa.Table, out: Path) -> bytes:
    """The rows as a file of that name.

    Raises:
        SuiteError: its suffix is none of those known.
    """
    write = FORMATS.get(out.suffix.lower())
    if write is None:
        raise SuiteError(f"{out}: nobody knows what to write; end the name in {', '.join(FORMATS)}")
    return write(rows)

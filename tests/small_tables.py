"""Parquet files of a few pictures."""

from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

Rows = list[tuple[str | None, bytes | None]]


def table(rows: Rows) -> Any:
    kind = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    return pa.table(
        {"label": list(range(len(rows))), "image": pa.array([{"bytes": b, "path": p} for p, b in rows], kind)}
    )


def write(path: Path, rows: Rows, group: int = 3) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table(rows), path, row_group_size=group)

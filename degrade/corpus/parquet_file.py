"""Rows into a parquet file, a group of them at a time."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import IO, Any

import numpy as np

from degrade.corpus.columns import COLUMNS, IMAGES, schema
from degrade.corpus.rows import Row

GROUP_ROWS, GROUP_BYTES = 100, 32 << 20
"""A row group ends at whichever comes first; the Hub's viewer takes up to 286 MB."""


def write_rows(file: IO[bytes], rows: Iterable[Row]) -> tuple[int, str]:
    """Write the rows as a parquet file; its size and SHA-256."""
    import pyarrow as pa  # noqa: PLC0415  (an extra)
    import pyarrow.parquet as pq  # noqa: PLC0415

    plain = [name for name in COLUMNS if name not in IMAGES]
    out = _Hashing(file)
    writer = pq.ParquetWriter(
        pa.PythonFile(out, mode="w"),
        schema(),
        compression={**dict.fromkeys(plain, "zstd"), **{f"{name}.bytes": "none" for name in IMAGES}},
        use_dictionary=[name for name in plain if name not in ("recipe", "degraded_sha256")],
        write_page_index=True,
        write_batch_size=1,  # a page ends with the cell that fills it: whoever wants a picture reads few others
    )
    with writer:
        for group in _groups(rows):
            table = _table(group)
            group.clear()  # of each picture there is one copy at a time
            writer.write_table(table, row_group_size=len(table))
            if len(table) < GROUP_ROWS:  # large pictures: Arrow would keep hundreds of megabytes for the next ones
                pa.default_memory_pool().release_unused()
    return out.size, out.sha256.hexdigest()


def _table(group: list[Row]) -> Any:
    """The rows as Arrow has them."""
    import pyarrow as pa  # noqa: PLC0415  (an extra)

    columns = [
        _pictures([row.get(name) for row in group], each.type)
        if name in IMAGES
        else pa.array([row.get(name) for row in group], each.type)
        for name, each in zip(COLUMNS, schema(), strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema())


def _pictures(cells: list[dict[str, bytes] | None], kind: Any) -> Any:
    """Files as an Arrow array, in as much memory as they need; `pa.array` would double it until it is enough."""
    import pyarrow as pa  # noqa: PLC0415  (an extra)

    files = [cell["bytes"] if cell else b"" for cell in cells]
    ends = np.cumsum([0, *map(len, files)], dtype=np.int32)
    data = pa.Array.from_buffers(pa.binary(), len(files), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(files))])
    paths = pa.nulls(len(files), pa.string())
    return pa.StructArray.from_arrays([data, paths], fields=list(kind), mask=pa.array([cell is None for cell in cells]))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(row[name]["bytes"]) for name in IMAGES if row.get(name))
        if len(group) >= GROUP_ROWS or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


class _Hashing:
    """A file that remembers the hash and the size of what went into it."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha256, self.size = file, hashlib.sha256(), 0

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        self.size += len(data)
        self.file.write(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self.file.flush()

    def close(self) -> None:
        """The store closes it."""

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

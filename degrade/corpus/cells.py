"""The cells of a corpus: any of them at the cost of that one, from shards on a disk; by row groups from elsewhere."""

import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from degrade.corpus.columns import COLUMNS, IMAGES
from degrade.corpus.pages import Places, cell_places
from degrade.corpus.rows import Row
from degrade.corpus.shard_files import ShardFile, damaged, parquet
from degrade.corpus.store import Folder, ObjectStore

PLAIN = tuple(name for name in COLUMNS if name not in IMAGES)

SHARDS_OPEN, TABLES_KEPT, CHUNKS_KEPT = 64, 128, 16
"""In each process: open files; plain columns of row groups; picture columns of row groups that lie elsewhere."""


class Cells:
    """The cells of some shards, row after row: for several threads, and for processes that are forked or spawned."""

    def __init__(self, store: Folder | ObjectStore, files: Sequence[ShardFile]) -> None:
        self.store, self.files = store, tuple(files)
        self.groups = [(number, group) for number, file in enumerate(files) for group in range(len(file.groups))]
        self.starts = [0]
        for file in files:
            for rows in file.groups:
                self.starts.append(self.starts[-1] + rows)
        self._kept = _Kept()

    def __len__(self) -> int:
        return self.starts[-1]

    def __getstate__(self) -> tuple[Folder | ObjectStore, tuple[ShardFile, ...]]:
        return self.store, self.files

    def __setstate__(self, state: tuple[Folder | ObjectStore, tuple[ShardFile, ...]]) -> None:
        Cells.__init__(self, *state)

    @property
    def places(self) -> dict[tuple[int, str], Places | None]:
        """Where the cells seen so far lie, by row group and column."""
        return self._kept.places

    def where(self, row: int) -> tuple[str, int]:
        """The shard of a row, and the row's number in it."""
        number = self.groups[self._group(row)][0]
        before = sum(sum(file.groups) for file in self.files[:number])
        return self.files[number].name, row - before

    def group_end(self, row: int) -> int:
        """The first row behind the row group of a row."""
        return self.starts[self._group(row) + 1]

    def plain(self, row: int) -> Row:
        """All cells of a row but its pictures."""
        group = self._group(row)
        tables = self._own().tables
        table = tables.get(group)
        if table is None:
            table = tables.put(group, self._read(group, PLAIN))
        found: Row = table.slice(row - self.starts[group], 1).to_pylist()[0]
        return found

    def picture(self, row: int, column: str) -> Any:
        """The bytes of a picture's file, as a buffer; None where there is none.

        Of shards on a disk, where each cell lies is kept, a few bytes, and each costs no more than itself, in whatever
        order. Of others, row groups are read whole, and the last few are kept.
        """
        group = self._group(row)
        within = row - self.starts[group]
        places = self._places(group, column)
        if places is None:
            cell = self._chunk(group, column)[within]
            return cell.as_buffer() if cell.is_valid else None
        if places.lengths[within] < 0:
            return None
        return os.pread(self._reader(group).handle, places.lengths[within], places.offsets[within])

    def holds(self, row: int, column: str) -> bool:
        """Whether there is a picture."""
        places = self._places(self._group(row), column)
        if places is None:
            return self.picture(row, column) is not None
        return places.lengths[row - self.starts[self._group(row)]] >= 0

    def _group(self, row: int) -> int:
        return bisect_right(self.starts, row) - 1

    def _own(self) -> "_Kept":
        """What this process keeps; what its parent had open is left alone."""
        if self._kept.process != os.getpid():
            self._kept = _Kept(places=self._kept.places)
        return self._kept

    def _reader(self, group: int) -> "_Reader":
        number = self.groups[group][0]
        readers = self._own().readers
        found: _Reader | None = readers.get(number)
        return found or readers.put(number, _Reader(self.store, self.files[number].name))

    def _read(self, group: int, columns: Sequence[str]) -> Any:
        reader, number = self._reader(group), self.groups[group][1]
        try:
            return reader.file.read_row_group(number, columns=list(columns), use_threads=False)
        except (OSError, ValueError) as error:
            raise damaged(self.store, reader.name, error) from None

    def _chunk(self, group: int, column: str) -> Any:
        """The cells of a picture column as an Arrow array."""
        import pyarrow as pa  # noqa: PLC0415  (an extra)

        chunks = self._own().chunks
        found = chunks.get((group, column))
        if found is None:
            structs = self._read(group, [f"{column}.bytes"]).column(column).chunks
            arrays = [struct.flatten()[0] for struct in structs]  # flattened: no struct, no bytes
            found = chunks.put((group, column), arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays))
        return found

    def _places(self, group: int, column: str) -> Places | None:
        places = self._kept.places
        if (group, column) not in places:
            places[group, column] = self._reader(group).places(self.groups[group][1], f"{column}.bytes")
        return places[group, column]


class _Reader:
    """An open shard."""

    handle = -1

    def __init__(self, store: Folder | ObjectStore, name: str) -> None:
        self.name = name
        self.file = parquet(store, name)
        if isinstance(store, Folder) and hasattr(os, "pread"):  # which Windows has not
            self.handle = os.open(Path(store.where) / name, os.O_RDONLY)

    def __del__(self, close: Callable[[int], None] = os.close) -> None:  # `os` may be gone when Python ends
        if self.handle >= 0:
            close(self.handle)

    def places(self, group: int, column: str) -> Places | None:
        """Where the cells of a column lie; None where they do not lie open on a disk."""
        about = self.file.metadata.row_group(group)
        for number in range(about.num_columns if self.handle >= 0 else 0):
            chunk = about.column(number)
            if chunk.path_in_schema == column and chunk.compression == "UNCOMPRESSED":
                return cell_places(self.handle, int(chunk.data_page_offset), about.num_rows)
        return None


class _Cache(OrderedDict[Any, Any]):
    """The last so many values."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def put(self, key: Any, value: Any) -> Any:
        self[key] = value
        while len(self) > self.most:
            self.popitem(last=False)
        return value


@dataclass(slots=True)
class _Kept:
    """What a process keeps."""

    places: dict[tuple[int, str], Places | None] = field(default_factory=dict)
    process: int = field(default_factory=os.getpid)
    readers: _Cache = field(default_factory=lambda: _Cache(SHARDS_OPEN))
    tables: _Cache = field(default_factory=lambda: _Cache(TABLES_KEPT))
    chunks: _Cache = field(default_factory=lambda: _Cache(CHUNKS_KEPT))

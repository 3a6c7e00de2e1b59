"""The pictures in the rows of parquet files, a few rows at a time.

A page is the least that can be read of such a file: about a megabyte as `datasets` writes them, but a whole group of
rows where a careless writer made it one page.
"""

import os
import threading
import time
from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from degrade.io import ImageError, is_passing, unread
from degrade.sources.source import MAX_BYTES, SourceError, place_of

ROWS_KEPT, BYTES_KEPT, CURSORS = 16, 32 << 20, 4
"""Behind the newest row of a group, for threads that come late; and so many groups are read side by side."""

TRIES = 3
"""Before a place far away counts as gone."""

EXTRA = "install the extra with: pip install 'foxing[corpus]'"


class Remote(Protocol):
    """What is used of a file system of fsspec."""

    def open(self, path: str, mode: str) -> IO[bytes]:
        """A file."""

    def find(self, path: str) -> list[str]:
        """All files below a folder."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one file that are stored together."""

    start: int
    """Number of its first row in the whole table."""

    file: int
    place: int
    """Which row group of the file."""


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the pictures of a column; rows that follow each other are cheap."""

    files: tuple[str, ...]
    column: str
    is_struct: bool
    remote: Remote | None
    groups: tuple[Group, ...] = field(repr=False)
    index: dict[str, int] = field(repr=False)
    """The number of each photo's row."""

    cursors: "Cursors" = field(repr=False, compare=False)

    def read(self, key: str) -> bytes:
        """The bytes of a picture.

        Raises:
            ImageError: its row is empty or damaged.
            PassingError: the file cannot be read just now.
            SourceError: the file is gone, or the place it lies at does not answer.
        """
        row = place_of(self.index, key)
        group = self.groups[bisect_right(self.groups, row, key=lambda group: group.start) - 1]
        for wait in range(TRIES):
            try:
                data = self.cursors.row(self, group, row - group.start)
                break
            except Exception as error:  # pyarrow, fsspec and whatever lies behind it
                self._judge(error, key, self.files[group.file], last=wait == TRIES - 1)
                time.sleep(wait)
        if data is None:
            raise ImageError(f"{key}: a row without the bytes of a picture; embed them in the dataset")
        if len(data) > MAX_BYTES:
            raise ImageError(f"{key}: over the limit of {MAX_BYTES >> 20} MiB for one photo; shrink it")
        return data

    def _judge(self, error: Exception, key: str, file: str, *, last: bool) -> None:
        """Whether to try again."""
        why = first_line(error)
        name = file.rpartition("/")[2]
        here = self.remote is None
        if here and isinstance(error, OSError) and is_failing(error, self.remote):
            raise unread(error, key, "") from None
        if (here and Path(file).is_file()) or (last and isinstance(error, ValueError)):
            raise ImageError(f"{key}: damaged in {name} ({why}); copy the file again from its source") from None
        if here:
            raise SourceError(f"{file}: gone while it was being read; bring it back and run again") from None
        if last:
            raise SourceError(f"{file}: does not answer ({why}); check the connection and run again") from None


class Cursors:
    """The places in a table that are being read; a copy sent to another process starts without any."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[int, Group], Cursor] = OrderedDict()
        self._turn = threading.Lock()

    def __reduce__(self) -> tuple[type["Cursors"], tuple[()]]:
        return Cursors, ()

    def row(self, table: TableReader, group: Group, row: int) -> bytes | None:
        """The picture in a row of a group."""
        name = os.getpid(), group
        with self._turn:
            cursor = self._open.setdefault(name, Cursor(table, group))
            self._open.move_to_end(name)
            if len(self._open) > CURSORS:
                self._open.popitem(last=False)
        return cursor.row(row)


class Cursor:
    """Reads one group forwards; what lies a little behind is still at hand, what lies far behind is read anew."""

    def __init__(self, table: TableReader, group: Group) -> None:
        self._table, self._group = table, group
        self._turn = threading.Lock()
        self._coming: Iterator[bytes | None] | None = None
        self._kept: deque[bytes | None] = deque()
        self._next = 0
        """The row after the newest of those kept."""

    def row(self, row: int) -> bytes | None:
        """The picture in a row."""
        with self._turn:
            coming = self._coming
            if coming is None or row < self._next - len(self._kept):
                coming = self._coming = self._started()
            try:
                while row >= self._next:
                    self._step(coming)
            except BaseException:
                self._coming = None
                raise
            return self._kept[row - self._next]

    def _started(self) -> Iterator[bytes | None]:
        file = opened(self._table.files[self._group.file], self._table.remote)
        batches = pictures(file, self._table.column, self._group.place, is_struct=self._table.is_struct)
        self._kept.clear()
        self._next = 0
        return (value.as_py() for batch in batches for value in batch)

    def _step(self, coming: Iterator[bytes | None]) -> None:
        self._kept.append(next(coming))
        self._next += 1
        while len(self._kept) > ROWS_KEPT or (len(self._kept) > 1 and sum(map(_size, self._kept)) > BYTES_KEPT):
            self._kept.popleft()


def _size(data: bytes | None) -> int:
    return len(data or b"")


def pictures(file: Any, column: str, group: int, *, is_struct: bool) -> Iterator[Any]:
    """The bytes in the rows of a group, row by row."""
    import pyarrow.compute as pc  # noqa: PLC0415  (an extra)

    name = f"{column}.bytes" if is_struct else column
    for batch in file.iter_batches(batch_size=1, row_groups=[group], columns=[name], use_threads=False):
        yield pc.struct_field(batch.column(0), "bytes") if is_struct else batch.column(0)


def opened(path: str, remote: Remote | None) -> Any:
    """A parquet file, its pages read as they are needed.

    Raises:
        SourceError: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415  (an extra)
    except ImportError:
        raise SourceError(f"parquet needs pyarrow; {EXTRA}") from None
    return pq.ParquetFile(remote.open(path, "rb") if remote else path, buffer_size=1 << 20, pre_buffer=False)


def is_failing(error: OSError, remote: Remote | None) -> bool:
    """Whether an error is of the place where a file lies, and says nothing of the file."""
    return is_passing(error) and (remote is not None or error.errno is not None)


def first_line(error: BaseException) -> str:
    """What an error says, without the rest of what libraries add."""
    return str(error).partition("\n")[0].strip() or type(error).__name__

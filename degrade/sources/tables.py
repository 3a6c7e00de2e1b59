"""Photos in a column of parquet files, here or behind a file system of fsspec: which rows there are, and their keys."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from degrade.io import PassingError, unread
from degrade.patience import patient
from degrade.sources.rows import Cursors, Group, Remote, TableReader, first_line, is_failing, opened, pictures
from degrade.sources.source import Listed, NoColumnError, NoSourceError, SourceError, unsafe

Result = TypeVar("Result")


def table_source(name: str, files: list[str], column: str, remote: Remote | None = None) -> Listed:
    """The pictures in a column of parquet files, in the order of the rows.

    A photo's key is the path beside its bytes, where no other row has that path and it leads nowhere outside; else the
    SHA-256 of its bytes. So another photo changes no key, but where it has the path of one that was alone with it.

    Raises:
        NoSourceError: there is no such column.
        SourceError: no file can be read.
    """
    groups: list[Group] = []
    paths: list[str | None] = []
    rejected: list[tuple[str, str]] = []
    is_struct = True
    readable: list[str] = []
    for path in files:
        try:
            here, found = steadily(partial(_look, path, column, remote), path, remote)
            if readable and here != is_struct:
                raise ValueError(f"its column {column} is of another type than in the files before")
            is_struct = here
        except (ValueError, OSError) as error:
            rejected.append((path.rpartition("/")[2], f"no parquet file that can be read ({first_line(error)})"))
            continue
        for place, inside in enumerate(found):
            groups.append(Group(len(paths), len(readable), place))
            paths += inside
        readable.append(path)
    if not readable:
        why = rejected[0][1] if rejected else "no parquet files"
        raise SourceError(f"{name}: {why}; check what lies there")
    reader = TableReader(tuple(readable), column, is_struct, remote, tuple(groups), {}, Cursors())
    _fill(reader, paths, rejected)
    return Listed.of(name + of_column(column), reader, reader.index, rejected)


def of_column(column: str) -> str:
    """What the name of a source says of the column, so that a corpus is not taken up with the photos of another."""
    return "" if column == "image" else f"{COLUMN}{column}"


COLUMN = ", column "


def _look(path: str, column: str, remote: Remote | None) -> tuple[bool, list[list[str | None]]]:
    """Whether a file's column holds paths beside the bytes, and the paths in each group."""
    file = opened(path, remote)
    is_struct = _has_struct(file.schema_arrow, column, path)
    return is_struct, _paths(file, column) if is_struct else _no_paths(file)


def steadily(look: Callable[[], Result], path: str, remote: Remote | None) -> Result:
    """What is seen in a file, looked at again where the place it lies at fails: else it would lack for good.

    Raises:
        SourceError: the place does not answer.
        ValueError: the file is damaged.
        OSError: the same, or it may not be read.
    """

    def once() -> Result:
        try:
            return look()
        except OSError as error:
            raise unread(error, path, "") if is_failing(error, remote) else error from None

    try:
        return patient(once)
    except PassingError as error:
        raise SourceError(f"{error}, and check the connection") from None


def _fill(reader: TableReader, paths: list[str | None], rejected: list[tuple[str, str]]) -> None:
    """Give every row its key; only rows without a path of their own are read for it."""
    often = Counter(paths)
    named = [path is not None and often[path] == 1 and bool(path) and not unsafe(path) for path in paths]
    ends = [*(group.start for group in reader.groups[1:]), len(paths)]
    for group, end in zip(reader.groups, ends, strict=True):
        rows = range(group.start, end)
        file = reader.files[group.file].rpartition("/")[2]
        hashes = {} if all(named[row] for row in rows) else _hashes(reader, group, named, rejected)
        for row in rows:
            path = paths[row]
            key = path if named[row] and path is not None else hashes.get(row, "")
            if key in reader.index:
                rejected.append((f"{file}, row {row - rows.start} of group {group.place}", f"the photo {key} again"))
            elif key:
                reader.index[key] = row


def _hashes(reader: TableReader, group: Group, named: list[bool], rejected: list[tuple[str, str]]) -> dict[int, str]:
    """The SHA-256 of the pictures in a group by the number of their row; rows with a name speak for themselves."""
    file = reader.files[group.file]
    short = file.rpartition("/")[2]
    hashes, damage = steadily(partial(_hashed, reader, group), file, reader.remote)
    for place, sha256 in enumerate(hashes):
        if sha256 is None and not named[group.start + place]:
            rejected.append((f"{short}, row {place} of group {group.place}", "without the bytes of a picture"))
    if damage:
        rejected.append((f"{short}, group {group.place}", f"damaged from row {len(hashes)} on ({damage})"))
    return {group.start + place: sha256 for place, sha256 in enumerate(hashes) if sha256 is not None}


def _hashed(reader: TableReader, group: Group) -> tuple[list[str | None], str]:
    """The SHA-256 of each picture in a group, and what damage stands before the others."""
    hashes: list[str | None] = []
    try:
        parquet = opened(reader.files[group.file], reader.remote)
        for batch in pictures(parquet, reader.column, group.place, is_struct=reader.is_struct):
            hashes += [hashlib.sha256(data.as_buffer()).hexdigest() if data.is_valid else None for data in batch]
    except (ValueError, OSError) as error:
        if isinstance(error, OSError) and is_failing(error, reader.remote):
            raise
        return hashes, first_line(error)
    return hashes, ""


def _has_struct(schema: Any, column: str, path: str) -> bool:
    """Whether a column holds bytes and path, or the bytes alone.

    Raises:
        NoSourceError: it holds neither; and where there is no column of pictures at all, `NoColumnError`.
    """
    import pyarrow as pa  # noqa: PLC0415  (an extra)

    kinds = {field.name: field.type for field in schema}
    structs = [
        name
        for name, kind in kinds.items()
        if pa.types.is_struct(kind) and {"bytes", "path"} <= {kind.field(n).name for n in range(kind.num_fields)}
    ]
    bare = [name for name, kind in kinds.items() if pa.types.is_binary(kind) or pa.types.is_large_binary(kind)]
    if column not in [*structs, *bare]:
        there = ", ".join([*structs, *bare])
        if not there:
            raise NoColumnError(f"{path}: no column of pictures; give a dataset that embeds them")
        raise NoSourceError(f"{path}: no pictures in a column '{column}'; use --column with one of: {there}")
    return column in structs


def _paths(file: Any, column: str) -> list[list[str | None]]:
    """The paths in each group, without touching the pictures."""
    import pyarrow.compute as pc  # noqa: PLC0415  (an extra)

    groups = [file.read_row_group(n, columns=[f"{column}.path"], use_threads=False) for n in range(file.num_row_groups)]
    return [pc.struct_field(group.column(0), "path").to_pylist() for group in groups]


def _no_paths(file: Any) -> list[list[str | None]]:
    return [[None] * file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]


def files_of_split(files: list[str], split: str, where: str) -> list[str]:
    """The files of one split by the habits of the Hub (`data/train-00000-of-00003.parquet`); all where no file has one.

    Raises:
        NoSourceError: there are splits, but not this one.
    """
    alone = re.compile(rf"(^|[^a-z0-9]){re.escape(split.lower())}([^a-z0-9]|$)")
    chosen = [file for file in files if alone.search(file.lower())]
    there = sorted({word for file in files for word in re.split(r"[^a-z0-9]+", file.lower()) if word in SPLITS})
    if chosen or not there:
        return sorted(chosen or files)
    raise NoSourceError(f"{where}: no split '{split}'; use --split with one of: {', '.join(there)}")


SPLITS = {"train", "training", "validation", "valid", "val", "dev", "test", "testing", "eval", "old"}
"""Words in a path that name one."""

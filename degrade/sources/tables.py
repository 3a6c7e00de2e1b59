"""Photos in a column of parquet files, here or behind a file system of fsspec: which rows there are, and their keys."""

import hashlib
import re
from collections import Counter
from typing import Any

from degrade.sources.rows import Cursors, Group, Remote, TableReader, first_line, opened, pictures
from degrade.sources.source import Listed, NoColumnError, NoSourceError, SourceError, unsafe


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
            file = opened(path, remote)
            here = _has_struct(file.schema_arrow, column, path)
            if readable and here != is_struct:
                raise ValueError(f"its column {column} is of another type than in the files before")
            is_struct = here
            found = _paths(file, column) if is_struct else _no_paths(file)
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
    return Listed.of(name, reader, reader.index, rejected)


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
    found: dict[int, str] = {}
    row = group.start
    try:
        parquet = opened(file, reader.remote)
        for batch in pictures(parquet, reader.column, group.place, is_struct=reader.is_struct):
            for data in batch:
                name = f"{file.rpartition('/')[2]}, row {row - group.start} of group {group.place}"
                if data.is_valid:
                    found[row] = hashlib.sha256(data.as_buffer()).hexdigest()
                elif not named[row]:
                    rejected.append((name, "without the bytes of a picture"))
                row += 1
    except (ValueError, OSError) as error:
        name = f"{file.rpartition('/')[2]}, group {group.place}"
        rejected.append((name, f"damaged from row {row - group.start} on ({first_line(error)})"))
    return found


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

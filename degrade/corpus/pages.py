"""Where the cells of a parquet column lie in its file, so that one can be read without those around it.

Source: the Parquet format. A column chunk is a row of pages, each a header in Thrift's compact protocol, the levels
that say what is null, and the cells, each behind its length. Arrow reads a whole chunk at a time, which for one picture
in a hundred is a hundred times too much. Only what `degrade.corpus.shards` writes is understood, pages of format 1 that
are neither compressed nor dictionaries, and only if all of it fits together to the byte; anything else gives None.
"""

import os
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HEADER = 16384
"""More than any page's header: its statistics hold the least and the greatest cell, if both are below 4096 bytes."""

DATA_PAGE, PLAIN = 0, 0


@dataclass(frozen=True, slots=True)
class Places:
    """Where the cells lie; a length of -1 is no cell."""

    offsets: "array[int]"
    lengths: "array[int]"


def cell_places(handle: int, start: int, rows: int) -> Places | None:
    """The places of the cells of a column chunk, which are all there or all null; None where it is of another kind.

    Args:
        handle: the file.
        start: where its data pages begin.
        rows: how many cells it has.
    """
    places, seen = Places(array("q"), array("q")), 0
    try:
        while seen < rows:
            header, size = _struct(os.pread(handle, HEADER, start), 0)
            begin, start = start + size, start + size + header[3]
            about = header[5]
            if header[1] != DATA_PAGE or about[2] != PLAIN or header[2] != header[3]:
                return None
            seen += about[1]
            _add_cells(handle, begin, start, places)
    except (IndexError, KeyError, TypeError, ValueError):
        return None
    if not places.offsets:
        return Places(array("q", [0]) * rows, array("q", [-1]) * rows)
    return places if len(places.offsets) == seen == rows else None


def _add_cells(handle: int, begin: int, end: int, places: Places) -> None:
    """Add the cells of a page whose levels begin there."""
    at = begin + 4 + _length(handle, begin)
    while at < end:
        length = _length(handle, at)
        places.offsets.append(at + 4)
        places.lengths.append(length)
        at += 4 + length
    if at != end:
        raise ValueError("cells that go on beyond their page")


def _length(handle: int, at: int) -> int:
    return int.from_bytes(os.pread(handle, 4, at), "little")


def _struct(data: bytes, at: int) -> tuple[dict[int, Any], int]:
    """A struct in Thrift's compact protocol, and where it ends.

    Raises:
        KeyError: it has a field of a kind that page headers have not.
        IndexError: it goes on beyond the data.
    """
    fields: dict[int, Any] = {}
    number = 0
    while head := data[at]:
        at += 1
        number += head >> 4
        if not head >> 4:
            number, at = _number(data, at)
        fields[number], at = KINDS[head & 15](data, at)
    return fields, at + 1


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at


def _binary(data: bytes, at: int) -> tuple[int, int]:
    length, at = _varint(data, at)
    return length, at + length


KINDS: dict[int, Callable[[bytes, int], tuple[Any, int]]] = {
    1: lambda data, at: (1, at),
    2: lambda data, at: (0, at),
    5: _number,
    6: _number,
    8: _binary,
    12: _struct,
}
"""By Thrift's numbers: true, false, 32 bits, 64 bits, bytes, struct."""

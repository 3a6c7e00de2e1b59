"""Photos in a tar, packed or not."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from degrade.io import ImageError, PassingError
from degrade.sources.archives import DAMAGE, TOO_LARGE, refuse_failing, rejects, unchanged
from degrade.sources.source import MAX_BYTES, Listed, SourceError, is_picture, place_of, tidy

MAX_UNPACKED = 64 << 30
"""Of a compressed tar, which must be unpacked as a whole to be read in any order."""


@dataclass(frozen=True, slots=True)
class TarReader:
    """Reads members of a tar by name; a compressed one is unpacked once in each process, to a file without a name."""

    path: str
    length: int
    packing: str
    index: dict[str, tuple[int, int]] = field(repr=False)

    def read(self, key: str) -> bytes:
        """The bytes of a member.

        Raises:
            ImageError: it is cut short.
            SourceError: the archive is gone or has changed.
        """
        offset, size = place_of(self.index, key)
        if self.packing:
            data = _unpacked(self.path, self.length, self.packing).read(offset, size)
        else:
            with unchanged(self.path, self.length) as file:
                file.seek(offset)
                data = file.read(size)
        if len(data) != size:
            raise ImageError(f"{key}: cut short in its archive; pack it again")
        return data


def tar_source(path: Path, packing: str) -> Listed:
    """The pictures in a tar, by member name.

    Args:
        path: the archive.
        packing: empty, or one of `OPENERS`.

    Raises:
        SourceError: it is no tar that can be read, or there is no room to unpack it.
    """
    index: dict[str, tuple[int, int]] = {}
    rejected: list[tuple[str, str]] = []
    problem = ""
    try:
        length = path.stat().st_size
        _UNPACKED.pop((str(path), length), None)
        unpacked = _unpacked(str(path), length, packing) if packing else None
        problem = unpacked.problem if unpacked else ""
        with _Bounded(io.FileIO(unpacked.number, closefd=False) if unpacked else io.FileIO(path)) as file:
            for member in _members(file, path.name, rejected):
                if member.isdir():
                    continue
                name = tidy(member.name)
                if not rejects(name, _problem(member), index, rejected):
                    index[name] = member.offset_data, member.size
        if problem:
            rejected.append((path.name, f"the archive is damaged ({problem}); what lies before is taken"))
    except PassingError as error:
        raise SourceError(str(error)) from None
    except DAMAGE as error:
        raise SourceError(
            f"{path}: no tar that can be read ({problem or error}); copy it again from its source"
        ) from None
    return Listed.of(f"tar {path.name}", TarReader(str(path), length, packing, index), sorted(index), rejected)


def _members(file: "_Bounded", name: str, rejected: list[tuple[str, str]]) -> Iterator[tarfile.TarInfo]:
    """All members up to the first damage, which is noted; tarfile itself takes it for the end."""
    with tarfile.TarFile(fileobj=file) as archive:
        kept: list[tarfile.TarInfo] = vars(archive)["members"]
        while True:
            try:
                member = archive.next()
            except DAMAGE as error:
                refuse_failing(error)
                rejected.append((name, f"the archive is damaged ({error}); what lies before is taken"))
                return
            if member is None:
                break
            kept.clear()  # a million of them fill the memory
            yield member
        file.seek(archive.offset)
        if file.read(512).strip(b"\0"):
            rejected.append((name, "the archive is damaged; what lies before is taken"))


def _problem(member: tarfile.TarInfo) -> str:
    if not member.isreg() or member.issparse():
        return "a link or a device, not a file"
    return TOO_LARGE if is_picture(member.name) and member.size > MAX_BYTES else ""


class _Bounded(io.BufferedReader):
    """A file of which tarfile cannot be talked into reading gigabytes as a header."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > 1 << 20:
            raise tarfile.ReadError("a header of more than a megabyte")
        return super().read(size)


OPENERS: dict[str, Any] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}
"""What gives the inside of a packed file."""


class _Unpacked:
    """The inside of a compressed tar, in a temporary file that goes with the process, however that ends."""

    def __init__(self, path: str, length: int, packing: str) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the process)
        self.number = self.file.fileno()
        self.problem = ""
        self._turn = threading.Lock()
        size = 0
        with unchanged(path, length) as packed, OPENERS[packing](packed) as inside:
            for chunk in self._chunks(inside):
                size += len(chunk)
                if size > MAX_UNPACKED:
                    raise SourceError(f"{path}: over {MAX_UNPACKED >> 30} GiB inside; unpack it, and name the folder")
                try:
                    self.file.write(chunk)
                    self.file.flush()
                except OSError as error:
                    room = f"no room to unpack it in {tempfile.gettempdir()} ({error.strerror})"
                    raise SourceError(f"{path}: {room}; set TMPDIR, or unpack it and name the folder") from None

        self.file.seek(0)

    def __del__(self) -> None:
        self.file.close()

    def _chunks(self, inside: Any) -> Iterator[bytes]:
        try:
            while chunk := inside.read1(1 << 20):  # unlike read, it gives what lies before the damage
                yield chunk
        except DAMAGE as error:
            refuse_failing(error)
            self.problem = str(error)

    def read(self, offset: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self.number, size, offset)
        with self._turn:
            self.file.seek(offset)
            return self.file.read(size)


_UNPACKED: dict[tuple[str, int], _Unpacked] = {}

_UNPACKING = threading.Lock()


def _unpacked(path: str, length: int, packing: str) -> _Unpacked:
    with _UNPACKING:
        found = _UNPACKED.get((path, length))
        if found is None:
            found = _UNPACKED[path, length] = _Unpacked(path, length, packing)
    return found

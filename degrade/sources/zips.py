"""Photos in a zip, read in place."""

import bz2
import io
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from degrade.io import ImageError
from degrade.sources.archives import DAMAGE, TOO_LARGE, rejects, unchanged
from degrade.sources.source import MAX_BYTES, Listed, SourceError, is_picture, place_of, tidy


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a member of a zip lies."""

    offset: int
    stored: int
    size: int
    checksum: int
    method: int


@dataclass(frozen=True, slots=True)
class ZipReader:
    """Reads members of a zip by name, each through a handle of its own."""

    path: str
    length: int
    index: dict[str, Packed] = field(repr=False)

    def read(self, key: str) -> bytes:
        """The unpacked bytes of a member, never more than were announced.

        Raises:
            ImageError: the member is damaged, or larger than it says.
            SourceError: the archive is gone or has changed.
        """
        member = place_of(self.index, key)
        with unchanged(self.path, self.length) as file:
            file.seek(member.offset + 26)
            skip = sum(int.from_bytes(file.read(2), "little") for _ in ("name", "extra"))
            file.seek(skip, io.SEEK_CUR)
            stored = file.read(member.stored)
        try:
            data = UNPACK[member.method](stored, member.size + 1)
        except DAMAGE as error:
            raise ImageError(f"{key}: damaged in its archive ({error}); pack it again") from None
        if len(data) > member.size:
            raise ImageError(f"{key}: unpacks to more than the {member.size} bytes it announces; do not trust it")
        if len(data) != member.size or zlib.crc32(data) != member.checksum:
            raise ImageError(f"{key}: damaged or cut short in its archive; pack it again")
        return data


UNPACK: dict[int, Callable[[bytes, int], bytes]] = {
    zipfile.ZIP_STORED: lambda data, limit: data[:limit],
    zipfile.ZIP_DEFLATED: lambda data, limit: zlib.decompressobj(-15).decompress(data, limit),
    zipfile.ZIP_BZIP2: lambda data, limit: bz2.BZ2Decompressor().decompress(data, limit),
}
"""At most so many bytes of what was packed."""


def zip_source(path: Path) -> Listed:
    """The pictures in a zip, by member name.

    Raises:
        SourceError: it is no zip that can be read.
    """
    index: dict[str, Packed] = {}
    rejected: list[tuple[str, str]] = []
    try:
        with zipfile.ZipFile(path) as file:
            members = file.infolist()
    except DAMAGE as error:
        raise SourceError(f"{path}: no zip that can be read ({error}); copy it again from its source") from None
    for member in members:
        if member.is_dir():
            continue
        name, why = tidy(member.filename), _problem(member)
        if rejects(name, why, index, rejected):
            continue
        packed = Packed(member.header_offset, member.compress_size, member.file_size, member.CRC, member.compress_type)
        index[name] = packed
    return Listed.of(f"zip {path.name}", ZipReader(str(path), path.stat().st_size, index), sorted(index), rejected)


def _problem(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "a link or a device, not a file"
    if not is_picture(member.filename):
        return ""
    if member.flag_bits & 1:
        return "locked with a password; unpack it first"
    if member.compress_type not in UNPACK:
        return "packed by a rare method; pack it again with deflate"
    return TOO_LARGE if max(member.file_size, member.compress_size) > MAX_BYTES else ""

"""A source of photos as the rest of Foxing sees it: keys, the bytes behind each, and what was turned away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

from degrade.io import SUFFIXES, UnreadError

MAX_BYTES = 1 << 30
"""Of one photo's file: more than any photo needs, and the most that a bomb in an archive can unpack to."""

NO_PHOTO = "no photo in it; name a place with pictures, as .jpg, .png, .webp or .tif"

Place = TypeVar("Place")

Rejected = tuple[tuple[str, str], ...]
"""Names and reasons."""


class SourceError(Exception):
    """No photo can be had from there: the source is missing, damaged or gone. Not for one photo alone."""


class NoSourceError(SourceError):
    """There is no such place, split or column: what was asked for is wrong, and trying again does not help."""


class NoColumnError(NoSourceError):
    """A table that holds no pictures at all."""


class Reader(Protocol):
    """What a worker needs of a source: small, picklable, and safe under many threads."""

    def read(self, key: str) -> bytes:
        """The bytes of a photo's file.

        Raises:
            ImageError: this photo is of no use; and where its bytes cannot be had, `UnreadError`.
            SourceError: the whole source is gone, or has changed since it was listed.
        """


class PhotoSource(Protocol):
    """Clean photos, each known by its identity."""

    @property
    def name(self) -> str:
        """Its kind and base name, the same on every machine."""

    @property
    def rejected(self) -> Rejected:
        """What was turned away while listing, with the reason; names are printable."""

    @property
    def reader(self) -> Reader:
        """What reads the photos, without the list of all keys: give this to workers."""

    def keys(self) -> Sequence[str]:
        """The identity of each photo, once, in an order that hangs on the source alone.

        Files and members of archives come sorted; rows of tables as they lie, so that reading them all is one pass.
        """

    def read(self, key: str) -> bytes:
        """The bytes of a photo's file, as `Reader.read` gives them."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A source whose keys are all known."""

    name: str
    reader: Reader
    found: tuple[str, ...] = field(repr=False)
    rejected: Rejected = field(repr=False)

    @classmethod
    def of(cls, name: str, reader: Reader, found: Iterable[str], rejected: Iterable[tuple[str, str]]) -> "Listed":
        """With the keys in the order given."""
        return cls(printable(name), reader, tuple(found), tuple((printable(each), why) for each, why in rejected))

    def keys(self) -> Sequence[str]:
        """The identity of each photo."""
        return self.found

    def read(self, key: str) -> bytes:
        """The bytes of a photo's file."""
        return self.reader.read(key)


def place_of(index: Mapping[str, Place], key: str) -> Place:
    """Where a photo lies in an archive or a table.

    Raises:
        UnreadError: it is there no more: a corpus is taken up again by the keys that it was begun with.
    """
    if key not in index:
        raise UnreadError(f"{key}: no such photo in its archive or table; bring it back")
    return index[key]


def is_picture(key: str) -> bool:
    """Whether a name has a picture's suffix."""
    name = key.rpartition("/")[2]
    return "." + name.rpartition(".")[2].lower() in SUFFIXES and "." in name


def tidy(key: str) -> str:
    """The key without the empty parts that change nothing: `./a//b` is `a/b`."""
    return PurePosixPath(key).as_posix() if "//" in key or "./" in key else key


def is_hidden(key: str) -> bool:
    """Whether a file, or a folder above it, is one that people do not see."""
    return key.startswith(".") or "/." in key


def unsafe(name: str) -> str:
    """Why a name from inside an archive or a table may not be a key; empty where it may."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        return "its name leads out of its folder ('..')"
    if parts[0] == "" or parts[0].endswith(":"):
        return "its name is an absolute path"
    return "" if is_utf8(name) else NOT_UTF8


NOT_UTF8 = "its name is not UTF-8; rename it"


def is_utf8(name: str) -> bool:
    """Whether a name can be written in UTF-8; file names may hold any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(name: str) -> str:
    """The name with what is no UTF-8 written out."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()

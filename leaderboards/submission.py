"""What is handed in to be verified, a folder or a .zip: nothing in it may lead out of it or be too large."""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from benchmark.showcase_pictures import LIMIT
from benchmark.store import ITEMS, RUN, SUMMARY
from degrade.io import ImageError, read_image
from leaderboards.documents import LARGEST, read_json
from leaderboards.entry import (
    CARD,
    CHECKED,
    HISTORY,
    PICTURES,
    RESERVED,
    SUITE,
    WITHDRAWN,
    EntryError,
    folder_name,
)
from leaderboards.pictures import INDEX, SIDE

OUTPUTS = "outputs"
"""Where a submission may have what its model made, by item."""

SIZES = {ITEMS: 64_000_000, RUN: LARGEST, SUMMARY: LARGEST, CARD: 100_000, CHECKED: 1_000_000, WITHDRAWN: 100_000}
"""The files of an entry, and the bytes that each may have."""

NEEDED = (ITEMS, RUN, SUMMARY, CARD)

MEMBERS, UNPACKED, RATIO = 20_000, 2_000_000_000, 100
"""Of a .zip: how many files, how many bytes in all, and how many times larger than packed; pixels in PNG do not come
near that, text and Parquet do at worst."""

SMALL = 1_000_000
"""Bytes of a file that may be packed as well as it likes."""

CHUNK = 1 << 20


class RefusedError(EntryError):
    """What was handed in would do harm if it were opened."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry to be verified, and the folder of its board."""

    folder: Path
    board: Path


def places(root: Path, known: Path) -> list[Place]:
    """The entries in a folder: one, those of a suite, or all.

    Args:
        root: the folder of an entry, of a suite, or of all.
        known: the folder of all entries, where the board of an entry that was handed in alone is looked for.

    Raises:
        EntryError: there is none.
        RefusedError: something leads out of the folder.
    """
    root = inner(root.absolute())
    if (root / RUN).is_file() and (root / "shards").is_dir() and not (root / CARD).exists():
        raise EntryError(f"{root}: is a sweep, and no entry yet; foxing leaderboard add {root} makes one of it")
    if (root / SUITE).exists():
        found = models_in(root)
    elif is_entry(root):
        found = [Place(root, root.parent if (root.parent / SUITE).is_file() else board_of(root, known))]
    else:
        found = [place for folder in folders_in(root) for place in places_in(folder, known)]
    if not any(is_entry(place.folder) for place in found):
        raise EntryError(f"{root}: no entry in it; foxing leaderboard add RUN makes one of a sweep")
    return found


def inner(root: Path) -> Path:
    """The folder itself, or the one that it wraps and nothing else, as folders that were packed with their path."""
    while not (root / SUITE).exists() and not is_entry(root) and root.is_dir():
        there = [path for path in root.iterdir() if not path.name.startswith(".")]
        if len(there) != 1 or there[0].is_symlink() or not there[0].is_dir():
            break
        root = there[0]
    return root


def places_in(folder: Path, known: Path) -> list[Place]:
    """The entries of a folder in that of all: a suite's, or one that was handed in alone; nothing hides another."""
    if is_entry(folder) and not (folder / SUITE).exists():
        return [Place(folder, board_of(folder, known))]
    return models_in(folder)


def models_in(board: Path) -> list[Place]:
    """The entries of a suite."""
    return [Place(folder, board) for folder in folders_in(board) if folder.name not in RESERVED]


def is_entry(folder: Path) -> bool:
    """Whether a folder is meant as an entry."""
    return any((folder / name).exists() for name in NEEDED)


def folders_in(root: Path) -> list[Path]:
    """The folders in a folder that are not hidden.

    Raises:
        EntryError: there is no such folder.
        RefusedError: one of them is a link.
    """
    if not root.is_dir():
        raise EntryError(f"{root}: no such folder, and no .zip")
    found = [path for path in sorted(root.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    for path in found:
        if path.is_symlink():
            raise RefusedError(f"{path}: a link, which may lead anywhere; hand in the files themselves")
    return found


def board_of(folder: Path, known: Path) -> Path:
    """The board that is known of the suite that an entry says it is of."""
    try:
        suite_id = "" if (folder / RUN).is_symlink() else str(read_json(folder / RUN).get("suite_id", ""))
    except EntryError:  # level 1 will say so
        suite_id = ""
    name = folder_name(suite_id)
    return known / (name if name and PurePosixPath(name).name == name else "unknown")


def stray(place: Place) -> Iterator[str]:
    """What in an entry's folder should not be there, leads elsewhere, or is too large, a line each."""
    if (place.board / SUITE).is_symlink():
        yield f"{SUITE}: a link, which may lead anywhere"
    for name in NEEDED:
        if not (place.folder / name).is_file():
            yield f"{name}: missing"
    for path in sorted(place.folder.rglob("*")):
        name = path.relative_to(place.folder).as_posix()
        if path.is_symlink():
            yield f"{name}: a link, which may lead anywhere"
        elif path.is_file():
            yield from stray_file(path, name)
        elif not path.is_dir():
            yield f"{name}: no file"


def stray_file(path: Path, name: str) -> Iterator[str]:
    """What is wrong with a file by its name, its size and, where others will look at it, its kind."""
    first, *rest = name.split("/")
    if name in SIZES:
        limit = SIZES[name]
    elif first == HISTORY and len(rest) > 1 and rest[0].isdigit():
        yield from stray_file(path, "/".join(rest[1:]))
        return
    elif first == PICTURES and len(rest) == 1 and (rest[0].endswith(".webp") or rest[0] == INDEX):
        limit = LIMIT if rest[0] != INDEX else SIZES[CHECKED]
    elif first == OUTPUTS and name.endswith(".png"):
        return  # each is held against its photo when it is scored
    else:
        yield f"{name}: no part of an entry"
        return
    if (size := path.stat().st_size) > limit:
        yield f"{name}: {size} bytes, over the limit of {limit}"
    elif name.endswith(".webp") and (fault := webp_fault(path)):
        yield f"{name}: {fault}"


def webp_fault(path: Path) -> str:
    """What is wrong with a picture that is to be shown; empty where nothing is."""
    if path.read_bytes()[8:12] != b"WEBP":
        return "no WebP"
    try:
        read_image(path, SIDE * SIDE)
    except ImageError as error:
        return str(error).removeprefix(f"{path}: ")
    return ""


def unpacked(path: Path, into: Path) -> Path:
    """A .zip in an empty folder; refused before a byte is written where it is too large, or leads out of the folder.

    Raises:
        RefusedError: it is, or it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            for fault in zip_faults(members):
                raise RefusedError(f"{path}: {fault}; pack the entry's folder anew")
            left = UNPACKED
            for member in members:
                if not member.is_dir():
                    left -= extracted(archive, member, into, min(left, member.file_size))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(f"{path}: no .zip that can be unpacked ({error}); pack the entry's folder anew") from None
    return into


def zip_faults(members: list[zipfile.ZipInfo]) -> Iterator[str]:
    """What speaks against unpacking."""
    total = sum(member.file_size for member in members)
    if len(members) > MEMBERS:
        yield f"{len(members)} files, over the limit of {MEMBERS}"
    if total > UNPACKED:
        yield f"{total} bytes unpacked, over the limit of {UNPACKED}"
    names = [member.filename.lower() for member in members]
    if len({*names}) < len(names):
        yield "some names come twice"
    for member in members:
        yield from member_faults(member)


def member_faults(member: zipfile.ZipInfo) -> Iterator[str]:
    """What speaks against unpacking a file."""
    name, kind = member.filename, member.external_attr >> 16
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or "\0" in member.orig_filename:
        yield f"{name!r} leads out of its folder"
    if kind and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind) or stat.S_IFMT(kind) == 0):
        yield f"{name!r} is a link or a device"
    if member.flag_bits & 1:
        yield f"{name!r} is encrypted"
    if member.file_size > SMALL and member.file_size > RATIO * max(member.compress_size, 1):
        yield f"{name!r} is {member.file_size} bytes packed into {member.compress_size}: a bomb"


def extracted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, most: int) -> int:
    """Write a file, never more than was said of it; its bytes.

    Raises:
        RefusedError: it holds more.
    """
    path, size = into / member.filename, 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as packed, path.open("xb") as file:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise RefusedError(f"{member.filename!r} holds more than it says")
            file.write(chunk)
    return size

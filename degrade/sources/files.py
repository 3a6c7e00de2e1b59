"""Photos that lie in files: a folder, a pattern, a single picture, a list of paths."""

import os
import stat
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath

from degrade.io import ImageError, PassingError, is_passing, unread
from degrade.patience import patient
from degrade.sources.source import MAX_BYTES, NOT_UTF8, Listed, NoSourceError, SourceError, is_picture, is_utf8, tidy

Chooser = Callable[[str], bool]
"""Whether a relative path is wanted."""


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads files by their path relative to a folder."""

    root: str

    def read(self, key: str) -> bytes:
        """The bytes of a file.

        Raises:
            ImageError: it is no regular file, or it is too large.
            UnreadError: it is gone, or it cannot be read.
            SourceError: the folder itself is gone.
        """
        path = Path(self.root, key)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise ImageError(f"{key}: a folder, a pipe or a device; name a picture file")
            if status.st_size > MAX_BYTES:
                raise ImageError(f"{key}: {status.st_size >> 20} MiB, over the limit of {MAX_BYTES >> 20}; shrink it")
            return path.read_bytes()
        except OSError as error:
            said = unread(error, key, "bring it back, or take it off the list")
            if not isinstance(said, PassingError) and not Path(self.root).is_dir():
                raise SourceError(f"{self.root}: gone while it was being read; bring it back and run again") from None
            raise said from None


EXPORT = ".foxing-export.json"

MADE = (".foxing", EXPORT)
"""What tells a folder that was made of photos, such as a corpus: it may lie among them, and is none of them."""


RESULTS = ("clean", "degraded", "mask", "labels", "defects")
"""Pictures that `foxing degrade apply` and `export` write beside a recipe.json: no photos, wherever they lie."""


def is_result(name: str, beside: Container[str]) -> bool:
    """Whether a picture is one side of a sample that was made of a photo, by the files that lie beside it."""
    return "recipe.json" in beside and name.partition(".")[0] in RESULTS


@dataclass(slots=True)
class Walk:
    """What a folder and its folders hold, links followed, no folder entered twice, no corpus taken for photos."""

    root: Path
    wanted: Chooser
    enters: Chooser = lambda _: True
    found: list[str] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    folders: list[str] = field(default_factory=lambda: [""])
    links: list[str] = field(default_factory=list)
    """To folders; they wait until all real folders are read, so that a photo's key is its real place."""

    seen: dict[tuple[int, int], str] = field(default_factory=dict)
    results: int = 0
    """Pictures that were passed over, as they were made of photos."""

    def done(self) -> "Walk":
        """Itself, after reading everything."""
        while self.folders or self.links:
            if not self.folders:
                self.links.sort(reverse=True)
            folder = self.folders.pop() if self.folders else self.links.pop()
            try:
                patient(partial(self._tried, folder))
            except PassingError as error:
                raise SourceError(f"{error}, as photos may be in it") from None
            except OSError as error:
                if not folder:
                    raise SourceError(
                        f"{self.root}: cannot be opened ({error.strerror}); check its permissions"
                    ) from None
                self.rejected.append((folder, f"a folder that cannot be opened ({error.strerror})"))
        self.found.sort()
        self.rejected.sort()
        return self

    def _tried(self, folder: str) -> None:
        try:
            self._read(folder)
        except OSError as error:
            raise unread(error, str(self.root / folder), "") if is_passing(error) else error from None

    def _read(self, folder: str) -> None:
        place = self.root / folder
        status = place.stat()
        before = self.seen.setdefault((status.st_dev, status.st_ino), folder or ".")
        if before != (folder or "."):
            self.rejected.append((folder, f"a link to a folder that is read already, as '{before}'"))
            return
        with os.scandir(place) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
        if folder and any(entry.name in MADE for entry in inside):
            return
        names = {entry.name for entry in inside}
        for entry in inside:
            if is_result(entry.name, names):
                self.results += 1
            elif not entry.name.startswith("."):
                self._sort(entry, f"{folder}/{entry.name}" if folder else entry.name)

    def _sort(self, entry: os.DirEntry[str], key: str) -> None:
        try:
            is_folder = entry.is_dir()
            wanted = self.enters(key) if is_folder else self.wanted(key)
            if wanted and not is_utf8(key):
                self.rejected.append((key, NOT_UTF8))
            elif wanted and is_folder:
                (self.links if entry.is_symlink() else self.folders).append(key)
            elif wanted and entry.is_file():
                self.found.append(key)
            elif wanted:
                self.rejected.append((key, "a pipe or a device" if (self.root / key).exists() else "a link to nothing"))
        except OSError as error:
            if is_passing(error):
                raise SourceError(str(unread(error, str(self.root / key), ""))) from None
            self.rejected.append((key, f"a link that leads nowhere ({error.strerror})"))


def folder_source(root: Path, found: list[str], rejected: list[tuple[str, str]]) -> Listed:
    """The pictures of a folder and its folders, by relative path; hidden ones are left out.

    Names that differ only in case, or only in how an accent is composed, are different keys, as they are different
    files.
    """
    return Listed.of(f"folder {root.resolve().name or '/'}", FileReader(str(root)), found, rejected)


def file_source(path: Path) -> Listed:
    """One picture, by its name."""
    rejected = () if is_utf8(path.name) else ((path.name, NOT_UTF8),)
    return Listed.of(f"file {path.name}", FileReader(str(path.parent)), () if rejected else (path.name,), rejected)


def pattern_source(pattern: str) -> Listed:
    """The pictures that match a pattern, by the path below its fixed part; `**` is any number of folders.

    Raises:
        NoSourceError: the fixed part is no folder.
    """
    parts = PurePosixPath(Path(pattern).as_posix()).parts
    fixed = next(n for n, part in enumerate(parts) if any(sign in part for sign in "*?["))
    root, wanted = Path(*parts[:fixed]), parts[fixed:]
    if not root.is_dir():
        raise NoSourceError(f"{pattern}: there is no folder {root}; check its name")
    walk = Walk(
        root,
        lambda key: is_picture(key) and _matches(tuple(key.split("/")), wanted),
        lambda key: _may_hold(tuple(key.split("/")), wanted),
    ).done()
    name = f"pattern {'/'.join(wanted)} in {root.resolve().name or '/'}"
    return Listed.of(name, FileReader(str(root)), walk.found, walk.rejected)


def _matches(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if not wanted:
        return not parts
    if wanted[0] == "**":
        return _matches(parts, wanted[1:]) or (bool(parts) and _matches(parts[1:], wanted))
    return bool(parts) and fnmatchcase(parts[0], wanted[0]) and _matches(parts[1:], wanted[1:])


def _may_hold(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if not parts or not wanted:
        return bool(wanted)
    return wanted[0] == "**" or (fnmatchcase(parts[0], wanted[0]) and _may_hold(parts[1:], wanted[1:]))


def list_source(path: Path) -> Listed:
    """The files named in a text, one per line, relative to its folder, by their path as it is written first.

    The same file under another path, as `a/../b.jpg`, is the same photo: else it could come into two splits. Lines that
    are blank or begin with # are skipped; no file is looked at before it is read.

    Raises:
        SourceError: the list cannot be read.
    """
    found: dict[str, str] = {}
    rejected: list[tuple[str, str]] = []
    root = f"{path.parent}{os.sep}"
    try:
        for number, line in _lines(path):
            if line is None or "\0" in line:
                rejected.append((f"{path.name}, line {number}", "not UTF-8; save the list in UTF-8"))
                continue
            key = tidy(line)
            straight = key if key[0] != "/" and ".." not in key else os.path.normpath(Path(root, key))
            straight = straight.removeprefix(root)
            if straight in found:
                rejected.append((key, f"named a second time in line {number}"))
            found.setdefault(straight, key)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    return Listed.of(f"list {path.name}", FileReader(str(path.parent)), sorted(found.values()), rejected)


def _lines(path: Path) -> Iterator[tuple[int, str | None]]:
    """Number and text of the lines that say something; None where it is not UTF-8."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError:
                yield number, None
                continue
            if line and not line.startswith("#"):
                yield number, line if os.sep == "/" else line.replace(os.sep, "/")

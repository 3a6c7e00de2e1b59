"""Where a corpus lies: a folder, or a place in an object store; a file is there whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import unquote

from degrade.corpus.holding import held

HIDDEN = ".foxing"
"""The folder of the corpus's own bookkeeping; readers of datasets pass over it."""


class Store(Protocol):
    """A place for files under names with slashes."""

    where: str

    def writing(self, name: str) -> Any:
        """A context that gives a binary file; the name appears when it ends well, and never when it does not."""

    def read(self, name: str) -> bytes:
        """The bytes of a file.

        Raises:
            FileNotFoundError: there is none.
        """

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder, in order; none where there is no folder."""

    def inside(self, folder: str = "") -> list[str]:
        """All that lies in a folder, in order: files, and with a slash behind, folders with something in them."""

    def size(self, name: str) -> int | None:
        """The size of a file in bytes; None where there is none."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A local folder: written under a temporary name, synchronised, renamed."""

    where: str

    @property
    def root(self) -> Path:
        """As a path."""
        return Path(self.where)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """See `Store`."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)  # noqa: PTH101
            os.replace(temporary, path)  # noqa: PTH105
        except BaseException as error:
            Path(temporary).unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno and not error.filename:  # a full disk does not say where
                raise OSError(error.errno, error.strerror, str(path)) from None
            raise
        synchronise(path.parent)

    def read(self, name: str) -> bytes:
        """See `Store`."""
        return (self.root / name).read_bytes()

    def names(self, folder: str) -> list[str]:
        """See `Store`."""
        place = self.root / folder
        return sorted(path.name for path in place.iterdir() if path.is_file()) if place.is_dir() else []

    def inside(self, folder: str = "") -> list[str]:
        """See `Store`."""
        place = self.root / folder
        found = {path: path.is_dir() for path in place.iterdir()} if place.is_dir() else {}
        return sorted(
            path.name + "/" * is_folder for path, is_folder in found.items() if not is_folder or any(path.iterdir())
        )

    def size(self, name: str) -> int | None:
        """See `Store`."""
        path = self.root / name
        return path.stat().st_size if path.is_file() else None

    def remove(self, name: str) -> None:
        """See `Store`."""
        (self.root / name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Take away what a killed run left half-written, where a corpus has files; only do so where there is one."""
        for folder in ("", "data", "assets", HIDDEN, f"{HIDDEN}/shards"):
            for path in (self.root / folder).glob(".*.tmp"):
                path.unlink(missing_ok=True)

    def beginning(self) -> AbstractContextManager[None]:
        """Hold the bookkeeping while a corpus is begun: of several jobs one does it, the others wait and take it up.

        Raises:
            OSError: the folder cannot be made.
        """
        return held(self.root / HIDDEN, alone=True, waits=True)

    def claimed(self, *, alone: bool) -> AbstractContextManager[None]:
        """Hold the folder while a run writes there.

        Args:
            alone: nobody else may write meanwhile; else others may that are not alone either.

        Raises:
            OSError: another run holds it, it cannot be made, or it is a file.
        """
        return held(self.root, alone=alone, waits=False)


def synchronise(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A place that fsspec knows, as in s3://bucket/corpus: an upload appears when it is closed, and not before."""

    where: str

    @property
    def system(self) -> Any:
        """The file system; fsspec keeps one for each protocol."""
        import fsspec  # noqa: PLC0415  (an extra)

        return fsspec.core.url_to_fs(self.where)[0]

    def _path(self, name: str) -> str:
        import fsspec  # noqa: PLC0415  (an extra)

        return f"{fsspec.core.url_to_fs(self.where)[1].rstrip('/')}/{name}"

    @contextmanager
    def _answering(self, name: str = "") -> Iterator[tuple[Any, str]]:
        """The file system, as it is now for all machines, and a path in it; what its libraries raise as `OSError`."""
        try:
            system = self.system
            system.invalidate_cache()  # other jobs write there too
            yield system, self._path(name)
        except (OSError, ImportError):
            raise
        except Exception as error:  # each of them has its own
            raise OSError(f"{self.where}: {' '.join(str(error).split()) or type(error).__name__}") from None

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """See `Store`. The file is made on the local disk first, so that a broken run uploads nothing."""
        with tempfile.TemporaryFile() as local:
            yield local
            local.seek(0)
            with self._answering(name) as (system, path):
                system.makedirs(path.rpartition("/")[0], exist_ok=True)
                with system.open(path, "wb") as remote:
                    shutil.copyfileobj(local, remote, 1 << 20)

    def read(self, name: str) -> bytes:
        """See `Store`."""
        with self._answering(name) as (system, path):
            data: bytes = system.cat_file(path)
        return data

    def opened(self, name: str) -> IO[bytes]:
        """A file, to be read piece by piece.

        Raises:
            FileNotFoundError: there is none.
        """
        with self._answering(name) as (system, path):
            file: IO[bytes] = system.open(path, "rb")
        return file

    def names(self, folder: str) -> list[str]:
        """See `Store`."""
        with self._answering(folder) as (system, place):
            found = system.ls(place, detail=True) if system.isdir(place) else []
        return sorted(each["name"].rpartition("/")[2] for each in found if each["type"] == "file")

    def inside(self, folder: str = "") -> list[str]:
        """See `Store`."""
        with self._answering(folder) as (system, place):
            found = system.ls(place, detail=True) if system.isdir(place) else []
            folders = [each["name"].rstrip("/") for each in found if each["type"] == "directory"]
            paths = [f"{path}/" for path in folders if system.ls(path)]  # some keep empty ones
        paths += [each["name"] for each in found if each["type"] == "file"]
        return sorted(path[path.rfind("/", 0, -1) + 1 :] for path in paths)

    def size(self, name: str) -> int | None:
        """See `Store`."""
        with self._answering(name) as (system, path):
            return int(system.size(path)) if system.exists(path) else None

    def remove(self, name: str) -> None:
        """See `Store`."""
        with self._answering(name) as (system, path):
            if system.exists(path):
                system.rm_file(path)

    def claimed(self, *, alone: bool) -> AbstractContextManager[None]:
        """Nobody can hold a place in an object store; but there what two runs write is the same, and whole."""
        return nullcontext()

    def beginning(self) -> AbstractContextManager[None]:
        """As `claimed`."""
        return nullcontext()

    def sweep(self) -> None:
        """Nothing is ever half-written."""


def open_store(where: str) -> Folder | ObjectStore:
    """The store of a path or a URL; file:// is a folder, where a rename is safer than an upload."""
    if where.startswith("file://"):
        return Folder(unquote(where.removeprefix("file://")))
    return ObjectStore(where) if "://" in where else Folder(where)

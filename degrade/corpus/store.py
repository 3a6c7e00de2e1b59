"""Where a corpus lies: a folder, or a place in an object store; a file is there whole or not at all."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Protocol

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

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

    def size(self, name: str) -> int | None:
        """See `Store`."""
        path = self.root / name
        return path.stat().st_size if path.is_file() else None

    def remove(self, name: str) -> None:
        """See `Store`."""
        (self.root / name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Take away what a killed run left half-written."""
        for path in self.root.rglob(".*.tmp"):
            path.unlink(missing_ok=True)

    @contextmanager
    def claimed(self, *, alone: bool) -> Iterator[None]:
        """Hold the folder while a run writes there; the system lets go of it however the run ends.

        Args:
            alone: nobody else may write meanwhile; else others may that are not alone either.

        Raises:
            OSError: another run holds it, it cannot be made, or it is a file.
        """
        if fcntl is None:
            yield
            return
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OSError(error.errno, "another build is at work there; wait until it ends", self.where) from None
            except OSError:  # some network file systems have no locks
                pass
            yield
        finally:
            os.close(handle)

    def free(self) -> int:
        """Bytes free on its disk."""
        place = self.root
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free


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

    def size(self, name: str) -> int | None:
        """See `Store`."""
        with self._answering(name) as (system, path):
            return int(system.size(path)) if system.exists(path) else None

    def remove(self, name: str) -> None:
        """See `Store`."""
        with self._answering(name) as (system, path):
            if system.exists(path):
                system.rm_file(path)

    @contextmanager
    def claimed(self, *, alone: bool) -> Iterator[None]:
        """Nobody can hold a place in an object store; but there what two runs write is the same, and whole."""
        yield

    def sweep(self) -> None:
        """Nothing is ever half-written."""


def open_store(where: str) -> Folder | ObjectStore:
    """The store of a path or a URL."""
    return ObjectStore(where) if "://" in where else Folder(where)


def digest(data: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()

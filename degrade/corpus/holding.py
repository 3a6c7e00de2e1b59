"""Holding a folder or a file, so that runs keep out of each other's way; the system lets go of it however one ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None


@contextmanager
def held(folder: Path, *, alone: bool, waits: bool) -> Iterator[None]:
    """Hold a folder, which is made where it is not there. Where the system has no locks, nobody is kept out.

    Args:
        folder: to be held.
        alone: nobody else may hold it meanwhile; else others may that are not alone either.
        waits: until it can be held.

    Raises:
        OSError: another run holds it, it cannot be made, or it is a file.
    """
    if fcntl is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    how = (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | (0 if waits else fcntl.LOCK_NB)
    with _locked(folder, os.O_RDONLY, how, "build"):
        yield


@contextmanager
def held_file(path: Path, who: str) -> Iterator[None]:
    """Hold a file alone, which is made where it is not there; as `held`. Who removes it gives it away.

    Args:
        path: the file.
        who: else might hold it, as `fit`.

    Raises:
        OSError: another run holds it, it cannot be made, or it is a folder.
    """
    if fcntl is None:
        yield
        return
    with _locked(path, os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX | fcntl.LOCK_NB, who):
        yield


@contextmanager
def _locked(place: Path, opening: int, how: int, who: str) -> Iterator[None]:
    handle = os.open(place, opening)
    try:
        try:
            assert fcntl
            fcntl.flock(handle, how)
        except BlockingIOError as error:
            raise OSError(error.errno, f"another {who} is at work there; wait until it ends", str(place)) from None
        except OSError:  # some network file systems have no locks
            pass
        yield
    finally:
        os.close(handle)

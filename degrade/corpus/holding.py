"""Holding a folder, so that runs in it keep out of each other's way; the system lets go of it however a run ends."""

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
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise OSError(error.errno, "another build is at work there; wait until it ends", str(folder)) from None
        except OSError:  # some network file systems have no locks
            pass
        yield
    finally:
        os.close(handle)

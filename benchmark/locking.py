"""The folder of a sweep for one sweep alone, clean before it begins, and as it was where the sweep never began."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from benchmark.store import Part
from benchmark.suite import SuiteError


@contextmanager
def locked(root: Path, part: Part) -> Iterator[None]:
    """The folder for one sweep alone: other parts of the same division may run beside it.

    The locks are the system's and end with the process, however it ends. A folder that was made for a sweep which is
    refused, and has nothing in it yet, is taken away.

    Raises:
        SuiteError: another sweep is at work in it.
    """
    wanted = {".lock": fcntl.LOCK_EX if part.count == 1 else fcntl.LOCK_SH}
    if part.count > 1:
        wanted[f".lock-{part.index}-of-{part.count}"] = fcntl.LOCK_EX
    new = [root / name for name in wanted if not (root / name).exists()]
    new += [each for each in (root, *root.parents) if not each.exists()]
    root.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = [stack.enter_context((root / name).open("a")) for name in wanted]
        for file, how in zip(files, wanted.values(), strict=True):
            if not got(file, how) or not os.fstat(file.fileno()).st_nlink:  # the other has just taken it away
                raise SuiteError(f"{root}: another sweep is at work in it; wait, or give another --out")
        try:
            yield
        except BaseException:
            if got(files[0], fcntl.LOCK_EX):  # no other part is at work
                take_away(new)
            raise


def got(file: IO[str], how: int) -> bool:
    """Whether a lock could be had at once."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take_away(new: Sequence[Path]) -> None:
    """Take away files and, the innermost first, folders that nothing is in."""
    with suppress(OSError):
        for each in new:
            if each.is_dir():
                each.rmdir()
            else:
                each.unlink()


def sweep_away(root: Path) -> None:
    """Take away what a killed run left half-written."""
    for path in root.rglob(".*.part"):
        if not is_running(path):
            path.unlink(missing_ok=True)


def is_running(path: Path) -> bool:
    """Whether the process that writes a file is still there."""
    process = path.name.rsplit(".", 2)[-2].partition("-")[0]
    return process.isdigit() and Path(f"/proc/{process}").exists() and int(process) != os.getpid()

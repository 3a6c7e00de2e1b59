"""An entry's folder in the place of another: whole or not at all, and the other one kept."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leaderboards.entry import HISTORY


@contextmanager
def replaced(folder: Path, revision: int) -> Iterator[Path]:
    """A folder to fill, which takes the place of an entry when all is in it; the last revision goes to its history.

    Raises:
        OSError: it cannot be written.
    """
    new = beside(folder, "part")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        if revision:
            past = new / HISTORY / str(revision)
            if (folder / HISTORY).is_dir():
                shutil.copytree(folder / HISTORY, new / HISTORY)
            shutil.copytree(folder, past, ignore=shutil.ignore_patterns(HISTORY))
            folder.rename(old := beside(folder, "old"))
            new.rename(folder)
            shutil.rmtree(old)
        else:
            new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def recover(folder: Path) -> None:
    """Bring an entry back that was about to be replaced when the process was killed."""
    if beside(folder, "old").is_dir() and not folder.is_dir():
        beside(folder, "old").rename(folder)
    shutil.rmtree(beside(folder, "old"), ignore_errors=True)


def beside(folder: Path, what: str) -> Path:
    """A hidden folder beside an entry's."""
    return folder.with_name(f".{folder.name}.{what}")

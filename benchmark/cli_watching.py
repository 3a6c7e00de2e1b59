"""What a person sees of a sweep at work, and what is told of one that was killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmark.contestants import Entry
from benchmark.store import Part
from benchmark.sweep import Rows, Watch
from degrade.console import FailureError, tell

TOLD = 5
"""Failures of a model that are told one by one; all are counted."""


@contextmanager
def watched() -> Iterator[Watch]:
    """A bar for every model on a terminal; elsewhere a line when a model begins. Failures are told at once."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import MofNCompleteColumn, Progress, TaskID, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    failures: dict[str, int] = {}
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as bar:

        def begin(entry: Entry, count: int) -> None:
            tasks[entry.label] = bar.add_task(entry.label, total=count)
            if not stderr.is_terminal:
                tell(f"{entry.label}: {count} items to do" if count else f"{entry.label}: all there")

        def done(entry: Entry, rows: Rows) -> None:
            bar.advance(tasks[entry.label])
            first = rows[0]
            if first["output_sha256"] == "":
                failures[entry.label] = failures.get(entry.label, 0) + 1
                if failures[entry.label] <= TOLD:
                    tell(f"{entry.label} on {first['item']}: {first['status']}: {first['error']}")

        yield Watch(begin, done)


@contextmanager
def noticed(out: Path, part: Part) -> Iterator[bool]:
    """A mark in the folder while a run is at work; whether there was one, since the run before this was killed.

    Whoever is told so gives every model a process of its own: where it was a model that ended the run, it would end
    this one too.
    """
    mark = out / f".running-{part.index}-of-{part.count}"
    killed = mark.is_file()
    if killed:
        tell(
            f"{out}: the run before this was killed, or a model ended its process; it goes on, every model in a "
            "process of its own, so that one that dies is recorded as failed"
        )
    mark.touch()
    try:
        yield killed
    except FailureError:  # a worker died: it may have been a model that ended it
        raise
    except BaseException:
        mark.unlink(missing_ok=True)
        raise
    mark.unlink(missing_ok=True)

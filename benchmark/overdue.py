"""A limit for models in this process: one that hangs is named, broken off where Python can, and opened anew."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from benchmark.attempts import Attempt, Model, OverdueError, Question
from benchmark.contestants import Entry
from benchmark.patience import TOLD, Limits, stopped
from degrade.console import tell

AGAIN = 15.0
"""Seconds between two tries to break a model off: some code catches everything."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a model is at."""

    item: str
    limit: float
    since: float

    def words(self, seconds: float) -> str:
        """The line that names the item, how long it has taken and what to do."""
        then = f"it is stopped after {self.limit:.0f}" if seconds < self.limit else "it cannot be stopped from here"
        remedy = f"end it (kill {os.getpid()}) and run the same command again with --timeout SECONDS"
        return f"has been at {self.item} for {seconds:.0f} seconds; {then}; or {remedy}"


@dataclass(slots=True)
class Patient:
    """A model in this process that is not waited for for ever.

    The system's alarm breaks Python off wherever it is, and waiting for files, locks and other programs, but no
    library's loop in C: there the item is named, with what helps. A photo costs two calls of the system more; it is
    asked in the same thread as without.
    """

    entry: Entry
    reopen: Callable[[], Model]
    limits: Limits = field(default_factory=Limits)
    told: float = TOLD
    _model: Model | None = field(default=None, init=False)
    _at: Look | None = field(default=None, init=False)
    _closed: threading.Event = field(default_factory=threading.Event, init=False)

    def start(self) -> None:
        """Open it now, and begin to look after it.

        Raises:
            ModelError: it cannot be opened.
        """
        self._model = self.reopen()
        threading.Thread(target=self._look_after, daemon=True, name=f"watch {self.entry.label}").start()

    def attempt(self, question: Question) -> Attempt:
        """See `Model`.

        Raises:
            ModelError: it cannot be opened again.
        """
        if self._model is None:
            self._model = self.reopen()
        pixels = question.image.shape[0] * question.image.shape[1]
        limit, began = self.limits.of(pixels), time.monotonic()
        self._at = Look(question.item, limit, began)
        try:
            with alarm(limit):
                found = self._model.attempt(question)
        except OverdueError:
            self._model = None  # nobody knows what state it is in
            return Attempt("timeout", time.monotonic() - began, error=stopped(limit))
        finally:
            self._at = None
        self.limits.took(found.seconds, pixels)
        return found

    def close(self) -> None:
        """See `Model`."""
        self._closed.set()
        if self._model is not None:
            self._model.close()

    def _look_after(self) -> None:
        """Say which item a model has been at for long, and how to go on; now and then again."""
        told: tuple[Look | None, int] = (None, 0)
        while not self._closed.wait(min(self.told / 4, 5.0)):
            at = self._at
            times = told[1] if told[0] is at else 0
            if at is not None and time.monotonic() - at.since >= self.told * (times + 1):
                tell(f"{self.entry.label} {at.words(time.monotonic() - at.since)}")
                told = at, times + 1


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `OverdueError` inside after so long; only the main thread can be told, elsewhere nothing is done."""
    if threading.current_thread() is not threading.main_thread() or not seconds:
        yield
        return
    before = signal.signal(signal.SIGALRM, overdue)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def overdue(number: int, frame: FrameType | None) -> Any:
    """The signal's handler: breaks off what the main thread is at."""
    raise OverdueError

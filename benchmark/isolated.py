"""A model in a process of its own: one that hangs is stopped, one that dies takes nothing with it."""

import math
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread

import cv2

from benchmark.attempts import Attempt, Question, in_process
from benchmark.contestants import Entry, Opening
from benchmark.patience import TOLD, Limits, stopped
from benchmark.suite import Task
from degrade.console import one_line, tell
from restore_models.restorer import ModelError

STARTING = 600.0
"""Seconds that a model may take to be opened."""


@dataclass(slots=True)
class Isolated:
    """A model behind a pipe; started where it is not running, and again after it was stopped or died."""

    entry: Entry
    task: Task
    opening: Opening
    told: float = TOLD
    _limits: Limits = field(init=False)
    _process: BaseProcess | None = field(default=None, init=False)
    _pipe: Connection | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Begin to learn how long it takes."""
        self._limits = Limits(self.opening.patience)

    def attempt(self, question: Question) -> Attempt:
        """See `Model`.

        Raises:
            ModelError: it cannot be opened.
        """
        pipe, seconds = self._running(), self.opening.seconds
        pixels = question.image.shape[0] * question.image.shape[1]
        limit = seconds or self._limits.of(pixels)
        try:
            pipe.send(question)
            if self._answered(pipe, question.item, limit):
                found: Attempt = pipe.recv()
                self._limits.took(found.seconds, pixels)
                return found
        except (EOFError, OSError):
            return Attempt("error", 0.0, error=f"its process died ({self._ended()})")
        self.close()
        said = f"took over {limit:g} seconds and was stopped" if seconds else stopped(limit)
        return Attempt("timeout", limit, error=said)

    def _answered(self, pipe: Connection, item: str, limit: float) -> bool:
        """Wait for an answer, and now and then say what for."""
        waited = 0.0
        while waited < limit:
            step = min(self.told, limit - waited)
            if pipe.poll(step):
                return True
            waited += step
            if waited < limit:
                then = "" if math.isinf(limit) else f"; it is stopped after {limit:.0f}"
                tell(f"{self.entry.label} has been at {item} for {waited:.0f} seconds{then}")
        return False

    def start(self) -> None:
        """Open the model now, and not at its first question.

        Raises:
            ModelError: it cannot be opened.
        """
        self._running()

    def _running(self) -> Connection:
        if self._pipe is not None:
            return self._pipe
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        args = (theirs, self.entry, self.task, self.opening, cv2.getNumThreads())
        process = context.Process(target=serve, args=args, daemon=True)
        with unhurried():
            process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        try:
            problem = ours.recv() if ours.poll(STARTING) else f"took over {STARTING:g} seconds to be opened"
        except (EOFError, OSError):
            problem = f"its process died while it was opened ({self._ended()})"
        if problem:
            self.close()
            raise ModelError(problem if self.entry.what in problem else f"{self.entry.what}: {problem}")
        return ours

    def _ended(self) -> str:
        process = self._process
        assert process is not None
        process.join(5)
        code = process.exitcode
        self.close()
        if code is None or code >= 0:
            return f"exit code {code}"
        return f"signal {-code}" + (", as of a system that runs out of memory" if -code == signal.SIGKILL else "")

    def close(self) -> None:
        """See `Model`."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None


@contextmanager
def unhurried() -> Iterator[None]:
    """What is started inside never hears of Ctrl+C, which would make it show where it was; its parent ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)  # what was pressed in between comes now


def end_with_parent() -> None:
    """End this process when the one that started it ends, however it ends: else it would work on for nobody."""
    parent = parent_process()
    assert parent is not None

    def follow() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def serve(pipe: Connection, entry: Entry, task: Task, opening: Opening, threads: int) -> None:
    """What the other process does: open the model, then answer until the pipe is closed."""
    end_with_parent()
    cv2.setNumThreads(threads)
    os.dup2(2, 1)  # whatever a model's C code prints: results alone go to stdout
    try:
        model = in_process(entry, task, opening)
    except ModelError as error:
        pipe.send(one_line(str(error)))
        return
    pipe.send("")
    while True:
        try:
            question: Question = pipe.recv()
        except EOFError:
            return
        try:
            found = model.attempt(question)
        except KeyboardInterrupt:  # the model's own: those of the keyboard do not come here
            found = Attempt("error", 0.0, error="KeyboardInterrupt")
        pipe.send(found)

"""One try of a model on one photo: what it gave, or in what way it failed. Nothing that a model does stops a sweep."""

import gc
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from benchmark.contestants import Entry, Opened, Opening, opened_entry
from benchmark.suite import Task
from degrade.console import one_line, reason
from degrade.seeds import stream
from degrade.types import Image, Mask
from restore_models.foreign import as_restored, is_command
from restore_models.notes import noted
from restore_models.restorer import ModelError

Status = Literal["ok", "error", "timeout", "nonfinite", "shape", "unsupported"]


class OverdueError(BaseException):
    """Raised inside a model that takes too long; no `Exception`, so that a model's own handlers let it through."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked."""

    item: str
    image: Image
    mask: Mask | None
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """What came of asking a model one item."""

    status: Status
    seconds: float
    output: Any = None
    """A restored photo or a soft mask where the status is ok."""

    error: str = ""
    """Why it failed; or of a success, that memory ran out on the way."""

    threshold: float = 0.5
    """Of a soft mask: where its model cuts it."""


class Model(Protocol):
    """What a sweep asks."""

    def attempt(self, question: Question) -> Attempt:
        """What comes of a question; it never raises what is the model's fault."""

    def close(self) -> None:
        """Let the model go, with the process and the memory that it has."""


@dataclass(frozen=True, slots=True)
class InProcess:
    """A model in this process: the quick way. One that hangs hangs the sweep, unless it is a command."""

    entry: Entry
    task: Task
    opening: Opening
    opened: Opened

    def attempt(self, question: Question) -> Attempt:
        """See `Model`."""
        first = asked(self.opened, question, self.task)
        if first.error != NO_MEMORY:
            return self._timed(first)
        gc.collect()
        if "torch" in sys.modules and sys.modules["torch"].cuda.is_available():
            sys.modules["torch"].cuda.empty_cache()
        second = asked(self.opened, question, self.task)
        return replace(second, error=f"{NO_MEMORY} once, then it went well") if second.status == "ok" else second

    def _timed(self, found: Attempt) -> Attempt:
        """The same; what a command's own limit stopped is a timeout."""
        stopped = found.status == "error" and is_command(self.entry.what) and found.seconds >= self.opening.seconds > 0
        return replace(found, status="timeout") if stopped else found

    def close(self) -> None:
        """See `Model`."""


NO_MEMORY = "out of memory"


def in_process(entry: Entry, task: Task, opening: Opening) -> InProcess:
    """The model, opened in this process.

    Raises:
        ModelError: it cannot be opened.
    """
    with redirect_stdout(sys.stderr):
        return InProcess(entry, task, opening, opened_entry(entry, task, opening))


def asked(opened: Opened, question: Question, task: Task) -> Attempt:
    """One question, and what came of it."""
    with seeded(question.seed, question.item):
        began = time.perf_counter()
        try:
            with noted() as notes, redirect_stdout(sys.stderr):  # results alone go to stdout
                found = opened.answer(question.image, question.mask)
        except (KeyboardInterrupt, OverdueError):
            raise
        except BaseException as error:  # anybody's code raises whatever it likes, and calls sys.exit
            return Attempt("error", time.perf_counter() - began, error=said(error))
        seconds = time.perf_counter() - began
    status, why = judged(found, question.image, task)
    return Attempt(status, seconds, found if status == "ok" else None, why or "; ".join(notes), opened.threshold)


def said(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or "allocate memory" in str(error):
        return NO_MEMORY
    text = one_line(reason(error))
    return (text if isinstance(error, ModelError) else f"{type(error).__name__}: {text}")[:300]


def judged(found: Any, image: Image, task: Task) -> tuple[Status, str]:
    """Whether an answer is one: a photo of the same size, or a mask of it, in 8 bits."""
    if isinstance(found, np.ndarray) and found.dtype.kind == "f" and not np.isfinite(found).all():
        return "nonfinite", f"gave {found.dtype} with values that are no numbers"
    if isinstance(found, np.ndarray) and found.shape[:2] != image.shape[:2]:
        return "shape", f"gave {found.shape} for a photo of {image.shape}; give the same size"
    if task == "restore":
        try:
            as_restored(found, image, "it")
        except ModelError as error:
            return "error", str(error).removeprefix("it ")
    elif not isinstance(found, np.ndarray) or found.dtype != np.uint8 or found.ndim != 2:
        kind = f"{found.dtype} of {found.shape}" if isinstance(found, np.ndarray) else type(found).__name__
        return "error", f"gave {kind}, not a mask: uint8 of (H, W)"
    return "ok", ""


@contextmanager
def seeded(seed: int, item: str) -> Iterator[None]:
    """The generators that models draw from without being told, set by the seed and the item, and put back afterwards.

    So that a stochastic model gives the same on a second run; it does not hang on order or on what was resumed.
    """
    number = stream(seed, item, "model").seed()
    kept, kept_array = random.getstate(), np.random.get_state()  # noqa: NPY002 - other people's models use it
    random.seed(number)
    np.random.seed(number)  # noqa: NPY002
    torch = sys.modules.get("torch")
    try:
        if torch is None:
            yield
        else:
            with torch.random.fork_rng():
                torch.manual_seed(number)
                yield
    finally:
        random.setstate(kept)
        np.random.set_state(kept_array)  # noqa: NPY002

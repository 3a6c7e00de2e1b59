"""Anybody's own model as a restorer: a Python object, or a command of another program. What it gives is checked.

Networks in files, TorchScript and ONNX, are in `foreign_files`.
"""

import inspect
import os
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from degrade.by_name import imported
from degrade.console import one_line
from degrade.io import ImageError, read_image, write_png
from degrade.types import Image, Mask
from restore_models.restorer import ModelError, checked

TORCHSCRIPT, ONNX = (".pt", ".ts", ".pts"), (".onnx",)
NETWORK_FILES = (*TORCHSCRIPT, *ONNX)
"""What the names of files end in that hold networks."""

Answer = Callable[[Image, Mask | None], Any]
"""Somebody's answer to a photo and a mask, of which nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A restorer that trusts nobody: a fault or a wrong result is one line that names the model."""

    name: str
    answer: Answer

    threshold: float | None = None
    """Where an object that finds damage says that it cuts its soft masks; None of all others."""

    blind: bool = False
    """Whether it surely looks at no mask."""

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        """What the model answers.

        Raises:
            ModelError: it failed, or gave no photo of the same size.
        """
        checked(image, mask)
        try:
            answer = self.answer(image.copy(), None if mask is None else mask.copy())
        except (ModelError, MemoryError):
            raise
        except (Exception, SystemExit) as error:  # anybody's code raises whatever it likes
            if type(error).__name__ == "OutOfMemoryError":
                raise MemoryError(str(error)) from error
            said = one_line(f"{type(error).__name__}: {error}")
            raise ModelError(f"{self.name} failed: {said[:LONGEST]}") from error
        return as_restored(answer, image, self.name)


LONGEST = 300
"""Characters of what a model says of its failure; networks in files say pages."""


def as_restored(answer: Any, image: Image, name: str) -> Image:
    """The answer, where it is a photo of the same size.

    Raises:
        ModelError: it is not; it is said what it is, and what it should be.
    """
    if not isinstance(answer, np.ndarray):
        raise ModelError(f"{name} gave {type(answer).__name__}, not a NumPy array; give uint8 of (H, W, 3), RGB")
    if answer.dtype != np.uint8:
        broken = " with NaN" if answer.dtype.kind == "f" and np.isnan(answer).any() else ""
        raise ModelError(f"{name} gave {answer.dtype}{broken}, not uint8; scale to 0 to 255, clip and round")
    if answer.ndim != 3 or answer.shape[2] != 3:
        raise ModelError(f"{name} gave an array of {answer.shape}, not of (H, W, 3)")
    if answer.shape != image.shape:
        (height, width), (high, wide) = image.shape[:2], answer.shape[:2]
        raise ModelError(f"{name} gave {wide} x {high} pixels for a photo of {width} x {height}; give the same size")
    return np.ascontiguousarray(answer)


def from_python(what: str) -> Foreign:
    """The model that `package.module:callable` names, looked for beside the working directory too.

    It is a class or an object with `restore(image, mask)`, or a function of an image or of an image and a mask.

    Raises:
        ModelError: there is no such thing, or it can neither restore nor be called.
    """
    try:
        found = imported(what)
    except ValueError as error:
        raise ModelError(str(error)) from error.__cause__
    restore = found.restore if hasattr(found, "restore") else found
    if not callable(restore):
        raise ModelError(f"{what} is {type(found).__name__}: neither a function nor an object with restore()")
    answer, blind = answering(restore)
    return Foreign(what, answer, threshold_of(found), blind)


def threshold_of(found: object) -> float | None:
    """Where an object of somebody's cuts its soft masks, if it says so by a number in (0, 1]."""
    said = getattr(found, "threshold", None)
    return float(said) if isinstance(said, int | float) and 0 < said <= 1 else None


def answering(function: Callable[..., Any]) -> tuple[Answer, bool]:
    """The function, given the mask where it has a parameter `mask` or a second one that must be given; is it blind?"""
    parameters: Mapping[str, inspect.Parameter] = {}
    with suppress(ValueError, TypeError):  # some that are written in C do not say
        parameters = inspect.signature(function).parameters
    known = parameters.get("mask")
    if known is not None and known.kind in (known.KEYWORD_ONLY, known.POSITIONAL_OR_KEYWORD):
        return lambda image, mask: function(image, mask=mask), False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    required = [each for each in parameters.values() if each.kind in positional and each.default is each.empty]
    return (function, False) if len(required) > 1 else (lambda image, _: function(image), True)


def is_command(what: str) -> bool:
    """Whether it is meant as a command."""
    return "{in}" in what or "{out}" in what


def from_command(what: str, seconds: float) -> Foreign:
    """The program that a command runs, once for each photo; no shell is between.

    Args:
        what: the command, in which `{in}`, `{out}` and `{mask}` are PNG files; without a mask that file is all black.
        seconds: after which it is stopped, with all that it started.

    Raises:
        ModelError: it lacks `{in}` or `{out}`, or its quotes do not match.
    """
    try:
        words = shlex.split(what)
    except ValueError as error:
        raise ModelError(f"{what}: {error}; check the quotes") from None
    for place in ("{in}", "{out}"):
        if not any(place in word for word in words):
            raise ModelError(f"{what}: a command needs {{in}} and {{out}}; {place} is missing")

    def answer(image: Image, mask: Mask | None) -> Image:
        with tempfile.TemporaryDirectory(prefix="foxing-") as folder:
            photo, result, cover = (Path(folder) / f"{name}.png" for name in ("in", "out", "mask"))
            write_png(photo, image)
            write_png(cover, np.zeros(image.shape[:2], np.uint8) if mask is None else mask)
            files = {"{in}": str(photo), "{out}": str(result), "{mask}": str(cover)}
            run([replaced(word, files) for word in words], seconds)
            try:
                return read_image(result)
            except ImageError as error:
                said = str(error).removeprefix(f"{result}: ").partition(";")[0]
                raise ModelError(f"{words[0]} ended well, but its {{out}} is no picture: {said}") from None

    return Foreign(Path(words[0]).name, answer, blind="{mask}" not in what)


SHELL_SIGNS = ("|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1")
"""Words that mean something to a shell alone; most programs take them for names of files, and fail."""


def replaced(word: str, files: dict[str, str]) -> str:
    """The word of a command with its places filled."""
    for place, file in files.items():
        word = word.replace(place, file)
    return word


def run(words: list[str], seconds: float) -> None:
    """Run a command to its own end; what it left running in its group is ended with it.

    Raises:
        ModelError: it cannot be started, took too long, or failed; its last line of stderr is quoted.
    """
    said = bytearray()
    try:
        started = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise ModelError(f"{words[0]}: {error.strerror}; the command cannot be started") from None
    assert started.stderr is not None
    reader = threading.Thread(target=last_of, args=(started.stderr, said), daemon=True)
    reader.start()
    try:
        started.wait(seconds)
    except subprocess.TimeoutExpired:
        raise ModelError(f"{words[0]} took over {seconds:g} seconds and was stopped; raise --timeout") from None
    finally:
        with suppress(ProcessLookupError, PermissionError):  # nothing is left of it
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        reader.join(GRACE)
    if started.returncode:
        lines = bytes(said).decode(errors="replace").strip().splitlines()
        last = f": {one_line(lines[-1])}" if lines else ", and said nothing"
        sign = next((word for word in words if word in SHELL_SIGNS), "")
        hint = f"; no shell is between that knows {sign}, put it all in a script" if sign else ""
        raise ModelError(f"{words[0]} ended with exit code {started.returncode}{last}{hint}")


GRACE = 1.0
"""Seconds for the last words of a command; what left its group and still holds its stderr is not waited for."""

LAST_BYTES = 1 << 14


def last_of(stream: IO[bytes], kept: bytearray) -> None:
    """Read a stream to its end and keep its last bytes: a command may talk as much as it likes."""
    with stream:
        while read := stream.read1(LAST_BYTES):  # type: ignore[attr-defined]  # of a buffered reader, which it is
            kept += read
            del kept[:-LAST_BYTES]

"""The models of a sweep: what they are called in the tables, what tells them from others, and what opens them."""

import hashlib
import math
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np

from benchmark.suite import SuiteError, Task
from degrade.types import Image, Mask
from restore_models.foreign import NETWORK_FILES, Foreign, from_python, is_command
from restore_models.resolve import identity_of, known, network_in, opened
from restore_models.restorer import ModelError

LABEL = re.compile(r"(?P<label>[\w.+-]+)@(?P<what>.+)", re.DOTALL)

MOST_LETTERS = 100
"""Of a model's name, which is that of a folder, too."""

FLOOR = "identity"
"""Takes part in every sweep: the photo as it is, or a mask that finds nothing."""

USUAL = 0.5
"""Where soft masks are cut if their model does not say."""

Answer = Callable[[Image, Mask | None], Any]
"""What a model gives, of which nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that takes part."""

    label: str
    """What it is called in the tables."""

    what: str
    """What opens it."""

    identity: str
    """Its name, and the hash of its weights where it lies in files."""

    digest: str
    """Of all that is known of it: another digest is another model."""


Apart = Literal["none", "foreign", "all"]
"""No model; those that are nobody's of this project; all."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Where and how models run."""

    device: str = "auto"
    tile: int = -1
    seconds: float = 0.0
    """The longest time for one photo, kept by a process of its own; 0 for none, except that commands have ten minutes.
    """

    patience: float = 0.0
    """Where there is no such limit: the longest time for a model's first photo, see `patience`; 0 for no limit at all.
    """

    apart: Apart = "none"
    """Which models have a process of their own also where there is no limit in seconds: it can be ended whatever a
    model does, and one that dies takes nothing with it. The floor and commands need none."""

    def __post_init__(self) -> None:
        """Check what was typed, also for models that have no use for it.

        Raises:
            SuiteError: there is no such device, or the limit is none.
        """
        if not DEVICE.fullmatch(self.device):
            raise SuiteError(f"--device {self.device}: none of auto, cpu, cuda, cuda:N")
        if not math.isfinite(self.seconds):
            raise SuiteError(f"--timeout {self.seconds}: give a number of seconds, or 0 for never")


DEVICE = re.compile(r"auto|cpu|cuda(:[0-9]+)?")

PATIENCE = 600.0
"""Seconds for a command, where nobody says otherwise."""


def entries_of(asked: Iterable[str]) -> list[Entry]:
    """The models that were asked for, and the floor.

    Raises:
        ModelError: two are called alike, or one is not there.
    """
    entries = [entry_of(each) for each in asked]
    if FLOOR not in [each.label for each in entries]:
        entries.insert(0, entry_of(FLOOR))
    labels = [each.label for each in entries]
    if entries[labels.index(FLOOR)].what != FLOOR:
        raise SuiteError(f"{FLOOR} is the name of the untouched photo; give that model another one")
    for label in labels:
        if labels.count(label) > 1:
            raise SuiteError(f"two models are called {label}; give one a name of its own: --model NAME@{label}")
    return entries


def entry_of(asked: str) -> Entry:
    """A model by what was typed: what opens it, or NAME@ before it.

    Raises:
        ModelError: its name is empty, or its weights are not there.
    """
    if not asked.strip():
        raise SuiteError("--model: an empty name; give a model's name, a folder of weights or package.module:callable")
    named = None if is_there(asked) else LABEL.fullmatch(asked)
    what = named["what"] if named else asked
    identity = what if is_python(what) else identity_of(what)
    label = named["label"] if named else label_of(what)
    if len(label) > MOST_LETTERS:
        raise SuiteError(f"--model {label[:20]}...: a name of {len(label)} letters, over the limit of {MOST_LETTERS}")
    digest = hashlib.sha256(f"{identity}\n{source_digest(what)}".encode()).hexdigest()[:16]
    return Entry(label, what, identity, digest)


def is_there(what: str) -> bool:
    """Whether it is a file or a folder; long commands are none."""
    try:
        return Path(what).exists()
    except OSError:
        return False


def label_of(what: str) -> str:
    """What a model is called where nobody says: short, and good for a folder's name."""
    if not is_python(what) and known(what) is not None:
        return what
    name = Path(what.split(maxsplit=1)[0]).name if is_command(what) else Path(what).name or what
    return re.sub(r"[^\w.+-]+", "-", name).strip("-") or "model"


def source_digest(what: str) -> str:
    """The SHA-256 of the files that a Python model or a command is written in; empty where none is to be found."""
    files = sources_of(what) if is_python(what) else named_in(what) if is_command(what) else []
    state = hashlib.sha256()
    for file in files:
        with file.open("rb") as data:
            state.update(hashlib.file_digest(data, "sha256").digest())
    return state.hexdigest() if files else ""


def sources_of(what: str) -> list[Path]:
    """The file of a Python model's module, or all of its package: networks lie beside what loads them."""
    module = what.partition(":")[0]
    place = Path(*module.split("."))  # in the working directory, which comes first, as it does for imports
    beside = [each for each in (place.with_suffix(".py"), place / "__init__.py") if each.is_file()]
    try:
        found = None if beside else find_spec(module)
    except (ImportError, ValueError):
        return []
    file = beside[0] if beside else Path(found.origin) if found and found.origin else None
    if file is None or not file.is_file():
        return []
    package = file.parent
    while (package.parent / "__init__.py").is_file():
        package = package.parent
    return sorted(package.rglob("*.py")) if (package / "__init__.py").is_file() else [file]


def named_in(command: str) -> list[Path]:
    """The files that the words of a command name: its program, its script, its weights."""
    try:
        words = shlex.split(command)
    except ValueError:
        return []  # it is refused where it is opened
    return [Path(word) for word in words if is_there(word) and Path(word).is_file()]


@dataclass(frozen=True, slots=True)
class Opened:
    """A model that is ready."""

    answer: Answer

    threshold: float = USUAL
    """Of detectors: where they cut their soft masks."""


def opened_entry(entry: Entry, task: Task, opening: Opening) -> Opened:
    """The model, ready to be asked.

    Raises:
        ModelError: it cannot be opened, or does another task.
    """
    if task == "detect":
        return detecting(entry, opening)
    if is_python(entry.what):
        return Opened(guarded(from_python(entry.what)))  # the zoo, which imports torch, is not asked
    seconds = opening.seconds or PATIENCE
    restorer = opened(entry.what, device=opening.device, tile=opening.tile, seconds=seconds)
    return Opened(guarded(restorer) if isinstance(restorer, Foreign) else restorer.restore)


def is_python(what: str) -> bool:
    """Whether it is meant as package.module:callable."""
    return ":" in what and not is_command(what) and not is_there(what)


def is_apart(what: str, opening: Opening) -> bool:
    """Whether a model is to have a process of its own."""
    if what == FLOOR or is_command(what):
        return False
    foreign = is_python(what) or Path(what).suffix.lower() in NETWORK_FILES
    return opening.seconds > 0 or opening.apart == "all" or (opening.apart == "foreign" and foreign)


def guarded(model: Foreign) -> Answer:
    """The raw answer of somebody's model, which sees copies: what it gives is judged by the sweep."""
    return lambda image, mask: model.answer(image.copy(), None if mask is None else mask.copy())


def detecting(entry: Entry, opening: Opening) -> Opened:
    """A detector, ready to be asked for soft masks.

    Raises:
        ModelError: it finds no damage.
    """
    if entry.what == FLOOR:
        return Opened(lambda image, _: np.zeros(image.shape[:2], np.uint8))
    if is_python(entry.what):
        model = from_python(entry.what)
        return Opened(guarded(model), model.threshold or USUAL)
    if known(entry.what) is not None or is_command(entry.what):
        raise ModelError(f"{entry.what} restores and finds no damage; name a detector's folder or package.module:name")
    network = network_in(Path(entry.what), opening.device, opening.tile)
    detector = network if hasattr(network, "detect") else getattr(network, "detector", None)
    if detector is None:
        raise ModelError(f"{entry.what}: weights of {network.name}, which finds no damage; foxing train detector")
    return Opened(lambda image, _: detector.detect(image), float(detector.threshold))

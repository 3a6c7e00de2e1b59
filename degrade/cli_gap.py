"""The command `realism`: read both sets, measure them, compare them, and say what came of it."""

import json as json_format
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile

import cv2

from degrade.console import FailureError, MisuseError, reason, show, tell
from degrade.io import write_text
from degrade.realism.classifier import is_installed
from degrade.realism.features import Network, network_named
from degrade.realism.gap import FEWEST, TREES, Trees
from degrade.realism.measuring import measured_photo, measured_photos
from degrade.realism.page import page
from degrade.realism.photos import Found, Role, photos_of
from degrade.realism.report import Side, as_data, as_text, reported
from degrade.sources import SourceError


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed behind `foxing degrade realism`."""

    real: str
    synthetic: str
    clean: str
    photos: int
    size: int
    seed: int
    json: bool
    html: Path | None
    max_pixels: int
    features: str


def run_realism(asked: Asked, trees: Trees = TREES) -> None:
    """Compare, with progress on stderr and the report on stdout; fewer trees are quicker and less exact.

    Raises:
        MisuseError: there are no photos, or too few.
        FailureError: a library or the network is missing, or the page cannot be written.
    """
    if not is_installed():
        raise FailureError("scikit-learn is not installed, and the comparison needs it: pip install 'foxing[realism]'")
    if asked.photos < FEWEST:
        raise MisuseError(f"--photos {asked.photos}: at least {FEWEST} are needed; {TOO_FEW}")
    if asked.html is not None and asked.html.is_dir():
        raise MisuseError(f"{asked.html}: a folder; name a file for the page, as {asked.html / 'gap.html'}")
    if asked.html is not None:
        check_writable(asked.html)
    with told():
        network = network_named(asked.features) if asked.features else None
    places: dict[Role, str] = {"real": asked.real, "synthetic": asked.synthetic, "clean": asked.clean}
    with told():
        found = {role: photos_of(where, role, asked.seed, asked.max_pixels) for role, where in places.items() if where}
        found = {role: enough(places[role], role, photos) for role, photos in found.items()}
    sides = {role: side(asked, places[role], role, photos, network) for role, photos in found.items()}
    with told():
        report = reported(
            sides["real"], sides["synthetic"], sides.get("clean"), asked.seed, tell, trees, asked.features
        )
    show(json_format.dumps(as_data(report), ensure_ascii=False, indent=1) if asked.json else as_text(report))
    if asked.html is not None:
        write_text(asked.html, page(report))
        tell(f"wrote {asked.html}")


TOO_FEW = "with fewer, chance alone moves the result more than age does"


def check_writable(path: Path) -> None:
    """Nothing where a file can be written there: better known before minutes of work than behind them.

    Raises:
        FailureError: it cannot.
    """
    folder = next(each for each in path.absolute().parents if os.path.lexists(each))
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise FailureError(f"{path}: cannot be written ({folder}: {error.strerror}); name another file") from None


def enough(where: str, role: Role, found: Iterator[Found]) -> Iterator[Found]:
    """The same photos, where there may be enough of them: before the first of any set is measured.

    Raises:
        MisuseError: there are too few, even if all can be read.
    """
    first = list(islice(found, FEWEST))
    if len(first) < FEWEST:
        raise MisuseError(too_few(where, len(first), role))
    return chain(first, found)


def too_few(where: str, count: int, role: Role, left_out: int = 0) -> str:
    """That there are no more photos than that, how many are needed, and why."""
    without = f", {left_out} left out" if left_out else ""
    photos = "photo" if count == 1 else "photos"
    return f"{where}: {count} {role} {photos}{without}, and {FEWEST} are needed; {TOO_FEW}"


def side(asked: Asked, where: str, role: Role, found: Iterator[Found], network: Network | None) -> Side:
    """One set of photos in numbers.

    Raises:
        MisuseError: there are none, or too few.
        FailureError: they cannot be reached.
    """
    cv2.setNumThreads(1)  # one photo on each core is quicker than one operation on all
    left_out: list[str] = []
    measure = partial(measured_photo, seed=asked.seed, largest=asked.size, network=network)
    with told(), ticking(f"measuring {role} photos", asked.photos) as tick:

        def ticked(problem: str) -> None:
            tick(problem)
            if problem:
                left_out.append(problem)

        photos = measured_photos(found, asked.photos, measure, os.cpu_count() or 1, ticked)
    if len(photos) < FEWEST:
        raise MisuseError(too_few(where, len(photos), role, len(left_out)))
    tell(f"{len(photos)} {role} photos measured")
    return Side(where, tuple(photos), asked.size, len(left_out))


@contextmanager
def told() -> Iterator[None]:
    """Turn what can go wrong with a set of photos into one line."""
    try:
        yield
    except (SourceError, ValueError) as error:  # a corpus's errors are of the second kind
        raise MisuseError(reason(error)) from None
    except OSError as error:
        raise FailureError(reason(error)) from None


@contextmanager
def ticking(what: str, count: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal; and for each photo that was left out, a line that says why."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import Progress  # noqa: PLC0415

    stderr = Console(stderr=True)
    with Progress(console=stderr, disable=not stderr.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=count)

        def tick(problem: str) -> None:
            bar.advance(task, 0 if problem else 1)
            if problem:
                tell(problem)

        yield tick

"""The command `calibrate`: read the photos, search, keep the best, and ask photos that the fit has not seen."""

import hashlib
import json as json_format
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import cv2

from degrade.calibration.fitting import FEWEST_CLEAN, FEWEST_SCANS, KNOBS_A_SCAN, Materials, judged, loss_of
from degrade.calibration.knobs import knobs, turned
from degrade.calibration.search import OtherFitError, Search
from degrade.calibration.trials import Picture
from degrade.calibration.words import as_data, as_text, gap_data
from degrade.cli_apply import preset_named
from degrade.cli_gap import check_writable, ticking, told
from degrade.console import FailureError, MisuseError, reason, show, tell
from degrade.corpus.holding import held_file
from degrade.io import ImageError, write_text
from degrade.pipeline import Pipeline
from degrade.pipeline_file import read_pipeline, to_toml
from degrade.realism.gap import TREES, Trees
from degrade.realism.measuring import fitted
from degrade.realism.patch import SIDE
from degrade.realism.photos import Found, Role, photos_of

__all__ = ["Asked", "gap_data", "run_calibrate"]

TRIALS = 150

CLEAN = 200
"""Clean photos at most: half of them are for the trials, half for the report."""

LARGEST = 640
"""Shorter side to which larger photos are made smaller, as in `foxing degrade realism`."""

TOLD_EVERY = 30
"""Seconds between two words about how far the fit is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed behind `foxing degrade calibrate`."""

    old: str
    clean: str
    out: Path
    base: str
    trials: int
    minutes: float
    photos: int
    seed: int
    workers: int
    overwrite: bool
    json: bool
    max_pixels: int

    @property
    def kept(self) -> Path:
        """The file of trials beside the pipeline."""
        return self.out.with_name(f"{self.out.name}.trials")

    @property
    def at_a_time(self) -> int:
        """Photos that are worked on at once."""
        return self.workers or os.cpu_count() or 1


def run_calibrate(asked: Asked, trees: Trees = TREES) -> None:
    """Fit, with progress on stderr and what unseen photos say on stdout; fewer trees are quicker and less exact.

    Raises:
        MisuseError: there are too few photos, the output is there already, or it makes no sense otherwise.
        FailureError: a library is missing, the output cannot be written, or another fit is at work on it.
        KeyboardInterrupt: it was broken off; the best so far is written.
    """
    for module, library in (("optuna", "Optuna"), ("sklearn", "scikit-learn")):
        if find_spec(module) is None:
            raise FailureError(f"{library} is not installed, and a fit needs it: pip install 'foxing[realism]'")
    base = checked(asked)
    cv2.setNumThreads(1)  # one photo on each core is quicker than one operation on all
    materials = read(asked)
    with alone(asked):
        search = opened(asked, base, materials)
        try:
            tried(asked, base, materials, search)
        except KeyboardInterrupt:
            tell(f"broken off behind {len(search.trials)} trials; the same command goes on")
            raise
        finally:
            if search.trials:
                keep(asked, base, search)
    fitted_pipeline = best_of(asked, base, search)
    tell(f"asking {len(materials.held_scans)} scans and {len(materials.held_clean)} clean photos that were held out")
    outcome = judged((base, fitted_pipeline), materials, asked.seed, trees)
    data = as_data((asked.out, asked.base, asked.seed), search, outcome)
    show(json_format.dumps(data, ensure_ascii=False, indent=1) if asked.json else as_text(asked.out, search, outcome))


def checked(asked: Asked) -> Pipeline:
    """The pipeline to start from, where all else makes sense too.

    Raises:
        MisuseError: it does not.
        FailureError: nothing can be written there.
    """
    if asked.trials and asked.minutes:
        raise MisuseError("--trials and --minutes: give one of them")
    if asked.out.is_dir():
        raise MisuseError(f"{asked.out}: a folder; name a file for the pipeline, as {asked.out / 'mine.toml'}")
    if asked.out.suffix != ".toml":
        raise MisuseError(f"{asked.out}: a pipeline is a file .toml, as {asked.out.with_suffix('.toml')}")
    if asked.out.exists() and not asked.kept.exists() and not asked.overwrite:
        raise MisuseError(f"{asked.out}: there already; name another --out, or give --overwrite")
    check_writable(asked.out)
    if not asked.base.endswith(".toml"):
        return preset_named(asked.base)
    try:
        return read_pipeline(Path(asked.base))
    except (ValueError, OSError) as error:
        raise MisuseError(reason(error)) from None


def read(asked: Asked) -> Materials:
    """All photos, no larger than the report takes them.

    Raises:
        MisuseError: there are too few.
    """
    scans = pictures(asked, asked.old, "real", asked.photos, FEWEST_SCANS)
    clean = pictures(asked, asked.clean, "clean", CLEAN, FEWEST_CLEAN)
    return Materials.split(scans, clean, asked.seed)


def pictures(asked: Asked, where: str, role: Role, count: int, fewest: int) -> list[Picture]:
    """The first so many photos of a place that can be read and hold a patch.

    Raises:
        MisuseError: there are too few.
    """
    with told(), ticking(f"reading {role} photos", count) as tick:
        found = list(islice(_readable(photos_of(where, role, asked.seed, asked.max_pixels), tick), count))
    if len(found) < fewest:
        what = ("scan" if role == "real" else "clean photo") + ("" if len(found) == 1 else "s")
        raise MisuseError(
            f"{where}: {len(found)} {what}, and a fit needs {fewest}: a part of them is held out, and with fewer the "
            "rest says more about themselves than about old photos"
        )
    return found


def _readable(photos: Iterator[Found], tick: Callable[[str], None]) -> Iterator[Picture]:
    for photo in photos:
        try:
            image = fitted(photo.load(), LARGEST)
        except ImageError as error:
            tick(str(error))
            continue
        small = min(image.shape[:2]) < SIDE
        tick(f"{photo.key}: smaller than a patch of {SIDE} pixels; left out" if small else "")
        if not small:
            yield Picture(photo.key, image)


@contextmanager
def alone(asked: Asked) -> Iterator[None]:
    """The file of trials for this run alone.

    Raises:
        FailureError: another fit is at work on it, or it cannot be made.
    """
    with ExitStack() as stack:
        with told():
            asked.out.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(held_file(asked.kept, "fit"))
        yield


def opened(asked: Asked, base: Pipeline, materials: Materials) -> Search:
    """The trials so far.

    Raises:
        MisuseError: the output is there and not of this fit, or there is nothing to turn.
    """
    turnable = knobs(base)
    if not turnable:
        raise MisuseError(f"{asked.base}: no range and no probability that a fit could change")
    if asked.overwrite:
        asked.kept.write_bytes(b"")  # and not removed: this run holds it
    try:
        search = Search(turnable, asked.kept, materials.name(base, asked.seed), asked.seed)
    except OtherFitError as error:
        raise MisuseError(f"{error}, or give --overwrite") from None
    if asked.out.exists() and not asked.overwrite and search.wrote != text_digest(asked.out):
        raise MisuseError(f"{asked.out}: not as this fit left it; name another --out, or give --overwrite")
    return search


def text_digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tried(asked: Asked, base: Pipeline, materials: Materials, search: Search) -> None:
    """Search until there were trials enough, or it took long enough."""
    wanted = asked.trials or (0 if asked.minutes else TRIALS)
    end = time.monotonic() + 60 * asked.minutes
    if search.trials:
        tell(f"going on behind {len(search.trials)} trials")
    tell(f"{len(search.knobs)} knobs, {len(materials.scans)} scans, {len(materials.clean)} photos degraded a trial")
    if len(search.knobs) > KNOBS_A_SCAN * len(materials.scans):
        tell("these are many knobs for so few scans: web-scan, as --base, has fewer; or give more scans")
    told_at = -math.inf
    with ticking("trials", wanted or 0) as tick:

        def ticked() -> None:
            nonlocal told_at
            tick("")
            if time.monotonic() - told_at >= TOLD_EVERY:
                first, best = search.trials[0].loss, search.best.loss
                tell(f"trial {len(search.trials)}: distance {best:.3f}, at first {first:.3f}")
                told_at = time.monotonic()

        loss = loss_of(base, materials, asked.seed, asked.at_a_time)
        search.run(loss, lambda done: done >= wanted if wanted else time.monotonic() >= end, ticked)


def best_of(asked: Asked, base: Pipeline, search: Search) -> Pipeline:
    """The best pipeline so far, named after its file."""
    first, best, count = search.trials[0].loss, search.best, len(search.trials)
    about = (
        f"{base.name} fitted to {Path(asked.old).name or asked.old}: distance {best.loss:.2f} after {count} trials, "
        f"{first:.2f} before. {base.about}"
    )
    return replace(turned(base, best.turns), name=asked.out.stem, about=about.strip())


def keep(asked: Asked, base: Pipeline, search: Search) -> None:
    """Write the best so far."""
    write_text(asked.out, to_toml(best_of(asked, base, search)))
    search.wrote = text_digest(asked.out)
    tell(f"wrote {asked.out}, the best of {len(search.trials)} trials")

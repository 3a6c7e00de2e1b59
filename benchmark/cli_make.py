"""The work behind `foxing benchmark make`, and how other commands find a suite."""

import json as json_format
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from benchmark.known import difference, is_published
from benchmark.making import Making, Tick, changed_photo, made_suite
from benchmark.materials import SUITE, Materials, opened_suite
from benchmark.photos import found_photos
from benchmark.private import Secret, committed, read_secret
from benchmark.scoring import metrics_named
from benchmark.suite import Plan, Suite, SuiteError
from benchmark.suite_file import plan_of
from benchmark.suites import DRAWN_DETECTION, SCRATCH_DETECTION
from degrade.console import NO_PLACE, FailureError, MisuseError, one_line, reason, refuse_idle, remedy, show, tell
from restore_models.restorer import ModelError


@dataclass(frozen=True, slots=True)
class Make:
    """What was typed behind `foxing benchmark make`."""

    suite: str
    out: Path
    photos: Path | None
    metrics: tuple[str, ...]
    light: bool
    masks: Path | None
    secret: Path | None
    overwrite: bool
    json: bool


class Folders(NamedTuple):
    """Where a suite's pictures come from."""

    photos: Path | None = None
    masks: Path | None = None


def run_make(asked: Make) -> None:
    """Make a suite in a folder.

    Raises:
        MisuseError: the call makes no sense, or a photo is missing or another one.
        FailureError: it could not be written.
    """
    with told(asked.out):
        plan, folders = plan_with(asked.suite, asked.metrics, Folders(asked.photos, asked.masks))
        secret = read_secret(asked.secret) if asked.secret else None
        if not asked.overwrite:
            refuse_other(asked.out, plan if secret is None else replace(plan, seed=secret.seed), folders)
        with progress("making") as tick:
            made = making_of(plan, folders, asked.out, secret, tick, pictures=not asked.light)
    suite = made.suite
    tell_difference(suite)
    if asked.json:
        data = {"suite_id": suite.suite_id, "folder": str(asked.out), "items": len(suite.items)}
        data |= {"photos": len(suite.photos), "commitment": suite.commitment, "published": is_published(suite)}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    same = ", the published one" if is_published(suite) else ""
    show(f"{asked.out}: {suite.suite_id}{same}, {len(suite.items)} items of {len(suite.photos)} photos")
    if suite.commitment:
        show(f"publish this before the first score: {suite.commitment}")


def tell_difference(suite: Suite) -> None:
    """Say where this machine makes another suite than the published one of that name."""
    said = difference(suite)
    if said:
        tell(said)


def making_of(
    plan: Plan, folders: Folders, out: Path, secret: Secret | None, tick: Tick, *, pictures: bool
) -> Materials:
    """The suite of a plan, made; of a private split from the secret's seed. Of one that cannot be made nothing is left.

    Raises:
        ModelError: a photo is missing or is another one, or a metric cannot run.
    """
    specs, new = tuple(metric.spec for metric in metrics_named(plan)), not out.exists()
    making = Making(specs, pictures, "" if secret is None else committed(secret, plan), masks=folders.masks)
    try:
        return made_suite(
            plan if secret is None else replace(plan, seed=secret.seed), folders.photos, out, making, tick
        )
    except ModelError:
        if new:
            rmtree(out, ignore_errors=True)
        raise


def refuse_other(out: Path, plan: Plan, folders: Folders) -> None:
    """Refuse to write over another suite: of another plan, of other metrics, or of other photos or masks.

    Raises:
        SuiteError: one is there.
    """
    if not (out / SUITE).is_file():
        return
    there = opened_suite(out).suite
    specs = tuple(metric.spec for metric in metrics_named(plan))
    if there.plan != plan.digest or there.metrics != specs:
        raise SuiteError(f"{out}: holds suite {there.suite_id}; give another folder, or --overwrite")
    other = other_photo(there, plan, folders)
    if other:
        raise SuiteError(f"{out}: holds suite {there.suite_id}, {other}; give another folder, or --overwrite")


def other_photo(there: Suite, plan: Plan, folders: Folders) -> str:
    """In what the photos, or the masks drawn by hand, are others than when a suite was made; empty where they are not.

    Raises:
        SuiteError: one is missing, or cannot be read.
    """
    now = found_photos(plan, folders.photos).keys()
    gone, new = there.photos.keys() - now, now - there.photos.keys()
    if gone or new:
        return f"made with {min(gone)}, which is not there now" if gone else f"made without {min(new)}"
    other = changed_photo(there, plan, folders.photos, folders.masks)
    return f"made when {other} had other pixels" if other else ""


def plan_with(what: str, metrics: Sequence[str], typed: Folders) -> tuple[Plan, Folders]:
    """The plan of a name or a file, with further metrics, which make it another suite; and its folders.

    Raises:
        SuiteError: there is none.
    """
    plan, photos, masks = plan_of(what)
    folders = Folders(typed.photos or photos, typed.masks or masks)
    if plan.name == SCRATCH_DETECTION.name and folders.masks is not None:
        plan = DRAWN_DETECTION
    return replace(plan, metrics=tuple(dict.fromkeys((*plan.metrics, *metrics)))), folders


def found_suite(what: str, typed: Folders, runs: Path, metrics: Sequence[str] = ()) -> Materials:
    """The suite that a folder holds; or a name's or a file's, made in the folder of the sweep.

    Raises:
        SuiteError: there is none, or it cannot be made.
    """
    if Path(what).is_dir():
        refuse_idle(
            ("--metric", metrics, False, f"{what} is made, and has its metrics; give it to foxing benchmark make"),
            ("--photos", typed.photos, False, f"{what} is made, and has its photos"),
            ("--masks", typed.masks, False, f"{what} is made, and has its masks"),
        )
        return opened_suite(Path(what))
    plan, folders = plan_with(what, metrics, typed)
    place = runs / "suite"
    if (place / SUITE).is_file():
        there = opened_suite(place)
        specs = tuple(metric.spec for metric in metrics_named(plan))
        if there.suite.plan != plan.digest or there.suite.metrics != specs:
            raise SuiteError(f"{place}: holds suite {there.suite.suite_id}, not this {plan.name}; give another --out")
        if typed.photos or (folders.photos and folders.photos.is_dir()):  # a suite outlives its photos
            other = other_photo(there.suite, plan, folders)
            if other:
                raise SuiteError(f"{place}: holds suite {there.suite.suite_id}, {other}; give another --out")
        return there
    with progress("making the suite") as tick:
        return making_of(plan, folders, place, None, tick, pictures=plan.photos.kind == "shipped")


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn what can go wrong into one line: misuse is 2, failure is 1."""
    try:
        yield
    except ModelError as error:
        raise MisuseError(one_line(str(error))) from None
    except OSError as error:
        wrong = MisuseError if error.errno in NO_PLACE else FailureError
        raise wrong(f"{reason(error)}; {remedy(error)}") from None
    except KeyboardInterrupt:
        tell(f"{place}: interrupted; run the same command again to go on")
        raise


@contextmanager
def progress(what: str) -> Iterator[Tick]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

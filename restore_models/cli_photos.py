"""What `foxing restore` and `foxing detect` share: which photos, whose results, how much memory, what came of it."""

import json as json_format
import os
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from degrade.cli_apply import listed
from degrade.console import FailureError, MisuseError, reason, show, tell
from degrade.io import write_text
from restore_models.memory import free_bytes, largest
from restore_models.restoring import Job, Outcome, planned_jobs

RECORD = "restore.json"
"""Beside the results: what made them."""

TILE = "tile"
"""In the record: how photos were cut. Whoever runs out of memory goes on with smaller tiles, so that another value does
not make the folder another one's; all values are kept."""

BEFORE = {"grid": "0"}
"""What a record means that lacks it: earlier versions did not write it down, and this is its default."""


def jobs_of(source: Path, out: Path, masks: Path | None) -> list[Job]:
    """What to do.

    Raises:
        MisuseError: there are no photos, or they would be written over.
    """
    jobs = planned_jobs(photos_of(source, out, masks), out, masks)
    for job in jobs:
        if os.path.realpath(job.result) == os.path.realpath(job.photo):  # which bears links to themselves
            raise MisuseError(f"{out}: holds {job.photo}, which the result would replace; give another folder")
    return jobs


def photos_of(source: Path, out: Path, masks: Path | None) -> dict[str, Path]:
    """The photos by their keys, without the masks among them, and without what earlier runs made of them.

    Raises:
        MisuseError: there are none.
    """
    pictures = {job.key: job.photo for job in listed(source, out)}
    if not source.is_dir():
        return pictures
    places = {path.parent for path in pictures.values()}
    others = {place for place in places if any(is_other(each, masks) for each in below(source, place))}
    found = {key: path for key, path in pictures.items() if path.parent not in others}
    if not found:
        raise MisuseError(f"{source}: holds masks and what Foxing restored; name the folder of the photos themselves")
    return found


def below(root: Path, folder: Path) -> list[Path]:
    """The folder and those above it, up to the root, which is not among them."""
    return list(takewhile(lambda each: each != root, (folder, *folder.parents)))


def is_other(folder: Path, masks: Path | None) -> bool:
    """Whether a folder is that of the masks, or one to which results went."""
    if masks is not None and folder.resolve() == masks.resolve():
        return True
    try:
        record = json_format.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and bool(record.keys() & {"model", "detector"})


def tile_of(typed: str) -> int:
    """The side of tiles as a number: -1 for auto.

    Raises:
        MisuseError: it is neither auto nor a whole number.
    """
    if typed == "auto":
        return -1
    if not typed.isdecimal():
        raise MisuseError(f"--tile {typed}: none of auto, 0 (no tiles) or a side in pixels")
    return int(typed)


def claim(out: Path, made_by: dict[str, str], jobs: list[Job], *, overwrite: bool) -> None:
    """Write what makes the results beside them.

    Raises:
        MisuseError: the folder holds results of something else.
        FailureError: nothing can be written there.
    """
    record = out / RECORD
    try:
        found = json_format.loads(record.read_bytes())
        before = found if isinstance(found, dict) else {"model": "something unknown"}
    except FileNotFoundError:
        before = None
    except (OSError, ValueError):
        before = {"model": "something unknown"}
    if before is None:
        other = "pictures of these names" if any(job.result.exists() for job in jobs) else ""
    else:
        other = differing(before, made_by) if any(out.rglob("*.png")) else ""
    if other and not overwrite:
        raise MisuseError(f"{out}: holds {other}; give another folder, or --overwrite")
    kept = with_tiles(before, made_by) if before and not overwrite and any(out.rglob("*.png")) else made_by
    try:
        write_text(record, json_format.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise FailureError(f"{reason(error)}; nothing can be written to {out}, give another folder") from None


def differing(before: dict[str, str], now: dict[str, str]) -> str:
    """In what the results that are there differ; empty where they do not."""
    before = BEFORE | before
    names = [name for name in now | before if name != TILE and before.get(name) != now.get(name, BEFORE.get(name))]
    said = ", ".join(f"{name} {before.get(name, '?')}" for name in names)
    return f"results of another run, with {said}" if said else ""


def with_tiles(before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """What makes the results, with the tiles of earlier runs before this one's."""
    if TILE not in now:
        return now
    values = [value for value in str(before.get(TILE, "")).split(", ") if value]
    return now | {TILE: ", ".join(dict.fromkeys([*values, now[TILE]]))}


def forecast(jobs: list[Job], networks: Iterable[Any]) -> None:
    """Say how much memory the largest photo will take, and warn where that is more than is free."""
    forecasters = [each for each in networks if hasattr(each, "peak_bytes")]
    size = largest(job.photo for job in jobs) if forecasters else None
    if size is None:
        return
    needed = max(each.peak_bytes(*size) for each in forecasters)
    free = free_bytes(str(getattr(forecasters[0], "device", "cpu")))
    said = f"memory: about {needed / 1e9:.2g} GB for the largest photo, {size[1]} x {size[0]}"
    if free is None:
        tell(said)
    elif needed <= free:
        tell(f"{said}; {free / 1e9:.3g} GB are free")
    else:
        tell(f"{said}, but only {free / 1e9:.3g} GB are free; stop it and take smaller tiles, as with --tile 256")


def followed(outcomes: Iterable[Outcome], count: int, doing: str) -> Iterator[Outcome]:
    """The same outcomes, with a bar on a terminal and a line for each in a log."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as bar:
        task = bar.add_task(doing, total=count)
        for number, each in enumerate(outcomes, 1):
            bar.advance(task)
            for said in each.notes:
                tell(f"{each.job.photo}: {said}")
            if each.problem and count > 1:
                tell(each.problem)
            elif not each.problem and not stderr.is_terminal:
                tell(f"{number}/{count} {each.job.key}: {each.state}")
            yield each


def report(source: Path, out: Path, outcomes: Iterable[Outcome], json: bool) -> None:
    """Print what came of it.

    Raises:
        FailureError: some photo failed.
    """
    try:
        done = list(outcomes)
    except KeyboardInterrupt:
        tell(f"{out}: interrupted; run the same command again to go on")
        raise
    groups = {state: [each for each in done if each.state == state] for state in ("made", "skipped", "failed")}
    seconds = sum(each.seconds for each in done)
    megapixels = sum(each.pixels for each in done) / 1e6
    if json:
        data: dict[str, Any] = {state: [as_data(each) for each in group] for state, group in groups.items()}
        totals = {"seconds": round(seconds, 4), "megapixels": megapixels}
        show(json_format.dumps(data | totals, ensure_ascii=False, indent=1))
    else:
        made, skipped, failed = (len(group) for group in groups.values())
        speed = f"; {brief(seconds)} s, {brief(megapixels / max(seconds, 1e-9))} megapixels per second" if made else ""
        show(f"{out}: {made} made, {skipped} already there, {failed} failed{speed}")
    if groups["failed"]:
        one = len(done) == 1
        raise FailureError(groups["failed"][0].problem if one else f"{len(groups['failed'])} of {len(done)} failed")


def brief(number: float) -> str:
    """The number in about three digits, without powers of ten where it is large."""
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


def as_data(outcome: Outcome) -> dict[str, Any]:
    """What became of a photo, for programs."""
    end: dict[str, Any] = {"problem": outcome.problem} if outcome.problem else {"result": str(outcome.job.result)}
    if outcome.notes:
        end["notes"] = list(outcome.notes)
    return {"key": outcome.job.key, "photo": str(outcome.job.photo), "seconds": round(outcome.seconds, 4)} | end

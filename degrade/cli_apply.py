"""The command `apply`: photos degraded by a preset, a pipeline or one effect."""

import json as json_format
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import cv2

from degrade.batch import Job, Outcome, Settings, degraded_all
from degrade.console import FailureError, MisuseError, reason, refuse_idle, show, tell
from degrade.io import SUFFIXES, picture_files
from degrade.pipeline import Pipeline
from degrade.pipeline_file import read_pipeline
from degrade.presets import PRESETS
from degrade.recipe import effect_named, nearest
from degrade.record import RECIPE, FromEffect, FromPipeline, Source
from degrade.sources.files import MADE, is_result
from degrade.textures import NO_TEXTURES, Textures, find_textures


@dataclass(frozen=True, slots=True)
class Apply:
    """What was typed behind `foxing degrade apply`."""

    image: Path
    out: Path
    preset: str
    pipeline: Path | None
    effect: str
    severity: int | None
    seed: int
    textures: Path | None
    max_pixels: int
    workers: int
    overwrite: bool
    json: bool


USUAL_SEVERITY = 3


def run_apply(asked: Apply) -> None:
    """Degrade the photos, with progress on stderr and what came of it on stdout.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: some photo could not be degraded.
    """
    textures = own_textures(asked.textures)
    source = chosen_source(asked, textures)
    jobs = listed(asked.image, asked.out)
    refuse_idle(
        ("--workers", asked.workers, asked.image.is_dir(), "it is of a folder of photos"),
        ("--textures", asked.textures, takes_textures(source), TEXTURES_ARE_FOR),
    )
    settings = Settings(source, asked.seed, textures, asked.max_pixels, asked.overwrite)
    workers = min(asked.workers or os.cpu_count() or 1, len(jobs))
    if workers > 1:
        cv2.setNumThreads(1)  # one photo on each core is quicker than one operation on all
    outcomes = degraded_all(jobs, settings, workers)
    several = asked.image.is_dir()
    done = sorted(followed(outcomes, len(jobs)) if several else outcomes, key=lambda each: each.job.key)
    counts = {state: sum(each.state == state for each in done) for state in ("made", "skipped", "failed")}
    if asked.json:
        show(json_format.dumps(as_data(done), ensure_ascii=False, indent=1))
    else:
        show(f"{asked.out}: {counts['made']} made, {counts['skipped']} already there, {counts['failed']} failed")
    if not several:
        for each in done:
            if each.problem:
                raise FailureError(each.problem)
    if counts["failed"]:
        raise FailureError(f"{counts['failed']} of {len(jobs)} photos failed")


def as_data(outcomes: list[Outcome]) -> dict[str, Any]:
    """What became of every photo, for programs."""
    data: dict[str, list[dict[str, str]]] = {"made": [], "skipped": [], "failed": []}
    for each in outcomes:
        end = {"problem": each.problem} if each.problem else {"folder": str(each.job.folder)}
        data[each.state].append({"key": each.job.key, "photo": str(each.job.photo)} | end)
    return data


def followed(outcomes: Iterable[Outcome], count: int) -> Iterator[Outcome]:
    """The same outcomes, with a bar on a terminal and a line for each in a log."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as bar:
        task = bar.add_task("degrading", total=count)
        for number, each in enumerate(outcomes, 1):
            bar.advance(task)
            if each.problem:
                tell(each.problem)
            elif not stderr.is_terminal:
                tell(f"{number}/{count} {each.job.key}: {each.state}")
            yield each


def chosen_source(asked: Apply, textures: Textures) -> Source:
    """The preset, the pipeline or the effect that was asked for.

    Raises:
        MisuseError: none or several, or one that is not there.
    """
    if sum(map(bool, (asked.preset, asked.pipeline, asked.effect))) != 1:
        raise MisuseError("give one of --preset NAME, --pipeline FILE and --effect NAME")
    if asked.severity is not None and not asked.effect:
        raise MisuseError("--severity is of --effect; among the presets there are mild, medium and severe")
    try:
        if asked.effect:
            return FromEffect(effect_named(asked.effect), asked.severity or USUAL_SEVERITY)
        if asked.pipeline:
            return FromPipeline(read_pipeline(asked.pipeline).with_textures(textures), "pipeline")
    except (ValueError, OSError) as error:
        raise MisuseError(reason(error)) from None
    return FromPipeline(preset_named(asked.preset).with_textures(textures), "preset")


TEXTURES_ARE_FOR = "it is for pipelines, and presets that draw from scans of their kind, as marks from scratch/"


def takes_textures(source: Source) -> bool:
    """Whether the user's scans come into what is drawn; a pipeline of the user's own may name them itself."""
    if not isinstance(source, FromPipeline):
        return False
    return source.kind == "pipeline" or source.pipeline != PRESETS[source.label]


def preset_named(name: str) -> Pipeline:
    """The preset of that name.

    Raises:
        MisuseError: there is none; the nearest name is proposed.
    """
    if name not in PRESETS:
        proposal = nearest(name, list(PRESETS)) or f"; there are {', '.join(PRESETS)}"
        raise MisuseError(f"no preset {name!r}{proposal}")
    return PRESETS[name]


def own_textures(folder: Path | None) -> Textures:
    """The user's scans, with a word about those that are broken.

    Raises:
        MisuseError: the folder has none that is usable.
    """
    if folder is None:
        return NO_TEXTURES
    try:
        textures, broken = find_textures(folder)
    except (ValueError, OSError) as error:
        raise MisuseError(reason(error)) from None
    for line in broken:
        tell(f"texture left out: {line}")
    return textures


def usable(out: Path) -> None:
    """Check that results may go there.

    Raises:
        MisuseError: it is a file, or a link to nothing or to itself.
    """
    if os.path.lexists(out) and not out.is_dir():
        what = "a file" if out.exists() else "a link to nothing"
        raise MisuseError(f"{out}: {what}, not a folder; give a folder for the results")


def listed(image: Path, out: Path) -> list[Job]:
    """The photos to degrade, and where each goes.

    Raises:
        MisuseError: there are none, or they would be written over.
    """
    if not image.exists():
        raise MisuseError(f"{image}: no such file or folder; check its name")
    if not image.is_file() and not image.is_dir():
        raise MisuseError(f"{image}: neither a file nor a folder; give a photo or a folder of photos")
    usable(out)
    if out.resolve() == image.resolve():
        raise MisuseError(f"{out}: holds the photos; give another folder for the results")
    if not image.is_dir():
        return [Job(image.name, image, out)]
    results = out.resolve()
    pictures = picture_files(image)
    outside = {key: path for key, path in pictures.items() if not lies_in(path, results)}
    if pictures and not outside:
        raise MisuseError(f"{out}: the photos lie in it; give another folder for the results")
    found = {key: path for key, path in outside.items() if not was_made(path, image)}
    if outside and not found:
        raise MisuseError(f"{image}: holds what Foxing made of photos; name the folder of the photos themselves")
    if not found:
        raise MisuseError(f"{image}: no pictures in this folder; they end in {', '.join(sorted(SUFFIXES))}")
    return [Job(key, path, out / key) for key, path in found.items()]


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a file lies in a folder or below it."""
    try:
        return folder in path.resolve().parents
    except RuntimeError:  # a link to itself lies nowhere, and whoever reads it says so
        return False


def was_made(picture: Path, root: Path) -> bool:
    """Whether a picture in a folder of photos is no photo, but came of an earlier run: of a sample, or a corpus."""
    if is_result(picture.name, (RECIPE,) if (picture.parent / RECIPE).is_file() else ()):
        return True
    above = takewhile(lambda folder: folder != root, picture.parents)
    return any((folder / name).exists() for folder in above for name in MADE)

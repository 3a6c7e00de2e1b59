"""The commands that make corpora: `build` and `merge`."""

import json as json_format
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from degrade.cli_apply import own_textures, preset_named
from degrade.console import FailureError, MisuseError, one_line, reason, show, tell
from degrade.corpus.build import Plan, erase, finish, made_all, prepared, unfinished
from degrade.corpus.config import OLD, Config, Crop, Encoding, Store
from degrade.corpus.plan_files import Away, CorpusError, turned_away
from degrade.corpus.rows import sample_rows
from degrade.corpus.runners import Processes, Ray, Runner, Threads, WorkerError
from degrade.corpus.shards import Made
from degrade.corpus.store import Folder, ObjectStore, open_store
from degrade.pipeline_file import read_pipeline
from degrade.recipe import effect_named
from degrade.record import FromEffect, FromPipeline, Source
from degrade.sources import open_source
from degrade.sources.source import NoSourceError, PhotoSource, SourceError
from degrade.textures import Textures


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What was typed behind `foxing degrade build`."""

    source: str
    out: str
    presets: tuple[str, ...]
    pipelines: tuple[Path, ...]
    effects: tuple[str, ...]
    seed: int
    variants: int
    size: int
    crop: str
    store: str
    encoding: str
    quality: int
    shares: str
    old: str
    hub: bool
    split: str
    column: str
    limit: int
    shard_photos: int
    textures: Path | None
    max_pixels: int
    runner: str
    workers: int
    part: tuple[int, int]
    strict: bool
    overwrite: bool
    dry_run: bool
    json: bool


def run_build(asked: Build) -> None:
    """Make what is missing of a corpus, and its card when all is there.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: the corpus could not be made, or with `strict`, a photo was rejected.
    """
    if asked.part[0] >= asked.part[1]:
        raise MisuseError(f"--shard-index {asked.part[0]} with --num-shards {asked.part[1]}: parts count from 0")
    config = chosen(asked)
    runner = chosen_runner(asked)
    photos, old = opened(asked)
    if asked.dry_run:
        show_forecast(config, photos, old, asked)
        return
    store = place_for(asked.out)
    with told(), store.claimed(alone=asked.part[1] == 1):
        if asked.overwrite:
            erase(store)
        if asked.part[1] == 1:
            store.sweep()
        plan = prepared(config, photos, old, store, asked.limit)
        if plan.unplanned:
            tell(f"{plan.unplanned} photos came to {photos.name} since; --overwrite takes them in")
        new = [*followed(plan, runner, asked.part)]
        away = turned_away(store)
        entries = finish(store, anew=bool(new)) if asked.part[1] == 1 else new
    if asked.part[1] > 1:
        report_part(asked, new)
    else:
        report(asked.out, entries, {made.path for made in new}, asked.json, away)
    if asked.strict and (away or any(made.rejected for made in entries)):
        raise FailureError("photos were rejected, and --strict asked for none; see rejected.csv")


def place_for(out: str) -> Folder | ObjectStore:
    """Where the corpus goes.

    Raises:
        MisuseError: there is a file.
    """
    if Path(out).is_file():
        raise MisuseError(f"{out}: a file, not a folder; give a folder for the corpus")
    return open_store(out)


def run_merge(out: str, json: bool) -> None:
    """Write the card of a corpus that several jobs made.

    Raises:
        FailureError: a part is missing.
    """
    store = open_store(out)
    with told():
        if missing := unfinished(store):
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            raise CorpusError(f"{out}: {missing[0]}{more} not made yet; run the jobs that are to make them")
        entries, away = finish(store), turned_away(store)
    report(out, entries, set(), json, away)


@contextmanager
def told() -> Iterator[None]:
    """Turn what can go wrong into one line: misuse is 2, failure is 1."""
    try:
        yield
    except CorpusError as error:
        raise MisuseError(str(error)) from None
    except ImportError as error:
        raise FailureError(f"{reason(error)}; pip install what is missing") from None
    except (OSError, SourceError, WorkerError) as error:
        raise FailureError(f"{reason(error)}; run the same command again to go on") from None
    except ValueError as error:  # what is there cannot be read
        raise FailureError(f"{one_line(reason(error))}; foxing degrade verify says what is wrong") from None


def chosen(asked: Build) -> Config:
    """The choices of a corpus.

    Raises:
        MisuseError: one makes no sense.
    """
    if not (asked.presets or asked.pipelines or asked.effects):
        raise MisuseError("nothing says how to degrade; give --preset NAME, --pipeline FILE or --effect NAME:1..5")
    textures = own_textures(asked.textures)
    if asked.crop == "grid" and not asked.size:
        raise MisuseError("--crop grid: how large? give --size too")
    for name, given, known in (
        ("--crop", asked.crop, get_args(Crop)[1:]),
        ("--store", asked.store, get_args(Store)),
        ("--encoding", asked.encoding, get_args(Encoding)),
    ):
        if given not in known:
            raise MisuseError(f"{name} {given}: none of {', '.join(known)}")
    try:
        return Config(
            recipes=tuple(recipe_sources(asked, textures)),
            seed=asked.seed,
            variants=asked.variants,
            size=asked.size,
            crop=cast(Crop, asked.crop) if asked.size else "whole",
            store=cast(Store, asked.store),
            encoding=cast(Encoding, asked.encoding),
            quality=asked.quality,
            shares=percentages(asked.shares),
            shard_photos=asked.shard_photos,
            textures=textures,
            max_pixels=asked.max_pixels,
        )
    except (ValueError, OSError) as error:
        raise MisuseError(reason(error)) from None


def recipe_sources(asked: Build, textures: Textures) -> Iterator[Source]:
    """Where the recipes come from, in the order of presets, pipelines, effects.

    Raises:
        MisuseError: a preset is not there.
        ValueError: a pipeline or an effect makes no sense.
        OSError: a pipeline cannot be read.
    """
    for name in asked.presets:
        yield FromPipeline(preset_named(name).with_textures(textures), "preset")
    for path in asked.pipelines:
        yield FromPipeline(read_pipeline(path).with_textures(textures), "pipeline")
    for text in asked.effects:
        name, _, severity = text.partition(":")
        if severity not in ("1", "2", "3", "4", "5"):
            raise ValueError(f"--effect {text}: give a severity of 1 to 5 behind a colon, as Foxing:4")
        yield FromEffect(effect_named(name), int(severity))


def percentages(text: str) -> tuple[float, float, float]:
    """Shares of 1 from '90,5,5'.

    Raises:
        ValueError: it is no three numbers that add up to 100.
    """
    try:
        parts = [float(part) / 100 for part in text.split(",")]
    except ValueError:
        parts = []
    if len(parts) != 3 or not math.isclose(sum(parts), 1, abs_tol=1e-6) or min(parts) < 0:
        raise ValueError(f"--shares {text}: give three percentages from 0 up that add up to 100, as 90,5,5")
    return parts[0], parts[1], parts[2]


def chosen_runner(asked: Build) -> Runner:
    """Who makes it.

    Raises:
        MisuseError: there is no such runner.
    """
    workers = asked.workers or os.cpu_count() or 1
    runners: dict[str, Runner] = {
        "threads": Threads(workers),
        "processes": Processes(workers),
        "ray": Ray(asked.workers),
    }
    if asked.runner not in runners:
        raise MisuseError(f"--runner {asked.runner}: none of {', '.join(runners)}")
    return runners[asked.runner]


MOST_TOLD = 20
"""Names that are said one by one before anything is made; a source may turn away a million."""


def opened(asked: Build) -> tuple[PhotoSource, PhotoSource | None]:
    """The clean photos and the old ones.

    Raises:
        MisuseError: there are none.
        FailureError: they cannot be reached.
    """
    try:
        photos = open_source(
            "" if asked.hub else asked.source, asked.source if asked.hub else "", asked.split, asked.column
        )
        old = open_source(asked.old) if asked.old else None
    except (ValueError, FileNotFoundError, NoSourceError) as error:
        raise MisuseError(reason(error)) from None
    except (OSError, SourceError, ImportError) as error:
        raise FailureError(reason(error)) from None
    told_of = [*photos.rejected, *(old.rejected if old else ())]
    for name, why in told_of[:MOST_TOLD]:
        tell(f"{name}: {why}")
    if len(told_of) > MOST_TOLD:
        tell(f"and {len(told_of) - MOST_TOLD} more, all of them in rejected.csv")
    return photos, old


def followed(plan: Plan, runner: Runner, part: tuple[int, int]) -> Iterator[Made]:
    """Each shard as it is made, with a bar on a terminal, and a line for each in a log."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    missing = sum(
        len(shard.keys)
        for number, shard in enumerate(plan.shards)
        if number % part[1] == part[0] and shard.name not in plan.done
    )
    columns = (
        *Progress.get_default_columns()[:2],
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    begun, done = time.monotonic(), 0
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as bar:
        task = bar.add_task("photos", total=missing, rate="")

        def tick(photos: int) -> None:
            nonlocal done
            done += photos
            bar.update(task, advance=photos, rate=f"{done / max(time.monotonic() - begun, 1e-3):.0f}/s")

        for made in made_all(plan, runner, tick, part):
            if not stderr.is_terminal:
                rate = done / max(time.monotonic() - begun, 1e-3)
                tell(f"{made.path}: {made.rows} rows, {done}/{missing} photos, {rate:.0f}/s")
            for key, why in made.rejected:
                tell(f"rejected: {why if key in why else f'{key}: {why}'}")
            yield made


def report_part(asked: Build, new: list[Made]) -> None:
    """Say what this job made."""
    index, count = asked.part
    if asked.json:
        rows = sum(made.rows for made in new)
        data = {"corpus": asked.out, "part": index, "parts": count, "files": len(new), "made": rows}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
    else:
        show(f"{asked.out}: part {index} of {count}: {len(new)} files made")


def report(out: str, entries: list[Made], new: set[str], json: bool, away: list[Away]) -> None:
    """Say what is there now: made, reused, rejected.

    Raises:
        FailureError: there is no row.
    """
    rows = sum(made.rows for made in entries)
    made_now = sum(made.rows for made in entries if made.path in new)
    rejected = [(key, why) for made in entries for key, why in made.rejected]
    rejected += [(name, why) for _, name, why in away]
    if json:
        data: dict[str, Any] = {
            "corpus": out,
            "rows": rows,
            "made": made_now,
            "reused": rows - made_now,
            "bytes": sum(made.bytes for made in entries),
            "rejected": [{"key": key, "reason": why} for key, why in rejected],
        }
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
    else:
        size = sum(made.bytes for made in entries) / 1e6
        show(
            f"{out}: {rows} rows in {len(entries)} files, {size:.1f} MB; "
            f"{made_now} made, {rows - made_now} reused, {len(rejected)} rejected"
        )
    if not rows:
        raise FailureError("no photo gave a row; see rejected.csv")


PROBES = 20


def show_forecast(config: Config, photos: PhotoSource, old: PhotoSource | None, asked: Build) -> None:
    """Say how many rows there would be, how large and how long, from a probe of 20 photos."""
    keys = list(photos.keys())[: asked.limit or None]
    probes = keys[:: max(1, len(keys) // PROBES)][:PROBES]
    rows, size, failed = 0, 0, 0
    begun = time.process_time()
    for key in probes:
        try:
            for row in sample_rows(photos, key, config):
                rows += 1
                size += sum(len(row[name]["bytes"]) for name in ("clean", "degraded", "mask", "defects") if row[name])
        except (ValueError, OSError):
            failed += 1
    seconds = time.process_time() - begun
    factor = len(keys) / max(len(probes), 1)
    data = {
        "photos": len(keys),
        OLD: len(old.keys()) if old else 0,
        "rows": round(rows * factor),
        "megabytes": round(size * factor / 1e6),
        "core_minutes": round(seconds * factor / 60, 1),
        "probed": len(probes),
        "unreadable_in_probe": failed,
    }
    if asked.json:
        show(json_format.dumps(data, indent=1))
    else:
        show(
            f"{data['photos']} photos give about {data['rows']} rows, {data['megabytes']} MB, "
            f"in {data['core_minutes']} minutes of one core "
            f"(a probe of {len(probes)}, {failed} of them unreadable); nothing was written"
        )

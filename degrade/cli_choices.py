"""What `foxing degrade build` is asked for: the choices of a corpus, its photos and who makes it."""

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from degrade.cli_apply import TEXTURES_ARE_FOR, own_textures, preset_named, takes_textures
from degrade.console import FailureError, MisuseError, reason, refuse_idle, tell
from degrade.corpus.choosing import suited
from degrade.corpus.config import USUAL_QUALITY, Config, Crop, Encoding, Shard, Store
from degrade.corpus.processes import Processes
from degrade.corpus.rows import Photos
from degrade.corpus.runners import Ray, Runner, Threads
from degrade.pipeline_file import read_pipeline
from degrade.recipe import effect_named
from degrade.record import FromEffect, FromPipeline, Source
from degrade.sources import open_source
from degrade.sources.rows import TableReader
from degrade.sources.source import NO_PHOTO, NoSourceError, PhotoSource, SourceError
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
    quality: int | None
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
        ("--runner", asked.runner, RUNNERS),
    ):
        if given not in known:
            raise MisuseError(f"{name} {given}: none of {', '.join(known)}")
    if asked.quality is not None and asked.encoding != "jpeg":
        raise MisuseError(f"--quality {asked.quality}: --encoding {asked.encoding} is lossless; add --encoding jpeg")
    try:
        recipes = tuple(recipe_sources(asked, textures))
        refuse_idle(("--textures", asked.textures, any(map(takes_textures, recipes)), TEXTURES_ARE_FOR))
        return Config(
            recipes=recipes,
            seed=asked.seed,
            variants=asked.variants,
            size=asked.size,
            crop=cast(Crop, asked.crop) if asked.size else "whole",
            store=cast(Store, asked.store),
            encoding=cast(Encoding, asked.encoding),
            quality=asked.quality or USUAL_QUALITY,
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


RUNNERS = ("auto", "threads", "processes", "ray")


def chosen_runner(asked: Build, config: Config, photos: Photos, shards: Sequence[Shard]) -> Runner:
    """Who makes these shards."""
    workers = asked.workers or os.cpu_count() or 1
    if asked.runner == "ray":
        return Ray(asked.workers)
    if asked.runner == "auto":
        return suited(workers, config, photos, shards)
    return Processes(workers) if asked.runner == "processes" else Threads(workers)


OF_DATASETS = "it is of datasets on the Hub, with --hub, and of parquet files in a folder"

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
    except (OSError, SourceError) as error:
        raise FailureError(reason(error)) from None
    is_table = isinstance(photos.reader, TableReader)
    refuse_idle(
        ("--split", asked.split != "train", is_table and not Path(asked.source).is_file(), OF_DATASETS),
        ("--column", asked.column != "image", is_table, OF_DATASETS),
    )
    if asked.dry_run and not photos.keys():
        raise MisuseError(f"{photos.name}: {NO_PHOTO}")
    told_of = [*photos.rejected, *(old.rejected if old else ())]
    for name, why in told_of[:MOST_TOLD]:
        tell(f"{name}: {why}")
    if len(told_of) > MOST_TOLD:
        tell(f"and {len(told_of) - MOST_TOLD} more, all of them in rejected.csv")
    return photos, old

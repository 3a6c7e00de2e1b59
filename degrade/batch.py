"""Many photos degraded one after another or side by side: each by its own key, none stopped by another's failure."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from degrade.console import one_line, reason
from degrade.io import MAX_PIXELS, read_image
from degrade.record import Source, check_folder, is_whole, recorded, request, write_sample
from degrade.sample import replayed_sample
from degrade.textures import NO_TEXTURES, Textures


@dataclass(frozen=True, slots=True)
class Job:
    """One photo and the folder in which its sample goes."""

    key: str
    photo: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for all photos of a run."""

    source: Source
    seed: int
    textures: Textures = NO_TEXTURES
    max_pixels: int = MAX_PIXELS
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one photo."""

    job: Job
    state: Literal["made", "skipped", "failed"]
    problem: str = ""


def degraded_all(jobs: list[Job], settings: Settings, workers: int) -> Iterator[Outcome]:
    """Every outcome as it comes; the files are the same for any number of workers."""
    pool = ThreadPoolExecutor(workers)
    try:
        for done in as_completed([pool.submit(degraded, job, settings) for job in jobs]):
            yield done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def degraded(job: Job, settings: Settings) -> Outcome:
    """The outcome of one photo, its sample written unless it is already there."""
    try:
        asked = request(settings.source, settings.seed, job.key, job.photo)
        if not settings.overwrite and is_whole(job.folder, asked):
            return Outcome(job, "skipped")
        check_folder(job.folder, job.photo)
        image = read_image(job.photo, settings.max_pixels)
        recipe = settings.source.recipe(settings.seed, job.key, image)
        sample = replayed_sample(recipe, job.key, image, settings.textures)
        write_sample(job.folder, sample, image, recorded(sample, image, asked))
    except MemoryError:
        return Outcome(job, "failed", f"{job.photo}: not enough memory; give it a smaller picture or fewer workers")
    except UnicodeEncodeError:
        return Outcome(job, "failed", f"{job.photo}: its name is not UTF-8; rename it")
    except (ValueError, KeyError, OSError) as error:
        return Outcome(job, "failed", one_line(reason(error)))
    except Exception as error:  # a fault of ours on one photo must not cost the others
        said = one_line(f"{type(error).__name__}: {error}")
        return Outcome(job, "failed", f"{job.photo}: a fault in Foxing ({said}); please report it with this photo")
    return Outcome(job, "made")

"""Many photos restored one after another, each into a file of its own, none stopped by another's failure."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol

import cv2

from degrade.console import one_line, reason, remedy
from degrade.io import MAX_PIXELS, ImageError, read_image, write_png
from degrade.types import Image, Mask
from restore_models.notes import note, noted
from restore_models.restorer import ModelError, Restorer, checked


@dataclass(frozen=True, slots=True)
class Job:
    """One photo, and the file in which its result goes."""

    key: str
    photo: Path
    result: Path
    mask: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one photo."""

    job: Job
    state: Literal["made", "skipped", "failed"]
    problem: str = ""
    seconds: float = 0.0
    """That the model took, without reading and writing."""

    pixels: int = 0

    notes: tuple[str, ...] = ()
    """What is worth knowing of how it was made."""


Masks = Callable[[Job, Image], Mask | None]
"""The mask of a photo, from wherever masks come."""

Work = Callable[[Job, Image], Image | Mask]
"""What is made of a photo."""


def result_names(keys: Iterable[str]) -> dict[str, str]:
    """The relative name of each photo's result: its own with .png for its suffix.

    Photos that would then share one, as a.jpg and a.png do, keep their suffix: a.jpg.png and a.png.png. Capitals
    do not tell names apart, as on some disks they do not.
    """
    names = {key: PurePosixPath(key).with_suffix(".png").as_posix() for key in keys}
    while True:
        times = Counter(name.lower() for name in names.values())
        shared = {key for key, name in names.items() if times[name.lower()] > 1 and name != f"{key}.png"}
        if not shared:
            return names
        names |= {key: f"{key}.png" for key in shared}


def planned_jobs(photos: Mapping[str, Path], out: Path, masks: Path | None = None) -> list[Job]:
    """What to do: each photo with its result, and with the mask of the same relative name where masks are given.

    Args:
        photos: by their keys.
        out: the folder of the results.
        masks: a folder of masks, named as results are or with the photo's suffix kept; for one photo, its mask.
    """
    names = result_names(photos)
    return [Job(key, path, out / names[key], mask_of(key, names[key], masks)) for key, path in photos.items()]


def mask_of(key: str, name: str, masks: Path | None) -> Path | None:
    """Where the mask of a photo is, or should be."""
    if masks is None or masks.is_file():
        return masks
    places = (masks / name, masks / f"{key}.png")
    return next((place for place in places if place.is_file()), places[0])


def no_mask(_: Job, __: Image) -> Mask | None:
    """Nothing is known."""
    return None


def given_mask(job: Job, image: Image) -> Mask | None:
    """The mask in the photo's file of masks; soft ones stay soft.

    Raises:
        ImageError: it is not there, or no picture.
        ModelError: it is of another size.
    """
    if job.mask is None:
        return None
    if not job.mask.is_file():
        raise ModelError(f"no mask: {job.mask} is not there; foxing detect makes masks, an all black one says intact")
    mask: Mask = read_image(job.mask, max(MAX_PIXELS, image[..., 0].size)).max(axis=2)  # a photo's own size is no bomb
    if mask.shape != image.shape[:2]:
        (high, wide), (height, width) = mask.shape, image.shape[:2]
        raise ModelError(f"its mask {job.mask} has {wide} x {high} pixels, not the photo's {width} x {height}")
    if doubt := doubtful(mask):
        note(f"{doubt}, in its mask {job.mask}; white (255) means damaged, black intact, and transparent is white")
    return mask


MOST_COVERED = 0.75
"""Of a photo, by a mask; more than this is rather a mask turned inside out."""


def doubtful(mask: Mask) -> str:
    """What looks like a mistake in a mask that somebody made: levels of 0 and 1, or damage nearly everywhere."""
    highest, covered = int(mask.max()), float((mask >= 128).mean())
    if highest == 1:
        return "no level is above 1, which is as good as intact"
    return f"{covered:.0%} of the photo are damaged" if covered > MOST_COVERED else ""


def restoring(restorer: Restorer, masks: Masks) -> Work:
    """The work of restoring photos."""
    return lambda job, image: restorer.restore(image, masks(job, image))


def worked_all(
    jobs: Iterable[Job], work: Work, *, overwrite: bool = False, max_pixels: int = MAX_PIXELS
) -> Iterator[Outcome]:
    """Every outcome as it comes, in order."""
    for job in jobs:
        yield Outcome(job, "skipped") if not overwrite and is_done(job) else worked(job, work, max_pixels)


class Many(Restorer, Protocol):
    """A restorer that is quicker with many photos at once."""

    def restore_many(self, images: Sequence[Image], masks: Sequence[Mask | None] | None = None) -> list[Image]:
        """What `restore` gives for each."""


GROUP = 16
"""Photos at once: enough to fill a GPU with small ones, few enough to lose when a run is broken off."""


def worked_in_groups(
    jobs: Iterable[Job], restorer: Many, masks: Masks, *, overwrite: bool = False, max_pixels: int = MAX_PIXELS
) -> Iterator[Outcome]:
    """The same outcomes as of `worked_all`, many photos at once."""
    waiting: list[Job] = []
    for job in jobs:
        if not overwrite and is_done(job):
            yield Outcome(job, "skipped")
            continue
        waiting.append(job)
        if len(waiting) == GROUP:
            yield from group_worked(waiting, restorer, masks, max_pixels)
            waiting = []
    yield from group_worked(waiting, restorer, masks, max_pixels)


def group_worked(jobs: Sequence[Job], restorer: Many, masks: Masks, max_pixels: int) -> Iterator[Outcome]:
    """The outcomes of one group; what fails in company is tried again alone, and told if it fails there too."""
    began = time.perf_counter()
    images, covers = {}, []
    for job in jobs:
        with suppress(Exception):  # its turn to be told comes below
            image = read_image(job.photo, max_pixels)
            checked(image, None)
            covers.append(masks(job, image))
            images[job.key] = image
    results: dict[str, Image] = {}
    with suppress(Exception):
        results = dict(zip(images, restorer.restore_many(list(images.values()), covers), strict=True))
    share = (time.perf_counter() - began) / max(len(results), 1)
    for job in jobs:
        known = results.get(job.key)
        if known is None:
            yield worked(job, restoring(restorer, masks), max_pixels)
        else:
            yield replace(worked(job, ready(known), max_pixels), seconds=share)


def ready(result: Image) -> Work:
    """The work of handing out what is there already."""
    return lambda _, __: result


def is_done(job: Job) -> bool:
    """Whether the result is there, and not older than what it is made of; results are written whole or not at all."""
    try:
        sources = [each.stat().st_mtime_ns for each in (job.photo, job.mask) if each is not None]
        return job.result.stat().st_mtime_ns >= max(sources)
    except OSError:
        return False


def worked(job: Job, work: Work, max_pixels: int) -> Outcome:
    """The outcome of one photo, its result written."""
    try:
        image = read_image(job.photo, max_pixels)
        checked(image, None)
        began = time.perf_counter()
        with noted() as heard, redirect_stdout(sys.stderr):  # results alone go to stdout
            result = work(job, image)
        seconds = time.perf_counter() - began
        write_png(job.result, result)
    except ModelError as error:
        return Outcome(job, "failed", one_line(f"{job.photo}: {error}"))
    except UnicodeEncodeError:
        return Outcome(job, "failed", f"{job.photo}: its name is not UTF-8; rename it")
    except (ImageError, OSError) as error:
        told = f"{reason(error)}; {remedy(error)}" if isinstance(error, OSError) else str(error)
        return Outcome(job, "failed", one_line(told))
    except Exception as error:  # a fault of ours on one photo must not cost the others
        if ran_out(error):
            return Outcome(job, "failed", f"{job.photo}: not enough memory; try --tile 256, or make it smaller")
        said = one_line(f"{type(error).__name__}: {error}")
        return Outcome(job, "failed", f"{job.photo}: a fault in Foxing ({said}); please report it with this photo")
    return Outcome(job, "made", "", seconds, image.shape[0] * image.shape[1], tuple(heard))


def ran_out(error: Exception) -> bool:
    """Whether an error means that memory ran out, in the words of NumPy, OpenCV or torch."""
    if isinstance(error, MemoryError) or (isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem):
        return True
    if "torch" not in sys.modules:
        return False
    from restore_models.tiling import ran_out as ran_out_in_torch  # noqa: PLC0415 - heavy, and here already

    return ran_out_in_torch(error)

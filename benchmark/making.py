"""The making of a suite: every item of every photo, in lossless files, and what is to know of them last."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

from benchmark.cases import Base, Case, asked_item, damaged, drawn
from benchmark.materials import ROWS, SUITE, Materials, write_picture
from benchmark.photos import Loader, cropped, found_masks, found_photos, large_enough
from benchmark.suite import Item, Plan, Suite, SuiteError, canonical
from degrade.io import ImageError, pixel_digest, write_text
from restore_models.hand_labels import LabelledFile
from restore_models.restorer import ModelError

Tick = Callable[[int, int], None]
"""Told how many photos are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Making:
    """How a suite is made."""

    specs: tuple[str, ...]
    """Of the metrics."""

    pictures: bool = True
    """Whether degraded pictures are kept; else they are made anew at each use, and compared with their digests."""

    commitment: str = ""
    workers: int = 0
    masks: Path | None = None
    """The folder of masks that were drawn by hand, of photos that have such."""


def made_suite(plan: Plan, photos: Path | None, out: Path, making: Making, tick: Tick = lambda *_: None) -> Materials:
    """Make the pictures of a suite in a folder, and what is to know of them last: a folder that has it is whole.

    Args:
        plan: what is asked.
        photos: the folder of the photos, where they do not come with scikit-image.
        out: the folder to write to.
        making: how.
        tick: told of every photo.

    Raises:
        SuiteError: a photo is missing or is another one; it is named.
        OSError: the folder cannot be written.
    """
    found = found_photos(plan, photos)
    marked = found_masks(plan, photos, making.masks)
    (out / SUITE).unlink(missing_ok=True)

    def work(name: str) -> list[Item]:
        if plan.drawn:
            return [drawn_item(plan, name, marked[name], out, making)]
        return [*made_items(plan, name, found[name], out, making)]

    items: list[list[Item]] = []
    with ThreadPoolExecutor(making.workers or os.cpu_count() or 1) as pool:
        for each in pool.map(work, found):
            items.append(each)
            tick(len(items), len(found))
    ordered = tuple(sorted(chain.from_iterable(items), key=lambda item: item.item))
    names = [item.item for item in ordered]
    for one, other in pairwise(names):
        if one == other:
            raise SuiteError(f"suite {plan.name}: two items are called {one}; rename a photo")
    suite = Suite(plan.name, plan.about, plan.task, plan.masks, making.specs, ordered, plan=plan.digest)
    suite = replace(suite, commitment=making.commitment)
    if making.pictures:
        write_text(out / ROWS, "".join(f"{canonical(row(item))}\n" for item in ordered))
    write_text(out / SUITE, suite.to_json())
    return Materials(out, suite)


def changed_photo(there: Suite, plan: Plan, photos: Path | None, masks: Path | None) -> str:
    """The first photo that has other pixels, or another mask drawn by hand, than when a suite was made; else empty.

    Raises:
        SuiteError: a photo is missing, or cannot be read.
    """
    found, marked, made = found_photos(plan, photos), found_masks(plan, photos, masks), there.by_name()
    for name, digest in there.photos.items():
        if plan.drawn:
            item = drawn_case(plan, name, marked[name]).item
            if made[item.item] != item:
                return name
        elif plan.photos.kind == "folder" and pixel_digest(cropped(found[name](), plan.photos.side)) != digest:
            return name
    return ""


def drawn_case(plan: Plan, name: str, files: LabelledFile) -> Case:
    """The one item of a photo whose damage was drawn by hand.

    Raises:
        SuiteError: the photo or its mask cannot be read, or they differ in size.
    """
    try:
        labelled = files.read()
    except (ImageError, ModelError) as error:
        raise SuiteError(str(error)) from None
    base = Base(name, large_enough(name, labelled.image), pixel_digest(labelled.image))
    return drawn(asked_item(plan.seed, plan.damages[0], 0, base), base.photo, labelled.truth, labelled.counted)


def drawn_item(plan: Plan, name: str, files: LabelledFile, out: Path, making: Making) -> Item:
    """The same, its pictures written; its mask in light suites, too.

    Raises:
        SuiteError: the photo or its mask cannot be read, or they differ in size.
    """
    case = drawn_case(plan, name, files)
    write_picture(out / "photos" / f"{name}.png", case.degraded)
    write_picture(out / "mask" / f"{case.item.item}.png", case.mask)
    if making.pictures:
        write_picture(out / "degraded" / f"{case.item.item}.png", case.degraded)
    return case.item


def row(item: Item) -> dict[str, str | int | None]:
    """An item as a row of a dataset; pictures by their files."""
    clean = f"photos/{item.photo}.png" if item.clean_sha256 == item.photo_sha256 else f"clean/{item.item}.png"
    return {
        "degraded_file_name": f"degraded/{item.item}.png",
        "clean_file_name": clean if item.clean_sha256 else None,
        "mask_file_name": f"mask/{item.item}.png" if item.mask_sha256 else None,
        "item": item.item,
        "photo": item.photo,
        "defect": item.defect,
        "severity": item.severity,
        "draw": item.draw,
        "recipe": item.recipe,
    }


def made_items(plan: Plan, name: str, load: Loader, out: Path, making: Making) -> Iterator[Item]:
    """Every item of one photo, its pictures written."""
    photo = large_enough(name, cropped(load(), plan.photos.side))
    base = Base(name, photo, pixel_digest(photo))
    write_picture(out / "photos" / f"{name}.png", photo)
    for damage in plan.damages:
        for draw in range(damage.draws):
            case = damaged(asked_item(plan.seed, damage, draw, base), photo)
            if making.pictures:
                write_case(out, case)
            yield case.item


def write_case(out: Path, case: Case) -> None:
    """Write the pictures of an item that are not those of its photo."""
    item = case.item
    write_picture(out / "degraded" / f"{item.item}.png", case.degraded)
    if item.mask_sha256:
        write_picture(out / "mask" / f"{item.item}.png", case.mask)
    if case.clean is not None and item.clean_sha256 != item.photo_sha256:
        write_picture(out / "clean" / f"{item.item}.png", case.clean)

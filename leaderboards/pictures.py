"""The pictures of an entry: few, small, and chosen by a rule, so that nobody shows the best ones alone."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa

from benchmark.cases import Case
from benchmark.materials import Materials
from benchmark.scoring import readings_of
from benchmark.showcase import losses
from benchmark.showcase import showcase as best_and_worst
from benchmark.showcase_pictures import grey, webp
from benchmark.store import plain
from benchmark.suite import Suite
from benchmark.sweep import output_path
from degrade.io import ImageError, read_image, write_bytes, write_text
from degrade.types import Image
from leaderboards.documents import read_json
from leaderboards.entry import PICTURES, Entry, EntryError

SIDE = 768
"""Pixels of the longer side; larger photos are shown smaller."""

INDEX = "index.json"
"""Which items are shown, and why each."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Where pictures come from."""

    materials: Materials
    outputs: Path
    """Of the model, as a sweep with --keep leaves them."""

    rows: pa.Table
    floor: pa.Table
    """The untouched photo's."""


def showcase(showing: Showing) -> dict[str, list[str]]:
    """The items to be shown and why: one of each damage, the photo taking turns, and the best, middling and worst."""
    found: dict[str, list[str]] = {}
    for item in turns(showing.materials.suite):
        found.setdefault(item, []).append("turn")
    for reason, item in extremes(showing).items():
        found.setdefault(item, []).append(reason)
    return found


def turns(suite: Suite) -> Iterator[str]:
    """One item of each damage at each severity: the first shows the first photo, the second the second, and so on."""
    kinds: dict[tuple[str, int], list[str]] = {}
    for each in suite.items:
        kinds.setdefault((each.defect, -1 if each.severity is None else each.severity), []).append(each.item)
    for number, kind in enumerate(sorted(kinds)):
        yield sorted(kinds[kind])[number % len(kinds[kind])]


def extremes(showing: Showing) -> dict[str, str]:
    """The damaged items on which the model does best, middling and worst against the untouched photo."""
    suite = showing.materials.suite
    both = pa.concat_tables([plain(showing.floor), plain(showing.rows)])
    chosen = best_and_worst(losses(both, suite.metrics[0], readings_of(suite)))
    return {each.why.lower(): each.item for each in chosen}


def write_pictures(showing: Showing, folder: Path, board: Path) -> int:
    """Write what a model made of the items to be shown, and once for all models what they are; how many there are.

    Nothing where the sweep has kept no outputs, or of an item that failed.

    Raises:
        SuiteError: a picture of the suite is not what it was.
        OSError: it cannot be written.
    """
    items = showing.materials.suite.by_name()
    shown = []
    for name, reasons in showcase(showing).items():
        path = output_path(showing.outputs.parent, showing.outputs.name, name, 0)
        if not path.is_file():
            continue
        try:
            output = read_image(path, items[name].height * items[name].width)
        except ImageError as error:
            raise EntryError(f"{error}; or run the sweep again") from None
        write_bytes(folder / PICTURES / picture_name(name), webp(small(output)))
        write_case(showing.materials.case(items[name]), board / PICTURES)
        shown.append({"item": name, "file": picture_name(name), "why": reasons})
    if shown:
        write_text(folder / PICTURES / INDEX, json.dumps({"items": shown}, ensure_ascii=False, indent=1) + "\n")
    return len(shown)


def write_case(case: Case, folder: Path) -> None:
    """Write what an item is, where nobody has.

    Raises:
        OSError: it cannot be written.
    """
    mask = grey(case.mask) if case.mask.any() else None
    for kind, picture in {"degraded": case.degraded, "clean": case.clean, "mask": mask}.items():
        path = folder / picture_name(case.item.item, kind)
        if picture is not None and not path.is_file():
            write_bytes(path, webp(small(picture)))


def shown_by(entry: Entry) -> dict[str, Path]:
    """The pictures of an entry that are there, by item.

    Raises:
        EntryError: their list is damaged.
    """
    folder = entry.folder / PICTURES
    if not (folder / INDEX).is_file():
        return {}
    listed = read_json(folder / INDEX).get("items", [])
    names = [str(each.get("item", "")) for each in listed if isinstance(each, dict)]
    found = {name: folder / picture_name(name) for name in names}  # their file is where we put it, whatever is said
    return {name: path for name, path in found.items() if path.is_file()}


def picture_of_suite(board: Path, item: str, kind: str) -> Path | None:
    """The picture of an item, where it is there: `clean`, `degraded` or `mask`."""
    path = board / PICTURES / picture_name(item, kind)
    return path if path.is_file() else None


def picture_name(item: str, kind: str = "") -> str:
    """The file of an item's picture: no folders, no letters that an address must escape."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", item.replace("/", "--")).lstrip(".")
    if name != item.replace("/", "--"):
        name += "-" + hashlib.sha256(item.encode()).hexdigest()[:8]
    return f"{kind}{'-' if kind else ''}{name}.webp"


def small(picture: Image) -> Image:
    """The picture with at most `SIDE` pixels on its longer side."""
    share = SIDE / max(picture.shape[:2])
    if share >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))

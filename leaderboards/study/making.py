"""Writing a study: its pictures under opaque names, its page, and apart from them its key."""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow

from degrade.io import pixel_digest, write_bytes, write_text
from degrade.seeds import stream
from degrade.types import Image
from leaderboards.entry import EntryError
from leaderboards.study.design import FEWEST_TRAPS, RUINED, UNTOUCHED, Kind, Load, Pair, plans
from leaderboards.study.key import KEY, PAGE, Key
from leaderboards.study.page import page
from leaderboards.study.sources import Note, Source

SIDE = 1600
"""Larger pictures are made smaller, all of a pair alike: two of them lie side by side on a screen."""

BLUR, NOISE = 0.05, 45.0
"""What ruins one side of a trap: a blur, as a share of the shorter side, and noise in grey levels."""

TRAPS = 12
"""Photos at most that have a trap."""

UNFINISHED = ".making-"

SAME_TIME = 946_684_800
"""When every picture was last changed, as its file says: the first second of 2000."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How large a study is to be."""

    items: int
    load: Load
    raters: int
    seed: int


@dataclass(frozen=True, slots=True)
class Drawer:
    """Where pictures are put, each under a name that tells nothing."""

    folder: Path
    seed: int

    def name(self, item: str, whose: str) -> str:
        """The file of a picture: without the seed nobody can find out whose it is."""
        return f"{stream(self.seed, 'study', 'opaque', 'picture', item, whose).word():016x}.png"

    def put(self, item: str, whose: str, picture: Image) -> None:
        """Keep a picture, without any note inside the file.

        Raises:
            OSError: it cannot be written.
        """
        held = io.BytesIO()
        Pillow.fromarray(smaller(picture)).save(held, "PNG", compress_level=6)
        path = self.folder / self.name(item, whose)
        write_bytes(path, held.getvalue())
        os.utime(path, (SAME_TIME, SAME_TIME))  # the order of writing would tell which is whose


def make(source: Source, out: Path, wanted: Wanted) -> Key:
    """Write a study; its page is there whole or not at all.

    Raises:
        SuiteError: a picture cannot be read, nothing is to be compared, or the folder is taken.
        OSError: it cannot be written.
    """
    refuse_taken(out)
    unfinished = out / f"{UNFINISHED}{os.getpid()}"
    try:
        notes = chosen(source.notes, wanted.items, wanted.seed)
        if len(notes) < FEWEST_TRAPS:
            raise EntryError(
                f"{source.where}: {len(notes)} degraded photos, each with one trap; give {FEWEST_TRAPS} or more"
            )
        key = filled(source, notes, Drawer(unfinished / "pictures", wanted.seed), wanted)
        write_text(unfinished / "index.html", page(key))
        write_text(out / KEY, key.to_json() + "\n")
        unfinished.rename(out / PAGE)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return key


def refuse_taken(out: Path) -> None:
    """Refuse a folder with something in it, but for what a killed make left.

    Raises:
        EntryError: there is.
    """
    if out.exists() and not out.is_dir():
        raise EntryError(f"{out}: a file; give a folder with --out")
    for path in sorted(out.glob("*") if out.is_dir() else ()):
        if path.name.startswith(UNFINISHED) or (path.name == KEY and not (out / PAGE).exists()):
            continue
        raise EntryError(f"{out}: holds {path.name} already, and answers to it would be lost; give another --out")
    for path in out.glob(f"{UNFINISHED}*"):
        shutil.rmtree(path, ignore_errors=True)


def chosen(notes: Sequence[Note], count: int, seed: int) -> list[Note]:
    """The degraded photos that are shown: of each base photo, defect and severity about as many, by lot."""
    left = stream(seed, "study", "items").shuffled(sorted(notes, key=lambda note: note.item))
    seen: dict[object, int] = {}
    found: list[Note] = []
    while left and len(found) < count:
        best = min(left, key=lambda note: tuple(seen.get(each, 0) for each in traits(note)))
        left.remove(best)
        found.append(best)
        for each in traits(best):
            seen[each] = seen.get(each, 0) + 1
    return sorted(found, key=lambda note: note.item)


def traits(note: Note) -> tuple[tuple[str, object], ...]:
    """What is to be spread evenly, the weightiest first."""
    return (
        ("photo", note.photo),
        ("defect", note.defect),
        ("severity", note.severity),
        ("both", (note.photo, note.defect)),
    )


def filled(source: Source, notes: Sequence[Note], drawer: Drawer, wanted: Wanted) -> Key:
    """The pictures in their drawer, and what raters are asked of them.

    Raises:
        SuiteError: a picture cannot be read, or all are equal.
        OSError: one cannot be written.
    """
    trapped = stream(wanted.seed, "study", "traps").shuffled([note.item for note in notes])[:TRAPS]
    pairs: list[Pair] = []
    digests: list[str] = []
    pictures: dict[str, tuple[str, str]] = {}
    possible = len(notes) * len([*combinations(source.models, 2)])
    for note in notes:
        shown = shown_of(source, note, wanted.seed if note.item in trapped else None)
        found = {whose: pixel_digest(picture) for whose, picture in shown.items()}
        pairs += pairs_of(note, source.models, found, wanted.seed)
        digests += found.values()
        for whose, picture in shown.items():
            drawer.put(note.item, whose, picture)
            pictures[drawer.name(note.item, whose)] = (note.item, whose)
    asked = sum(pair.kind == "pair" for pair in pairs)
    if not asked:
        raise EntryError(f"{source.where}: the models give equal pictures everywhere; there is nothing to compare")
    study = study_id(pairs, digests, wanted)
    in_order = {pair.key: pair for pair in sorted(pairs, key=lambda pair: pair.key)}
    return Key(
        study=study,
        suite_id=source.suite_id,
        seed=wanted.seed,
        models=source.models,
        pairs=in_order,
        plans=tuple(plans(study, [*in_order.values()], wanted.raters, wanted.load)),
        pictures=dict(sorted(pictures.items())),
        equal=possible - asked,
    )


def shown_of(source: Source, note: Note, trap_seed: int | None) -> dict[str, Image]:
    """All pictures of an item by whose they are; the degraded photo by no name, and once more for a trap.

    Raises:
        SuiteError: one cannot be read.
    """
    original = source.original(note)
    shown = {"": original} | {model: source.output(model, note, original) for model in source.models}
    if trap_seed is not None:
        shown |= {UNTOUCHED: original, RUINED: ruined(original, trap_seed, note.item)}
    return shown


def pairs_of(note: Note, models: Sequence[str], digests: dict[str, str], seed: int) -> Iterator[Pair]:
    """What can be asked of an item: its models two by two where their pictures differ, and its trap.

    Which of two comes first is by lot, so that the page's source gives away neither models nor traps.
    """
    asked: list[tuple[Kind, str, str]] = [
        ("pair", first, second) for first, second in combinations(models, 2) if digests[first] != digests[second]
    ]
    if RUINED in digests:
        asked.append(("trap", UNTOUCHED, RUINED))
    for kind, *two in asked:
        lot = stream(seed, "study", "opaque", "pair", note.item, *two)
        name, (first, second) = f"{lot.word():016x}", lot.shuffled(two)
        yield Pair(name, kind, note.item, note.photo, first, second)


def ruined(picture: Image, seed: int, item: str) -> Image:
    """The picture so blurred and noisy that nobody can take it for the better one."""
    sigma = BLUR * min(picture.shape[:2])
    blurred = cv2.GaussianBlur(picture, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    noise = stream(seed, "study", "ruined", item).normals(*picture.shape) * NOISE
    return np.clip(np.rint(blurred + noise), 0, 255).astype(np.uint8)


def smaller(picture: Image) -> Image:
    """The picture, no side longer than `SIDE`."""
    height, width = picture.shape[:2]
    share = SIDE / max(height, width)
    if share >= 1:
        return picture
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def study_id(pairs: Sequence[Pair], digests: Sequence[str], wanted: Wanted) -> str:
    """The study's id: of all that is shown and asked."""
    what = [sorted(pair.key for pair in pairs), sorted(digests), wanted.load.pairs, wanted.raters]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]

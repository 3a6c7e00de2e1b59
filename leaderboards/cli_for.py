"""The work behind `foxing leaderboard for` and `fingerprint`: which model for my photo."""

import json as json_format
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmark.cli_make import told
from benchmark.cli_report import show_all
from benchmark.making import Making, made_suite
from benchmark.scoring import metrics_named
from benchmark.suites import SUITES
from degrade.console import MisuseError, show, tell
from degrade.io import ImageError, read_image
from degrade.types import Image, Mask
from leaderboards.advice_words import lines_of, table_of
from leaderboards.board import Board, board, written_out
from leaderboards.detecting import detect_by
from leaderboards.entry import Entry, EntryError
from leaderboards.fingerprint import Fingerprint, path_of, read_fingerprint, taken
from leaderboards.for_photo import Advice, advised
from leaderboards.gathering import gathered
from leaderboards.pooling import pooled
from leaderboards.reading import entries_root
from restore_models.resolve import identity_of
from restore_models.restorer import ModelError

SMALLEST = 64
"""Pixels on the shorter side of a photo of which anything can be said."""


@dataclass(frozen=True, slots=True)
class For:
    """What was typed behind `foxing leaderboard for`."""

    photo: Path
    suite: str
    detector: Path | None
    mask: Path | None
    entries: Path | None
    json: bool


def run_for(asked: For) -> None:
    """Say which model is to be expected to do best on a photo.

    Raises:
        MisuseError: the photo, the detector or the suite cannot be used.
    """
    root = asked.entries or entries_root()
    image = photo_in(asked.photo)
    with told(asked.photo):
        mask = mask_for(asked, image)
        there = gathered(root)
        for each in there.left_out:
            tell(f"left out: {each}")
        suite_id, rivals = suite_named(there.boards, asked.suite, root)
        print_, masked = print_for(asked, root, suite_id)
        found = board(rivals)
        advice = advised(image, mask, found, pooled(rivals), print_, masked=masked)
    if asked.json:
        show(json_format.dumps(data_of(advice, found, asked), ensure_ascii=False, indent=1, allow_nan=False))
        return
    show("\n".join(lines_of(advice, found, asked.photo, mask=mask_from(asked))))
    show("")
    show_all([table_of(advice, found)])


def photo_in(path: Path) -> Image:
    """The photo in a file, large enough to be judged.

    Raises:
        MisuseError: it cannot be read, or is too small.
    """
    try:
        image = read_image(path)
    except ImageError as error:
        raise MisuseError(str(error)) from None
    if min(image.shape[:2]) < SMALLEST:
        height, width = image.shape[:2]
        raise MisuseError(f"{path}: {width} x {height} pixels, smaller than {SMALLEST}; give a larger scan")
    return image


def mask_for(asked: For, image: Image) -> Mask | None:
    """The mask of the photo: a person's, or a detector's; None where there is neither.

    Raises:
        ModelError: it is of another size, or the checkpoint holds no detector.
    """
    if asked.mask is not None:
        if asked.detector is not None:
            raise ModelError("give --mask or --detector, not both: one mask for the photo")
        mask = photo_in(asked.mask)[..., 0]
        if mask.shape != image.shape[:2]:
            raise ModelError(f"{asked.mask}: {mask.shape[1]} x {mask.shape[0]} pixels; a mask is as large as its photo")
        return mask
    return None if asked.detector is None else detect_by(asked.detector)(image)


def print_for(asked: For, root: Path, suite_id: str) -> tuple[Fingerprint, bool]:
    """The fingerprint to compare a photo with, and whether masks like the photo's were looked at in it.

    Raises:
        EntryError: there is none.
    """
    if asked.detector is None:
        return fingerprint_of(root, suite_id), True
    path = path_of(root, suite_id, identity_of(str(asked.detector)))
    if path.is_file():
        return read_fingerprint(path), True
    tell(
        "the fingerprint knows nothing of this detector: what it finds is shown, and does not count; "
        f"foxing leaderboard fingerprint SUITE --detector {asked.detector} changes that"
    )
    return fingerprint_of(root, suite_id), False


def suite_named(found: Mapping[str, Sequence[Entry]], suite: str, root: Path) -> tuple[str, Sequence[Entry]]:
    """The suite that is meant, and its entries; where none is named, the one that has a fingerprint and tells most.

    That is the one of most photos among those with a handful of models.

    Raises:
        EntryError: there is none, or several versions of one name.
    """
    if not found:
        raise EntryError(f"{root}: no entries; foxing leaderboard add RUN makes some")
    if not suite:
        restoring = {each: of for each, of in found.items() if restores(of)}
        if not restoring:
            raise EntryError(
                f"{root}: its suites say nothing of what restores which damage; foxing leaderboard add RUN"
            )
        found = restoring
        printed = [each for each in found if path_of(root, each).is_file()]
        possible = printed or [each for each in found if can_be_made(each)] or [*found]
        chosen = max(sorted(possible), key=lambda each: telling(found[each]))
        return chosen, found[chosen]
    named = [each for each in sorted(found) if suite in (each, each.partition(":")[0])]
    if len(named) != 1:
        there = ", ".join(named or sorted(found))
        count = f"{len(named)} suites" if named else "no suite"
        raise EntryError(f"{count} {suite!r} among the entries of {root}; there are {there}")
    return named[0], found[named[0]]


HANDFUL = 5
"""Models from which on a suite has something to choose from."""


def telling(entries: Sequence[Entry]) -> tuple[int, int, int]:
    """How much a suite tells of which model is for what: of more is more."""
    about = entries[0].run.get("suite", {})
    models = sum(not each.withdrawn for each in entries)
    return min(models, HANDFUL), about.get("photos", 0), about.get("items", 0)


def restores(entries: Sequence[Entry]) -> bool:
    """Whether models of a suite restore photos of which it is known what they should be."""
    suite = entries[0].run.get("suite", {})
    return suite.get("task", "restore") == "restore" and bool(suite.get("clean_photos", True))


def can_be_made(suite_id: str) -> bool:
    """Whether the photos of a suite come with it, so that its fingerprint can be made anywhere."""
    plan = SUITES.get(suite_id.partition(":")[0])
    return plan is not None and plan.photos.kind == "shipped"


def fingerprint_of(root: Path, suite_id: str) -> Fingerprint:
    """The fingerprint of a suite: that beside its entries, or one made on the spot where its photos come with it.

    Raises:
        EntryError: there is none, and it cannot be made here.
    """
    path = path_of(root, suite_id)
    if path.is_file():
        return read_fingerprint(path)
    wanted = f"{path}: no fingerprint; foxing leaderboard fingerprint SUITE_FOLDER --entries {root} makes it"
    if not can_be_made(suite_id):
        raise EntryError(wanted)
    plan = SUITES[suite_id.partition(":")[0]]
    tell(f"{path}: no fingerprint; making one for now (foxing leaderboard fingerprint keeps it)")
    with TemporaryDirectory() as folder:
        specs = tuple(metric.spec for metric in metrics_named(plan))
        made = made_suite(plan, None, Path(folder), Making(specs))
        if made.suite.suite_id != suite_id:
            raise EntryError(wanted)
        return taken(made)


def mask_from(asked: For) -> str:
    """Who says what marks cover."""
    return "detector" if asked.detector else "mask" if asked.mask else "top-hat"


def data_of(advice: Advice, found: Board, asked: For) -> dict[str, Any]:
    """The advice as plain data."""
    return {
        "photo": str(asked.photo),
        "suite_id": found.suite_id,
        "height": advice.size[0],
        "width": advice.size[1],
        "looked_at": advice.side,
        "mask_from": mask_from(asked),
        "little_seems_wrong": advice.little,
        "symptoms": [
            {"key": each.symptom.key, "says": each.symptom.says, "value": each.value, "limit": each.symptom.limit}
            for each in advice.symptoms
        ],
        "signs": written_out(advice.signs),
        "defects": dict(advice.defects),
        "cells": [
            {"defect": defect, "severity": severity, "weight": weight}
            for (defect, severity), weight in sorted(advice.likely.items(), key=lambda each: -each[1])
        ],
        "distance": advice.distance,
        "unlike_the_suite": advice.unlike,
        "sure": written_out(advice.sure),
        "models": written_out(advice.table.rows),
        "groups": written_out(advice.table.groups),
    }

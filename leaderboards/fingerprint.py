"""The fingerprint of a suite: what its cells look like, as a small file beside the entries."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmark.materials import Materials
from benchmark.suite import Item
from degrade.io import write_text
from degrade.realism.patch import Doubles
from degrade.types import Image, Mask
from leaderboards.ailing import STATISTICS, statistics_of
from leaderboards.documents import read_json
from leaderboards.entry import EntryError, folder_name
from leaderboards.likeness import Cell, Likeness, Sure, likeness, tried

FINGERPRINT = "fingerprint.json"

VERSION = 1
"""Of the statistics and of the file: another one is made anew."""

LARGEST = 512
"""Shorter side in pixels at which photos are looked at, at most."""

MOST = 12
"""Photos of a suite that are looked at: more tell little more of how cells differ."""

Tick = Callable[[int, int], None]

Detect = Callable[[Image], Mask]

TRUE = "true"
"""Masks as the suite has them, which a person's own mask of a photo is compared with."""

WITHOUT = np.arange(len(STATISTICS) - 1)
WITH = np.arange(len(STATISTICS))
"""The statistics without and with the share of the mask, which is the last."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What the cells of a suite look like."""

    suite_id: str
    side: int
    """Photos are made no larger than that, on their shorter side."""

    photos: int
    masks: str
    """Whose masks their shares are of: true, or a detector, which errs on a suite as it errs on a photo."""

    likeness: Likeness
    without: Sure
    """Where nobody knows the mask."""

    masked: Sure

    def of(self, *, masked: bool) -> tuple[Likeness, Sure]:
        """What counts with a mask, or without one."""
        if masked:
            return with_columns(self.likeness, masked=True), self.masked
        return with_columns(self.likeness, masked=False), self.without


def with_columns(found: Likeness, *, masked: bool) -> Likeness:
    """The same, by other statistics."""
    columns = WITH if masked else WITHOUT
    return Likeness(found.cells, found.means, found.spread, found.correlation, columns)


@dataclass(frozen=True, slots=True)
class Looking:
    """How a suite is looked at."""

    photos: int = MOST
    """How many of its photos, the first by name."""

    detect: Detect | None = None
    """Finds masks; the true ones count where there is none."""

    masks: str = TRUE
    """What tells that detector from others."""


def taken(materials: Materials, looking: Looking = Looking(), tick: Tick = lambda *_: None) -> Fingerprint:
    """The fingerprint of a suite in its folder.

    Args:
        materials: the suite.
        looking: how.
        tick: told of every item.

    Raises:
        EntryError: it has fewer than two photos.
        SuiteError: a picture is missing, or another one.
    """
    suite = materials.suite
    if suite.task != "restore" or len({item.defect for item in suite.items}) < 2:
        raise EntryError(
            f"suite {suite.suite_id}: has no kinds of damage to tell apart, so nothing is like one of them"
        )
    names = sorted(suite.photos)[: looking.photos]
    if len(names) < 2:
        raise EntryError(f"suite {suite.suite_id}: {len(names)} photo; a fingerprint needs two or more")
    items = [item for item in suite.items if item.photo in names]
    side = min(LARGEST, round(median(min(item.height, item.width) for item in items)))
    rows: list[Doubles] = []
    for item in items:
        rows.append(row_of(materials, item, side, looking.detect))
        tick(len(rows), len(items))
    return from_rows(suite.suite_id, side, items, np.array(rows), looking.masks)


def row_of(materials: Materials, item: Item, side: int, detect: Detect | None) -> Doubles:
    """The statistics of an item."""
    case = materials.case(item)
    return statistics_of(case.degraded, side, case.mask if detect is None else detect(case.degraded))


def from_rows(suite_id: str, side: int, items: Sequence[Item], rows: Doubles, masks: str = TRUE) -> Fingerprint:
    """The fingerprint, from the statistics of items."""
    cells: list[Cell] = [(item.defect, item.severity) for item in items]
    names = [item.photo for item in items]
    sure = [tried(rows, cells, names, columns) for columns in (WITHOUT, WITH)]
    return Fingerprint(suite_id, side, len(set(names)), masks, likeness(rows, cells, WITH), *sure)


def written(found: Fingerprint) -> str:
    """The fingerprint as a text; numbers of five digits, correlations of three places, half of them."""
    like = found.likeness
    upper = np.triu_indices(len(STATISTICS), 1)
    data = {
        "version": VERSION,
        "suite_id": found.suite_id,
        "side": found.side,
        "photos": found.photos,
        "masks": found.masks,
        "statistics": list(STATISTICS),
        "without_mask": found.without._asdict(),
        "with_mask": found.masked._asdict(),
        "spread": digits(like.spread),
        "correlation": [round(float(each), 3) for each in like.correlation[upper]],
        "cells": [
            {"defect": defect, "severity": severity, "means": digits(row)}
            for (defect, severity), row in zip(like.cells, like.means, strict=True)
        ],
    }
    return json.dumps(data, separators=(",", ":"), allow_nan=False) + "\n"


def digits(values: Doubles) -> list[float]:
    """Five digits of each."""
    return [float(f"{each:.5g}") for each in values]


def read_fingerprint(path: Path) -> Fingerprint:
    """The fingerprint in a file.

    Raises:
        EntryError: it is missing, damaged, or of another version.
    """
    data = read_json(path)
    if data.get("version") != VERSION or data.get("statistics") != list(STATISTICS):
        raise EntryError(f"{path}: of another version; foxing leaderboard fingerprint SUITE makes it anew")
    try:
        return parsed(data)
    except (KeyError, TypeError, ValueError) as error:
        raise EntryError(f"{path}: damaged ({error}); foxing leaderboard fingerprint SUITE makes it anew") from None


def parsed(data: Any) -> Fingerprint:
    """The fingerprint of its data."""
    size = len(STATISTICS)
    correlation = np.eye(size)
    upper = np.triu_indices(size, 1)
    correlation[upper] = np.array(data["correlation"], np.float64)
    correlation.T[upper] = correlation[upper]
    means = np.array([cell["means"] for cell in data["cells"]], np.float64).reshape(-1, size)
    cells = tuple((str(cell["defect"]), cell["severity"]) for cell in data["cells"])
    sure = [Sure(*(data[kind][name] for name in Sure._fields)) for kind in ("without_mask", "with_mask")]
    like = Likeness(cells, means, np.array(data["spread"], np.float64).reshape(size), correlation, WITH)
    return Fingerprint(str(data["suite_id"]), int(data["side"]), int(data["photos"]), str(data["masks"]), like, *sure)


def path_of(root: Path, suite_id: str, masks: str = TRUE) -> Path:
    """Where the fingerprint of a suite lies among the entries; each detector has one of its own."""
    name = FINGERPRINT if masks == TRUE else f"fingerprint-{hashlib.sha256(masks.encode()).hexdigest()[:16]}.json"
    return root / folder_name(suite_id) / name


def keep(found: Fingerprint, root: Path) -> Path:
    """Write a fingerprint beside the entries of its suite; where it lies.

    Raises:
        OSError: the folder cannot be written.
    """
    path = path_of(root, found.suite_id, found.masks)
    write_text(path, written(found))
    return path

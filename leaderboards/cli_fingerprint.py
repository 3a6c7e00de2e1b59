"""The work behind `foxing leaderboard fingerprint`."""

import json as json_format
from dataclasses import dataclass
from pathlib import Path

from benchmark.cli_make import progress, told
from benchmark.materials import opened_suite
from degrade.console import show, tell
from leaderboards.detecting import detect_by
from leaderboards.fingerprint import Looking, keep, taken
from leaderboards.home import writable_root
from restore_models.resolve import identity_of


@dataclass(frozen=True, slots=True)
class Print:
    """What was typed behind `foxing leaderboard fingerprint`."""

    suite: Path
    photos: int
    detector: Path | None
    entries: Path | None
    json: bool


def run_fingerprint(asked: Print) -> None:
    """Keep the fingerprint of a suite beside its entries.

    Raises:
        MisuseError: there is no suite, or it has too few photos.
        FailureError: it could not be written.
    """
    with told(asked.suite):
        materials = opened_suite(asked.suite)
        looking = looking_of(asked)
        with progress("looking at it") as tick:
            found = taken(materials, looking, tick)
        path = keep(found, asked.entries or writable_root(tell))
    if asked.json:
        data = {"suite_id": found.suite_id, "file": str(path), "photos": found.photos}
        data |= {"cells": len(found.likeness.cells), "right": list(found.without.right)}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    first, three = found.without.right
    show(f"{path}: {found.suite_id}, {len(found.likeness.cells)} cells of {found.photos} photos")
    show(f"unseen photos of it: the true damage first for {first:.0%}, among the first three for {three:.0%}")


def looking_of(asked: Print) -> Looking:
    """How the suite is looked at.

    Raises:
        ModelError: the checkpoint holds no detector.
    """
    if asked.detector is None:
        return Looking(asked.photos)
    return Looking(asked.photos, detect_by(asked.detector), identity_of(str(asked.detector)))

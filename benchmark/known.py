"""The published ids of the built-in suites, and what differs where this machine makes other pixels."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from benchmark.suite import Suite, canonical
from benchmark.suites import SUITES
from degrade.record import versions

FILE = "known_ids.json"

NAMED = 6
"""Kinds of damage that are named; more would not be read."""

PIXELS = ("numpy", "opencv", "pillow")
"""Whose versions may change pixels."""


@dataclass(frozen=True, slots=True)
class Known:
    """A suite as it was published."""

    suite_id: str
    plan: str
    """The digest of its plan: with other metrics, or from other photos, it is another suite."""

    metrics: tuple[str, ...]
    cells: Mapping[str, str]
    """A short hash over the pictures and recipes of each kind of damage, by the first part of its items' names."""

    versions: Mapping[str, str]


@lru_cache(maxsize=1)
def known_ids() -> Mapping[str, Known]:
    """By the names of suites."""
    data = json.loads((files("benchmark") / FILE).read_text("utf-8"))
    return {name: Known(**each | {"metrics": tuple(each["metrics"])}) for name, each in data.items()}


def as_known(suite: Suite) -> Known:
    """What is to be published of a suite."""
    here = {name: version for name, version in versions().items() if name in PIXELS}
    return Known(suite.suite_id, suite.plan, suite.metrics, cells_of(suite), here)


def cells_of(suite: Suite) -> dict[str, str]:
    """A short hash of each cell's items: the photos, the pictures made of them, the masks and the recipes."""
    by_cell: dict[str, list[tuple[str, ...]]] = {}
    for each in suite.items:
        digests = (each.photo_sha256, each.clean_sha256, each.degraded_sha256, each.mask_sha256, each.recipe)
        by_cell.setdefault(each.item.partition("/")[0], []).append((each.item, *digests))
    return {
        cell: hashlib.sha256(canonical(sorted(asked)).encode()).hexdigest()[:8]
        for cell, asked in sorted(by_cell.items())
    }


def is_published(suite: Suite) -> bool | None:
    """Whether it is the one that was published; None where none was, as of everybody's own."""
    known = published(suite)
    return None if known is None else known.suite_id == suite.suite_id


def published(suite: Suite) -> Known | None:
    """What was published under its name, where it was made of the built-in plan and of no secret."""
    plan, known = SUITES.get(suite.name), known_ids().get(suite.name)
    if plan is None or known is None or suite.commitment or suite.plan != plan.digest:
        return None
    return known


def difference(suite: Suite) -> str:
    """What differs from the published suite, in one line; nothing where it is the same, or none was published."""
    known = published(suite)
    if known is None or known.suite_id == suite.suite_id:
        return ""
    return f"{suite.suite_id} is not the published {known.suite_id}: {reasons(suite, known)}; its scores stand alone"


def reasons(suite: Suite, known: Known) -> str:
    """Why two ids differ."""
    found = []
    cells = cells_of(suite)
    other = [cell for cell in {**known.cells, **cells} if cells.get(cell) != known.cells.get(cell)]
    if other:
        found.append(
            f"other pixels or recipes in {listed(other)} ({len(other)} of {len(known.cells)}){made_with(known)}"
        )
    specs = sorted({*suite.metrics} ^ {*known.metrics})
    if specs:
        found.append(f"other metrics: {listed(specs)}")
    if suite.plan != known.plan:
        found.append("another plan: the suite has changed since")
    return ", ".join(found) or "another protocol or engine"


def made_with(known: Known) -> str:
    """Which versions differ from those it was published with."""
    here = versions()
    other = [f"{name} {here[name]}, there {then}" for name, then in known.versions.items() if here.get(name) != then]
    return f", made with {', '.join(other)}" if other else ""


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    every = list(names)
    return ", ".join(every[:NAMED]) + (f" and {len(every) - NAMED} more" if len(every) > NAMED else "")


def to_json(found: Mapping[str, Known]) -> str:
    """The text of known_ids.json."""
    data: dict[str, Any] = {
        name: {"suite_id": e.suite_id, "plan": e.plan, "metrics": e.metrics, "cells": e.cells, "versions": e.versions}
        for name, e in found.items()
    }
    return json.dumps(data, indent=1) + "\n"

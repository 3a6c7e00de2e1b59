"""What was measured of all outputs of each model together, as a table: from the file beside the record of a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmark.pinning import BETTER, HIGHER
from benchmark.reporting import Grid
from benchmark.store import RunStore
from benchmark.suite import SuiteError

SETS = "sets.json"
"""Beside the record of a run."""


def measured_sets(runs: Path, record: Mapping[str, Any]) -> Grid | None:
    """What foxing benchmark sets found of a run; None where nobody has asked since its last change of suite.

    Raises:
        SuiteError: the file is damaged.
    """
    if not (runs / SETS).is_file():
        return None
    data = RunStore(runs).read_json(SETS)
    try:
        return sets_grid(data) if data.get("suite_id") == record.get("suite_id") else None
    except (KeyError, TypeError, AttributeError) as error:
        raise SuiteError(
            f"{runs / SETS}: damaged ({type(error).__name__}); foxing benchmark sets writes it anew"
        ) from None


def sets_grid(data: Mapping[str, Any]) -> Grid | None:
    """A row for each model, less being nearer to clean photos; None where nothing was measured."""
    found = data.get("scores", [])
    names = list(dict.fromkeys(named(each) for each in found))
    by = {(each["model"], named(each)): each for each in found}
    rows = []
    for model in dict.fromkeys(each["model"] for each in found):
        mine = [by.get((model, name), {}) for name in names]
        counts = next(filter(None, mine))
        rows.append((model, *map(value, mine), *(str(counts[name]) for name in ("restored", "clean", "failed"))))
    title = (
        f"All outputs together against clean photos, less is nearer, by {data['features']}; a realism gap of 0.5 is "
        "none, and FID hangs on n"
    )
    return Grid(title, ("model", *names, "n outputs", "n clean", "failed"), tuple(rows)) if rows else None


def named(found: Mapping[str, Any]) -> str:
    """The name of what was measured, without its settings; where more is better, that is said."""
    name, _, settings = str(found["spec"]).partition("/")
    return f"{name}, more is nearer" if f"{BETTER}={HIGHER}" in settings else name


def value(found: Mapping[str, Any]) -> str:
    """A distance and its interval."""
    if not found:
        return "-"
    text = f"{found['value']:.3g}"
    return (
        text if found["low"] is None or found["high"] is None else f"{text} [{found['low']:.3g}, {found['high']:.3g}]"
    )

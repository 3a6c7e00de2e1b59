"""The work behind `foxing benchmark sets`: distances of all outputs together from clean photos."""

import json as json_format
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.cli_make import told
from benchmark.cli_report import show_all, whole
from benchmark.materials import opened_suite
from benchmark.reporting import Grid
from benchmark.set_features import features_of
from benchmark.set_scoring import SETS, OfModel, as_data, set_scores
from benchmark.store import RUN
from benchmark.suite import SuiteError
from degrade.console import show


@dataclass(frozen=True, slots=True)
class Sets:
    """What was typed behind `foxing benchmark sets`."""

    runs: Path
    clean: Path | None
    features: str
    suite: Path | None
    device: str
    json: bool


def run_sets(asked: Sets) -> None:
    """Measure the distances, keep them beside the run, and show them.

    Raises:
        MisuseError: there is no finished sweep, it kept no outputs, or there is nothing to compare with.
        FailureError: the result could not be kept.
    """
    with told(asked.runs):
        store, _ = whole(asked.runs)
        materials = opened_suite(asked.suite or asked.runs / "suite")
        noted = store.read_json(RUN).get("suite_id")
        if materials.suite.suite_id != noted:
            raise SuiteError(f"{materials.folder}: is {materials.suite.suite_id}, the run is of {noted}")
        if materials.suite.task != "restore":
            raise SuiteError(f"suite {materials.suite.suite_id}: its models find damage and give no photos to compare")
        features = features_of(asked.features, "cpu" if asked.device == "auto" else asked.device)
        found = set_scores(store, materials, asked.clean, features)
        data = {"suite_id": noted} | as_data(found, asked.clean, features)
        store.write_json(SETS, data)
    if asked.json:
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    show_all([grid(found, features.name)])
    show(f"{asked.runs / SETS}: written")


def grid(found: Sequence[OfModel], features: str) -> Grid:
    """A row for each model, less being nearer to clean photos."""
    names = list(dict.fromkeys(each.spec.partition("/")[0] for each in found))
    by = {(each.model, each.spec.partition("/")[0]): each for each in found}
    rows = []
    for model in dict.fromkeys(each.model for each in found):
        mine = [by[model, name] for name in names]
        rows.append((model, *map(value, mine), str(mine[0].restored), str(mine[0].clean), str(mine[0].failed)))
    title = f"Outputs against clean photos, less is nearer, by {features}; a gap of 0.5 is no gap. FID hangs on n"
    return Grid(title, ("model", *names, "n outputs", "n clean", "failed"), tuple(rows))


def value(found: OfModel) -> str:
    """A distance and its interval."""
    text = f"{found.value:.3g}"
    return text if found.low is None or found.high is None else f"{text} [{found.low:.3g}, {found.high:.3g}]"

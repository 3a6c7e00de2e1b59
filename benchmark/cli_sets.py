"""The work behind `foxing benchmark sets`: distances of all outputs together from clean photos."""

import json as json_format
from dataclasses import dataclass
from pathlib import Path

from benchmark.cli_make import told
from benchmark.cli_report import show_all, whole
from benchmark.contestants import is_python
from benchmark.scoring import PYIQA
from benchmark.set_features import OWN, features_of
from benchmark.set_scoring import as_data, folder_scores, set_scores
from benchmark.set_table import SETS, sets_grid
from benchmark.store import RUN
from benchmark.suite import SuiteError
from benchmark.suite_of_run import suite_of_run
from degrade.console import refuse_idle, show


@dataclass(frozen=True, slots=True)
class Sets:
    """What was typed behind `foxing benchmark sets`."""

    runs: Path
    clean: Path | None
    features: str
    suite: Path | None
    metrics: tuple[str, ...]
    device: str
    json: bool


def run_sets(asked: Sets) -> None:
    """Measure the distances, keep them beside the run, and show them.

    Raises:
        MisuseError: there is no finished sweep, it kept no outputs, or there is nothing to compare with.
        FailureError: the result could not be kept.
    """
    own = asked.features == OWN or is_python(asked.features)
    refuse_idle(
        (
            "--device",
            asked.device != "auto",
            asked.metrics or not own,
            "it is where a network of --features FOLDER runs",
        )
    )
    with told(asked.runs):
        store, _ = whole(asked.runs)
        materials = suite_of_run(asked.runs, asked.suite)
        noted = store.read_json(RUN).get("suite_id")
        if materials.suite.suite_id != noted:
            raise SuiteError(f"{materials.folder}: is {materials.suite.suite_id}, the run is of {noted}")
        if materials.suite.task != "restore":
            raise SuiteError(f"suite {materials.suite.suite_id}: its models find damage and give no photos to compare")
        device = "cpu" if asked.device == "auto" else asked.device
        names, features = [folder_metric(each) for each in asked.metrics], features_of(asked.features, device)
        found = set_scores(store, materials, asked.clean, features)
        found += folder_scores(store, materials, asked.clean, names, device) if names else []
        data = {"suite_id": noted} | as_data(found, asked.clean, features)
        store.write_json(SETS, data)
    if asked.json:
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    grid = sets_grid(data)
    show_all([grid] if grid else [])
    show(f"{asked.runs / SETS}: written")


def folder_metric(name: str) -> str:
    """What another library calls a metric.

    Raises:
        SuiteError: it is none of that library's.
    """
    if not name.startswith(PYIQA):
        raise SuiteError(f"--metric {name}: sets are measured by metrics of folders alone, as {PYIQA}fid")
    return name.removeprefix(PYIQA)

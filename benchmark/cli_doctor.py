"""The work behind `foxing benchmark doctor`: what can run, how long it will take, and in how much memory."""

import json as json_format
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmark.cli_make import Folders, found_suite, making_of, plan_with, progress, tell_difference, told
from benchmark.contestants import entries_of
from benchmark.materials import Materials
from benchmark.metric_health import Health, looked_at
from benchmark.patience import opening_of
from benchmark.probing import Finding, examined
from benchmark.scoring import AnyMetric, metric_for, metric_of_spec
from benchmark.suite import Suite
from benchmark.sweep import Sweep
from degrade.cli_table import table
from degrade.console import FailureError, show
from restore_models.memory import free_bytes


@dataclass(frozen=True, slots=True)
class Doctor:
    """What was typed behind `foxing benchmark doctor`."""

    suite: str
    models: tuple[str, ...]
    photos: Path | None
    masks: Path | None
    metrics: tuple[str, ...]
    device: str
    timeout: float
    json: bool


def run_doctor(asked: Doctor) -> None:
    """Build every metric, open every model, ask it three items, and forecast the rest.

    Raises:
        MisuseError: the suite or a model is not there.
        FailureError: a metric cannot run, or a model cannot be opened or fails on a probe.
    """
    with TemporaryDirectory(prefix="foxing-") as place, told(Path(asked.suite)):
        materials, metrics, health = suite_and_metrics(asked, Path(place))
        sweep = Sweep(materials, tuple(entries_of(asked.models)), opening_of(asked.device, asked.timeout))
        findings = [examined(entry, sweep, metrics) for entry in sweep.entries]
    if len(metrics) == len(health):
        tell_difference(materials.suite)
    say(asked, materials.suite, health, findings)
    sick = [f"{each.name}: {each.problem}" for each in health if each.problem]
    sick += [f"{each.model}: {each.problem}" for each in findings if not each.well]
    if sick:
        raise FailureError(sick[0] + (f", and {len(sick) - 1} more" if sick[1:] else ""))


def suite_and_metrics(asked: Doctor, place: Path) -> tuple[Materials, list[AnyMetric], list[Health]]:
    """The suite, made with those metrics that can run; these; and what is to know of all.

    Raises:
        SuiteError: there is no such suite, or it cannot be made.
    """
    typed, device = Folders(asked.photos, asked.masks), asked.device if asked.device != "auto" else "cpu"
    if Path(asked.suite).is_dir():
        materials = found_suite(asked.suite, typed, place, asked.metrics)
        suite = materials.suite
        return materials, *looked_at(suite.metrics, lambda spec: metric_of_spec(spec, suite, device))
    plan, folders = plan_with(asked.suite, asked.metrics, typed)
    metrics, health = looked_at(plan.metrics, lambda name: metric_for(plan, name, device))
    able = replace(plan, metrics=tuple(metric.name for metric in metrics))
    with progress("making the suite") as tick:
        made = making_of(able, folders, place / "suite", None, tick, pictures=plan.photos.kind == "shipped")
    return made, metrics, health


def say(asked: Doctor, suite: Suite, health: Sequence[Health], findings: Sequence[Finding]) -> None:
    """Print the suite, the state of each metric and model, and how long all of it will take."""
    free, able = free_bytes(), [each for each in health if not each.problem]
    if asked.json:
        data: dict[str, Any] = {"suite_id": suite.suite_id, "items": len(suite.items), "free_bytes": free}
        data |= {"metrics": [asdict(each) for each in health], "models": [asdict(each) for each in findings]}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    counted = f"{len(able)} of {len(health)} metrics can run"
    show(f"{suite.suite_id}: {len(suite.items)} items of {len(suite.photos)} photos; {counted}")
    table(["metric", "state", "s/MP", "weights"], [cells_of(each) for each in health])
    show("")
    rows = [
        (
            each.model,
            each.identity,
            "ready" if each.well else each.problem,
            f"{each.model_minutes:.1f} min",
            f"{each.metric_minutes:.1f} min",
            f"{each.peak_bytes / 1e9:.2f} GB",
        )
        for each in findings
    ]
    table(["model", "which", "state", "model", "metrics", "memory so far"], rows)
    total = sum(each.minutes((os.cpu_count() or 1) - 1) for each in findings)
    memory = f"; {free / 1e9:.1f} GB of memory are free" if free is not None else ""
    show(f"about {total:.1f} minutes in all{memory}")


def cells_of(each: Health) -> tuple[str, ...]:
    """A row of the table of metrics; of weights the file's name and the first digits of its hash."""
    spent = each.seconds_per_megapixel
    weights = ", ".join(f"{Path(path).name} {sha256[:8]}" for path, sha256 in each.weights.items())
    return each.name, each.problem or "ready", "-" if spent is None else f"{spent:.2g}", weights

"""The work behind `foxing benchmark doctor`: what can run, how long it will take, and in how much memory."""

import json as json_format
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmark.cli_make import Folders, found_suite, tell_difference, told
from benchmark.contestants import Opening, entries_of
from benchmark.materials import Materials
from benchmark.overdue import FIRST
from benchmark.probing import Finding, examined
from benchmark.scoring import AnyMetric, metrics_of
from benchmark.sweep import Sweep
from degrade.cli_catalogue import table
from degrade.console import FailureError, show
from restore_models.memory import free_bytes


@dataclass(frozen=True, slots=True)
class Doctor:
    """What was typed behind `foxing benchmark doctor`."""

    suite: str
    models: tuple[str, ...]
    photos: Path | None
    masks: Path | None
    device: str
    json: bool


def run_doctor(asked: Doctor) -> None:
    """Open every model, ask it three items, and forecast the rest.

    Raises:
        MisuseError: the suite or a model is not there.
        FailureError: a model cannot be opened, or fails on a probe.
    """
    with TemporaryDirectory(prefix="foxing-") as place, told(Path(asked.suite)):
        materials = found_suite(asked.suite, Folders(asked.photos, asked.masks), Path(place))
        metrics = metrics_of(materials.suite)
        sweep = Sweep(materials, tuple(entries_of(asked.models)), Opening(asked.device, patience=FIRST))
        findings = [examined(entry, sweep, metrics) for entry in sweep.entries]
    tell_difference(materials.suite)
    say(asked, materials, metrics, findings)
    sick = [each for each in findings if not each.well]
    if sick:
        raise FailureError(f"{sick[0].model}: {sick[0].problem}" + (f", and {len(sick) - 1} more" if sick[1:] else ""))


def say(asked: Doctor, materials: Materials, metrics: Sequence[AnyMetric], findings: Sequence[Finding]) -> None:
    """What was found."""
    suite, free = materials.suite, free_bytes()
    if asked.json:
        data: dict[str, Any] = {"suite_id": suite.suite_id, "items": len(suite.items), "free_bytes": free}
        data |= {"metrics": [metric.spec for metric in metrics], "models": [asdict(each) for each in findings]}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    show(f"{suite.suite_id}: {len(suite.items)} items of {len(suite.photos)} photos; {len(metrics)} metrics can run")
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

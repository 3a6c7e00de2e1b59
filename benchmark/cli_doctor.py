"""The work behind `foxing benchmark doctor`: what can run, how long it will take, and in how much memory."""

import json as json_format
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmark.attempts import Question, in_process
from benchmark.cli_make import found_suite, told
from benchmark.contestants import Entry, Opening, entries_of
from benchmark.cost import used
from benchmark.materials import Materials
from benchmark.scoring import AnyMetric, Head, metrics_of, rows_of
from benchmark.suite import Item
from degrade.cli_catalogue import table
from degrade.console import FailureError, one_line, show
from restore_models.memory import free_bytes
from restore_models.restorer import ModelError

PROBES = 3


@dataclass(frozen=True, slots=True)
class Doctor:
    """What was typed behind `foxing benchmark doctor`."""

    suite: str
    models: tuple[str, ...]
    photos: Path | None
    device: str
    json: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a model."""

    model: str
    identity: str
    well: bool
    problem: str
    probes: int
    model_minutes: float
    """Forecast for the whole suite, of the model alone."""

    metric_minutes: float
    """Of the metrics, which run beside it."""

    peak_bytes: int
    """The most memory that this process has had so far."""


def run_doctor(asked: Doctor) -> None:
    """Open every model, ask it three items, and forecast the rest.

    Raises:
        MisuseError: the suite or a model is not there.
        FailureError: a model cannot be opened, or fails on a probe.
    """
    with TemporaryDirectory(prefix="foxing-") as place, told(Path(asked.suite)):
        materials = found_suite(asked.suite, asked.photos, Path(place))
        metrics = metrics_of(materials.suite)
        entries = entries_of(asked.models)
        findings = [found(entry, materials, metrics, Opening(asked.device)) for entry in entries]
    say(asked, materials, metrics, findings)
    sick = [each for each in findings if not each.well]
    if sick:
        raise FailureError(f"{sick[0].model}: {sick[0].problem}" + (f", and {len(sick) - 1} more" if sick[1:] else ""))


def found(entry: Entry, materials: Materials, metrics: Sequence[AnyMetric], opening: Opening) -> Finding:
    """What is to know of a model before a sweep: the probes are of the smallest, the middle and the largest photo."""
    probes = chosen(materials.suite.items)
    spent, scored, problem = 0.0, 0.0, ""
    try:
        model = in_process(entry, materials.suite.task, opening)
        for number, item in enumerate(probes):
            case = materials.case(item)
            given = case.mask if materials.suite.masks == "given" else None
            question = Question(item.item, case.degraded, given, 0)
            attempt = model.attempt(question)
            if number == 0 and attempt.status == "ok":
                attempt = model.attempt(question)  # the first call warms up
            problem = problem or (f"{item.item}: {attempt.status}: {attempt.error}" if attempt.status != "ok" else "")
            began = time.perf_counter()
            list(rows_of(attempt, case, metrics, Head(materials.suite.suite_id, entry.label, 0, 1)))
            spent, scored = spent + attempt.seconds, scored + time.perf_counter() - began
    except ModelError as error:
        problem = one_line(str(error))
    share = pixels(materials.suite.items) / max(pixels(probes), 1) / 60
    return Finding(
        entry.label, entry.identity, not problem, problem, len(probes), spent * share, scored * share, used()
    )


def chosen(items: Sequence[Item]) -> list[Item]:
    """The items of the smallest, the middle and the largest photo."""
    ordered = sorted(items, key=lambda item: (item.height * item.width, item.item))
    places = sorted({round(place * (len(ordered) - 1) / (PROBES - 1)) for place in range(PROBES)})
    return [ordered[place] for place in places]


def pixels(items: Sequence[Item]) -> int:
    """Of all items together."""
    return sum(item.height * item.width for item in items)


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
    total = sum(max(each.model_minutes, each.metric_minutes / max(1, (os.cpu_count() or 1) - 1)) for each in findings)
    memory = f"; {free / 1e9:.1f} GB of memory are free" if free is not None else ""
    show(f"about {total:.1f} minutes in all{memory}")

"""The work behind `foxing benchmark replay`: one item again, from its photo and recipe to its scores."""

import json as json_format
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmark.attempts import Attempt, Question
from benchmark.cases import Case
from benchmark.cli_make import told
from benchmark.cli_report import whole
from benchmark.contestants import entry_of
from benchmark.patience import opening_of
from benchmark.scoring import Head, metrics_of, rows_of
from benchmark.store import RUN, plain
from benchmark.suite import Suite, SuiteError, one_of
from benchmark.suite_of_run import suite_of_run
from benchmark.sweep import opened_model
from degrade.cli_table import table
from degrade.console import FailureError, show, tell
from degrade.io import write_png


@dataclass(frozen=True, slots=True)
class Replay:
    """What was typed behind `foxing benchmark replay`."""

    runs: Path
    item: str
    model: str
    out: Path
    suite: Path | None
    device: str
    timeout: float
    json: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One value, then and now."""

    metric: str
    region: str
    then: float | None
    now: float | None


def run_replay(asked: Replay) -> None:
    """Ask one model one item again, write the pictures, and say what differs.

    Raises:
        MisuseError: there is no such item or model.
        FailureError: the model failed, or gave another output than then.
    """
    with told(asked.runs):
        store, rows = whole(asked.runs)
        record = store.read_json(RUN)
        materials = suite_of_run(asked.runs, asked.suite)
        if materials.suite.suite_id != record["suite_id"]:
            raise SuiteError(f"{materials.folder}: is {materials.suite.suite_id}, the run is of {record['suite_id']}")
        item = materials.suite.named(asked.item)
        noted = record["models"][one_of(asked.model, record["models"], f"{asked.runs}: no model")]
        entry = entry_of(f"{asked.model}@{noted['what']}")
        if entry.digest != noted["digest"]:
            tell(f"{asked.model}: its weights or source changed since: {entry.identity}, then {noted['identity']}")
        case = materials.case(item)
        given = case.mask if materials.suite.masks == "given" else None
        with closing(opened_model(entry, materials.suite.task, opening_of(asked.device, asked.timeout))) as model:
            attempt = model.attempt(Question(item.item, case.degraded, given, 0))
        write_pictures(asked.out, case, attempt)
        flat = plain(rows).to_pylist()
        then = [each for each in flat if (each["item"], each["model"], each["seed"]) == (item.item, asked.model, 0)]
        found, same = compared(materials.suite, case, attempt, then, asked.model)
    say(asked, found, attempt, same)


def compared(
    suite: Suite, case: Case, attempt: Attempt, then: list[dict[str, Any]], model: str
) -> tuple[list[Compared], bool]:
    """Every value beside what was noted, and whether the output is the same to the pixel."""
    rows = [*rows_of(attempt, case, metrics_of(suite), Head(suite.suite_id, model, 0, 1))]
    noted = {(each["metric"], each["region"]): each for each in then}
    values = {key: each["value"] for key, each in noted.items()}
    found = [
        Compared(each["metric"], each["region"], values.get((each["metric"], each["region"])), each["value"])
        for each in rows
    ]
    outputs = {each["output_sha256"] for each in then}
    return found, bool(rows) and outputs == {rows[0]["output_sha256"]}


def write_pictures(out: Path, case: Case, attempt: Attempt) -> None:
    """The input, the output, the truth, the mask, and four times the difference that is left."""
    write_png(out / "degraded.png", case.degraded)
    write_png(out / "mask.png", case.mask)
    if case.clean is not None:
        write_png(out / "clean.png", case.clean)
    if attempt.status != "ok":
        return
    write_png(out / "output.png", attempt.output)
    if case.clean is not None and attempt.output.ndim == 3:
        left = cv2.absdiff(attempt.output, case.clean).astype(np.uint16) * 4
        write_png(out / "difference.png", np.minimum(left, 255).astype(np.uint8))


def say(asked: Replay, found: list[Compared], attempt: Attempt, same: bool) -> None:
    """Print each score then and now, and whether the output is the same.

    Raises:
        FailureError: the model failed, or gave another output than then.
    """
    if asked.json:
        data = {"status": attempt.status, "error": attempt.error, "same_output": same, "pictures": str(asked.out)}
        values = [{"metric": e.metric, "region": e.region, "then": e.then, "now": e.now} for e in found]
        show(json_format.dumps(data | {"values": values}, ensure_ascii=False, indent=1))
    else:
        rows = [(e.metric.partition("/")[0], e.region, number(e.then), number(e.now)) for e in found]
        table(["metric", "region", "then", "now"], rows)
        show(f"{asked.out}: the pictures")
    if attempt.status != "ok":
        raise FailureError(f"{asked.model} on {asked.item}: {attempt.status}: {attempt.error}")
    if not same:
        raise FailureError(f"{asked.model} on {asked.item}: gives other pixels than in the run")


def number(value: float | None) -> str:
    """A score to six digits, for a column."""
    return "-" if value is None else f"{value:.6g}"

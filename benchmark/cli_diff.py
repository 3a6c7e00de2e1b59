"""The work behind `foxing benchmark diff`: what a second sweep has changed, and whether a gate should let it pass."""

import json as json_format
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.cli_make import told
from benchmark.cli_report import show_all, whole
from benchmark.comparison import compared
from benchmark.finishing import scorable
from benchmark.regions import WHOLE
from benchmark.reporting import Grid, readings_in
from benchmark.store import RUN, SUMMARY
from degrade.console import FailureError, show, tell

Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failures:
    """On how many answers a model failed, then and now."""

    names: tuple[str, str]
    before: int
    after: int


def run_diff(first: Path, second: Path, json: bool) -> None:
    """Compare two finished sweeps of one suite, photo by photo.

    Raises:
        MisuseError: one is not finished, or they cannot be compared.
        FailureError: the second is surely worse, or fails where the first did not.
    """
    with told(second):
        sides = [whole(each) for each in (first, second)]
        readings = readings_in(*(store.read_json(SUMMARY) for store, _ in sides))
        before, after = (scorable(rows) for _, rows in sides)
        found = compared(before, after, readings)
        records = [store.read_json(RUN) for store, _ in sides]
    failures = [*failing(found["changes"], *(record.get("status", {}) for record in records))]
    found["failures"] = [{"models": list(each.names), "before": each.before, "after": each.after} for each in failures]
    if json:
        show(json_format.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(f"{second} against {first}, suite {found['suite_id']}: {found['verdict']}")
        show_all(grids_of(found, leading(found["changes"], records[0])))
    for each in found["left_out"]:
        tell(f"left out, as items are missing: {named(each['models'])}, {short(each)} ({each['region']})")
    judge(found, failures, second)


def judge(found: Mapping[str, Any], failures: Sequence[Failures], second: Path) -> None:
    """Let pass what is the same or better.

    Raises:
        FailureError: it is surely worse, or fails more often.
    """
    for each in failures:
        if each.after > each.before:
            raise FailureError(
                f"{second}: {named(each.names)} fails {each.after} times, {each.before} before; see its items.parquet"
            )
    if found["verdict"] == "worse":
        worse = [*(change for change in found["changes"] if change["verdict"] == "worse")]
        lead = worse[0] if worse else next(each for each in found["changes"] if verdicts(each) & {"worse"})
        where = lead["region"] + ("" if worse else ", in some kinds of damage")
        raise FailureError(f"{second}: surely worse: {named(lead['models'])} by {short(lead)} ({where})")


def failing(changes: Sequence[Change], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Failures]:
    """How often each pair of models failed."""
    for first, second in dict.fromkeys((each["models"][0], each["models"][1]) for each in changes):
        counts = [
            sum(count for status, count in known.get(name, {}).items() if status != "ok")
            for known, name in ((before, first), (after, second))
        ]
        if any(counts):
            yield Failures((first, second), *counts)


def grids_of(found: Mapping[str, Any], lead: str) -> list[Grid]:
    """What is surely other, by column and by cell, and the photos that moved most."""
    changes = found["changes"]
    grids = [columns_grid(changes, lead)]
    cells = cells_grid(changes)
    if cells.rows:
        grids.append(cells)
    return [*grids, *moved_grids(changes, lead)]


def columns_grid(changes: Sequence[Change], lead: str) -> Grid:
    """The columns that changed surely, and the leading one of every model in any case."""
    shown = [each for each in changes if each["verdict"] != "same" or is_lead(each, lead)]
    rows = [
        (named(each["models"]), short(each), each["region"], change_of(each), p_of(each), each["verdict"])
        for each in shown
    ]
    head = ("model", "metric", "region", "change", "p", "verdict")
    return Grid(f"{len(changes)} columns compared; those that surely changed, and the leading ones", head, tuple(rows))


def cells_grid(changes: Sequence[Change]) -> Grid:
    """The cells that changed surely."""
    rows = [
        (
            named(each["models"]),
            f"{short(each)} ({each['region']})",
            cell["defect"] + (f" {cell['severity']}" if cell["severity"] is not None else ""),
            change_of(cell),
            p_of(cell),
            cell["verdict"],
        )
        for each in changes
        for cell in each["cells"]
        if cell["verdict"] != "same"
    ]
    head = ("model", "metric", "damage", "change", "p", "verdict")
    return Grid("Kinds of damage that surely changed", head, tuple(rows))


def moved_grids(changes: Sequence[Change], lead: str) -> Iterator[Grid]:
    """By model the photos that moved most in the leading column."""
    for each in changes:
        if is_lead(each, lead) and each["moved"]:
            rows = [(photo["photo"], f"{photo['change']:+.4g}") for photo in each["moved"]]
            title = f"Photos that moved most: {named(each['models'])}, {short(each)}"
            yield Grid(title, ("photo", "change"), tuple(rows))


def leading(changes: Sequence[Change], record: Mapping[str, Any]) -> str:
    """The first metric that the suite names and that was compared."""
    there = [each["metric"] for each in changes]
    specs = [spec for spec in record.get("suite", {}).get("metrics", []) if spec in there]
    return str(next(iter([*specs, *there])))


def is_lead(change: Change, lead: str) -> bool:
    """Whether it is that metric, of the whole photo."""
    return bool(change["metric"] == lead and change["region"] == WHOLE)


def verdicts(change: Change) -> set[str]:
    """Of a column and its cells."""
    return {change["verdict"], *(cell["verdict"] for cell in change["cells"])}


def change_of(found: Mapping[str, Any]) -> str:
    """A difference with its interval."""
    if found["value"] is None:
        return "-"
    ends = [found["low"], found["high"]]
    said = "" if None in ends else f" [{ends[0]:+.4g}, {ends[1]:+.4g}]"
    return f"{found['value']:+.4g}{said}"


def p_of(found: Mapping[str, Any]) -> str:
    """The p-value among all."""
    return "-" if found["p_holm"] is None else f"{found['p_holm']:.2g}"


def named(models: Sequence[str]) -> str:
    """A pair of models."""
    return models[0] if models[0] == models[1] else f"{models[0]} -> {models[1]}"


def short(change: Change) -> str:
    """The name of its metric."""
    return str(change["metric"]).partition("/")[0]

"""The charts of a report, from what its sweep says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmark.charts import Interval, Line, Point, curves, heat_map, intervals, scatter
from benchmark.columns import read
from benchmark.pareto import machine
from benchmark.relative import NOTHING, Reading
from benchmark.reporting import Column, in_order, leading, readings_in, short
from benchmark.scores import IDENTITY, scores, sheet

RELATIVE = "relative error"


@dataclass(frozen=True, slots=True)
class Found:
    """A finished sweep, and the column that leads its report."""

    summary: Mapping[str, Any]
    record: Mapping[str, Any]
    rows: Any
    lead: Column

    @property
    def models(self) -> list[str]:
        """The models as they stand, the best first."""
        return in_order(self.lead)

    @property
    def others(self) -> list[str]:
        """All but the untouched photo."""
        return [name for name in self.models if name != IDENTITY]

    def place(self, model: str) -> int:
        """Its colour, the same in all charts."""
        return self.models.index(model)

    def readings(self) -> dict[str, Reading]:
        """How the metrics are read."""
        return readings_in(self.summary)


def found_in(summary: Mapping[str, Any], record: Mapping[str, Any], rows: Any) -> Found | None:
    """What there is to show; None of a sweep of which nothing can be said."""
    whole = [column for column in summary.get("columns", []) if column["region"] == "whole"]
    return Found(summary, record, rows, leading(whole, record)) if whole else None


def standing_chart(found: Found) -> str:
    """The models with their intervals, and who cannot be told from whom."""
    errors = relative_errors(found)
    order = found.lead.get("by_relative_error") or found.lead.get("by_score") or {}
    kind = "relative_error" if errors else "score"
    rows = []
    for name in found.models:
        mine = found.lead["models"][name].get(kind) or {}
        rows.append(Interval(name, mine.get("value"), mine.get("low"), mine.get("high"), found.place(name)))
    nothing = 100.0 if errors else (found.lead["models"].get(IDENTITY, {}).get("score") or {}).get("value")
    label = f"{RELATIVE}, lower is better" if errors else directed(found.lead)
    return intervals("Standings", rows, nothing, order.get("groups", []), label)


def defect_chart(found: Found) -> str:
    """The heat-map of relative errors by defect and model; empty where there are none."""
    values: dict[tuple[str, str], float | None] = {}
    for name in found.models:
        for defect, each in (found.lead["models"][name].get("relative_error_by_defect") or {}).items():
            values[defect, name] = each["value"]
    defects = list(dict.fromkeys(defect for defect, _ in values))
    return heat_map("Relative error by defect and model", defects, found.models, values) if defects else ""


Cells = Mapping[tuple[str, int | None, str], float]
"""Relative error by defect, severity and model."""


def cell_errors(found: Found) -> Cells:
    """The relative error of every cell in which there was something to restore."""
    whole = sheet(found.rows)
    place = whole.columns.index((found.lead["metric"], found.lead["region"]))
    column = read(scores(whole, place), found.readings())
    if column.errors is None:
        return {}
    level = column.errors.table.mean(axis=0)  # (cells, models)
    cells: dict[tuple[str, int | None, str], float] = {}
    for number in column.errors.damaged():
        floor, cell = float(level[number, column.identity]), column.errors.cells[number]
        if floor > NOTHING and cell.severity != 0:
            for model, value in zip(column.scores.models, level[number].tolist(), strict=True):
                cells[cell.defect, cell.severity, model] = 100 * value / floor
    return cells


def severity_charts(found: Found, cells: Cells) -> dict[str, str]:
    """Of each model defect by severity."""
    severities = sorted({grade for _, grade, _ in cells if grade is not None})
    charts = {}
    for model in found.others:
        mine = {(defect, str(grade)): value for (defect, grade, name), value in cells.items() if name == model}
        graded = [defect for defect, grade in mine if grade != "None"]
        names = [str(grade) for grade in severities]
        if mine and names and graded:
            rows = list(dict.fromkeys(graded))
            charts[model] = heat_map(f"{model}: relative error by defect and severity", rows, names, {**mine})
    return charts


def curve_charts(found: Found, cells: Cells) -> dict[str, str]:
    """Of each defect that has several severities, the models over severity."""
    grades: dict[str, set[int]] = {}
    for defect, grade, _ in cells:
        if grade is not None:
            grades.setdefault(defect, set()).add(grade)
    charts = {}
    for defect in [name for name, known in grades.items() if len(known) > 1]:
        lines = []
        for model in found.others:
            points = [
                (float(s), cells[defect, s, model]) for s in sorted(grades[defect]) if (defect, s, model) in cells
            ]
            lines.append(Line(model, points, found.place(model)))
        steep = all(y > 0 for each in lines for _, y in each.points)
        title = f"{defect}: relative error over severity"
        charts[defect] = curves(title, lines, "severity", RELATIVE, 100.0, steep)
    return charts


def cost_charts(found: Found) -> dict[str, str]:
    """Quality against speed, a chart for each hardware."""
    errors = relative_errors(found)
    kind = "relative_error" if errors else "score"
    groups: dict[str, list[Point]] = {}
    for name in found.models:
        cost, mine = cost_of(found.record, name), found.lead["models"][name].get(kind) or {}
        if cost.get("seconds_per_megapixel") and mine.get("value") is not None:
            ends = (mine.get("low"), mine.get("high"))
            point = Point(name, cost["seconds_per_megapixel"], mine["value"], *ends, place=found.place(name))
            groups.setdefault(machine(cost), []).append(point)
    floor = 100.0 if errors else (found.lead["models"].get(IDENTITY, {}).get("score") or {}).get("value")
    label, higher = (RELATIVE, False) if errors else (short(found.lead), found.lead["higher_is_better"])
    better: Any = "higher" if higher else "lower"
    title = "Quality against cost on {}"
    return {
        key: scatter(title.format(key), points, "seconds per megapixel", label, floor, better)
        for key, points in groups.items()
    }


def cost_of(record: Mapping[str, Any], model: str) -> Mapping[str, Any]:
    """What a model costs; empty where nobody measured it."""
    cost: Mapping[str, Any] = record.get("models", {}).get(model, {}).get("cost") or {}
    return cost


def relative_errors(found: Found) -> dict[str, float]:
    """Of each model that has one."""
    return errors_of(found.lead, found.models)


def errors_of(lead: Column, models: Sequence[str]) -> dict[str, float]:
    """The relative errors of a column."""
    values = {name: (lead["models"][name].get("relative_error") or {}).get("value") for name in models}
    return {name: value for name, value in values.items() if value is not None and np.isfinite(value)}


def directed(column: Column) -> str:
    """A metric and which way is better."""
    return f"{short(column)}, {'higher' if column['higher_is_better'] else 'lower'} is better"

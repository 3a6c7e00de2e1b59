"""What a summary says, as tables for a terminal and in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmark.pareto import by_hardware
from benchmark.relative import READINGS, Reading, reading

Column = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in words."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grids_of(summary: Mapping[str, Any], record: Mapping[str, Any]) -> list[Grid]:
    """The tables of a sweep: standings, scores, regions, and relative errors by defect."""
    whole = [column for column in summary.get("columns", []) if column["region"] == "whole"]
    if not whole:
        return []
    lead = leading(whole, record)
    regions = [each for each in summary["columns"] if each["metric"] == lead["metric"] and each["region"] != "whole"]
    found = [standings(lead, record), scores_grid(whole, lead)]
    if regions:
        found.append(regions_grid([lead, *regions], lead))
    return [*found, *defects_grid(lead)]


def readings_in(*summaries: Mapping[str, Any]) -> dict[str, Reading]:
    """How the metrics of summaries are read; of those that nobody knows an error of, the direction alone."""
    found = dict(READINGS)
    for column in (column for summary in summaries for column in summary.get("columns", [])):
        if reading(column["metric"]) is None:
            found[column["metric"]] = Reading(column["higher_is_better"])
    return found


def leading(whole: Sequence[Column], record: Mapping[str, Any]) -> Column:
    """The column that ranks: the first metric that the suite names and that has one."""
    specs = list(record.get("suite", {}).get("metrics", []))
    return min(whole, key=lambda column: specs.index(column["metric"]) if column["metric"] in specs else len(specs))


def standings(lead: Column, record: Mapping[str, Any]) -> Grid:
    """Who stands where, how sure that is, and what failed."""
    rows = []
    fronts, errors = pareto(lead, record), lead.get("error") is not None
    for name in in_order(lead):
        mine = lead["models"][name]
        cost = record.get("models", {}).get(name, {}).get("cost", {})
        score = interval(mine.get("score"), digits(lead))
        by_error = (interval(mine.get("relative_error"), 1), score, interval(mine.get("gain_db"), 2))
        rows.append(
            (
                rank(lead, name),
                name,
                *((*by_error, worst(mine.get("worst"))) if errors else (score,)),
                str(mine.get("failed", 0)),
                f"{cost['seconds_per_megapixel']:.3g}" if cost.get("seconds_per_megapixel") else "-",
                *([fronts.get(name, "-")] if fronts else []),
            )
        )
    metric = short(lead)
    scored = ("relative error", metric, "gain dB", "worst") if errors else (metric,)
    head = ("rank", "model", *scored, "failed", "s/MP", *(["Pareto"] if fronts else []))
    scale = (
        "relative error 100 = did nothing" if errors else f"{'more' if lead['higher_is_better'] else 'less'} is better"
    )
    title = f"Standings by {metric}, {lead['items']} items of {lead['photos']} photos; {scale}"
    return Grid(title, head, tuple(rows))


def unmeasured(suite: Mapping[str, Any], metric: str, *, error: bool) -> str:
    """What cannot be measured on a suite, and what doing nothing is where it is no photo; empty of most suites.

    Args:
        suite: what its record says of it.
        metric: the name of the one that leads.
        error: whether it stands for an error, of which a share can be left.
    """
    if suite.get("task") == "detect":
        return "Models find damage here and restore nothing: doing nothing is a mask that finds none."
    if not (error or suite.get("clean_photos", True)):
        return (
            "Nobody knows what these photos once looked like, so no error, gain or repair can be measured: "
            f"{metric or 'the metric'} says how natural a photo looks, not how true it is. What can be said of all "
            "outputs together: foxing benchmark sets RUNS --clean DIR."
        )
    return "" if error else f"{metric} has no true zero, so there is no relative error and no gain: its value ranks."


def pareto(lead: Column, record: Mapping[str, Any]) -> dict[str, str]:
    """Of each model whose speed is known, whether no other on the same hardware is both as good and as quick."""
    errors = {name: (mine.get("relative_error") or {}).get("value") for name, mine in lead["models"].items()}
    costs = {name: model.get("cost") or {} for name, model in record.get("models", {}).items()}
    fronts = by_hardware({name: value for name, value in errors.items() if value is not None}, costs)
    return {name: "yes" if on else "no" for group in fronts.values() for name, on in group.items()}


def scores_grid(whole: Sequence[Column], lead: Column) -> Grid:
    """Every metric of the whole photo."""
    head = ("model", *(f"{short(column)} {'↑' if column['higher_is_better'] else '↓'}" for column in whole))
    rows = [(name, *(score_of(column, name) for column in whole)) for name in in_order(lead)]
    return Grid("Scores of the whole photo, with intervals", head, tuple(rows))


def regions_grid(columns: Sequence[Column], lead: Column) -> Grid:
    """The leading metric where damage was, outside it, and along its edges: repair, collateral damage, seam."""
    head = ("model", *(column["region"] for column in columns))
    rows = [(name, *(score_of(column, name) for column in columns)) for name in in_order(lead)]
    return Grid(f"{short(lead)} by region: hole is repair, outside collateral damage, band the seam", head, tuple(rows))


def defects_grid(lead: Column) -> list[Grid]:
    """Relative errors by defect."""
    by = {name: mine.get("relative_error_by_defect") or {} for name, mine in lead["models"].items()}
    defects = list(dict.fromkeys(defect for each in by.values() for defect in each))
    if not defects:
        return []
    names = in_order(lead)
    rows = [(defect, *(interval(by[name].get(defect), 0) for name in names)) for defect in defects]
    return [Grid(f"Relative error by defect, from {short(lead)}", ("defect", *names), tuple(rows))]


def in_order(lead: Column) -> list[str]:
    """The models as they stand; those without a place last."""
    found = lead.get("by_relative_error") or lead.get("by_score") or {}
    order = list(found.get("order", []))
    return [*order, *(name for name in lead["models"] if name not in order)]


def rank(lead: Column, name: str) -> str:
    """The ranks that a model can have; a dash where it has none."""
    found = lead.get("by_relative_error") or lead.get("by_score") or {}
    ranks = found.get("ranks", {}).get(name)
    if not ranks:
        return "-"
    return str(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]}-{ranks[1]}"


def score_of(column: Column, name: str) -> str:
    """A model's score."""
    return interval(column["models"].get(name, {}).get("score"), digits(column))


def digits(column: Column) -> int:
    """How many decimals of a metric mean something."""
    return 2 if short(column).startswith(("psnr", "ciede")) else 3


def interval(found: Mapping[str, float | None] | None, digits: int) -> str:
    """A value and its interval."""
    if not found or found.get("value") is None:
        return "-"
    text = fixed(found["value"], digits)
    low, high = found.get("low"), found.get("high")
    return text if low is None or high is None else f"{text} [{fixed(low, digits)}, {fixed(high, digits)}]"


def fixed(value: float | None, digits: int) -> str:
    """A number with so many digits after the point; what rounds to nothing has no minus."""
    return f"{round(value or 0.0, digits) + 0.0:.{digits}f}"


def worst(found: Mapping[str, Any] | None) -> str:
    """The cell in which a model does worst."""
    if not found:
        return "-"
    severity = f" {found['severity']}" if found.get("severity") is not None else ""
    return f"{found['defect']}{severity}: {found['relative_error']:.0f}"


def short(column: Column) -> str:
    """The name of a column's metric."""
    return str(column["metric"]).partition("/")[0]


def markdown(grids: Sequence[Grid], record: Mapping[str, Any]) -> str:
    """The tables as Markdown, under the suite's id."""
    parts = [f"# Benchmark {record.get('suite_id', '')}\n"]
    for grid in grids:
        lines = [f"## {grid.title}\n", row(grid.head), row(["---"] * len(grid.head))]
        parts.append("\n".join([*lines, *map(row, grid.rows)]) + "\n")
    metrics = record.get("suite", {}).get("metrics", [])
    parts.append("Metrics: " + ", ".join(f"`{spec}`" for spec in metrics) + "\n")
    return "\n".join(parts)


def row(cells: Sequence[str]) -> str:
    """A line of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

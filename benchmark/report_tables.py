"""The tables of a report's page: what `benchmark.reporting` does not say at a terminal."""

import shlex
from collections.abc import Mapping, Sequence

from benchmark.pareto import by_hardware, machine
from benchmark.regions import WHOLE
from benchmark.report_charts import Found, cost_of, directed, relative_errors
from benchmark.reporting import Column, Grid, interval, short
from benchmark.scores import IDENTITY
from benchmark.store import plain

REGIONS = {"hole": "repair, inside the damage", "outside": "collateral damage, outside", "band": "seam, around it"}

LISTED = 60
"""Failures on the page; all are in items.parquet."""


def against_untouched(found: Found) -> Grid | None:
    """By region what a model adds to the untouched photo's score, and what it does to undamaged photos."""
    columns = {
        column["region"]: column
        for column in found.summary["columns"]
        if column["metric"] == found.lead["metric"] and column["region"] in REGIONS
    }
    shown = {region: columns[region] for region in REGIONS if region in columns}
    harm = any(mine.get("undamaged") for mine in found.lead["models"].values())
    if not shown and not harm:
        return None
    rows = []
    for name in found.others:
        cells = [difference(column, name) for column in [found.lead, *shown.values()]]
        if harm:
            cells.append(signed(found.lead["models"][name].get("undamaged")))
        rows.append((name, *cells))
    head = ("model", "whole photo", *(REGIONS[region] for region in shown), *(["undamaged photos"] if harm else []))
    return Grid(f"Difference to the untouched photo, {directed(found.lead)}", head, tuple(rows))


def difference(column: Column, model: str) -> str:
    """A model's score less that of the untouched photo, paired, with its interval."""
    for pair in (column.get("by_score") or {}).get("pairs", []):
        if (pair["first"], pair["second"]) == (model, IDENTITY):
            return signed(pair)
        if (pair["first"], pair["second"]) == (IDENTITY, model):
            turned = {"value": pair["value"], "low": pair["high"], "high": pair["low"]}
            return signed({key: None if value is None else -value for key, value in turned.items()})
    return "-"


def signed(found: Mapping[str, float | None] | None) -> str:
    """A difference with its interval."""
    if not found or found.get("value") is None:
        return "-"
    digits = 2 if abs(found["value"] or 0) >= 0.1 else 4
    ends = [found.get("low"), found.get("high")]
    said = "" if None in ends else " [" + ", ".join(plus(end or 0.0, digits) for end in ends) + "]"
    return plus(found["value"] or 0.0, digits) + said


def plus(value: float, digits: int) -> str:
    """A number with its sign; what rounds to nothing has no minus."""
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")


def cost_grid(found: Found) -> Grid | None:
    """What every model costs; None where nobody measured it."""
    costs = {name: cost for name in found.models if (cost := cost_of(found.record, name))}
    if not costs:
        return None
    fronts = by_hardware(relative_errors(found), costs)
    rows = []
    for name, cost in costs.items():
        spread = [cost.get(key) for key in ("seconds_low", "seconds_high")]
        seconds = figure(cost.get("seconds_per_megapixel"), 1)
        seconds += "" if None in spread else f" [{figure(spread[0], 1)}, {figure(spread[1], 1)}]"
        on = any(group.get(name) for group in fronts.values())
        known = any(name in group for group in fronts.values())
        rows.append(
            (
                name,
                figure(cost.get("parameters"), 1e6, " M"),
                figure(cost.get("weights_bytes"), 1e6, " MB"),
                figure(cost.get("macs_per_pixel"), 1e3, " k"),
                seconds,
                figure(cost.get("peak_bytes"), 1e6, " MB"),
                ("yes" if on else "no") if known else "-",
                machine(cost) + (f": {cost['error']}" if cost.get("error") else ""),
            )
        )
    head = ("model", "parameters", "weights", "MACs per pixel", "seconds per MP", "memory", "Pareto", "measured on")
    return Grid("What they cost", head, tuple(rows))


def figure(value: float | None, unit: float, name: str = "") -> str:
    """A number with three digits in a unit."""
    return "-" if value is None else f"{value / unit:.3g}{name}"


def together_grid(found: Found) -> Grid | None:
    """The order that all metrics make together."""
    borda = found.summary.get("borda")
    if not borda or len(borda["metrics"]) < 2:
        return None
    rows = []
    for name in borda["order"]:
        mine = borda["models"][name]
        ranks = mine["ranks"]
        said = "-" if not ranks else str(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]}-{ranks[1]}"
        rows.append((name, interval(mine["points"], 1), said))
    head = ("model", "points of 100", "ranks")
    return Grid(f"All {len(borda['metrics'])} metrics together, by Borda's count", head, tuple(rows))


def failures_grid(found: Found) -> Grid | None:
    """What failed, and why; None where nothing did."""
    flat = plain(found.rows).select(["model", "item", "seed", "status", "error"]).to_pylist()
    failed = {
        (row["model"], row["item"], row["seed"]): row for row in flat if row["status"] not in ("ok", "unsupported")
    }
    if not failed:
        return None
    rows = [(r["model"], r["item"], str(r["seed"]), r["status"], r["error"] or "") for r in failed.values()]
    more = f", the first {LISTED} of {len(rows)}" if len(rows) > LISTED else ""
    return Grid(f"Failures{more}", ("model", "item", "seed", "status", "why"), tuple(rows[:LISTED]))


def metrics_grid(found: Found) -> Grid:
    """Every metric in full."""
    known = {column["metric"]: column for column in found.summary["columns"] if column["region"] == WHOLE}
    specs = [*found.record.get("suite", {}).get("metrics", [])]
    rows = []
    for spec in [*specs, *(each for each in known if each not in specs)]:
        column = known.get(spec)
        if column is None:
            rows.append(
                (spec.partition("/")[0], "-", "no value for the untouched photo, so it counts for nobody", spec)
            )
        else:
            error = column.get("error") or "none: it has no relative error"
            rows.append((short(column), "higher" if column["higher_is_better"] else "lower", error, spec))
    return Grid("Metrics in full", ("metric", "better", "error that it stands for", "specification"), tuple(rows))


Facts = Sequence[tuple[str, str]]


def asked(found: Found) -> Facts:
    """The suite, its size and its rules: facts for a report."""
    suite = found.record.get("suite", {})
    masks = {"given": "given to the models", "none": "not given"}
    return [
        ("Suite", str(found.record.get("suite_id", found.summary.get("suite_id", "")))),
        ("Photos", f"{found.summary['photos']}"),
        ("Items", f"{found.summary['items']}"),
        ("Task", str(suite.get("task", "-"))),
        ("Masks", masks.get(str(suite.get("masks")), str(suite.get("masks", "-")))),
        ("Protocol", str(suite.get("protocol", "-"))),
        *([("Commitment", str(suite["commitment"]))] if suite.get("commitment") else []),
    ]


def provenance(found: Found) -> Facts:
    """What scored it, on what, and when."""
    record = found.record
    code, machine_ = record.get("code") or {}, record.get("hardware") or {}
    commit = str(code.get("commit") or "unknown") + (", with changes" if code.get("changed") else "")
    return [
        ("Command", shlex.join(record.get("command", []))),
        ("When", f"{record.get('began', '-')} to {record.get('ended', '-')}"),
        ("Hardware", ", ".join(f"{key} {value}" for key, value in machine_.items() if value)),
        ("Threads", ", ".join(f"{key} {value}" for key, value in (record.get("threads") or {}).items())),
        ("Precision", str(record.get("precision", "-"))),
        ("Versions", ", ".join(f"{key} {value}" for key, value in (record.get("versions") or {}).items())),
        ("Code", commit),
        ("Recipes", str(record.get("suite", {}).get("engine", "-"))),
        ("Items' SHA-256", str(record.get("items_sha256", "-"))),
    ]


def models_grid(found: Found) -> Grid:
    """Which models they were."""
    noted = found.record.get("models", {})
    rows = [
        (name, str(each.get("identity", "-")), str(each.get("digest", "-")), str(each.get("seeds", "-")))
        for name in found.models
        if (each := noted.get(name))
    ]
    return Grid("Models", ("model", "which", "digest", "seeds"), tuple(rows))

"""The rows of a board: a model, where it stands, on what it does well and badly, and what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Any, NamedTuple

from benchmark.pareto import by_hardware
from leaderboards.board_numbers import NONE, Estimate, Numbers, estimate_in
from leaderboards.entry import Badge, Card
from leaderboards.passports import MEANINGS, Key, place_of


class Contestant(NamedTuple):
    """What is known of a model beside its items."""

    model: str
    card: Card
    badge: Badge
    cost: Mapping[str, Any]
    """As `benchmark.cost` gives it; empty where nobody measured."""


class Worst(NamedTuple):
    """A cell, and what was left in it."""

    defect: str
    severity: int | None
    relative_error: float


class Cost(NamedTuple):
    """What a model costs; None where nobody knows."""

    parameters: int | None = None
    weights_bytes: int | None = None
    macs_per_pixel: float | None = None
    seconds_per_megapixel: float | None = None
    seconds_low: float | None = None
    seconds_high: float | None = None
    peak_bytes: int | None = None
    hardware: str | None = None
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class OfRegion:
    """The leading metric in one region."""

    region: str
    meaning: str
    score: Estimate
    relative_error: Estimate
    gain_db: Estimate


@dataclass(frozen=True, slots=True)
class Row:
    """A model's row on a board."""

    model: str
    card: Card
    badge: Badge
    place: int | None
    """In order, from 1; None where it is unranked."""

    rank: tuple[int, int] | None
    """The best and the worst that it can have."""

    letters: str
    """Models that share one cannot be told apart."""

    relative_error: Estimate
    score: Estimate
    gain_db: Estimate
    undamaged: Estimate
    """What it changes of the score of photos that have no damage: below nought is harm where more is better."""

    by_defect: Mapping[str, Estimate]
    """Relative errors."""

    by_region: tuple[OfRegion, ...]

    by_metric: Mapping[str, Estimate]
    """Scores of the whole photo, by spec."""

    best: Worst | None
    """The cell in which it leaves least."""

    worst: Worst | None
    failed: int
    missing: int
    complete: bool
    seeds: int
    seed_sd: float | None
    cost: Cost
    pareto: bool | None
    """Whether no other on its hardware is both as quick and as good; None where speed is not known."""

    unranked: str
    """Why it has no rank; empty where it has one."""


def rows_of(contestants: Sequence[Contestant], found: Numbers, lead: Key | None) -> tuple[Row, ...]:
    """The rows in order of rank; those without a rank last, by name."""
    column = found.column(*lead) if lead else {}
    standing = column.get("by_relative_error") or column.get("by_score") or {}
    order = list(standing.get("order", ()))
    letters = letters_of(standing.get("groups", ()))
    rows = [row(each, found, lead, order, letters) for each in contestants]
    ranked = [replace(each, rank=ranks(standing, each.model)) for each in rows]
    ordered = sorted(ranked, key=lambda each: (each.place is None, each.place or 0, each.model))
    front = fronts(ordered)
    return tuple(replace(each, pareto=front.get(each.model)) for each in ordered)


def row(
    contestant: Contestant, found: Numbers, lead: Key | None, order: Sequence[str], letters: Mapping[str, str]
) -> Row:
    """A model's row, all but what hangs on the others."""
    model = contestant.model
    mine = found.column(*lead)["models"].get(model, {}) if lead else {}
    best, worst = extremes(found, lead, model)
    return Row(
        model=model,
        card=contestant.card,
        badge=contestant.badge,
        place=order.index(model) + 1 if model in order else None,
        rank=None,
        letters=letters.get(model, ""),
        relative_error=estimate_in(mine.get("relative_error")),
        score=estimate_in(mine.get("score")),
        gain_db=estimate_in(mine.get("gain_db")),
        undamaged=estimate_in(mine.get("undamaged")),
        by_defect={name: estimate_in(each) for name, each in (mine.get("relative_error_by_defect") or {}).items()},
        by_region=tuple(sorted(regions(found, lead, model), key=lambda each: place_of(each.region))),
        by_metric={
            column["metric"]: estimate_in(column["models"].get(model, {}).get("score"))
            for column in found.summary["columns"]
            if column["region"] == "whole"
        },
        best=best,
        worst=worst,
        failed=mine.get("failed", 0),
        missing=mine.get("missing", 0),
        complete=mine.get("complete", False),
        seeds=mine.get("seeds", 0),
        seed_sd=mine.get("seed_sd"),
        cost=Cost(*(contestant.cost.get(name) for name in Cost._fields)),
        pareto=None,
        unranked="" if model in order else why_unranked(mine, found),
    )


def why_unranked(mine: Mapping[str, Any], found: Numbers) -> str:
    """Why a model has no rank."""
    if mine.get("missing"):
        return f"{mine['missing']} of {found.summary['items']} items missing"
    return "no item could be scored"


def ranks(standing: Mapping[str, Any], model: str) -> tuple[int, int] | None:
    """The ranks that a model can have."""
    pair = standing.get("ranks", {}).get(model)
    return (pair[0], pair[1]) if pair else None


def letters_of(groups: Sequence[Sequence[str]]) -> dict[str, str]:
    """A letter for each group of models that cannot be told apart, the best group first; numbers beyond z."""
    found: dict[str, str] = {}
    for place, group in enumerate(groups):
        letter = ascii_lowercase[place] if place < len(ascii_lowercase) else f"{place + 1} "
        for model in group:
            found[model] = found.get(model, "") + letter
    return found


def regions(found: Numbers, lead: Key | None, model: str) -> Iterator[OfRegion]:
    """The leading metric by region."""
    for column in found.summary["columns"]:
        if lead and column["metric"] == lead[0]:
            mine, region = column["models"].get(model, {}), column["region"]
            numbers = (estimate_in(mine.get(name)) for name in ("score", "relative_error", "gain_db"))
            yield OfRegion(region, MEANINGS.get(region, region), *numbers)


def extremes(found: Numbers, lead: Key | None, model: str) -> tuple[Worst | None, Worst | None]:
    """The cells in which a model leaves least and most of the untouched input's error."""
    left = [
        Worst(each.defect, each.severity, each.relative_error.value)
        for each in found.cells
        if lead == (each.metric, each.region) and each.model == model and each.relative_error.value is not None
    ]
    if not left:
        return None, None
    return min(left, key=lambda each: each.relative_error), max(left, key=lambda each: each.relative_error)


def fronts(rows: Sequence[Row]) -> dict[str, bool]:
    """Of the models whose speed is known: whether none on the same hardware is as quick and as good, or more."""
    levels = {row.model: level(row) for row in rows}
    errors = {model: left for model, left in levels.items() if left is not None}
    groups = by_hardware(errors, {row.model: row.cost._asdict() for row in rows})
    return {model: there for group in groups.values() for model, there in group.items()}


def level(row: Row) -> float | None:
    """How good a model is, less being better: its relative error, or its place where there is none."""
    return row.relative_error.value if row.relative_error != NONE else row.place

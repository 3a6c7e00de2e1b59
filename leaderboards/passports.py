"""What each column of a board is: a metric in a region, how it was measured, and whether it agrees with the others."""

from dataclasses import dataclass

from leaderboards.board_numbers import Numbers

Key = tuple[str, str]
"""Metric and region."""

MEANINGS = {"whole": "the photo", "hole": "repair", "outside": "collateral damage", "band": "seam"}
"""What a region tells."""


def place_of(region: str) -> int:
    """Where a region comes: the photo first, then what is repaired, then what is harmed."""
    return [*MEANINGS, region].index(region)


@dataclass(frozen=True, slots=True)
class Passport:
    """What a column is: a metric in a region, and how it was measured."""

    metric: str
    """Its spec: name, version and all settings."""

    name: str
    region: str
    meaning: str
    higher_is_better: bool
    error: str | None
    """What relative errors are shares of, in words."""

    photos: int
    items: int
    failed: int
    """Items of all models that failed: they count as the untouched input's value."""

    unscored: int
    """Items that have no value even of the untouched input: they count for nobody."""

    interval: str | None
    lead: bool
    agreement_with_lead: float | None
    """Kendall's tau-b of the orders of models."""


def passports(found: Numbers, lead: Key | None) -> tuple[Passport, ...]:
    """Every column."""
    return tuple(
        Passport(
            metric=column["metric"],
            name=short(column["metric"]),
            region=column["region"],
            meaning=MEANINGS.get(column["region"], column["region"]),
            higher_is_better=column["higher_is_better"],
            error=column["error"],
            photos=column["photos"],
            items=column["items"],
            failed=sum(each["failed"] for each in column["models"].values()),
            unscored=column["unscored"],
            interval=column["interval"],
            lead=(column["metric"], column["region"]) == lead,
            agreement_with_lead=tau(found, lead, (column["metric"], column["region"])),
        )
        for column in found.summary["columns"]
    )


def tau(found: Numbers, lead: Key | None, other: Key) -> float | None:
    """How far two columns put models in the same order."""
    for each in found.summary["agreement"]:
        if lead and {tuple(each["first"]), tuple(each["second"])} == {lead, other}:
            return float(each["tau"]) if each["tau"] is not None else None
    return None


def short(spec: str) -> str:
    """The name of a metric's spec."""
    return spec.partition("/")[0]

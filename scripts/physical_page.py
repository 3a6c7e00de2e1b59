"""What physical_presets.py measured, as tables."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from tables import between, grid

from degrade.realism.words import FAMILIES

CALLED = {"derived": "from the fit to half {}", "before": "from the fit before to half {}"}
"""What was fitted to the half that does not judge."""

OTHER = {"a": "b", "b": "a"}

Gaps = Sequence[dict[str, Any]]
"""Of each draw."""


def with_tables(text: str, data: dict[str, Any]) -> str:
    """A page with both tables between their marks."""
    return between(between(text, "physical", together(data)), "physical-alone", alone(data))


def together(data: dict[str, Any]) -> str:
    """A row for each half and set of presets."""
    rows = []
    for half in ("b", "a"):
        for name, gaps in data["together"][half].items():
            low, high = (fmean(each["forest"][at] for each in gaps) for at in (1, 2))
            worst = max(FAMILIES, key=lambda family: of_family(gaps, family, "forest"))
            least = min(FAMILIES, key=lambda family: of_family(gaps, family, "diversity"))
            rows.append(
                (
                    CALLED.get(name, name).format(OTHER[half]),
                    half,
                    f"{both([each['forest'][0] for each in gaps])} ({low:.2f} to {min(high, 1):.2f})",
                    both([each["logistic"][0] for each in gaps]),
                    both([each["mmd2"] for each in gaps]),
                    f"{worst} {of_family(gaps, worst, 'forest'):.2f}",
                    f"{least} {of_family(gaps, least, 'diversity'):.2f}",
                )
            )
    head = ("presets", "half", "forest AUC (95 %)", "logistic AUC", "MMD²", "worst family", "least diversity")
    return grid(head, rows)


def alone(data: dict[str, Any]) -> str:
    """A row for each preset and half, and for the prints of its own kinds where these are enough."""
    rows = []
    for prints, table in (("all", data["alone"]), ("its kinds", data["own_kinds"])):
        for preset, halves in table.items():
            for half in ("b", "a"):
                sets = halves[half]
                count = sets["derived"][0]["photos"][0]
                columns = [[mean(gaps, key) for gaps in sets.values()] for key in ("forest", "logistic", "mmd2")]
                low, high = (fmean(each["forest"][at] for each in sets["derived"]) for at in (1, 2))
                interval = f" ({low:.2f} to {min(high, 1):.2f})"
                forest, *others = (both(column) for column in columns)
                rows.append((preset, f"{half}, {prints} ({count})", forest + interval, *others))
    return grid(("preset", "prints", "forest AUC (95 % of the first)", "logistic AUC", "MMD²"), rows)


def mean(gaps: Gaps, key: str) -> float:
    """Over the draws."""
    return fmean(each[key] if key == "mmd2" else each[key][0] for each in gaps)


def of_family(gaps: Gaps, family: str, key: str) -> float:
    """What a family has, the mean over the draws."""
    return fmean(each["families"][family][key] for each in gaps)


def both(values: Sequence[float]) -> str:
    """Numbers side by side."""
    return " / ".join(f"{each:.2f}" for each in values)

"""What came of a fit: as plain data for programs, and as lines to read."""

from pathlib import Path
from typing import Any

from degrade.calibration.fitting import Outcome
from degrade.calibration.search import Search
from degrade.realism.gap import Gap


def as_data(asked: tuple[Path, str, int], search: Search, outcome: Outcome) -> dict[str, Any]:
    """What came of it, for programs; numbers to four places.

    Args:
        asked: the file of the pipeline, what it started from, and the seed.
        search: the trials.
        outcome: what photos say that were held out.
    """
    out, base, seed = asked
    return {
        "pipeline": str(out),
        "base": base,
        "seed": seed,
        "trials": len(search.trials),
        "distance": {"base": round(search.trials[0].loss, 4), "fitted": round(search.best.loss, 4)},
        "turned": {name: turn for name, turn in search.best.turns.items() if turn},
        "held_out": {name: gap_data(each) for name, each in outcome.gaps},
    }


def gap_data(each: Gap) -> dict[str, Any]:
    """One comparison; families by name."""
    return {
        "photos": list(each.photos),
        "forest": [round(value, 4) for value in each.forest],
        "logistic": [round(value, 4) for value in each.logistic],
        "mmd2": round(each.discrepancy.value, 4),
        "families": {
            family.name: {"forest": round(family.forest.value, 4), "diversity": round(family.diversity, 4)}
            for family in each.families
        },
    }


def as_text(out: Path, search: Search, outcome: Outcome) -> str:
    """What came of it, as lines to read; `out` is the file of the pipeline."""
    lines = [f"{'against held-out scans':24}{'forest AUC':>22}{'logistic AUC':>14}{'MMD^2':>8}{'worst family':>20}"]
    for name, each in outcome.gaps:
        forest, worst = each.forest, max(each.families, key=lambda family: family.forest.value)
        area = f"{forest.value:.2f} [{max(forest.low, 0):.2f}, {min(forest.high, 1):.2f}]"
        family = f"{worst.name} {worst.forest.value:.2f}"
        lines.append(f"  {name:22}{area:>22}{each.logistic.value:14.2f}{each.discrepancy.value:8.2f}{family:>20}")
    first, best = search.trials[0].loss, search.best.loss
    lines += ["", f"distance in the fit: {best:.2f}, at first {first:.2f}, after {len(search.trials)} trials"]
    return "\n".join([*lines, f"use it with: foxing degrade apply photos/ pairs --pipeline {out}"])

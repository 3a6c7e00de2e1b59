"""How far presets are from real prints that no fit has seen, and the page that says so.

python scripts/report_realism.py measure DATA docs/realism.json
python scripts/report_realism.py page docs/realism.json docs/realism.md
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import cv2
from fit_presets import START, clean, halves_of, prints, read
from tables import grid

from degrade.calibration.trials import Picture, degraded
from degrade.cli_fit import gap_data
from degrade.io import write_text
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest
from degrade.presets import PRESETS
from degrade.realism.gap import gap
from degrade.realism.measuring import Measured, measured_photo
from degrade.realism.words import FAMILIES
from degrade.record import versions

DRAWS = (11, 12)
"""Seeds of the recipes of `old-print`; none is that of the fit. Each draw has other clean photos."""

BESIDE = ("wan2020-code", "gelatin-1930")
"""Presets that are shown beside it, by the first draw."""

PHOTOS = 70
"""Clean photos of a draw."""


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    cv2.setNumThreads(1)
    tasks: dict[str, Callable[[Path, Path], None]] = {"measure": measure, "page": page}
    tasks[arguments[0]](Path(arguments[1]), Path(arguments[2]))


def measured(pictures: Sequence[Picture]) -> list[Measured]:
    """Photos in numbers, as `foxing degrade realism` has them."""
    return [measured_photo(each.key, each.image, 0, 0) for each in pictures]


def measure(data: Path, out: Path) -> None:
    """Compare everything with the held-out prints."""
    seen, real = (measured(read(data / "old", half)) for half in prints(data))
    plates = halves_of(data / "old", lambda row: row["kind"] != "print")
    others = measured(read(data / "old", [name for half in plates for name in half]))
    pictures = read(data / "clean", clean(data)[1])
    drawn = {seed: pictures[at * PHOTOS : (at + 1) * PHOTOS] for at, seed in enumerate(DRAWS)}
    made = {seed: made_by(PRESETS["old-print"], drawn[seed], seed) for seed in DRAWS}
    first = drawn[DRAWS[0]]
    sets = {"old-print": [made[seed] for seed in DRAWS]}
    sets |= {"where its fit began": [made_by(START, first, DRAWS[0])]}
    sets |= {name: [made_by(PRESETS[name], first, DRAWS[0])] for name in BESIDE}
    sets |= {"clean": [measured(first)], "prints of the fit": [seen]}
    result = {
        "prints": {"fit": sorted(prints(data)[0]), "held_out": sorted(prints(data)[1])},
        "draws": list(DRAWS),
        "clean_photos": PHOTOS,
        "presets": {name: digest(PRESETS[name]) for name in ("old-print", *BESIDE)},
        "against_held_out_prints": compared(real, sets),
        "against_prints_of_the_fit": compared(seen, {"old-print": sets["old-print"]}),
        "against_plates_and_frames": compared(others, {"old-print": sets["old-print"][:1]}),
        "versions": versions(),
    }
    write_text(out, json.dumps(result, indent=1) + "\n")


def made_by(pipeline: Pipeline, clean_photos: Sequence[Picture], seed: int) -> list[Measured]:
    """Clean photos as a pipeline makes them."""
    return measured([degraded(pipeline, each, seed) for each in clean_photos])


def compared(real: list[Measured], sets: dict[str, list[list[Measured]]]) -> dict[str, list[dict[str, Any]]]:
    """The gaps between real photos and each draw of each set."""
    return {name: [gap_data(gap(name, real, each, 0)) for each in draws] for name, draws in sets.items()}


def page(report: Path, out: Path) -> None:
    """Put the tables of the report into the page, between its marks."""
    data = json.loads(report.read_text("utf-8"))
    found = data["against_held_out_prints"]
    seen = {f"old-print, {name}": data[key]["old-print"] for name, key in OTHERS.items()}
    text = out.read_text("utf-8")
    for mark, table in (("gaps", gaps(found)), ("families", families(found)), ("others", gaps(seen))):
        head, rest = text.split(f"<!-- {mark} -->\n")
        _, tail = rest.split(f"<!-- /{mark} -->\n")
        text = f"{head}<!-- {mark} -->\n\n{table}\n\n<!-- /{mark} -->\n{tail}"
    write_text(out, text)


OTHERS = {
    "against the prints of the fit": "against_prints_of_the_fit",
    "against glass plates and film frames": "against_plates_and_frames",
}


def gaps(found: dict[str, Any]) -> str:
    """A row for each set, with each draw's numbers."""
    rows = []
    for name, draws in found.items():
        low, high = (fmean(each["forest"][at] for each in draws) for at in (1, 2))
        forest = " / ".join(f"{each['forest'][0]:.2f}" for each in draws)
        worst = max(FAMILIES, key=lambda family: area(draws, family))
        rows.append(
            (
                name,
                f"{forest} ({low:.2f} to {min(high, 1):.2f})",
                " / ".join(f"{each['logistic'][0]:.2f}" for each in draws),
                " / ".join(f"{each['mmd2']:.2f}" for each in draws),
                f"{worst} {area(draws, worst):.2f}",
            )
        )
    return grid(("set", "forest AUC (95 %)", "logistic AUC", "MMD²", "worst family"), rows)


def families(found: dict[str, Any]) -> str:
    """A row for each family: how well it tells, and how varied `old-print` is."""
    shown = [name for name in ("old-print", "wan2020-code", "clean", "prints of the fit") if name in found]
    rows = []
    for family in FAMILIES:
        spread = fmean(each["families"][family]["diversity"] for each in found["old-print"])
        rows.append((family, *(f"{area(found[name], family):.2f}" for name in shown), f"{spread:.2f}"))
    return grid(("family", *shown, "diversity of old-print"), rows)


def area(draws: Sequence[dict[str, Any]], family: str) -> float:
    """The forest's area by one family, the mean over the draws."""
    return fmean(each["families"][family]["forest"] for each in draws)


if __name__ == "__main__":
    main(sys.argv[1:])

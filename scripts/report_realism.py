"""How far presets are from real prints that their fits have not seen, and the page that says so.

FITS is what `fit_presets.py fit` wrote: the pipelines fitted to each half of the prints, and to all.

python scripts/report_realism.py measure DATA FITS docs/realism.json
python scripts/report_realism.py page docs/realism.json docs/realism.md
"""

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import fmean
from typing import Any

import cv2
from fit_presets import clean, prints, read
from folders import holding, measure_or_page
from tables import between, grid

from degrade.calibration.trials import Picture, degraded
from degrade.cli_fit import gap_data
from degrade.io import write_text
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest, read_pipeline
from degrade.presets import PRESETS
from degrade.realism.gap import gap
from degrade.realism.measuring import Measured, measured_photo
from degrade.realism.words import FAMILIES
from degrade.record import versions

DRAWS = (11, 12)
"""Seeds of the recipes of `old-print`; none is that of the fit. Each draw has other clean photos."""

PHYSICAL = ("gelatin-1930",)
"""Of the physical presets, that of most prints."""

USUAL = "wan2020-code"

PHOTOS = 70
"""Clean photos of a draw."""

HALVES = ("a", "b")

BESIDE = "b"
"""The half against which the field's usual damage and clean photos are shown too."""


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    cv2.setNumThreads(1)
    asked = measure_or_page(str(__doc__), holding(*(f"old-print-{half}.toml" for half in HALVES)), arguments)
    if asked.task == "measure":
        measure(asked.data, asked.fits, asked.out)
    else:
        page(asked.measured, asked.out)


def measured(pictures: Sequence[Picture]) -> list[Measured]:
    """Photos in numbers, as `foxing degrade realism` has them."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda each: measured_photo(each.key, each.image, 0, 0), pictures))


def measure(data: Path, fits: Path, out: Path) -> None:
    """Compare what was fitted to each half with the other half, and what is shipped with all prints."""
    real = dict(zip(HALVES, (measured(read(data / "old", half)) for half in prints(data)), strict=True))
    fitted = {half: read_pipeline(fits / f"old-print-{half}.toml") for half in HALVES}
    shipped = PRESETS["old-print"]
    if digest(read_pipeline(fits / "old-print-all.toml")) != digest(shipped):
        sys.exit(f"{fits}: the preset old-print is not what was fitted here; write it first (fit_presets.py write)")
    pictures = read(data / "clean", clean(data)[1])
    drawn = {seed: pictures[at * PHOTOS : (at + 1) * PHOTOS] for at, seed in enumerate(DRAWS)}
    first = drawn[DRAWS[0]]

    def once(name: str) -> list[list[Measured]]:
        return [made_by(PRESETS[name], first, DRAWS[0])]

    def draws(pipeline: Pipeline) -> list[list[Measured]]:
        return [made_by(pipeline, drawn[seed], seed) for seed in DRAWS]

    against = {}
    for half, other in (HALVES, HALVES[::-1]):
        sets = {f"fitted to half {other}": draws(fitted[other])}
        sets |= {USUAL: once(USUAL), "clean": [measured(first)]} if half == BESIDE else {}
        against[half] = compared(real[half], sets | {f"prints of half {other}": [real[other]]})
    every = {"old-print": draws(shipped)} | {name: once(name) for name in PHYSICAL}
    result = {
        "prints": {half: sorted(names) for half, names in zip(HALVES, prints(data), strict=True)},
        "draws": list(DRAWS),
        "clean_photos": PHOTOS,
        "presets": {name: digest(PRESETS[name]) for name in ("old-print", USUAL, *PHYSICAL)},
        "fits": {half: digest(fitted[half]) for half in HALVES},
        "against_half_a": against["a"],
        "against_half_b": against["b"],
        "against_all_prints": compared([*real["a"], *real["b"]], every),
        "versions": versions(),
    }
    write_text(out, json.dumps(result, indent=1) + "\n")


def made_by(pipeline: Pipeline, clean_photos: Sequence[Picture], seed: int) -> list[Measured]:
    """Clean photos as a pipeline makes them."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return measured(list(pool.map(lambda each: degraded(pipeline, each, seed), clean_photos)))


def compared(real: list[Measured], sets: dict[str, list[list[Measured]]]) -> dict[str, list[dict[str, Any]]]:
    """The gaps between real photos and each draw of each set."""
    return {name: [gap_data(gap(name, real, each, 0)) for each in draws] for name, draws in sets.items()}


def page(report: Path, out: Path) -> None:
    """Put the tables of the report into the page, between its marks."""
    data = json.loads(report.read_text("utf-8"))
    tables = {
        "half-b": gaps(data["against_half_b"]),
        "half-a": gaps(data["against_half_a"]),
        "families": families(data),
        "all": gaps(data["against_all_prints"]),
    }
    text = out.read_text("utf-8")
    for mark, table in tables.items():
        text = between(text, mark, table)
    write_text(out, text)


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


def families(data: dict[str, Any]) -> str:
    """A row for each family: how well it tells what was fitted to the other half, and how varied that is."""
    unseen = [data["against_half_b"]["fitted to half a"], data["against_half_a"]["fitted to half b"]]
    beside = [data["against_half_b"][name] for name in (USUAL, "clean", "prints of half a")]
    rows = []
    for family in FAMILIES:
        spread = [fmean(each["families"][family]["diversity"] for each in draws) for draws in unseen]
        cells = [f"{area(draws, family):.2f}" for draws in (*unseen, *beside)]
        rows.append((family, *cells, " / ".join(f"{each:.2f}" for each in spread)))
    head = ("family", "a on b", "b on a", f"{USUAL} on b", "clean on b", "prints a on b", "diversity")
    return grid(head, rows)


def area(draws: Sequence[dict[str, Any]], family: str) -> float:
    """The forest's area by one family, the mean over the draws."""
    return fmean(each["families"][family]["forest"] for each in draws)


if __name__ == "__main__":
    main(sys.argv[1:])

"""What one deal of the prints into halves says, and what others say: more fits of `old-print`, judged crosswise.

The halves of fit_presets.py are one deal of 39 prints, by chance a kind or an unkind one. Here the prints are dealt out
anew, and each half is fitted in the same way and judged by the other. FITS is what `fit_presets.py fit` wrote, for its
emulator; what was fitted is kept there, and the same command goes on where it was broken off. About an hour and a half
on a core (reckoned).

    python scripts/deal_prints.py measure DATA FITS docs/deals.json
    python scripts/deal_prints.py page docs/deals.json docs/realism.md
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import cv2
import numpy as np
import torch
from fit_presets import clean, emulator_of, fitted_to, prints, read
from folders import holding, measure_or_page
from report_realism import DRAWS, PHOTOS, compared, made_by, measured
from tables import between, grid

from degrade.io import write_text
from degrade.pipeline_file import digest, read_pipeline, to_toml
from degrade.realism.distance import discrepancy
from degrade.realism.measuring import Measured
from degrade.realism.tells import photo_means
from degrade.realism.words import FAMILIES
from degrade.seeds import stream

DEALT = (1, 2, 3, 4)
"""Deals of which both halves are fitted."""

NEAR_SEED = 1001
"""Photos that the first of these fits makes; the fits of fit_presets.py have others."""

ALONE = 400
"""Deals of which the prints alone are compared, without any fit."""

AIM = 0.3
"""MMD² that is asked of prints not seen."""


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    asked = measure_or_page(str(__doc__), holding(), arguments)
    if asked.task == "measure":
        measure(asked.data, asked.fits, asked.out)
    else:
        found = json.loads(asked.measured.read_text("utf-8"))
        write_text(asked.out, between(asked.out.read_text("utf-8"), "deals", table(found)))


def measure(data: Path, fits: Path, out: Path) -> None:
    """Deal, fit and judge."""
    halves = [measured(read(data / "old", half)) for half in prints(data)]
    every = [*halves[0], *halves[1]]
    seen, others = (read(data / "clean", half) for half in clean(data))
    drawn = {seed: others[at * PHOTOS : (at + 1) * PHOTOS] for at, seed in enumerate(DRAWS)}
    emulator = emulator_of(seen, fits)
    found: list[dict[str, Any]] = []
    for deal in DEALT:
        sides = dealt(every, deal)
        for at in (0, 1):
            file, number = fits / f"deal-{deal}-{at}.toml", 2 * (deal - 1) + at
            if not file.exists():
                made = fitted_to(sides[at], emulator, seen, (NEAR_SEED + 10 * number, fits))
                write_text(file, to_toml(made))
            made = read_pipeline(file)
            sets = {"fit": [made_by(made, drawn[seed], seed) for seed in DRAWS]}
            gaps = compared(list(sides[1 - at]), sets)["fit"]
            found.append({"deal": deal, "half": at, "fit": digest(made), "gaps": gaps})
            print(f"deal {deal}, half {at}: {' '.join(row(gaps))}", file=sys.stderr)
    write_text(out, json.dumps({"alone": alone(every, halves), "fits": found}, indent=1) + "\n")


def dealt(every: Sequence[Measured], deal: int) -> tuple[list[Measured], list[Measured]]:
    """The prints in two halves."""
    order = stream(deal, "deals of prints").shuffled(range(len(every)))
    half = (len(every) + 1) // 2
    return [every[at] for at in order[:half]], [every[at] for at in order[half:]]


def alone(every: Sequence[Measured], halves: Sequence[Sequence[Measured]]) -> dict[str, float]:
    """How far halves lie apart, and how far photos from the other half that are just like a half's prints."""
    apart, like = [], []
    for deal in range(1, ALONE + 1):
        first, second = dealt(every, deal)
        apart.append(far(first, second))
        like.append(far(second, resampled(first, deal)))
    first, second = map(list, halves)
    ours = far(first, second)
    return {
        "halves": ours,
        "farther": fmean(each >= ours for each in apart),
        "like_a_on_b": fmean(far(second, resampled(first, draw)) for draw in range(100)),
        "like_b_on_a": fmean(far(first, resampled(second, draw)) for draw in range(100)),
        "like": fmean(like),
        "like_sd": stdev(like),
        "like_at_aim": fmean(each <= AIM for each in like),
    }


def far(real: Sequence[Measured], others: Sequence[Measured]) -> float:
    """MMD² of two sets of photos."""
    return discrepancy(photo_means(real), photo_means(others), stream(1, "deals", "permutations")).value


def resampled(photos: Sequence[Measured], draw: int) -> list[Measured]:
    """As many as a draw of a preset has, from what a half holds: what a fit would make that copied it."""
    source = stream(draw, "like a half")
    return [photos[source.integer(0, len(photos) - 1)] for _ in range(PHOTOS)]


def table(found: dict[str, Any]) -> str:
    """A row for each deal, the mean of its two fits, and one for all."""
    deals = [[gap for each in found["fits"] if each["deal"] == deal for gap in each["gaps"]] for deal in DEALT]
    rows = [[str(deal), *row(gaps)] for deal, gaps in zip(DEALT, deals, strict=True)]
    means = np.array([numbers(gaps) for gaps in deals])
    last = zip(means.mean(axis=0), means.std(axis=0, ddof=1) / len(means) ** 0.5, strict=True)
    rows.append(["mean (standard error)", *(f"**{mean:.2f}** ({error:.2f})" for mean, error in last), ""])
    return grid(("deal", "forest AUC", "logistic AUC", "MMD²", "worst family"), rows)


def row(gaps: Sequence[dict[str, Any]]) -> list[str]:
    """The means over some comparisons, and the family that gives most away in them."""
    areas = {family: fmean(gap["families"][family]["forest"] for gap in gaps) for family in FAMILIES}
    worst = max(areas, key=areas.__getitem__)
    return [*(f"{each:.2f}" for each in numbers(gaps)), f"{worst} {areas[worst]:.2f}"]


def numbers(gaps: Sequence[dict[str, Any]]) -> list[float]:
    """Forest, logistic and MMD², the means over some comparisons."""
    table = np.array([(gap["forest"][0], gap["logistic"][0], gap["mmd2"]) for gap in gaps])
    return [float(each) for each in table.mean(axis=0)]


if __name__ == "__main__":
    main(sys.argv[1:])

"""How well a fit that is perfect but for the few prints that it knows can be told, and one that misses as ours does.

FITS is the folder that fit_presets.py wrote. No fit is made and few photos are: a few minutes on an idle core.

    python scripts/judge_chance.py measure DATA FITS docs/chance.json
    python scripts/judge_chance.py page docs/chance.json docs/realism.md
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from fit_presets import clean, prints, read
from folders import holding, measure_or_page
from print_chance import (
    KNOWN,
    Fit,
    World,
    curve,
    dimensions,
    gaussian,
    known_by_heart,
    likeliest,
    missing,
    perfect,
    resampled,
    told,
)
from print_emulator import Scores
from report_realism import DRAWS, HALVES, PHOTOS, made_by, measured
from tables import between, grid

from degrade.io import write_text
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest, read_pipeline
from degrade.realism.measuring import Measured, stacked
from degrade.realism.patch import Doubles

BENCHES = (20, 40)
"""Numbers of prints that judge."""


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    cv2.setNumThreads(1)
    asked = measure_or_page(str(__doc__), holding(*(f"old-print-{half}.toml" for half in HALVES)), arguments)
    if asked.task == "measure":
        halves = [measured(read(asked.data / "old", half)) for half in prints(asked.data)]
        fits = [read_pipeline(asked.fits / f"old-print-{half}.toml") for half in HALVES]
        found = {"fits": [digest(fit) for fit in fits], **chance(halves, made_of(asked.data, fits))}
        write_text(asked.out, json.dumps(found, indent=1) + "\n")
    else:
        found = json.loads(asked.measured.read_text("utf-8"))
        write_text(asked.out, between(asked.out.read_text("utf-8"), "chance", chance_table(found)))


def made_of(data: Path, fits: Sequence[Pipeline]) -> list[list[Doubles]]:
    """What fits make (photos, patches, statistics), for each draw."""
    pictures = read(data / "clean", clean(data)[1])
    drawn = {seed: pictures[at * PHOTOS : (at + 1) * PHOTOS] for at, seed in enumerate(DRAWS)}
    return [[stacked(made_by(fit, drawn[seed], seed)) for seed in DRAWS] for fit in fits]


def chance(halves: Sequence[Sequence[Measured]], made: Sequence[Sequence[Doubles]]) -> dict[str, Any]:
    """What prints made up say of a perfect fit, and of one that misses as those to the halves do."""
    raw = [stacked(half) for half in halves]
    patches = np.concatenate(raw).reshape(-1, raw[0].shape[2])
    scores = Scores(patches)
    middle = scores(patches).mean(axis=0)

    def scored(table: Doubles) -> Doubles:
        return scores(table.reshape(-1, table.shape[2])).reshape(table.shape) - middle

    prints, photos = [scored(half) for half in raw], [[scored(draw) for draw in draws] for draws in made]
    table = np.concatenate(prints)
    drawn_in = likeliest(table)
    worlds = {world.__name__: world(table, drawn_in) for world in (gaussian, resampled)}
    first, second = (np.concatenate(draws) for draws in photos)
    ours = missing(first, second, len(table) // 2)
    return {
        "drawn_in": drawn_in,
        **dimensions(table, drawn_in),
        "unseen": [told(prints[1 - at], draw, 0) for at in (0, 1) for draw in photos[at]],
        "seen": [told(prints[at], draw, 0) for at in (0, 1) for draw in photos[at]],
        "by_heart": {name: known_by_heart(world, BENCHES[0]) for name, world in worlds.items()},
        "perfect": {name: curves(world, perfect(world)) for name, world in worlds.items()},
        "ours": {name: curves(world, ours) for name, world in worlds.items()},
    }


def curves(world: World, fit: Fit) -> dict[str, dict[str, dict[str, float]]]:
    """A fit by how many prints judge it."""
    return {str(bench): curve(world, fit, bench) for bench in BENCHES}


def chance_table(found: dict[str, Any]) -> str:
    """A row for each number of prints, as normal prints have it, and as those have it that are taken again."""
    columns = [(fit, str(bench)) for fit in ("perfect", "ours") for bench in BENCHES]

    def cell(fit: str, bench: str, row: int, what: str) -> str:
        return " / ".join(f"{world[bench][str(row)][what]:.2f}" for world in found[fit].values())

    rows = []
    for row in KNOWN:
        areas = [cell(*column, row, "logistic") for column in columns]
        rows.append((str(row) if row else "all there could be", *areas, cell("perfect", str(BENCHES[0]), row, "mmd2")))
    head = [f"{fit}, {bench} judge" for fit, bench in columns]
    return grid(("prints known", *head, f"MMD², perfect, {BENCHES[0]} judge"), rows)


if __name__ == "__main__":
    main(sys.argv[1:])

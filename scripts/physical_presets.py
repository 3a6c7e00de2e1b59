"""How far the physical presets are from real prints, and what the same says of them as fits to half of the prints do.

From the fit to each half each preset is derived in the way in which what is shipped came from a fit to all prints
(print_ranges.py), and the other half judges: each preset alone, and three of them together as often as there are
prints of their kinds. Beside them stand, on the same prints: the presets derived from the fits before these, what is
shipped (which has seen all prints), and what was guessed before anything was fitted.

FITS is what `fit_presets.py fit` wrote, with the fits before in before/ and the guessed presets in guessed/
(docs/realism.md has the commands). Half an hour on a core; nothing is fitted.

    python scripts/physical_presets.py measure DATA FITS docs/physical.json
    python scripts/physical_presets.py page docs/physical.json docs/realism.md
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from fit_presets import clean, prints, read
from folders import holding, measure_or_page
from physical_page import with_tables
from print_kinds import KINDS, kind_of
from print_ranges import TOGETHER, derived, groups_of
from report_realism import DRAWS, HALVES, PHOTOS, made_by, measured

from degrade.calibration.trials import Picture
from degrade.calibration.words import gap_data
from degrade.io import write_text
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest, read_pipeline
from degrade.presets import PRESETS
from degrade.realism.gap import Gap, gap
from degrade.realism.measuring import Measured
from degrade.realism.patch import Doubles
from degrade.realism.ranks import wins
from degrade.record import versions
from degrade.seeds import stream

SETS = ("derived", "before", "shipped", "guessed")
"""Derived from these fits, derived from the fits before them, shipped, guessed."""

ALONE = ("derived", "shipped")
"""Of these each preset is judged alone too."""

MIXED = ("albumen-1880", "gelatin-1930", "chrome-1975")
"""What stands for prints of all kinds together."""

FEWEST = 8
"""Prints of a preset's own kinds that may judge it alone."""

RESAMPLINGS = 2000

Made = dict[str, list[list[Measured]]]
"""By preset, the photos of each draw."""


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    cv2.setNumThreads(1)
    fits = [f"{folder}old-print-{half}.toml" for folder in ("", "before/") for half in (*HALVES, "all")]
    asked = measure_or_page(str(__doc__), holding(*fits, *(f"guessed/{name}.toml" for name in MIXED)), arguments)
    if asked.task == "measure":
        measure(asked.data, asked.fits, asked.out)
    else:
        write_text(asked.out, with_tables(asked.out.read_text("utf-8"), json.loads(asked.measured.read_text("utf-8"))))


def measure(data: Path, fits: Path, out: Path) -> None:
    """Derive, make photos, and judge by the half that was not fitted."""
    pictures = read(data / "clean", clean(data)[1])
    drawn = [pictures[at * PHOTOS : (at + 1) * PHOTOS] for at in range(len(DRAWS))]
    guessed = {name: read_pipeline(fits / f"guessed/{name}.toml") for name in MIXED}
    alike = {"shipped": photos({name: PRESETS[name] for name in TOGETHER}, drawn), "guessed": photos(guessed, drawn)}
    found: dict[str, Any] = {"together": {}, "alone": {}, "own_kinds": {}}
    told: dict[str, list[list[Gap]]] = {name: [] for name in SETS}
    for half, other, names in zip(HALVES, HALVES[::-1], prints(data), strict=True):
        real = measured(read(data / "old", names))
        file = f"old-print-{other}.toml"
        of_fits = {
            "derived": photos(all_from(fits / file, TOGETHER), drawn),
            "before": photos(all_from(fits / "before" / file, MIXED), drawn),
        }
        shares = groups_of(read_pipeline(fits / file))[0].weights
        for name in SETS:
            made = (of_fits | alike)[name]
            told[name].append([gap("together", real, each, 0) for each in mixtures(made, shares)])
            put(found["together"], half, name, told[name][-1])
            print(f"half {half}, {name}: forest {told[name][-1][0].forest.value:.2f}", file=sys.stderr)
        for name in ALONE:
            for preset, kinds in TOGETHER.items():
                made = (of_fits | alike)[name]
                put(found["alone"].setdefault(preset, {}), half, name, judged(real, made[preset]))
                own = [each for each in real if kind_of(each) in kinds]
                if FEWEST <= len(own) < len(real):
                    put(found["own_kinds"].setdefault(preset, {}), half, name, judged(own, made[preset]))
    found["differences"] = {name: difference(told["derived"], told[name]) for name in SETS[1:]}
    write_text(out, json.dumps(found | record(fits, guessed), indent=1) + "\n")


def all_from(fit: Path, presets: Iterable[str]) -> dict[str, Pipeline]:
    """Presets as one fit has them."""
    found = read_pipeline(fit)
    return {name: derived(PRESETS[name], found) for name in presets}


def photos(pipelines: dict[str, Pipeline], drawn: Sequence[Sequence[Picture]]) -> Made:
    """Two draws of each preset."""
    return {
        name: [made_by(each, clean_photos, seed) for clean_photos, seed in zip(drawn, DRAWS, strict=True)]
        for name, each in pipelines.items()
    }


def mixtures(made: Made, shares: Sequence[float]) -> list[list[Measured]]:
    """Of each draw, photos by the presets of all kinds in these shares: each photo is in it once."""
    kinds = dict(zip(KINDS, shares, strict=True))
    weights = np.array([sum(kinds[kind] for kind in TOGETHER[name]) for name in MIXED])
    last = np.rint(PHOTOS * weights.cumsum() / weights.sum())
    found = []
    for at, seed in enumerate(DRAWS):
        order = stream(seed, "physical presets").shuffled(range(PHOTOS))
        whose = [MIXED[int(np.searchsorted(last, place, side="right"))] for place in range(PHOTOS)]
        found.append([made[name][at][photo] for name, photo in zip(whose, order, strict=True)])
    return found


def judged(real: list[Measured], draws: list[list[Measured]]) -> list[Gap]:
    """The gaps between real photos and each draw, without families."""
    return [gap("presets", real, each, 0, families=()) for each in draws]


def put(table: dict[str, Any], half: str, name: str, gaps: list[Gap]) -> None:
    """Note what a half says of a set."""
    table.setdefault(half, {})[name] = [gap_data(each) for each in gaps]


def difference(first: list[list[Gap]], second: list[list[Gap]]) -> list[float]:
    """By how much the forest tells the first less often than the second: the mean over halves and draws, 95 %.

    Both have the same prints and the same clean photos, and these are drawn again and again together.

    Args:
        first: gaps by half and draw.
        second: the same.
    """
    source = stream(0, "physical presets", "bootstrap")
    taken = [times(source.units(RESAMPLINGS, PHOTOS)) for _ in DRAWS]
    found = np.zeros(RESAMPLINGS)
    value = 0.0
    for ours, theirs in zip(first, second, strict=True):
        count = ours[0].photos[0]
        prints_taken = times(source.units(RESAMPLINGS, count))
        for one, other, photos_taken in zip(ours, theirs, taken, strict=True):
            won = won_by(one) - won_by(other)
            value += float(won.mean())
            found += np.einsum("rn,nm,rm->r", prints_taken, won, photos_taken, optimize=True) / won.size
    cells = len(first) * len(DRAWS)
    return [round(float(each) / cells, 4) for each in (value, *np.quantile(found, [0.025, 0.975]))]


def times(units: Doubles) -> Doubles:
    """(resamplings, photos): how often each photo was drawn."""
    count = units.shape[1]
    return np.array([np.bincount(row, minlength=count) for row in (units * count).astype(np.intp)], np.float64)


def won_by(each: Gap) -> Doubles:
    """(prints, photos): 1 where the forest finds the photo more degraded than the print."""
    count = each.photos[0]
    return wins(np.array(each.likeness[:count]), np.array(each.likeness[count:]))


def record(fits: Path, guessed: dict[str, Pipeline]) -> dict[str, Any]:
    """What was compared, and with what."""
    again = all_from(fits / "before/old-print-all.toml", TOGETHER)
    return {
        "draws": list(DRAWS),
        "clean_photos": PHOTOS,
        "fits": {half: digest(read_pipeline(fits / f"old-print-{half}.toml")) for half in HALVES},
        "fits_before": {half: digest(read_pipeline(fits / f"before/old-print-{half}.toml")) for half in HALVES},
        "guessed": {name: digest(each) for name, each in guessed.items()},
        "shipped": {name: digest(PRESETS[name]) for name in TOGETHER},
        "unlike_shipped": {name: unlike(PRESETS[name], each) for name, each in again.items()},
        "versions": versions(),
    }


def unlike(first: Pipeline, second: Pipeline) -> list[str]:
    """The steps of two pipelines that are not the same."""
    pairs = zip(first.priors(), second.priors(), strict=True)
    return [one.stream_name for one, other in pairs if one != other]


if __name__ == "__main__":
    main(sys.argv[1:])

"""Fit the preset `old-print` to real prints: to each half of them, so that the other half may judge, and to all.

Needs a folder DATA with old/ and clean/ and their SOURCES.csv, and torch. On an idle core it takes about half
an hour (reckoned from its parts), most of it photos that are degraded and measured; broken off, the same command goes
on. What all kinds of prints share is written by hand (degrade/presets/fitted.py, print_pipeline.py).
scripts/report_realism.py tells what came of it.

    python scripts/fit_presets.py fit DATA out/fit
    python scripts/fit_presets.py write out/fit degrade/presets      # the preset as source
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from folders import holding, photographs
from print_emulator import Emulator, Pool, floats
from print_features import encoded
from print_fit import RATE, turned
from print_kinds import KINDS, shares
from print_knobs import Knobs
from print_pipeline import pipeline
from print_polish import polished
from print_prior import WIDE
from print_source import source

from degrade.calibration.trials import Picture, degraded
from degrade.io import read_image, write_text
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest, read_pipeline, to_toml
from degrade.realism.measuring import Measured, fitted, measured_photo
from degrade.realism.patch import Doubles
from degrade.realism.patches import anywhere, cut, marked
from degrade.realism.statistics import COLUMNS, measured, measured_marks

LARGEST = 640

WIDE_SEED, WIDE_PHOTOS = 101, 5112

START_SEED, START_PHOTOS = 201, 568
"""Photos made where all fits begin; no print has a part in them."""

NEAR_SEED, NEAR_PHOTOS = 301, 426
"""Photos made by each round of a fit, from which the emulator learns what it did not know there."""

FIRST_STEPS, ROUNDS, STEPS = 120, 4, 80
"""Steps of the first round, and how many follow with how many steps each."""

PATCHES = 4
"""Patches of a photo that is learned from, and one where something stands out; a real print makes three such photos."""

FITS = ("all", "a", "b")
"""The prints that a fit sees: all, or one half."""


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    tasks: dict[str, Callable[[Path, Path], None]] = {"fit": fit, "write": write}
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("task", choices=tasks)
    reader.add_argument("folder", metavar="DATA", help="to write: where the fits are")
    reader.add_argument("out", type=Path)
    asked = reader.parse_args(arguments)
    folder = photographs if asked.task == "fit" else holding("old-print-all.toml")
    tasks[asked.task](folder(asked.folder), asked.out)


def halves_of(folder: Path, wanted: Callable[[dict[str, str]], bool]) -> tuple[list[str], list[str]]:
    """Names of photos in two halves: dealt out in the order of their names' hashes."""
    with (folder / "SOURCES.csv").open(encoding="utf-8") as file:
        names = [row["file"] for row in csv.DictReader(file) if wanted(row)]
    order = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return order[::2], order[1::2]


def prints(data: Path) -> tuple[list[str], list[str]]:
    """The two halves of the prints."""
    return halves_of(data / "old", lambda row: row["kind"] == "print")


def clean(data: Path) -> tuple[list[str], list[str]]:
    """The two halves of the clean photos: for fits, and for reports."""
    return halves_of(data / "clean", lambda row: True)


def read(folder: Path, names: list[str]) -> tuple[Picture, ...]:
    """The photos, no larger than the report takes them."""
    return tuple(Picture(name, fitted(read_image(folder / name), LARGEST)) for name in names)


def fit(data: Path, out: Path) -> None:
    """Fit to all prints and to each half."""
    out.mkdir(parents=True, exist_ok=True)
    photos = read(data / "clean", clean(data)[0])
    halves = [
        [measured_photo(each.key, each.image, 0, 0) for each in read(data / "old", half)] for half in prints(data)
    ]
    sets = {"all": [*halves[0], *halves[1]], "a": halves[0], "b": halves[1]}
    emulator = emulator_of(photos, out)
    for number, name in enumerate(FITS):
        found = fitted_to(sets[name], emulator, photos, (NEAR_SEED + 10 * number, out))
        write_text(out / f"old-print-{name}.toml", to_toml(found))


def emulator_of(photos: Sequence[Picture], out: Path) -> Emulator:
    """The emulator of the wide pipeline and of where fits begin."""
    wide = pool_of(WIDE, WIDE_SEED, WIDE_PHOTOS, photos, out)
    begun = pool_of(pipeline(Knobs(), [1 / len(KINDS)] * len(KINDS)), START_SEED, START_PHOTOS, photos, out)
    return Emulator(wide, np.array([whole(each) for each in photos])).with_more(begun)


def fitted_to(
    seen: Sequence[Measured], emulator: Emulator, photos: Sequence[Picture], near: tuple[int, Path]
) -> Pipeline:
    """The pipeline of those prints: a first fit, photos made by it, a second that knows them too, and so on; polished.

    Args:
        seen: the prints.
        emulator: of the wide pool and the beginning.
        photos: clean ones.
        near: seed of the photos that the first fit makes, and where they are kept.
    """
    kinds = shares(seen)
    real = floats(emulator.scores(three_of_each(seen)))
    knobs = turned(Knobs(), emulator, real, kinds, FIRST_STEPS, RATE)
    for number in range(ROUNDS):
        made = pool_of(pipeline(knobs, kinds), near[0] + number, NEAR_PHOTOS, photos, near[1])
        emulator = emulator.with_more(made)
        knobs = turned(knobs, emulator, real, kinds, STEPS, 2 / 3 * RATE)
    return polished(pipeline(knobs, kinds), seen, photos, near)


def pool_of(made_by: Pipeline, seed: int, count: int, photos: Sequence[Picture], out: Path) -> Pool:
    """So many photos degraded and measured; kept in a file, which names the pipeline."""
    keys = [(photos[at % len(photos)], f"{photos[at % len(photos)].key} {at // len(photos)}") for at in range(count)]
    file = out / f"pool-{digest(made_by)}-{seed}-{count}.npy"
    if file.exists():
        table = np.load(file)
    else:
        table = np.array([row(degraded(made_by, Picture(key, photo.image), seed)) for photo, key in keys])
        np.save(file, table)
    recipes = np.array([encoded(made_by, seed, key) for _, key in keys])
    return Pool(table, recipes, np.arange(count) % len(photos))


def row(picture: Picture) -> Doubles:
    """The statistics of a photo that is learned from."""
    places = anywhere(picture.image.shape[:2], 0, picture.key)[:PATCHES]
    found: Doubles = np.array([measured(cut(picture.image, place)) for place in places]).mean(axis=0)
    found[COLUMNS["defects"]] = measured_marks(cut(picture.image, marked(picture.image)[0]))
    return found


def whole(picture: Picture) -> Doubles:
    """The statistics of a clean photo."""
    photo = measured_photo(picture.key, picture.image, 0, 0)
    found: Doubles = photo.patches.mean(axis=0)
    found[COLUMNS["defects"]] = photo.marks.mean(axis=0)
    return found


def three_of_each(photos: Sequence[Measured]) -> Doubles:
    """A print is scarce, and all its patches count: as three photos of a few patches each."""
    found = []
    for photo in photos:
        for part in range(3):
            mean: Doubles = photo.patches[part * PATCHES : (part + 1) * PATCHES].mean(axis=0)
            mean[COLUMNS["defects"]] = photo.marks[part]
            found.append(mean)
    return np.array(found)


def write(fits: Path, presets: Path) -> None:
    """The fit to all prints as the source of the preset."""
    found = read_pipeline(fits / "old-print-all.toml")
    for name, text in source(found).items():
        write_text(presets / name, text)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Fit the amounts of `old-print`'s marks to real prints, and write degrade/presets/fitted_marks.py.

Needs the folder DATA with old/ and clean/ and their SOURCES.csv. On one core it takes about three minutes.

How often a print bears which kinds of marks was counted by eye (mark_stages.py); how wide, long and large they are
comes from docs/defects.md and docs/physics.md. Fitted here is how many of them there are and how faint the faintest.

Top-hats cannot tell a twig from a scratch. So handled prints alone are compared, with photos as calm as they are, and
only their calm ground: how much of it stands out by how many levels, light and dark, and in how many spots and lines.
The report's own statistics of defects, taken where most stands out, are left to judge what came of it. Photos are made
for some settings of the amounts; a quadratic surface says for each statistic what lies between them (Box and Wilson
1951), and the setting that lies nearest to the prints is taken, for all prints and for each half.

    python scripts/fit_marks.py DATA out/marks
    python scripts/fit_marks.py DATA out/marks degrade/presets/fitted_marks.py      # and write the module
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
from fit_presets import FITS, clean, prints, read
from folders import photographs
from mark_source import source
from mark_stages import Amounts, Count, Stages, stages

from degrade.calibration.trials import Picture, degraded
from degrade.io import write_text
from degrade.light import luma
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest
from degrade.presets import PRESETS
from degrade.priors import Group
from degrade.realism.marks import dark_marks, light_marks
from degrade.realism.patch import Doubles
from degrade.realism.ranks import normal_scores

SETTINGS, PHOTOS, SEED = 40, 71, 401
"""Settings that are tried, photos made for each, and their seed; no report has it."""

BASES, REACH = (2, 3, 5, 7), 2.0
"""Of the sequences by which settings are spread, one for each amount; and the largest binary logarithm of a factor."""

KNOBS = len(BASES)

NEAR, ROUNDS = 512, 10
"""Points that are tried around the best so far, and how often, each time at half the distance."""

CALM, AROUND = 10, 41
"""Ground is calm where the median of the top-hats around, in so many pixels, is at most so many levels."""

CALM_SHARE = 0.45
"""Handled prints have 0.59 of calm ground, marks and all (standard deviation 0.23); other prints, and photos, less."""

BORDER = 0.03
"""Share of the shorter side that is left out."""

STEPS = (16, 32, 64)
"""Levels by which calm ground stands out."""

STRONG, SMALLEST, LONG = 24, 3, 6
"""A mark on calm ground: levels, pixels, and the squared diagonal over the area from which it is a line."""

TIE = 0.01
"""What it costs to go with one amount from the middle of what is tried to its end: 17 prints do not tell four.

From 0 to 0.02 each half foretells the other about as well; with less than this, amounts go to the ends.
"""

LEAST = 0.05
"""Added to variances of normal scores."""

SPREADS = 0.25
"""How much the spread between photos counts beside its mean."""


def main(arguments: list[str]) -> None:
    """Fit to all prints and to each half, and write what came of it."""
    cv2.setNumThreads(1)
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("data", type=photographs, metavar="DATA")
    reader.add_argument("out", type=Path)
    reader.add_argument("module", type=Path, nargs="*", help="where to write it as source")
    asked = reader.parse_args(arguments)
    data, out = asked.data, asked.out
    out.mkdir(parents=True, exist_ok=True)
    halves = prints(data)
    names = dict(zip(FITS, ([*halves[0], *halves[1]], *halves), strict=True))
    counts = {fit: Count.on(each) for fit, each in names.items()}
    tables = made(calm(read(data / "clean", clean(data)[0])), counts["all"], out)
    found = {}
    for fit, count in counts.items():
        handled = [name for name in names[fit] if name.rsplit(".", 1)[0] in count.handled.prints]
        found[fit] = fitted(np.array([row(each) for each in read(data / "old", handled)]), tables)
    write_text(out / "amounts.json", json.dumps({fit: asdict(each) for fit, each in found.items()}, indent=1) + "\n")
    for target in asked.module:
        write_text(target, source(stages(counts["all"], found["all"])))


def calm(photos: Sequence[Picture]) -> list[Picture]:
    """Clean photos with as much calm ground, in the tones of old prints, as handled prints have: most are portraits."""
    tones = tones_alone(PRESETS["old-print"])
    shares = [row(degraded(tones, each, SEED))[0] for each in photos]
    return [each for each, share in zip(photos, shares, strict=True) if share >= CALM_SHARE][:PHOTOS]


def spread(count: int) -> Doubles:
    """(points, knobs), evenly from -1 to 1 (Halton 1960), the first in the middle."""
    columns = []
    for base in BASES:
        left, share, unit = np.arange(count), np.zeros(count), 1.0
        while left.any():
            unit /= base
            share += unit * (left % base)
            left //= base
        columns.append(2 * share - 1)
    points = np.stack(columns, axis=1)
    points[0] = 0
    return points


def amounts(knobs: Doubles) -> Amounts:
    """The amounts of a setting."""
    return Amounts(*(float(f"{each:.2g}") for each in 2 ** (REACH * knobs)))


def made(photos: Sequence[Picture], count: Count, out: Path) -> Doubles:
    """(settings, photos, statistics) of photos that were all handled; kept in a file."""
    tones = tones_alone(PRESETS["old-print"])
    file = out / f"made-{digest(tones)}-{SETTINGS}-{PHOTOS}-{SEED}.npy"
    if not file.exists():
        tables = []
        for number, knobs in enumerate(spread(SETTINGS)):
            sys.stderr.write(f"{number + 1} of {SETTINGS}\n")
            pipeline = laid(tones, stages(count, amounts(knobs), always=True))
            tables.append([row(degraded(pipeline, each, SEED)) for each in photos])
        np.save(file, np.array(tables))
    return np.asarray(np.load(file))


def laid(tones: Pipeline, marks: Stages) -> Pipeline:
    """A pipeline with these marks, and no others, between the print and its scan."""
    made, *scanned = tones_alone(tones).steps
    steps = (made, marks["FOXING"], *marks["WATER"], *marks["HANDLING"], marks["DUST"], *scanned)
    return replace(tones, steps=steps)


def tones_alone(pipeline: Pipeline) -> Pipeline:
    """The pipeline without any marks: what makes the print, and what scans it."""
    kept = (step for step in pipeline.steps if isinstance(step, Group) and step.name == "print")
    return replace(pipeline, steps=tuple(kept))


def row(picture: Picture) -> Doubles:
    """How much of a photo is calm, how much of that stands out, and in how many spots and lines."""
    grey = luma(picture.image)
    short = min(grey.shape)
    hats = [hat(cv2.medianBlur(grey, 3), 15) for hat in (light_marks, dark_marks)]
    calm = cv2.medianBlur(cv2.max(*hats), AROUND) <= CALM
    edge = round(BORDER * short)
    calm[:edge] = calm[-edge:] = calm[:, :edge] = calm[:, -edge:] = False
    area = max(int(calm.sum()), 1)
    numbers = [float(calm.mean())]
    for hat in hats:
        numbers += [np.log2(float((calm & (hat > step)).sum()) / area + 1e-4) for step in STEPS]
        strong = (calm & (hat > STRONG)).astype(np.uint8)
        boxes = cv2.connectedComponentsWithStats(strong, connectivity=8)[2][1:].astype(np.float64)
        boxes = boxes[boxes[:, cv2.CC_STAT_AREA] >= SMALLEST]
        diagonal = boxes[:, cv2.CC_STAT_WIDTH] ** 2 + boxes[:, cv2.CC_STAT_HEIGHT] ** 2
        lines = diagonal > LONG * boxes[:, cv2.CC_STAT_AREA]
        squares = area / short**2
        numbers += [np.log2(1 + len(boxes) / squares), np.log2(1 + lines.sum() / squares)]
        numbers.append(np.log2(boxes[lines, cv2.CC_STAT_AREA].sum() / area + 1e-4))
    return np.array(numbers)


def fitted(real: Doubles, tables: Doubles) -> Amounts:
    """The amounts by which made photos lie nearest to those prints."""
    flat = tables.reshape(-1, tables.shape[-1])
    scores = normal_scores(np.concatenate([real, flat]))
    ours, theirs = scores[: len(real)], scores[len(real) :].reshape(tables.shape)
    means, spreads = surface(theirs.mean(axis=1)), surface(np.log(theirs.var(axis=1) + LEAST))
    goal, variety = ours.mean(axis=0), np.log(ours.var(axis=0, ddof=1) + LEAST)
    best = np.zeros(KNOBS)
    for number in range(ROUNDS):
        knobs = np.clip(best + spread(NEAR) / 2**number, -1, 1)
        apart, ratio = quadratic(knobs) @ means - goal, quadratic(knobs) @ spreads - variety
        far = (apart**2).mean(axis=1) + SPREADS * (ratio**2).mean(axis=1) + TIE * (knobs**2).sum(axis=1)
        best = knobs[far.argmin()]
    return amounts(best)


def quadratic(knobs: Doubles) -> Doubles:
    """(settings, terms): one, each knob, and each product of two."""
    pairs = [knobs[:, first] * knobs[:, second] for first in range(KNOBS) for second in range(first, KNOBS)]
    return np.stack([np.ones(len(knobs)), *knobs.T, *pairs], axis=1)


def surface(values: Doubles) -> Doubles:
    """The coefficients (terms, statistics) of quadratic surfaces over the settings."""
    return np.asarray(np.linalg.lstsq(quadratic(spread(SETTINGS)), values, rcond=None)[0])


if __name__ == "__main__":
    main(sys.argv[1:])

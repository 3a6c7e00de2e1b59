"""How often intervals hold the truth, and equal models are told apart, by the number of photos: docs/statistics.md.

python scripts/measure_coverage.py
"""

import math
import sys

import numpy as np
from numpy.typing import NDArray

from benchmark.bootstrap import FEW, by_student, means, resampled
from benchmark.groups import ALPHA, holm
from degrade.seeds import Stream, stream

Table = NDArray[np.float64]

INTERVALS, TABLES, MODELS = 2000, 300, 6

QUICK = 3000
"""Tables of so few photos that nothing is resampled."""

PHOTOS = (2, 3, 4, 5, 6, 8, 12, 24, 48)


def normal(source: Stream, *shape: int) -> Table:
    return source.normals(*shape).astype(np.float64)


def skewed(source: Stream, *shape: int) -> Table:
    units = source.units(2, *shape)
    return np.asarray(-np.log((1 - units[0]) * (1 - units[1])) - 2)


def very_skewed(source: Stream, *shape: int) -> Table:
    return np.asarray(np.exp(0.8 * normal(source, *shape)) - math.exp(0.32))


def outliers(source: Stream, *shape: int) -> Table:
    return np.asarray(normal(source, *shape) / np.sqrt((normal(source, 4, *shape) ** 2).mean(axis=0)))


SHAPES = {
    "normal": normal,
    "skewed (gamma, 1.4)": skewed,
    "very skewed (lognormal, 3.7)": very_skewed,
    "outliers (t of 4)": outliers,
}


def held(low: Table, high: Table) -> float:
    return 100 * float(np.mean((low <= 0) & (high >= 0)))


def told_apart(rows: Table) -> float:
    """Per cent of tables of equal models in which any two are told apart."""
    first, second = np.triu_indices(MODELS, 1)
    p = means((rows[:, :, first] - rows[:, :, second]).reshape(len(rows), -1)).p.reshape(-1, len(first))
    return 100 * float(np.mean([holm(each).min() <= ALPHA for each in p]))


def main() -> None:
    print("| photos | scores | percentiles | Student | ours | equal models told apart |")
    print("|---|---|---|---|---|---|")
    for photos in map(int, sys.argv[1:]) if sys.argv[1:] else PHOTOS:
        for name, draw in SHAPES.items():
            rows = draw(stream(1, "coverage", name, photos), photos, INTERVALS)
            plain = np.quantile(resampled(rows - rows.mean(axis=0)), [0.025, 0.975], axis=1) + rows.mean(axis=0)
            student, ours = by_student(rows), means(rows)
            apart = told_apart(
                draw(stream(2, "coverage", name, photos), photos, QUICK if photos < FEW else TABLES, MODELS)
            )
            shares = held(*plain), held(student.low, student.high), held(ours.low, ours.high), apart
            print(f"| {photos} | {name} | {' | '.join(f'{share:.1f}' for share in shares)} |", flush=True)


if __name__ == "__main__":
    main()

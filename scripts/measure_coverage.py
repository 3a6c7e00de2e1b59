"""How often intervals hold the truth, and equal models are told apart, by the number of photos: docs/statistics.md.

python scripts/measure_coverage.py [--relative] [PHOTOS ...]
"""

import argparse
import math

import numpy as np
from numpy.typing import NDArray

from benchmark.bootstrap import FEW, by_student, means, resampled
from benchmark.groups import ALPHA, all_pairs
from benchmark.ratios import logarithms
from benchmark.relative import relative_error
from degrade.seeds import Stream, stream

Table = NDArray[np.float64]

INTERVALS, TABLES, MODELS = 2000, 300, 6

QUICK = 3000
"""Tables of so few photos that nothing is resampled."""

PHOTOS = (2, 3, 4, 5, 6, 8, 12, 24, 48)

DEFECTS = 7

SPREADS = {"narrow": (0.05, 0.1), "usual": (0.15, 0.3), "wide": (0.3, 0.6), "very wide": (1.0, 0.3)}
"""How far a model's share of the error varies, as standard deviations of its logarithm: by photo, and by photo and
defect. On `mixed` and `tiny` that of most models is between the first and the third, that of automatic levels the last.
"""


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
    return 100 * float(np.mean([all_pairs(each, MODELS).min() <= ALPHA for each in p]))


def equal_shares(source: Stream, photos: int, tables: int, spreads: tuple[float, float]) -> Table:
    """(photos, tables, models): relative errors of the untouched input and five models that on average leave all.

    How hard photos are varies as on the suites: its logarithm has a standard deviation of about a half.
    """
    hard = 0.3 * normal(source, photos, tables, 1, 1) + 0.35 * normal(source, photos, tables, DEFECTS, 1)
    by_photo, by_both = spreads
    share = by_photo * normal(source, photos, tables, 1, MODELS) + by_both * normal(
        source, photos, tables, DEFECTS, MODELS
    )
    errors = np.exp(hard + share - (by_photo**2 + by_both**2) / 2)
    errors[..., 0] = np.exp(hard[..., 0])
    groups = [[place] for place in range(DEFECTS)]
    return np.stack([relative_error(errors[:, table], 0, groups)[0].mean(axis=1) for table in range(tables)], axis=1)


def relative(counts: list[int]) -> None:
    print(
        "| photos | spread | raw: held | falsely better | told apart | logarithms: held | falsely better | told apart |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for photos in counts:
        tables = 1500 if photos < FEW else TABLES
        for name, spreads in SPREADS.items():
            raw = equal_shares(stream(3, "relative", name, photos), photos, tables, spreads)
            shares = []
            for rows in (raw, logarithms(raw)):
                found = means((rows[:, :, 1:] - rows[:, :, :1]).reshape(photos, -1))
                better = 100 * float(np.mean(found.high < 0))
                shares += [held(found.low, found.high), better, told_apart(rows)]
            print(f"| {photos} | {name} | {' | '.join(f'{share:.1f}' for share in shares)} |", flush=True)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("photos", type=int, nargs="*", metavar="PHOTOS", default=list(PHOTOS))
    reader.add_argument("--relative", action="store_true", help="of relative errors, which rankings hang on")
    asked = reader.parse_args()
    if asked.relative:
        relative(asked.photos)
        return
    print("| photos | scores | percentiles | Student | ours | equal models told apart |")
    print("|---|---|---|---|---|---|")
    for photos in asked.photos:
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

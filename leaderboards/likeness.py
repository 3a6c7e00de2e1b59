"""How much a photo looks like each cell of a suite, by statistics that need nothing clean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from degrade.realism.patch import Doubles

SHRUNK = 0.5
"""How far the correlations within cells are drawn to none: a suite has few photos for a hundred statistics."""

TEMPERATURES = (16.0, 24.0, 32.0)
"""What is tried. Photos from elsewhere differ more than a suite's own do among themselves, so the least is what these
need (the fingerprint of the tiny suite on Kodak's pictures did best at 16); and where one of four photos is left out,
three tell less than the four will, so there is a most."""

LEAST = 1e-3
"""Of the spread of a statistic, against those that never vary in a suite, and for photos that are unlike all of it."""

Cell = tuple[str, int | None]
"""Defect and severity."""


class Sure(NamedTuple):
    """What is known of one set of statistics: with a mask's share, or without."""

    temperature: float
    """Squared distances are divided by it, so that likelihoods are as sure as they are right on unseen photos."""

    distances: tuple[float, float]
    """From a suite's photo, unseen, to its nearest cell: the median, and the one that 95 % keep within."""

    right: tuple[float, float]
    """How often the true defect of an unseen photo of the suite was the first, and was among the first three."""


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """What cells look like: their mean statistics, and how photos of one cell vary."""

    cells: tuple[Cell, ...]
    means: Doubles
    """(cells, statistics)."""

    spread: Doubles
    """(statistics,): of photos within a cell."""

    correlation: Doubles
    """(statistics, statistics): within cells, before it is shrunk."""

    columns: NDArray[np.intp]
    """The statistics that count."""

    def distances(self, photos: Doubles) -> Doubles:
        """(photos, cells): squared Mahalanobis distances over the number of statistics."""
        kept = self.columns
        mixed = (1 - SHRUNK) * self.correlation[np.ix_(kept, kept)] + SHRUNK * np.eye(len(kept))
        turn = np.linalg.cholesky(np.linalg.inv(mixed))
        here, there = ((each[:, kept] / self.spread[kept]) @ turn for each in (photos, self.means))
        squares = (here**2).sum(axis=1)[:, None] + (there**2).sum(axis=1) - 2 * here @ there.T
        return np.asarray(np.maximum(squares, 0))


def likeness(photos: Doubles, cells: Sequence[Cell], columns: NDArray[np.intp]) -> Likeness:
    """What the cells look like, from (photos in cells, statistics).

    Source: linear discriminant analysis (Fisher 1936), the covariance within classes shrunk as by Friedman 1989,
    "Regularized discriminant analysis", to its diagonal.
    """
    names = tuple(sorted(set(cells), key=lambda cell: (cell[0], cell[1] is None, cell[1] or 0)))
    code = np.array([names.index(each) for each in cells])
    count = np.bincount(code)
    means = np.stack([np.bincount(code, column) / count for column in photos.T], axis=1)
    off = photos - means[code]
    spread = np.sqrt((off**2).sum(axis=0) / max(1, len(photos) - len(names)))
    overall = photos.std(axis=0)
    spread = np.maximum(spread, np.maximum(LEAST, 0.05 * overall))  # a statistic that never varied may yet do
    scaled = off / np.maximum(np.sqrt((off**2).mean(axis=0)), 1e-12)
    return Likeness(names, means, spread, scaled.T @ scaled / len(scaled), columns)


def weights(distances: Doubles, cells: Sequence[Cell], temperature: float) -> Doubles:
    """(photos, cells): how likely each cell is, every defect being as likely as any other beforehand."""
    with_same = [sum(other[0] == cell[0] for other in cells) for cell in cells]
    nearest = distances.min(axis=1, keepdims=True)
    found = np.exp(-(distances - nearest) / (2 * temperature)) / np.array(with_same)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def by_defect(found: Mapping[Cell, float]) -> dict[str, float]:
    """The weights of the defects, the greatest first."""
    sums: dict[str, float] = {}
    for (defect, _), weight in found.items():
        sums[defect] = sums.get(defect, 0.0) + weight
    return dict(sorted(sums.items(), key=lambda each: (-each[1], each[0])))


def tried(photos: Doubles, cells: Sequence[Cell], names: Sequence[str], columns: NDArray[np.intp]) -> Sure:
    """How sure likenesses are on photos that they have not seen: each photo is left out once.

    Args:
        photos: (photos in cells, statistics).
        cells: of each row.
        names: the photo of each row.
        columns: the statistics that count.
    """
    known = likeness(photos, cells, columns).cells
    distances = np.zeros((len(photos), len(known)))
    of = np.array(names)
    for name in sorted(set(names)):
        out = of == name
        kept = [cell for cell, gone in zip(cells, out, strict=True) if not gone]
        model = likeness(photos[~out], kept, columns)
        places = np.array([known.index(cell) for cell in model.cells], np.intp)
        distances[np.ix_(np.flatnonzero(out), places)] = model.distances(photos[out])
    truth = [cell[0] for cell in cells]
    losses = {each: loss(distances, known, truth, each) for each in TEMPERATURES}
    best = min(losses, key=losses.__getitem__)
    near = np.sqrt(distances.min(axis=1) / len(columns))
    hits = [place_of(row, known, defect) for row, defect in zip(weights(distances, known, best), truth, strict=True)]
    right = tuple(float(np.mean([hit < first for hit in hits])) for first in (1, 3))
    return Sure(best, (float(np.median(near)), float(np.percentile(near, 95))), (right[0], right[1]))


def loss(distances: Doubles, cells: Sequence[Cell], truth: Iterable[str], temperature: float) -> float:
    """The mean logarithm of the weights that the true defects did not get."""
    found = weights(distances, cells, temperature)
    own = [
        sum(row[place] for place, cell in enumerate(cells) if cell[0] == defect)
        for row, defect in zip(found, truth, strict=True)
    ]
    return float(-np.log(np.maximum(own, 1e-9)).mean())


def place_of(row: Doubles, cells: Sequence[Cell], defect: str) -> int:
    """How many defects come before that one."""
    return [*by_defect(dict(zip(cells, row.tolist(), strict=True)))].index(defect)

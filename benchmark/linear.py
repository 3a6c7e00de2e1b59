"""A statistic of many cells as one number for each photo, whose mean over the photos is the statistic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.scores import Cell
from degrade.light import Doubles


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Of a metric, or of the error it stands for, in a region."""

    table: Doubles
    """(photos, cells, models): the mean over photos is the cell's mean. One row alone where nothing can be said of the
    spread: one photo, or a cell with one."""

    photos: NDArray[np.intp]
    """Which photos the rows are, where there is one for each."""

    cells: tuple[Cell, ...]

    present: NDArray[np.bool_]
    """(photos, cells): whether there is a score."""

    @property
    def counts(self) -> NDArray[np.intp]:
        """Photos in each cell."""
        return np.asarray(self.present.sum(axis=0))

    def places(self) -> set[tuple[int, Cell]]:
        """Which photos have a score in which cells."""
        return {(int(self.photos[row]), self.cells[place]) for row, place in zip(*self.present.nonzero(), strict=True)}

    def damaged(self) -> list[int]:
        """The cells that count for a score: not the undamaged ones, unless there are no others."""
        found = [place for place, cell in enumerate(self.cells) if cell.severity != 0]
        return found or list(range(len(self.cells)))

    def undamaged(self) -> list[int]:
        """The cells where there was nothing to do."""
        return [place for place, cell in enumerate(self.cells) if cell.severity == 0]

    def defects(self) -> dict[str, list[int]]:
        """The cells of each defect, of those with damage."""
        found: dict[str, list[int]] = {}
        for place, cell in enumerate(self.cells):
            if cell.severity != 0:
                found.setdefault(cell.defect, []).append(place)
        return found


def linear(table: Doubles, there: NDArray[np.bool_], cells: tuple[Cell, ...]) -> Linear:
    """The numbers of all photos that have any item.

    Source: Woodruff 1971, "A simple method for approximating the variance of a complicated estimate", for the mean of
    cell means when some photos have no item in a cell; where all have, the numbers are the scores themselves. Smaller
    cells get the spread that dividing by one less than their size gives.

    Args:
        table: (photos, cells, models).
        there: (photos, cells): whether there is a score.
        cells: their names.
    """
    some, full = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    table, there = table[np.ix_(some, full)], there[np.ix_(some, full)]
    photos, counts = len(some), there.sum(axis=0)
    mean = np.where(there[:, :, None], table, 0).sum(axis=0) / counts[:, None]
    names = tuple(cells[place] for place in full)
    if photos < 2 or counts.min() < 2:
        return Linear(mean[None], some, names, there)
    if (counts < photos).any():
        reach = photos / counts * np.sqrt(counts / (counts - 1) * (photos - 1) / photos)
        reach[counts == photos] = 1
        table = mean + np.where(there[:, :, None], table - mean, 0) * reach[:, None]
    return Linear(np.ascontiguousarray(table), some, names, there)

"""Which model for my photo: what ails it, which cells of a suite it is most like, and the table weighed for that."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degrade.realism.patch import Doubles
from degrade.types import Image, Mask
from leaderboards.ailing import Seen, seen, statistics_of
from leaderboards.board import Board
from leaderboards.board_numbers import Pool
from leaderboards.fingerprint import TRUE, Fingerprint
from leaderboards.likeness import Cell, Likeness, Sure, by_defect, weights
from leaderboards.symptoms import Shown, reweighted, symptoms
from leaderboards.weighing import Weighed, weighed

SHOWN = 0.05
"""Weights below it are not worth a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """What is to be said of a photo."""

    size: tuple[int, int]
    """Height and width."""

    side: int
    """The shorter side at which it was looked at, at most."""

    signs: tuple[Seen, ...]
    symptoms: tuple[Shown, ...]
    """What is plainly wrong with it."""

    likely: Mapping[Cell, float]
    """How much it looks like each cell, all together 1."""

    defects: Mapping[str, float]
    """The same by defect, the greatest first."""

    distance: float
    """To its nearest cell, in deviations of a statistic."""

    sure: Sure
    """How right such likenesses are on the suite's own photos, unseen; see its `distances` for the like of `distance`.
    """

    table: Weighed

    @property
    def little(self) -> bool:
        """Whether little seems to be wrong: then leaving it as it is is best, whatever it looks like."""
        return not self.symptoms

    @property
    def unlike(self) -> bool:
        """Whether it is farther from every cell than nearly all of the suite's own photos are."""
        return self.distance > self.sure.distances[1]


def advised(
    image: Image, mask: Mask | None, board: Board, pooled: Pool, print_: Fingerprint, *, masked: bool
) -> Advice:
    """What is to be said of a photo.

    Likenesses come of linear discriminants of 95 statistics (96 with a mask) over the suite's own items, so they know
    one damage at a time: of a photo with several, the likeliest cells share the weight. How often they are right was
    tried on photos from elsewhere, degraded in one way that is known (scripts/judge_likeness.py). By the fingerprint
    of `tiny` (8 kinds, 4 photos; chance is 13 % and 38 %) on 448 photos, the true kind was the first for 55 %, and
    among the first three for 82 %; with the true mask 67 % and 96 %. By that of 15 kinds on 12 Kodak pictures (chance
    is 7 % and 20 %) on 464 photos, 55 % and 79 %; with the true mask 67 % and 96 %. They tell undamaged photos worst
    (12 % and 53 % by `tiny`), which is why `leaderboards.symptoms` is asked first: the weights are of cells that show
    what the photo shows. A detector that was trained on a CPU for half an hour helps nothing (54 % and 84 % against
    53 % and 83 % of 98 photos): it finds damage in clean photos, too.

    Args:
        image: the photo.
        mask: (H, W) of structured damage, as a detector finds it; None where nobody looked.
        board: of the suite.
        pooled: the rows that it was made of.
        print_: the suite's fingerprint.
        masked: whether the mask's share counts: it was made as those of the fingerprint were. If not it is only shown.

    Raises:
        EntryError: see `weighed`.
    """
    row = statistics_of(image, print_.side, mask)
    model, sure = print_.of(masked=masked and mask is not None)
    distances = model.distances(row[None])
    found = weights(distances, model.cells, sure.temperature)[0]
    drawn = mask if masked and print_.masks == TRUE else None  # detectors find damage in clean photos, too
    shown = symptoms(image, drawn)
    likely = reweighted(dict(zip(model.cells, found.tolist(), strict=True)), shown, masked=drawn is not None)
    undamaged = undamaged_of(model)
    if undamaged is not None and not masked:
        undamaged[-1] = np.nan
    return Advice(
        size=(image.shape[0], image.shape[1]),
        side=print_.side,
        signs=tuple(seen(row, undamaged)),
        symptoms=shown,
        likely=likely,
        defects=by_defect(likely),
        distance=float(np.sqrt(distances.min() / len(model.columns))),
        sure=sure,
        table=weighed(board, pooled, likely),
    )


def undamaged_of(model: Likeness) -> Doubles | None:
    """The statistics of undamaged photos, where the suite has some."""
    places = [place for place, (_, severity) in enumerate(model.cells) if severity == 0]
    return model.means[places[0]].copy() if places else None

"""Where a metric looks: the whole photo, the holes that damage left, all outside them, and a band along their edges."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmark.metric import Scores
from degrade.types import Mask

HOLE = 26
"""From this cover on, a tenth of full cover, a pixel is in a hole: the classical restorers fill from there, too."""

BAND = 3
"""Pixels that the band reaches to either side of a hole's edge, along rows, columns and diagonals."""

SETTINGS: Mapping[str, str | float] = {"hole": HOLE, "band": BAND}
"""What a spec says of regions."""

WHOLE = "whole"

Map = NDArray[np.generic]
"""(H, W) or (H, W, channels); what a metric is the mean of."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Parts of a photo by name, without `whole`; parts of no pixels are not there."""

    masks: Mapping[str, Mask]
    """(H, W); 255 inside and 0 outside."""

    def inner(self, border: int) -> "Regions":
        """The same parts of the photo less a border."""
        return kept({name: each[border:-border, border:-border] for name, each in self.masks.items()})

    def halved(self) -> "Regions":
        """The same parts of a photo half as large: a block of four that touches a hole or its band is in it."""
        blocks = {name: _largest(each) for name, each in self.masks.items()}
        if "hole" in blocks:
            blocks["outside"] = cv2.bitwise_not(blocks["hole"])
        return kept(blocks)

    def __iter__(self) -> Iterator[tuple[str, Mask | None]]:
        """Every part and the whole, which has no mask."""
        yield WHOLE, None
        yield from self.masks.items()


def regions(mask: Mask | None) -> Regions:
    """The parts of a photo that a mask tells apart; none where there is no mask.

    The border of the photo is no edge: a photo that is all hole, and one without any, have no band.
    """
    if mask is None:
        return Regions({})
    hole = cv2.threshold(mask, HOLE - 1, 255, cv2.THRESH_BINARY)[1]
    square = np.ones((2 * BAND + 1, 2 * BAND + 1), np.uint8)
    band = cv2.subtract(cv2.dilate(hole, square), cv2.erode(hole, square))
    return kept({"hole": hole, "outside": cv2.bitwise_not(hole), "band": band})


def kept(masks: Mapping[str, Mask]) -> Regions:
    """Those parts that have pixels."""
    return Regions({name: np.ascontiguousarray(mask) for name, mask in masks.items() if mask.any()})


def means(values: Map, parts: Regions) -> Scores:
    """The mean in every part, over all channels; exactly one where all values are one, and none where all are none."""
    if np.issubdtype(values.dtype, np.floating):
        return {name: float((values if mask is None else values[mask > 0]).mean()) for name, mask in parts}
    channels = values.shape[2] if values.ndim == 3 else 1  # OpenCV multiplies by 1 / n, but is far faster here
    return {name: sum(cv2.mean(values, mask)[:channels]) / channels for name, mask in parts}


def _largest(mask: Mask) -> Mask:
    height, width = (side // 2 * 2 for side in mask.shape)
    rows = np.maximum(mask[:height:2], mask[1:height:2])
    return np.maximum(rows[:, :width:2], rows[:, 1:width:2])

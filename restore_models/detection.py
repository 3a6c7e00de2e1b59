"""How good a soft defect mask is: scores against a true one, and what needs no training to beat."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.types import Image, Mask
from restore_models.restorer import ModelError

Truth = NDArray[np.bool_]
"""(H, W); which pixels are defects, or which ones count."""

LEVELS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """How many pixels of a soft mask have each of its 256 levels: all that its scores hang on, ties and all."""

    defect: NDArray[np.int64]
    """(256,); those that are truly defects."""

    intact: NDArray[np.int64]

    def __add__(self, other: "Levels") -> "Levels":
        return Levels(self.defect + other.defect, self.intact + other.intact)


@dataclass(frozen=True, slots=True)
class Detection:
    """The scores of a soft mask, or of several that were pooled."""

    auc: float
    """Area under the receiver's curve: how often a pixel of a defect has more than an intact one; ties are half."""

    auprc: float
    """Average precision: the mean over the defects' pixels of the precision at the level that finds them."""

    f1: float
    """The best there is over all thresholds."""

    threshold: float
    """Where that is, in (0, 1]: a pixel is called a defect from this share of 255 on."""

    share: float
    """Of the pixels that count, how many are defects: the `auprc` of a guess."""


def levels_of(soft: Mask, truth: Truth, counted: Truth | None = None) -> Levels:
    """The levels of the pixels that count.

    Args:
        soft: 0 intact to 255 a defect.
        truth: which pixels are defects.
        counted: False where nobody knows, the ignore zone; None where all is known.

    Raises:
        ModelError: the shapes differ.
    """
    for other in (truth, counted):
        if other is not None and other.shape != soft.shape:
            raise ModelError(f"a soft mask of {soft.shape} against a true one of {other.shape}; they must be alike")
    known = np.ones_like(truth) if counted is None else counted
    found = (np.bincount(soft[known & which], minlength=LEVELS).astype(np.int64) for which in (truth, ~truth))
    return Levels(*found)


def detection(levels: Levels) -> Detection:
    """The scores, exact for the levels there are.

    Source: AUC is Mann and Whitney's U (1947) over the number of pairs. AUPRC is average precision, the sum over
    thresholds of precision times the step in recall, without interpolation (Davis and Goadrich 2006 say why).

    Raises:
        ModelError: there are no defects, or nothing else.
    """
    defects, others = int(levels.defect.sum()), int(levels.intact.sum())
    if not defects or not others:
        raise ModelError(f"{defects} pixels of defects and {others} intact ones; a score needs some of both")
    hits, alarms = (each[::-1].cumsum() for each in (levels.defect, levels.intact))  # at thresholds 255, 254, ... 0
    below = others - alarms[::-1]  # intact pixels below each level
    pairs = float((levels.defect * (below + 0.5 * levels.intact)).sum())
    precision = hits / np.maximum(hits + alarms, 1)
    f1 = 2 * hits / (hits + alarms + defects)
    best = int(f1[:-1].argmax())  # from level 0 on everything is a defect, which is no threshold
    return Detection(
        auc=pairs / (float(defects) * others),
        auprc=float((precision * levels.defect[::-1]).sum() / defects),
        f1=float(f1[best]),
        threshold=(LEVELS - 1 - best) / (LEVELS - 1),
        share=defects / (defects + others),
    )


def pooled(photos: Iterable[Levels]) -> Levels:
    """The levels of all pixels of several photos."""
    none = Levels(*(np.zeros(LEVELS, np.int64) for _ in range(2)))
    return sum(photos, none)


TOP_HAT = 11
"""Pixels."""


def top_hat(image: Image, width: int = TOP_HAT) -> Mask:
    """A soft mask without any learning: how far each pixel stands out, light or dark, from what is as wide as a disc.

    Source: Meyer 1979. White and black top-hat of the luma, added up: the closing less the opening. On real photos
    their maximum finds a little less (mean average precision 0.38, not 0.40), and the white one alone finds more
    (0.52), as most of the damage there is light.
    """
    luma = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    light, dark = (cv2.morphologyEx(luma, kind, disc) for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT))
    found: Mask = cv2.add(light, dark)  # saturating
    return found


def cut(soft: Mask, threshold: float) -> Mask:
    """The hard mask: all or nothing."""
    hard: Mask = np.where(soft >= 255 * threshold, np.uint8(255), np.uint8(0))
    return hard

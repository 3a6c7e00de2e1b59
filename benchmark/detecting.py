"""Scores of soft masks of defects: of one photo, or of many pooled, pixel by pixel and with a little patience."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from benchmark.metric import DetectionMetric, Scores, UnsupportedError, spec
from benchmark.regions import WHOLE
from degrade.types import Mask
from restore_models.detection import Detection, Levels, Truth, detection, levels_of

TOLERANCE = 2
"""Pixels: a mark of a pen two pixels wide is drawn no better."""

TRUE, DOUBTFUL = 77, 13
"""From the first cover on, 0.3 of full, a pixel is to be found. From the second on, 0.05, it counts neither way: of
what hides so little most is no more than a tint, and the detector has learnt to say nothing of it."""

USUAL = 0.5
"""Where soft masks are cut if their model does not say."""


@dataclass(frozen=True, slots=True)
class Near:
    """Pixels found and pixels to be found, and how many of each lie near one of the other."""

    found: int
    right: int
    """Of those found, how many lie near a defect."""

    defects: int
    reached: int
    """Of the defects' pixels, how many lie near one that was found."""

    def __add__(self, other: "Near") -> "Near":
        return Near(
            self.found + other.found,
            self.right + other.right,
            self.defects + other.defects,
            self.reached + other.reached,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """All that the scores of a soft mask hang on: a few hundred numbers. Tallies of several photos add up."""

    levels: Levels

    near: Near

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.levels + other.levels, self.near + other.near)


def tally(soft: Mask, truth: Mask, threshold: float = USUAL) -> Tally:
    """What there is to count in one photo.

    Args:
        soft: 0 intact to 255 surely a defect.
        truth: what defects cover, 0 to 255; see `TRUE` for what is to be found.
        threshold: in (0, 1]; where the model cuts its soft masks.

    Raises:
        ModelError: the shapes differ.
    """
    real = truth >= TRUE
    counted = real | (truth < DOUBTFUL)
    levels = levels_of(soft, real, counted)
    found = counted & (soft >= level_of(threshold))
    right = found & _around(real)
    reached = real & _around(found)
    return Tally(levels, Near(*(int(each.sum()) for each in (found, right, real, reached))))


def level_of(threshold: float) -> int:
    """The lowest level of a soft mask that is called a defect."""
    return math.ceil(255 * threshold)


def _around(which: Truth) -> Truth:
    down, across = np.ogrid[-TOLERANCE : TOLERANCE + 1, -TOLERANCE : TOLERANCE + 1]
    disc = (down * down + across * across <= TOLERANCE * TOLERANCE).astype(np.uint8)
    return np.asarray(cv2.dilate(which.astype(np.uint8), disc) > 0)


def roc_auc(counted: Tally, threshold: float) -> float:
    """How often a defect's pixel has more than an intact one; see `restore_models.detection`."""
    return _curves(counted).auc


def auprc(counted: Tally, threshold: float) -> float:
    """Average precision: where defects are few it says more than the area under the receiver's curve."""
    return _curves(counted).auprc


def best_f1(counted: Tally, threshold: float) -> float:
    """The best F1 over all thresholds: what the model could do were it cut at the best place for these photos."""
    return _curves(counted).f1


def f1(counted: Tally, threshold: float) -> float:
    """F1 at the model's own threshold; 0 where it finds nothing."""
    defects = int(_some_defects(counted).defect.sum())
    hits, alarms = (int(each[level_of(threshold) :].sum()) for each in (counted.levels.defect, counted.levels.intact))
    return 2 * hits / (hits + alarms + defects)


def tolerant_f1(counted: Tally, threshold: float) -> float:
    """F1 where two pixels beside is near enough, for lines one pixel wide.

    Precision counts what was found near a defect, recall the defects near what was found, as those do who look for
    cracks (Zou et al. 2012, "CrackTree": two pixels).
    """
    _some_defects(counted)
    near = counted.near
    if not near.right or not near.reached:
        return 0.0
    precision, recall = near.right / near.found, near.reached / near.defects
    return 2 * precision * recall / (precision + recall)


def _some_defects(counted: Tally) -> Levels:
    if not counted.levels.defect.any():
        raise UnsupportedError("there are no defects to be found")
    return counted.levels


def _curves(counted: Tally) -> Detection:
    if not _some_defects(counted).intact.any():
        raise UnsupportedError("there is nothing but defects")
    return detection(counted.levels)


SCORES: Mapping[str, Callable[[Tally, float], float]] = {
    "roc-auc": roc_auc,
    "auprc": auprc,
    "best-f1": best_f1,
    "f1": f1,
    "tolerant-f1": tolerant_f1,
}

SETTINGS: Mapping[str, Mapping[str, str | float]] = {
    "f1": {"threshold": "own"},
    "tolerant-f1": {"threshold": "own", "tolerance": TOLERANCE},
}
"""What the spec of a score says besides the truth and the soft mask's levels."""


@dataclass(frozen=True, slots=True)
class OfMask:
    """The `score` of a detection metric."""

    compute: Callable[[Tally, float], float]

    threshold: float

    def __call__(self, soft: Mask, truth: Mask) -> Scores:
        """The score of one photo."""
        return {WHOLE: self.compute(tally(soft, truth, self.threshold), self.threshold)}


def detection_metrics(threshold: float = USUAL) -> Mapping[str, DetectionMetric]:
    """The table of detection metrics for a model that cuts its soft masks at that threshold.

    The specs say `threshold=own`, and are alike for all models: what is compared is each at its own.
    """
    return {
        name: DetectionMetric(
            name,
            spec(
                name, 1, {"truth": TRUE, "ignored": f"{DOUBTFUL}-{TRUE - 1}", "levels": 256, **SETTINGS.get(name, {})}
            ),
            True,
            OfMask(compute, threshold),
        )
        for name, compute in SCORES.items()
    }


DETECTION_METRICS = detection_metrics()
"""By name, for models that are cut at a half."""

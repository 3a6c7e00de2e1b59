"""How well damage is found: AUC and average precision, means over photos with intervals, beside plain top-hats."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from learn_scores import Estimate, estimated, held_out

from degrade.corpus.reading import Pair
from degrade.types import Image, Mask
from restore_models.detection import TOP_HAT, Detection, detection, pooled, top_hat
from restore_models.fine_tuning import levels_by_photo
from restore_models.hand_labels import Labelled, LabelledFile, of_pair
from restore_models.weight_files import read_weights
from restore_models.zoo import network_from


@dataclass(frozen=True, slots=True)
class DetectorRow:
    """How well damage is found."""

    name: str
    on: str
    photos: int
    auc: Estimate
    """The mean over photos, as is `auprc`."""

    auprc: Estimate
    auc_gain: Estimate
    """Against the top-hat, photo by photo."""

    auprc_gain: Estimate
    pooled_auc: float
    """Over all pixels of all photos together."""

    pooled_auprc: float
    share: float
    """Of all pixels, how many are defects: the AUPRC of a guess."""


SYNTHETIC, EVERYWHERE, REAL = (
    "synthetic pairs",
    "synthetic pairs, every pixel counted",
    "real photos, masks drawn by hand",
)
"""In the first, pixels that a mark covers a little count neither way; as do those of the real photos that the annotator
left open."""

POSITIVE, DOUBTFUL = 0.3, 0.05
"""Coverage from which a pixel is a defect, and up to which it is surely none, whatever a detector was told."""


def detector_scores(run: Path, corpus: Path, masks: Sequence[tuple[Path, Path]], part: float) -> list[DetectorRow]:
    """The detector and the plain top-hat, on synthetic pairs held out and on real photos."""
    print("learn: scoring the detector", file=sys.stderr)
    detector = network_from(read_weights(run / "weights"))
    rows = held_out(corpus, part)
    pairs, everywhere = (
        [each for pair in rows if (each := labelled(pair, POSITIVE, least)) is not None] for least in (DOUBTFUL, 0.0)
    )
    real = [LabelledFile(photo.stem, photo, mask).read() for photo, mask in masks]
    makers: dict[str, Callable[[Image], Mask]] = {
        "top-hat of 11 px": top_hat,
        "white top-hat alone": white_top_hat,
        "detector": detector.detect,
    }
    judged = ((SYNTHETIC, pairs), (EVERYWHERE, everywhere), (REAL, real))
    return [row for on, photos in judged for row in detector_rows(makers, on, photos)]


def white_top_hat(image: Image) -> Mask:
    """What stands out by being lighter alone: most of what the masks drawn by hand show."""
    luma = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    found: Mask = cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, np.ones((TOP_HAT, TOP_HAT), np.uint8))
    return found


def labelled(pair: Pair, positive: float, doubtful: float) -> Labelled | None:
    """A pair with some damage; without any, or with nothing else, it has no scores."""
    assert pair.mask is not None
    found = of_pair(pair.key, pair.degraded, pair.mask, positive, doubtful)
    return found if found.truth.any() and not found.truth.all() else None


def detector_rows(
    makers: dict[str, Callable[[Image], Mask]], on: str, photos: Sequence[Labelled]
) -> Iterator[DetectorRow]:
    """The first one is what the others are measured against."""
    floor: dict[str, tuple[float, float]] = {}
    for name, maker in makers.items():
        levels = list(levels_by_photo(maker, photos))
        own = by_key(photos, [detection(one) for one in levels])
        floor = floor or own
        whole = detection(pooled(levels))
        gains = [(own[key][0] - floor[key][0], own[key][1] - floor[key][1]) for key in own]
        yield DetectorRow(
            name=name,
            on=on,
            photos=len(own),
            auc=estimated([auc for auc, _ in own.values()]),
            auprc=estimated([auprc for _, auprc in own.values()]),
            auc_gain=estimated([auc for auc, _ in gains]),
            auprc_gain=estimated([auprc for _, auprc in gains]),
            pooled_auc=whole.auc,
            pooled_auprc=whole.auprc,
            share=whole.share,
        )


def by_key(photos: Sequence[Labelled], found: Sequence[Detection]) -> dict[str, tuple[float, float]]:
    """AUC and AUPRC of each photo: the means of its pairs."""
    groups: dict[str, list[Detection]] = {}
    for photo, one in zip(photos, found, strict=True):
        groups.setdefault(photo.key, []).append(one)
    return {
        key: (float(np.mean([one.auc for one in group])), float(np.mean([one.auprc for one in group])))
        for key, group in groups.items()
    }

"""What there is to be found: the marks that each preset makes, beside those that judge what was learned from it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from learn_finds import white_top_hat
from matter_damage import DOUBTFUL, SURE, Overlaid, middle
from matter_scores import found_by

from degrade.presets import PRESETS
from degrade.recipe import Recipe
from degrade.types import Defect, Image
from restore_models.hand_labels import Labelled, of_pair

AROUND = 31
"""Pixels of the window of intact pixels that a mark's pixel is compared with."""

LEAST = 30
"""Intact pixels in that window, below which nobody can compare."""

STANDS_OUT = 2.0
"""Standard deviations of the intact pixels around from which a mark's pixel stands out."""


UNSEEN = 8
"""Levels less than which a mark changed what it covers."""


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """A photo with marks; the same without them, where somebody made them; and of what kind they are."""

    labelled: Labelled
    bare: Image | None
    kinds: Mapping[str, int]


def of_preset(name: str, photos: Sequence[Path]) -> Iterator[Marked]:
    """The middle of each photo, degraded once."""
    for path in photos:
        clean, recipe = middle(path), PRESETS[name].sample(0, path.stem)
        photo = recipe.apply(clean)
        bare = Recipe(tuple(step for step in recipe.steps if type(step).defect == Defect.INTACT)).apply(clean)
        found = of_pair(path.stem, photo.image, photo.mask, SURE, DOUBTFUL)
        kinds = Counter(Defect(label).name.lower() for label in photo.labels[found.truth].tolist())
        yield Marked(found, bare.image, kinds)


def differences(photo: Marked) -> tuple[np.ndarray, np.ndarray]:
    """By how many levels a mark's pixels differ from the mean of the intact ones around, and those ones' spread."""
    luma = cv2.cvtColor(photo.labelled.image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    intact = (photo.labelled.counted & ~photo.labelled.truth).astype(np.float32)
    number, total, squares = (
        cv2.boxFilter(each, -1, (AROUND, AROUND), normalize=False, borderType=cv2.BORDER_CONSTANT)
        for each in (intact, intact * luma, intact * luma * luma)
    )
    there = photo.labelled.truth & (number >= LEAST)
    mean = total[there] / number[there]
    spread = np.sqrt(np.maximum(squares[there] / number[there] - mean * mean, 1.0))
    return luma[there] - mean, spread


def widths(photo: Marked) -> np.ndarray:
    """How wide the marks are, in pixels: twice the distance to their edge along their middle, each as often as wide."""
    inside = cv2.distanceTransform(photo.labelled.truth.astype(np.uint8), cv2.DIST_L2, 5)
    middles = photo.labelled.truth & (inside >= cv2.dilate(inside, np.ones((3, 3))))
    wide = np.rint(2 * inside[middles] - 1).astype(int)
    return np.repeat(wide, wide)


def changes(photo: Marked) -> np.ndarray:
    """By how many levels the marks changed their pixels, in the channel that they changed most."""
    assert photo.bare is not None
    return cv2.absdiff(photo.labelled.image, photo.bare).max(axis=2)[photo.labelled.truth]


def numbers(photos: Sequence[Marked]) -> dict[str, Any]:
    """What there is to say of their marks; shares are of all pixels of marks, of all photos together."""
    marked = [each for each in photos if each.labelled.truth.any() and not each.labelled.truth.all()]
    found: dict[str, Any] = {
        "area": float(np.mean([each.labelled.truth.mean() for each in photos])),
        "photos": len(marked) / len(photos),
    }
    if not marked:
        return found
    levels, spread = (np.concatenate(part) for part in zip(*map(differences, marked), strict=True))
    hidden = [changes(each) for each in marked if each.bare is not None]
    kinds = sum((Counter(each.kinds) for each in marked), Counter[str]())
    auc, auprc = found_by(white_top_hat, [each.labelled for each in marked])
    return found | {
        "width": float(np.median(np.concatenate([widths(each) for each in marked]))),
        "lighter": float(np.mean(levels > 0)),
        "contrast": float(np.median(np.abs(levels))),
        "stand out": float(np.mean(np.abs(levels) >= STANDS_OUT * spread)),
        "unseen": float(np.mean(np.concatenate(hidden) < UNSEEN)) if hidden else None,
        "top-hat": (float(np.mean(list(auc.values()))), float(np.mean(list(auprc.values())))),
        "kinds": {kind: number / kinds.total() for kind, number in kinds.most_common()},
    }


def marks(
    presets: Sequence[str], photos: Sequence[Path], laid: Sequence[Overlaid], drawn: Sequence[Labelled]
) -> dict[str, dict[str, Any]]:
    """Of each preset, and of what judges those who learned from it."""
    found = {f"`{name}`": numbers([*of_preset(name, photos)]) for name in presets}
    found["real dirt laid on"] = numbers([Marked(each.labelled, each.bare, {}) for each in laid])
    found["real photos"] = numbers([Marked(each, None, {}) for each in drawn])
    return found

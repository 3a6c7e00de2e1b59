"""How well models do on damage that none of their presets made, photo by photo."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from learn_finds import white_top_hat
from learn_scores import psnr
from matter_damage import Overlaid

from degrade.io import read_image
from degrade.realism.measuring import Measured, fitted, measured_photo
from degrade.realism.statistics import COLUMNS
from degrade.types import Image, Mask
from restore_models.detection import detection
from restore_models.fine_tuning import levels_by_photo
from restore_models.hand_labels import Labelled
from restore_models.resolve import opened
from restore_models.weight_files import read_weights
from restore_models.zoo import network_from

OLD_SIDE = 384
"""Shorter side in pixels to which real old photos are made smaller."""

FAMILIES = ("noise", "mscn", "spectrum", "gradient")
"""Those by which a photo looks clean or not, whatever it shows."""

ByPhoto = dict[str, float]


def found_by(detect: Callable[[Image], Mask], photos: Sequence[Labelled]) -> tuple[ByPhoto, ByPhoto]:
    """AUC and AUPRC of each photo."""
    each = [detection(levels) for levels in levels_by_photo(detect, photos)]
    auc = {photo.key: one.auc for photo, one in zip(photos, each, strict=True)}
    return auc, {photo.key: one.auprc for photo, one in zip(photos, each, strict=True)}


def detector_scores(run: Path | None, drawn: Sequence[Labelled], laid: Sequence[Overlaid]) -> dict[str, ByPhoto]:
    """Of a trained detector; of the light top-hat where there is none."""
    detect = white_top_hat if run is None else network_from(read_weights(run / "weights")).detect
    real, laid_over = (found_by(detect, photos) for photos in (drawn, [each.labelled for each in laid]))
    return {"real-auc": real[0], "real-auprc": real[1], "laid-auc": laid_over[0], "laid-auprc": laid_over[1]}


def restorer_scores(
    run: Path | None, laid: Sequence[Overlaid], old: Sequence[Path], clean: "Natural"
) -> dict[str, ByPhoto]:
    """Of a trained regressor; of the untouched photo where there is none."""
    restore = opened(str(run) if run else "identity", device="cpu").restore
    gains, strange = {}, {}
    for each in laid:
        before = each.labelled.image
        gains[each.labelled.key] = psnr(restore(before), each.clean) - psnr(before, each.clean)
    for path in old:
        strange[path.stem] = clean.strangeness(restore(fitted(read_image(path), OLD_SIDE)), path.stem)
    return {"laid-gain": gains, "old-strangeness": strange}


@dataclass(frozen=True, slots=True, eq=False)
class Natural:
    """What clean photos are like, by statistics that hang little on what they show; without a reference.

    In the manner of NIQE (Mittal et al. 2013) with our statistics and our clean photos: not NIQE, and not to be
    compared with values of it.
    """

    mean: np.ndarray
    spread: np.ndarray

    @classmethod
    def of(cls, photos: Sequence[Path]) -> "Natural":
        """From clean photos."""
        table = np.array([numbers(fitted(read_image(path), OLD_SIDE), path.stem) for path in photos])
        return cls(table.mean(axis=0), table.std(axis=0) + 1e-6)

    def strangeness(self, image: Image, key: str) -> float:
        """How far a photo lies from clean ones: the mean over statistics, in their standard deviations, at most 6."""
        return float(np.abs((numbers(image, key) - self.mean) / self.spread).clip(0, 6).mean())


def numbers(image: Image, key: str) -> np.ndarray:
    """The photo's statistics, means over patches."""
    found: Measured = measured_photo(key, image, seed=0, largest=0)
    return found.patches.mean(axis=0)[[column for family in FAMILIES for column in COLUMNS[family]]]


def kept(file: Path, what: str, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was computed before by the same; else computed now and kept."""
    if file.is_file():
        held: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if held["by"] == what:
            return dict(held["scores"])
    scores = compute()
    file.write_text(json.dumps({"by": what, "scores": scores}) + "\n", "utf-8")
    return scores

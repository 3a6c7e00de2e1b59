"""How a score becomes an error, and how much of the untouched input's error a model leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from degrade.light import Doubles

NOTHING = 1e-6
"""An untouched input with no more error than this has nothing to restore: of a squared error (60 dB) it is what the
rounding to whole levels makes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a metric is read: its direction, and the error that it stands for, if there is one with a true zero."""

    higher_is_better: bool

    words: str | None = None
    """The error, in words."""

    error: Callable[[Doubles], Doubles] | None = None


def from_decibels(values: Doubles) -> Doubles:
    """The mean squared error that a PSNR stands for, as a share of the squared range."""
    return np.asarray(10.0 ** (-values / 10))


def short_of_one(values: Doubles) -> Doubles:
    """What a score that is 1 at best lacks."""
    return np.asarray(1.0 - values)


def as_it_is(values: Doubles) -> Doubles:
    """The score, which is an error already."""
    return values


DECIBELS = Reading(higher_is_better=True, words="mean squared error, 10^(-score/10)", error=from_decibels)
SHARE = Reading(higher_is_better=True, words="1 - score", error=short_of_one)
ERROR = Reading(higher_is_better=False, words="the score itself", error=as_it_is)
HIGHER = Reading(higher_is_better=True)
LOWER = Reading(higher_is_better=False)

READINGS: Mapping[str, Reading] = {
    "psnr": DECIBELS,
    "psnr-y": DECIBELS,
    "ssim": SHARE,
    "ssim-y": SHARE,
    "ms-ssim": SHARE,
    "gmsd": ERROR,
    "mae": ERROR,
    "ciede2000": ERROR,
    "luma-spectrum": ERROR,
    "niqe-self": LOWER,
    "roc-auc": SHARE,
    "auprc": SHARE,
    "best-f1": SHARE,
    "f1": SHARE,
    "tolerant-f1": SHARE,
}
"""By the name before the slash of a metric's spec."""


def reading(spec: str, readings: Mapping[str, Reading] = READINGS) -> Reading | None:
    """How the metric of that spec is read; None where nobody has said."""
    return readings.get(spec) or readings.get(spec.split("/", maxsplit=1)[0])


def relative_error(errors: Doubles, identity: int, groups: list[list[int]]) -> tuple[Doubles, list[bool]]:
    """The share of the untouched input's error that each model leaves, in per cent, as one number for each photo.

    Source: Hendrycks and Dietterich 2019, "Benchmarking neural network robustness to common corruptions and
    perturbations", whose corruption error has a sum over severities above and below the line. Here the denominator is
    the input itself, which is the same for ever, and not a trained network. The mean of the numbers over photos is the
    relative error exactly, and their spread is that of the ratio to first order (Woodruff 1971, linearisation).

    Args:
        errors: (photos, cells, models).
        identity: which model is the untouched input.
        groups: the cells of each defect.

    Returns:
        (photos, defects, models), 0 where there is nothing to restore; and whether there is something, by defect.
    """
    found = np.zeros((len(errors), len(groups), errors.shape[2]))
    known = []
    for place, cells in enumerate(groups):
        sums = errors[:, cells].sum(axis=1)
        whole = float(sums[:, identity].mean())
        known.append(whole > NOTHING * len(cells))
        if known[-1]:
            ratio = sums.mean(axis=0) / whole
            found[:, place] = 100 * (ratio + (sums - ratio * sums[:, identity, None]) / whole)
    return found, known


def gain(errors: Doubles, identity: int) -> Doubles | None:
    """By how many decibels each model lowers the error of a cell, mean over cells, as one number for each photo.

    Returns:
        (photos, models), NaN for a model that leaves no error at all in a cell; None where there is nothing to restore.
    """
    level = errors.mean(axis=0)  # (cells, models)
    worth = level[:, identity] > NOTHING
    if not worth.any():
        return None
    errors, level = errors[:, worth], level[worth]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = errors / level
        value = 10 * np.log10(level[:, identity, None] / level) + 10 / np.log(10) * (share[:, :, [identity]] - share)
    found = value.mean(axis=1)
    found[:, ~np.isfinite(found).all(axis=0)] = np.nan
    return np.asarray(found)

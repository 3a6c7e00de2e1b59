"""Metrics that compare pixel by pixel: PSNR in RGB and in luma, and the mean absolute error."""

import math
from collections.abc import Mapping

import numpy as np

from benchmark.metric import Metric, Scores, spec
from benchmark.pair import OfPair, Pair
from benchmark.regions import SETTINGS, means

CAP = 100.0
"""Decibels; equal photos have as many, and no pair has more."""

STUDIO = 219 / 255
"""How much of full range the luma of BT.601 video takes: 16 to 235."""

QUANT: Mapping[str, str | float] = {"range": 255, "quant": "uint8-round"}
"""What a restorer's output is before it is scored: whole levels, rounded and not truncated, as a file holds them."""


def psnr(both: Pair) -> Scores:
    """Peak signal-to-noise ratio in dB, of the squared error pooled over pixels and channels, in every region."""
    squares = np.square(both.distance, dtype=np.uint16)  # 255 squared fits
    return {name: decibels(error) for name, error in means(squares, both.regions).items()}


def psnr_y(both: Pair) -> Scores:
    """The same of luma as BT.601 video has it (16 to 235, not rounded), as MATLAB's YCbCr and BasicSR do.

    The peak stays 255, as there.
    """
    restored, clean = both.lumas
    squares = np.square(STUDIO * (restored - clean))  # the offset of 16 falls out
    return {name: decibels(error) for name, error in means(squares, both.regions).items()}


def mae(both: Pair) -> Scores:
    """Mean absolute error in grey levels, over pixels and channels, in every region."""
    return means(both.distance, both.regions)


def decibels(error: float) -> float:
    """The ratio of the squared peak to a mean squared error, at most `CAP`."""
    return min(CAP, 10 * math.log10(255**2 / error)) if error > 0 else CAP


PSNR = Metric("psnr", spec("psnr", 1, {"space": "rgb", **QUANT, "cap": 100, **SETTINGS}), True, OfPair(psnr))

PSNR_Y = Metric(
    "psnr-y", spec("psnr-y", 1, {"space": "bt601-studio", **QUANT, "cap": 100, **SETTINGS}), True, OfPair(psnr_y)
)

MAE = Metric("mae", spec("mae", 1, {"space": "rgb", **QUANT, **SETTINGS}), False, OfPair(mae))

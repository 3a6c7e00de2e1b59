"""Structural similarity: of the photo as it is, and at five scales."""

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from benchmark.fidelity import QUANT
from benchmark.metric import Metric, Scores, spec
from benchmark.pair import Doubles, OfPair, Pair
from benchmark.regions import SETTINGS, means

WINDOW, SIGMA = 11, 1.5

EDGE = WINDOW // 2
"""Pixels along the photo's border that no whole window is around: they have no similarity."""

C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

SCALES = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""The weight of every scale from fine to coarse; Wang et al. 2003, section 3.2."""

SMALLEST = (WINDOW - 1) * 2 ** (len(SCALES) - 1) + 1
"""Pixels, so that the coarsest scale still holds a window."""

STRIP = 96
"""Rows at a time: what is in work stays in the cache, and large photos need little memory."""


class Similarity(NamedTuple):
    """(H - 10, W - 10), or two numbers: of all, and of contrast and structure alone."""

    all: Doubles
    structure: Doubles


def similarity(one: Doubles, other: Doubles) -> Similarity:
    """Similarity around every pixel that has a whole window.

    Source: Wang et al. 2004, "Image quality assessment: from error visibility to structural similarity", eq. 13, with
    moments as in eq. 14 to 16 (weights that add up to one, no correction of the variance for the sample's size). Only
    the sum of the variances is in the formula, so four windowed means do, not five.
    """
    height, width = one.shape
    found = Similarity(*(np.empty((height - 2 * EDGE, width - 2 * EDGE)) for _ in range(2)))
    for top in range(0, height - 2 * EDGE, STRIP):
        rows = slice(top, min(top + STRIP, height - 2 * EDGE) + 2 * EDGE)
        out = slice(top, rows.stop - 2 * EDGE)
        found.all[out], found.structure[out] = _strip(one[rows], other[rows])
    return found


def _strip(one: Doubles, other: Doubles) -> Similarity:
    mean, second = _windowed(one), _windowed(other)
    product, squares = mean * second, mean * mean + second * second
    structure = 2 * (_windowed(one * other) - product) + C2
    structure /= _windowed(one * one + other * other) - squares + C2
    return Similarity(structure * ((2 * product + C1) / (squares + C1)), structure)


def _windowed(values: Doubles) -> Doubles:
    window = _window()
    means = cv2.sepFilter2D(values, cv2.CV_64F, window, window, borderType=cv2.BORDER_REFLECT)
    return means[EDGE:-EDGE, EDGE:-EDGE]


@lru_cache(maxsize=1)
def _window() -> Doubles:
    return np.asarray(cv2.getGaussianKernel(WINDOW, SIGMA, cv2.CV_64F), np.float64)


def ssim(both: Pair) -> Scores:
    """Mean similarity over pixels and RGB channels, in every region.

    Pixels closer to the photo's border than half a window have none, and a region that lies there alone is absent.
    Equal to scikit-image with a Gaussian window and the covariance of the population, and to `ssimc` of pyiqa, but
    where structure is turned round (a negative covariance), which pyiqa counts as none.
    """
    both.demand(WINDOW, "ssim")
    planes = zip(cv2.split(both.restored), cv2.split(both.clean), strict=True)
    total = sum(similarity(one.astype(np.float64), other.astype(np.float64)).all for one, other in planes)
    return means(np.asarray(total) / 3, both.regions.inner(EDGE))


def ms_ssim(both: Pair) -> Scores:
    """Similarity of luma at five scales, each half as large as the one before, in every region.

    Source: Wang, Simoncelli and Bovik 2003, "Multi-scale structural similarity for image quality assessment", eq. 7:
    structure at all scales, luminance at the coarsest. Their own program halves by the mean of four pixels, and
    repeats the last row or column of an odd side; so do we. A mean structure below zero counts as none, as a power of
    it is no number. In a region every scale's mean is weighted by how much of a pixel is in the region; where a
    scale has none of it, the region is absent.
    """
    both.demand(SMALLEST, "ms-ssim")
    one, other = both.lumas
    weights = {name: None if mask is None else mask / 255 for name, mask in both.regions}
    scores = dict.fromkeys(weights, 1.0)
    for scale, exponent in enumerate(SCALES):
        maps = similarity(one, other)
        values = maps.all if scale == len(SCALES) - 1 else maps.structure
        found = {name: _mean(values, weights[name]) for name in scores}
        scores = {
            name: score * max(found[name] or 0.0, 0.0) ** exponent
            for name, score in scores.items()
            if found[name] is not None
        }
        one, other = _halved(one), _halved(other)
        weights = {name: None if each is None else _halved(each) for name, each in weights.items()}
    return scores


def _mean(values: Doubles, weight: Doubles | None) -> float | None:
    if weight is None:
        return float(values.mean())
    inner = np.ascontiguousarray(weight[EDGE:-EDGE, EDGE:-EDGE])  # summed in the order of the product: 1 stays 1
    total = float(inner.sum())
    return float((values * inner).sum()) / total if total else None


def _halved(values: Doubles) -> Doubles:
    """Half as large, each the mean of four; the last row or column of an odd side counts twice."""
    even = np.pad(values, [(0, side % 2) for side in values.shape], mode="edge")
    rows = even[::2] + even[1::2]
    return np.asarray(rows[:, ::2] + rows[:, 1::2]) / 4


SETTINGS_OF_WINDOW = {"window": "gauss11-1.5", "cov": "population", "border": "valid"}

SSIM = Metric("ssim", spec("ssim", 1, {"space": "rgb", **SETTINGS_OF_WINDOW, **QUANT, **SETTINGS}), True, OfPair(ssim))

MS_SSIM = Metric(
    "ms-ssim",
    spec("ms-ssim", 1, {"space": "luma601", "scales": 5, **SETTINGS_OF_WINDOW, **QUANT, **SETTINGS}),
    True,
    OfPair(ms_ssim),
)

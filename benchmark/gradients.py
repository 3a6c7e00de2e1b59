"""Gradient magnitude similarity deviation: whether edges are where they were."""

import cv2
import numpy as np

from benchmark.fidelity import QUANT
from benchmark.metric import Metric, Scores, spec
from benchmark.pair import Doubles, OfPair, Pair
from benchmark.regions import SETTINGS

T = 170.0
"""Steadies the ratio where both photos are flat; Xue et al. 2014, section II-B."""

FEWEST = 16
"""Pixels of the map: the deviation of fewer says nothing, and of one it would be that of a perfect photo."""

SMALLEST = 8

PREWITT = np.array([[1.0, 0, -1], [1, 0, -1], [1, 0, -1]]) / 3


def gmsd(both: Pair) -> Scores:
    """The standard deviation of the similarity of gradients of luma, in every region; 0 for equal photos.

    Source: Xue, Zhang, Mou and Bovik 2014, "Gradient magnitude similarity deviation", eq. 1 to 6, on photos halved by
    the mean of four pixels, with zeros around them and the sample's deviation (n - 1), as in the authors' program; the
    last row or column of an odd side is left out. As it is a deviation, damage that is alike all over a region counts
    little: read it beside SSIM. A region of under 16 pixels of the map is absent.
    """
    both.demand(SMALLEST, "gmsd")
    restored, clean = (gradient(halved(each)) for each in both.lumas)
    similar = (2 * restored * clean + T) / (restored * restored + clean * clean + T)
    values = {name: similar if mask is None else similar[mask > 0] for name, mask in both.regions.halved()}
    return {name: float(each.std(ddof=1)) for name, each in values.items() if each.size >= FEWEST}


def halved(luma: Doubles) -> Doubles:
    """The mean of every four pixels."""
    height, width = (side // 2 * 2 for side in luma.shape)
    rows = luma[:height:2, :width] + luma[1:height:2, :width]
    return np.asarray(rows[:, ::2] + rows[:, 1::2]) / 4


def gradient(values: Doubles) -> Doubles:
    """How steep it is, by Prewitt's operator with zeros around the picture."""
    across, down = (cv2.filter2D(values, -1, each, borderType=cv2.BORDER_CONSTANT) for each in (PREWITT, PREWITT.T))
    return np.sqrt(across * across + down * down)


GMSD = Metric(
    "gmsd", spec("gmsd", 1, {"space": "luma601", "t": 170, "scale": 2, **QUANT, **SETTINGS}), False, OfPair(gmsd)
)

"""Statistics of defects: what is lighter or darker than all around it, how large, how long, how many."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.realism.patch import Numbers, Patch

Levels = NDArray[np.uint8]
Hat = Callable[[Levels, int], Levels]

STRONG = 24
"""Levels by which a mark must stand out to be counted."""

SMALLEST = 4
"""Pixels of the smallest mark that is counted."""


def light_marks(grey: Levels, width: int) -> Levels:
    """By how many levels each pixel stands above all that is wider than `width` pixels (the white top-hat)."""
    hat: Levels = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, _disc(width))
    return hat


def dark_marks(grey: Levels, width: int) -> Levels:
    """By how many levels each pixel lies below all that is wider than `width` pixels (the black top-hat)."""
    hat: Levels = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, _disc(width))
    return hat


def _disc(width: int) -> Levels:
    disc: Levels = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return disc


def defects(patch: Patch) -> Numbers:
    """Energy of the top-hats at three widths, the marks that stand out, and single pixels, light and dark.

    Source: degrade.md (d). Top-hats fire on texture too (physics.md section 11), alike on real and synthetic photos.
    """
    middle = cv2.medianBlur(patch.grey, 3)
    above, below = cv2.subtract(patch.grey, middle), cv2.subtract(middle, patch.grey)
    lights, darks = _marks("light", light_marks, patch.grey, above), _marks("dark", dark_marks, patch.grey, below)
    return lights | darks


def _marks(name: str, hat_of: Hat, grey: Levels, single: Levels) -> Numbers:
    hats = {width: hat_of(grey, width) for width in (3, 7, 15)}
    numbers = {f"{name}_{width}": float(np.log2(hat.mean() + 0.1)) for width, hat in hats.items()}
    numbers[f"{name}_top"] = float(np.percentile(hats[7], 99.5))
    numbers |= _counted(name, (hats[15] > STRONG).astype(np.uint8))
    numbers[f"{name}_impulses"] = float(np.mean(single > STRONG))
    return numbers


def _counted(name: str, strong: Levels) -> Numbers:
    """How many marks, the square root of the mean area, and length against width."""
    _, _, boxes, _ = cv2.connectedComponentsWithStats(strong, connectivity=8)
    boxes = boxes[1:][boxes[1:, cv2.CC_STAT_AREA] >= SMALLEST].astype(np.float64)
    if not len(boxes):
        return {f"{name}_count": 0.0, f"{name}_size": 0.0, f"{name}_length": 1.0}
    area = boxes[:, cv2.CC_STAT_AREA]
    diagonal = boxes[:, cv2.CC_STAT_WIDTH] ** 2 + boxes[:, cv2.CC_STAT_HEIGHT] ** 2
    return {
        f"{name}_count": float(np.log2(1 + len(boxes))),
        f"{name}_size": float(area.mean() ** 0.5),
        f"{name}_length": float(np.mean(diagonal / area)),
    }

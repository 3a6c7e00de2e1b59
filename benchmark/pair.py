"""A restored photo beside the clean one, and what several metrics make of both: each is made once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmark.metric import Scores, UnsupportedError
from benchmark.regions import Regions, regions
from degrade.types import Image, Mask
from restore_models.restorer import ModelError

Doubles = NDArray[np.float64]

LUMA = (0.299, 0.587, 0.114)
"""BT.601."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Two photos of one size."""

    restored: Image

    clean: Image

    mask: Mask | None = None

    @cached_property
    def regions(self) -> Regions:
        """Where metrics look."""
        return regions(self.mask)

    @cached_property
    def distance(self) -> Image:
        """How many levels the photos lie apart, in every channel."""
        return cv2.absdiff(self.restored, self.clean)

    @cached_property
    def lumas(self) -> tuple[Doubles, Doubles]:
        """Luma of the restored and the clean photo, 0 to 255, not rounded."""
        return luma(self.restored), luma(self.clean)

    def demand(self, side: int, name: str) -> None:
        """Refuse photos that are smaller than a metric needs.

        Raises:
            UnsupportedError: with both sizes.
        """
        height, width = self.clean.shape[:2]
        if min(height, width) < side:
            raise UnsupportedError(f"{name} has no value for {width} x {height} pixels; it needs {side} x {side}")


def luma(image: Image) -> Doubles:
    """Luma (H, W), 0 to 255, not rounded."""
    weights = np.array([LUMA])
    return np.asarray(cv2.transform(image.astype(np.float64), weights), np.float64).reshape(image.shape[:2])


def pair(restored: Image, clean: Image | None, mask: Mask | None) -> Pair:
    """A pair to be scored.

    Raises:
        UnsupportedError: there is no clean photo.
        ModelError: the photos or the mask are none, or of different sizes.
    """
    if clean is None:
        raise UnsupportedError("there is no clean photo to compare with; take metrics that need none")
    for each in (restored, clean):
        if each.dtype != np.uint8 or each.ndim != 3 or each.shape[2] != 3 or not each.size:
            raise ModelError(f"a photo is uint8 of (H, W, 3), not {each.dtype} of {each.shape}")
    if restored.shape != clean.shape:
        raise ModelError(f"a restored photo of {restored.shape}, the clean one {clean.shape}; they must be alike")
    if mask is not None and (mask.dtype != np.uint8 or mask.shape != clean.shape[:2]):
        raise ModelError(f"a mask of this photo is uint8 of {clean.shape[:2]}, not {mask.dtype} of {mask.shape}")
    return Pair(restored, clean, mask)


@dataclass(frozen=True, slots=True)
class OfPair:
    """The `score` of a metric that shares what it needs with others: `metrics.scores` gives all of them one pair."""

    compute: Callable[[Pair], Scores]

    def __call__(self, restored: Image, clean: Image | None, mask: Mask | None) -> Scores:
        """The scores of one pair by itself."""
        return self.compute(pair(restored, clean, mask))

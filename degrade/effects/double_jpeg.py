"""JPEG compression, twice."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.jpeg import saved
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Interval, Quality

Offset = Annotated[int, Interval(0, 7, "px")]
"""How far a second grid of blocks lies from the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleJpeg(Effect):
    """Two grids of blocks over each other: a JPEG file that was cropped and saved as JPEG again.

    Source: ITU-T T.81, written and read by libjpeg itself; traces of an earlier JPEG were found in PNG files of old
    photographs too (docs/physics.md, section 9). The picture stays whole: the first grid is shifted instead of a crop.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {"first": geometric(75, 6), "second": geometric(85, 12), "across": 3, "down": 5, "subsampling": "4:2:0"}
    )

    first: Quality
    """Quality of the first save."""

    second: Quality
    """Quality of the second."""

    across: Offset
    """Columns that the first grid lies left of the picture's edge."""

    down: Offset
    """Rows that the first grid lies above the picture's edge."""

    subsampling: Literal["4:2:0", "4:4:4"]
    """4:2:0 keeps colour at half the width and height."""

    def apply(self, photo: Photo) -> Photo:
        wide = cv2.copyMakeBorder(photo.image, self.down, 0, self.across, 0, cv2.BORDER_REPLICATE)
        once = saved(wide, self.first, self.subsampling)[self.down :, self.across :]
        return photo.toned(saved(np.ascontiguousarray(once), self.second, self.subsampling))

"""JPEG compression before the picture was made smaller."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2

from degrade.effect import Effect
from degrade.jpeg import LONGEST, saved
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Interval, Quality

Times = Annotated[float, Interval(1, 4, "times")]
"""How many times as long the sides of the larger picture are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReducedJpeg(Effect):
    """Ringing and smeared colour that lie on no grid of eight pixels: a large JPEG file that was made smaller.

    Source: ITU-T T.81, written and read by libjpeg itself. Most scans on the web are copies of larger files: of 28
    real prints with colour, 22 have hardly a trace of blocks (docs/realism.md). The larger picture is made from the
    photo by cubic interpolation, so it is softer than a real scan of that size, and the same quality takes less away.
    The mean of the area makes it small again.
    """

    ladder: ClassVar[Ladder] = Ladder({"scale": 2.0, "quality": geometric(60, 2), "subsampling": "4:2:0"})

    scale: Times
    """The larger picture's sides beside those of the photo; less where a side would be longer than JPEG can hold."""

    quality: Quality
    """100 is the best."""

    subsampling: Literal["4:2:0", "4:4:4"]
    """4:2:0 keeps colour at half the width and height."""

    def apply(self, photo: Photo) -> Photo:
        scale = max(1.0, min(self.scale, LONGEST / max(photo.size)))
        size = round(scale * photo.width), round(scale * photo.height)
        large = saved(cv2.resize(photo.image, size, interpolation=cv2.INTER_CUBIC), self.quality, self.subsampling)
        return photo.toned(cv2.resize(large, (photo.width, photo.height), interpolation=cv2.INTER_AREA))

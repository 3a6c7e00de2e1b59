"""JPEG compression."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Image, Quality

LONGEST = 65500
"""The longest side that libjpeg writes, in pixels."""

SAMPLING = {"4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420, "4:4:4": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444}


@dataclass(frozen=True, slots=True, kw_only=True)
class JpegCompression(Effect):
    """Blocks of eight pixels, ringing along edges and smeared colour: the picture saved as a JPEG file.

    Source: ITU-T T.81, written and read by libjpeg itself. Old photographs on the web were found with qualities of 70
    to 99, and with 4:2:0 in ten of seventeen colour files.
    """

    ladder: ClassVar[Ladder] = Ladder({"quality": geometric(85, 5), "subsampling": "4:2:0"})

    quality: Quality

    subsampling: Literal["4:2:0", "4:4:4"]
    """4:2:0 keeps colour at half the width and height."""

    def apply(self, photo: Photo) -> Photo:
        return photo.toned(saved(photo.image, self.quality, self.subsampling))


def saved(image: Image, quality: int, subsampling: str) -> Image:
    """The picture after it was written to a JPEG file and read again.

    Raises:
        ValueError: a side is longer than JPEG can hold.
    """
    if max(image.shape[:2]) > LONGEST:
        height, width = image.shape[:2]
        raise ValueError(f"a picture of {width} x {height} pixels is no JPEG: its sides end at {LONGEST}")
    how = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLING[subsampling]]
    _, file = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), how)
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR_RGB))

"""A picture written to a JPEG file and read again, in memory."""

import cv2
import numpy as np

from degrade.types import Image

LONGEST = 65500
"""The longest side that libjpeg writes, in pixels."""

SAMPLING = {"4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420, "4:4:4": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444}


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

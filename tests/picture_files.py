"""Arrays of every kind, and the files that Pillow and OpenCV make of them."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

RNG = np.random.Generator(np.random.SFC64(5))
COLOUR = RNG.integers(0, 256, (24, 36, 3), dtype=np.uint8)
GREY = np.ascontiguousarray(COLOUR[..., 1])
ALPHA = np.repeat(np.arange(36, dtype=np.uint8)[None] * 7, 24, axis=0)
DEEP = RNG.integers(0, 65536, (24, 36, 3), dtype=np.uint16)
DEEP[0, 0] = 128, 129, 65535  # 128 / 257 rounds down, 129 / 257 up
ONE = np.full((1, 1, 3), 77, np.uint8)


def pillow(array: NDArray[np.generic], kind: str) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(array).save(file, kind)
    return file.getvalue()


def opencv(array: NDArray[np.generic], suffix: str) -> bytes:
    order = array if array.ndim == 2 else array[..., [2, 1, 0, 3][: array.shape[2]]]
    return bytes(cv2.imencode(suffix, order)[1].tobytes())


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]

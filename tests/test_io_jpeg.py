"""JPEG files, whole and damaged: the pixels are those that Pillow reads."""

import io
from contextlib import suppress
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps

from degrade.io import (
    ImageError,
    decode_image,
)

RNG = np.random.Generator(np.random.SFC64(6))
SMOOTH = cv2.GaussianBlur(RNG.integers(0, 256, (67, 83, 3), dtype=np.uint8), (0, 0), 3)

JPEGS: dict[str, dict[str, Any]] = {
    "usual": {},
    "progressive": {"progressive": True},
    "4:4:4": {"subsampling": 0},
    "4:2:2": {"subsampling": 1},
    "coarse": {"quality": 8},
    "fine": {"quality": 100},
    "restarting": {"restart_marker_blocks": 3},
    "kept in RGB": {"keep_rgb": True},
    "grey": {"mode": "L"},
    "CMYK": {"mode": "CMYK"},
}


def jpeg(mode: str = "RGB", **how: Any) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(SMOOTH).convert(mode).save(file, "JPEG", **how)
    return file.getvalue()


def by_pillow(data: bytes) -> NDArray[np.uint8]:
    with Pillow.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("kind", JPEGS)
def test_the_pixels_of_a_jpeg_are_those_that_pillow_reads(kind: str) -> None:
    data = jpeg(**JPEGS[kind])
    assert np.array_equal(decode_image(data, kind), by_pillow(data))
    assert np.array_equal(decode_image(data + b"behind its end", kind), by_pillow(data))


@pytest.mark.parametrize("kind", JPEGS)
def test_of_a_damaged_jpeg_one_sees_what_pillow_reads_and_nothing_else(kind: str) -> None:
    whole, rejected = jpeg(**JPEGS[kind]), 0
    for place in range(20, len(whole), max(1, len(whole) // 60)):
        for data in (whole[:place], whole[:place] + whole[-2:], whole[:place] + b"\x5a\x31" + whole[place + 2 :]):
            try:
                found = decode_image(data, kind)
            except ImageError:
                rejected += 1
                continue
            with suppress(OSError):  # rubbish behind the last line, which is there: only Pillow minds
                assert np.array_equal(found, by_pillow(data))
    assert rejected > 10


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_stands_upright_whatever_its_orientation(orientation: int) -> None:
    exif = Pillow.Exif()
    exif[274] = orientation
    data = jpeg(exif=exif)
    with Pillow.open(io.BytesIO(data)) as picture:
        upright = np.asarray(ImageOps.exif_transpose(picture))
    assert np.array_equal(decode_image(data, "photo"), upright)

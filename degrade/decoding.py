"""The bytes of a picture file as pixels, with 16 bits and floats rounded to 8."""

import io
import threading
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL.TiffImagePlugin import ImageFileDirectory_v2

Numbers = NDArray[Any]
"""Of any kind, as they lie in a file."""

SizeCheck = Callable[[int, int], None]
"""Raises where width times height is too much; called before anything is decoded."""

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "PPM", "JPEG2000", "AVIF")
"""What Pillow may open; others run foreign programs, or hold no photos."""


def decoded(data: bytes, check: SizeCheck) -> NDArray[np.uint8]:
    """The upright picture (H, W, 3), or (H, W, 4) where there is transparency, of a file's bytes.

    Raises:
        Exception: whatever a decoder raises on a damaged file.
    """
    if data[:4] in TIFF_HEADS:
        tags = _tiff_tags(data)
        check(int(tags.get(256, 0)), int(tags.get(257, 0)))
        if max(tags.get(258, (1,))) > 8 and tags.get(262) in (0, 1, 2):  # not CMYK or Lab
            deep = _with_opencv(data)
            inverted = tags.get(262) == 0 and np.issubdtype(deep.dtype, np.integer)  # white is zero
            return _upright(_to_eight_bits(np.iinfo(deep.dtype).max - deep if inverted else deep), tags.get(274, 1))
    picture = opened(data)
    check(*picture.size)
    if (quick := _quickly(data, picture)) is not None:
        return _upright(quick, _orientation(picture))
    picture.load()
    if data[:8] == PNG_HEAD and data[24] == 16:
        return _upright(_to_eight_bits(_with_opencv(data)), _orientation(picture))
    return _upright(_pixels(picture), _orientation(picture))


TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

PNG_HEAD = b"\x89PNG\r\n\x1a\n"

_OPENING = threading.Lock()


def opened(data: bytes) -> Pillow.Image:
    """The picture with its header read; Pillow's own limit on pixels is off meanwhile, ours follows."""
    with _OPENING:
        usual = Pillow.MAX_IMAGE_PIXELS
        Pillow.MAX_IMAGE_PIXELS = None
        try:
            return Pillow.open(io.BytesIO(data), formats=FORMATS)
        finally:
            Pillow.MAX_IMAGE_PIXELS = usual


def _quickly(data: bytes, picture: Pillow.Image) -> NDArray[np.uint8] | None:
    """The pixels of a usual JPEG by OpenCV, in two thirds of the time; None of any other, which is left to Pillow.

    Both have the same decoder, libjpeg-turbo, and give the same levels of whatever both can read. Of a file that is cut
    short OpenCV may give as much as there is, so it is asked only for one that has its end.
    """
    if picture.format != "JPEG" or picture.mode not in ("RGB", "L") or data[-2:] != JPEG_END:
        return None
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:  # larger than it will have
        return None
    return None if found is None else np.asarray(found, np.uint8)


JPEG_END = b"\xff\xd9"


def _tiff_tags(data: bytes) -> ImageFileDirectory_v2:
    """The tags of a TIFF's first page."""
    tags = ImageFileDirectory_v2(data[:16] if 43 in data[2:4] else data[:8])
    file = io.BytesIO(data)
    file.seek(tags.next)
    tags.load(file)
    return tags


def _with_opencv(data: bytes) -> Numbers:
    """The picture with all its bits, (H, W) or RGB or RGBA: Pillow cuts 16-bit colour to 8 without rounding."""
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None:
        raise ValueError("its numbers are of no usual kind, or end too early")
    if found.ndim == 2:
        return found
    return found[..., 0] if found.shape[2] == 1 else found[..., [2, 1, 0, 3][: found.shape[2]]]


def _pixels(picture: Pillow.Image) -> NDArray[np.uint8]:
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _to_eight_bits(np.asarray(picture))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return np.asarray(picture if picture.mode == mode else picture.convert(mode))


def _to_eight_bits(array: Numbers) -> NDArray[np.uint8]:
    """Any numbers as display levels in three or four channels, rounded."""
    if np.issubdtype(array.dtype, np.floating):
        levels = _levels_of_floats(array)
    elif array.dtype == np.uint8:
        levels = array.astype(np.uint8, copy=False)
    elif int(array.min()) < 0 or int(array.max()) > 65535:
        raise ValueError(f"{array.dtype} numbers outside 0 to 65535; save it with 16 bits")
    else:
        levels = ((array.astype(np.uint32) + np.uint32(128)) // np.uint32(257)).astype(np.uint8)
    return np.dstack([levels] * 3) if levels.ndim == 2 else levels


def _levels_of_floats(array: Numbers) -> NDArray[np.uint8]:
    numbers = np.nan_to_num(array.astype(np.float32), nan=0.0, posinf=np.inf, neginf=0.0)
    brightest = float(np.max(numbers, where=np.isfinite(numbers), initial=0.0))
    white = 1.0 if brightest <= 1.5 else 255.0 if brightest <= 255 else 65535.0
    if brightest > 65535:
        raise ValueError(f"floats up to {brightest:g}; scale them to 0 to 1")
    return np.rint(np.clip(numbers / np.float32(white), 0, 1) * np.float32(255)).astype(np.uint8)


def _orientation(picture: Pillow.Image) -> int:
    """How the camera was held; a broken note counts as upright."""
    try:
        return int(picture.getexif().get(274, 1))
    except Exception:  # the pixels are fine, only the note beside them is not
        return 1


def _upright(array: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """The picture turned and mirrored as EXIF's orientation 1 to 8 asks; anything else counts as 1."""
    if orientation in (5, 6, 7, 8):
        array = array.swapaxes(0, 1)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}
    return np.flip(array, flips.get(orientation, ()))

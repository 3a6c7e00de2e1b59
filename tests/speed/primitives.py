"""The single operations that an effect cannot beat, as NumPy and OpenCV have them."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

TABLE = np.arange(255, -1, -1, dtype=np.uint8)
BITS = np.random.SFC64(1)
STRIP = 15360
"""64-bit words at a time: what fits the cache."""


def _jpeg(picture: Picture) -> Picture:
    _, file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])
    return cv2.imdecode(file, cv2.IMREAD_COLOR)


def _resampled(picture: Picture) -> Picture:
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return cv2.resize(half, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _random_bits(picture: Picture) -> None:
    for _ in range(0, picture.size, 4 * STRIP):  # 16 bits for each value
        BITS.random_raw(STRIP)


def _noisy(picture: Picture) -> Picture:
    _random_bits(picture)
    return cv2.add(picture, picture)


def _turned(picture: Picture) -> Picture:
    turn = cv2.getRotationMatrix2D((picture.shape[1] / 2, picture.shape[0] / 2), 1, 1)
    return cv2.warpAffine(picture, turn, picture.shape[1::-1], flags=cv2.INTER_LINEAR)


def _in_grey(picture: Picture) -> Picture:
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


PRIMITIVES: dict[str, Callable[[Picture], object]] = {
    "copy": np.copy,
    "table": lambda picture: cv2.LUT(picture, TABLE),
    "sum": lambda picture: cv2.add(picture, picture),
    "product": lambda picture: cv2.multiply(picture, picture, scale=1 / 255),
    "grey": _in_grey,
    "Gaussian 7x7": lambda picture: cv2.GaussianBlur(picture, (7, 7), 1.5),
    "box 7x7": lambda picture: cv2.blur(picture, (7, 7)),
    "filter 9x9": lambda picture: cv2.filter2D(picture, -1, np.full((9, 9), 1 / 81)),
    "random bits + sum": _noisy,
    "half and back": _resampled,
    "warp": _turned,
    "JPEG": _jpeg,
    "JPEG twice": lambda picture: _jpeg(_jpeg(picture)),
}

BOUND = {
    "AnisotropicBlur": "filter 9x9",
    "BlackAndWhite": "grey",
    "BoxBlur": "box 7x7",
    "CharacteristicCurve": "table",
    "Cockling": "warp",
    "ColourJitter": "table",
    "ContrastLoss": "table",
    "ContrastStretch": "table",
    "Defocus": "filter 9x9",
    "DoubleJpeg": "JPEG twice",
    "DyeFading": "table",
    "FilmGrain": "random bits + sum",
    "Flare": "sum",
    "GammaShift": "table",
    "GaussianBlur": "Gaussian 7x7",
    "GaussianNoise": "random bits + sum",
    "Halftone": "Gaussian 7x7",
    "JpegCompression": "JPEG",
    "LightLeak": "sum",
    "LowResolution": "half and back",
    "MotionBlur": "filter 9x9",
    "PaperTexture": "warp",
    "ReducedJpeg": "JPEG",
    "ScannerBanding": "sum",
    "ScratchTexture": "warp",
    "SensorNoise": "random bits + sum",
    "Sharpening": "Gaussian 7x7",
    "ShotNoise": "random bits + sum",
    "SilverFading": "table",
    "Skew": "warp",
    "SpeckleNoise": "random bits + sum",
    "Toning": "table",
    "UnevenLight": "product",
    "Vignette": "product",
    "Yellowing": "table",
}
"""For each effect the primitive that it cannot beat; for all others, which touch a few places only, the copy."""

"""Light and optical density: between display values, linear light and the density of a print."""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.types import Image

Doubles = NDArray[np.float64]

STEPS = 65535
"""Linear light is encoded through a table of so many steps; the darkest display level is ten of them wide."""


def linear_from_display(display: Doubles) -> Doubles:
    """Linear light in [0, 1] from display values in [0, 1] (sRGB, IEC 61966-2-1)."""
    return np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)


def display_from_linear(linear: Doubles) -> Doubles:
    """Display values in [0, 1] from linear light in [0, 1] (sRGB, IEC 61966-2-1)."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)


@lru_cache(maxsize=1)
def _decoding() -> NDArray[np.float32]:
    return linear_from_display(np.arange(256) / 255).astype(np.float32)


@lru_cache(maxsize=1)
def _encoding() -> Image:
    return np.rint(255 * display_from_linear(np.arange(STEPS + 1) / STEPS)).astype(np.uint8)


def to_linear(image: Image) -> NDArray[np.float32]:
    """Linear light in [0, 1] of a display-encoded picture (any number of channels)."""
    return cv2.LUT(image, _decoding()).reshape(image.shape)


def to_display(linear: NDArray[np.float32]) -> Image:
    """The display-encoded picture of linear light; values outside [0, 1] are clipped, and all are rounded."""
    index = linear * STEPS
    index += 0.5
    np.clip(index, 0, STEPS, out=index)
    display = np.empty(index.shape, np.uint8)
    look_up(_encoding(), index.astype(np.uint16).reshape(1, -1), display.reshape(1, -1))
    return display


def density(linear: NDArray[np.float32], floor: float = 1e-4) -> NDArray[np.float32]:
    """Optical density D = -log10(light); light below `floor` counts as the floor."""
    return -np.log10(np.maximum(linear, np.float32(floor)))


def tone_curve(curve: Callable[[Doubles], Doubles]) -> Image:
    """A table of 256 display levels from a curve over display values in [0, 1], rounded."""
    return np.rint(255 * np.clip(curve(np.arange(256) / 255), 0, 1)).astype(np.uint8)


def light_curve(curve: Callable[[Doubles], Doubles]) -> Image:
    """A table of 256 display levels from a curve over linear light in [0, 1], rounded."""
    return tone_curve(lambda v: display_from_linear(np.clip(curve(linear_from_display(v)), 0, 1)))


def applied(image: Image, table: Image) -> Image:
    """The picture seen through a table of 256 levels, one for all channels or (256, 3), one for each."""
    return cv2.LUT(image, table.reshape(256, 1, -1))


def luma(image: Image) -> Image:
    """Luma (H, W) of a picture, 0 to 255 (BT.601 weights, as JPEG and the field's PSNR-Y use them)."""
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def look_up(table: NDArray[np.generic], raw: NDArray[np.uint16], into: NDArray[np.generic]) -> None:
    """Write the table's entries for 16-bit numbers (1, n) into an array (1, n)."""
    if wide_look_up():
        cv2.LUT(raw, table.reshape(1, -1), dst=into)
    else:
        np.take(table, raw, out=into, mode="clip")


@lru_cache(maxsize=1)
def wide_look_up() -> bool:
    """Whether this OpenCV looks 16-bit numbers up, which is faster than NumPy and gives the same."""
    try:
        cv2.LUT(np.zeros((1, 1), np.uint16), np.zeros((1, 65536), np.int16))
    except cv2.error:
        return False
    return True

"""Noise added to a picture, fast: raw random bits, a table, and saturating sums in strips that fit the cache."""

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.fields import CUBIC_SPREAD
from degrade.light import look_up
from degrade.seeds import Stream, normal_table
from degrade.types import Image

STRIP = 122880
"""Values per strip: whole pixels and whole 64-bit words, small enough for the second-level cache."""

Levels16 = NDArray[np.int16]

Bytes = NDArray[np.uint8]

MIDDLE = 128
"""Noise kept in bytes lies around it."""


@lru_cache(maxsize=8)
def gaussian_levels(sigma: float) -> Levels16:
    """Gaussian noise as a table of 65,536 equally likely whole grey levels, exactly symmetric."""
    table: Levels16 = np.rint(normal_table() * np.float32(sigma)).astype(np.int16)
    table.flags.writeable = False
    return table


def white(size: tuple[int, ...], table: Levels16, source: Stream, cell: float = 1.0) -> Levels16:
    """A field of independent draws from a table; with `cell` above 1 px, one draw for each cell, smoothed.

    Args:
        size: (H, W), or with a cell of 1 any shape.
        table: 65,536 equally likely values.
        source: where the draws come from.
        cell: the noise's grain in pixels.
    """
    if cell > 1:
        wide = np.rint(table * np.float32(1 / CUBIC_SPREAD)).astype(np.int16)
        coarse = white((*cells(size, cell), *size[2:]), wide, source)
        smooth: Levels16 = cv2.resize(coarse, size[1::-1], interpolation=cv2.INTER_CUBIC)
        return smooth.reshape(size)
    field = np.empty(size, np.int16)
    flat = field.reshape(1, -1)
    for start in range(0, flat.size, STRIP):
        part = flat[:, start : start + STRIP]
        look_up(table, source.raw16(part.size)[None], part)
    return field


def added(image: Image, table: Levels16, source: Stream, cell: float = 1.0, same: bool = False) -> Image:
    """The picture plus independent draws from a table, saturating.

    Args:
        image: the picture.
        table: 65,536 equally likely grey levels to add.
        source: where the draws come from.
        cell: the noise's grain in pixels; 1 is one draw for each pixel.
        same: whether all channels of a pixel get the same draw.
    """
    channels = 1 if same else 3
    limit = MIDDLE * (CUBIC_SPREAD if cell > 1 else 1)
    if max(-int(table.min()), int(table.max())) >= limit:
        return summed(image, white(image.shape[:2] if same else image.shape, table, source, cell))
    if cell <= 1:
        return _added_in_bytes(image, (table + MIDDLE).astype(np.uint8), source, channels)
    wide = np.rint(table * np.float32(1 / CUBIC_SPREAD) + MIDDLE).astype(np.uint8)
    coarse = np.empty((*cells(image.shape, cell), channels), np.uint8)
    look_up(wide, source.raw16(coarse.size)[None], coarse.reshape(1, -1))
    noisy: Image = cv2.resize(coarse, image.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    if channels == 1:
        noisy = cv2.merge([noisy] * 3)
    for band in bands(image.shape):
        row = noisy[band].reshape(1, -1)
        _add_draws(image[band].reshape(1, -1), row, row)
    return noisy


def _added_in_bytes(image: Image, table: Bytes, source: Stream, channels: int) -> Image:
    """The picture plus draws from a table around `MIDDLE`, made strip by strip."""
    noisy = np.empty_like(image)
    before, after = image.reshape(1, -1), noisy.reshape(1, -1)
    buffer = np.empty((1, STRIP), np.uint8)
    for start in range(0, before.size, STRIP):
        part = before[:, start : start + STRIP]
        draws = buffer[:, : part.size // 3 * channels]
        look_up(table, source.raw16(draws.size)[None], draws)
        _add_draws(part, draws, after[:, start : start + STRIP])
    return noisy


def _add_draws(values: Bytes, draws: Bytes, into: Bytes) -> None:
    """Add draws around `MIDDLE` to values, saturating; rows (1, n), the draws may be one for three values."""
    brighter, darker = cv2.subtract(draws, MIDDLE), cv2.subtract(MIDDLE, draws)
    if draws.size < values.size:
        brighter, darker = (cv2.merge([each] * 3).reshape(1, -1) for each in (brighter, darker))
    cv2.add(values, brighter, dst=into)
    cv2.subtract(into, darker, dst=into)


def summed(image: Image, levels: Levels16) -> Image:
    """The picture plus grey levels, saturating; a field (H, W) is added to all channels."""
    total = np.empty_like(image)
    for band in bands(image.shape):
        _add(image[band], levels[band], total[band])
    return total


def _add(image: Image, levels: Levels16, into: Image) -> None:
    levels = levels if levels.ndim == 3 else cv2.merge([levels] * 3)
    cv2.add(image, levels.reshape(image.shape), dst=into, dtype=cv2.CV_8U)


def bands(shape: tuple[int, ...]) -> list[slice]:
    """Groups of rows that fit the cache together with what is made of them."""
    rows = max(1, STRIP // (3 * shape[1]))
    return [slice(top, top + rows) for top in range(0, shape[0], rows)]


def soft_bytes(size: tuple[int, ...], sigma: float, source: Stream) -> tuple[Bytes, float]:
    """Correlated Gaussian noise in bytes around `MIDDLE`, and its standard deviation.

    Args:
        size: (H, W), or (H, W, 3) for noise of its own in each channel.
        sigma: of the Gaussian blur that correlates it, in pixels; below 0.3 every pixel is independent.
        source: where the draws come from.
    """
    quantiles = byte_levels()
    spread = float(quantiles.astype(np.float64).std())
    if sigma > 1.4:  # drawn on a grid that its clumps cover, and enlarged
        coarse, _ = soft_bytes((*cells(size, 1.6 * sigma), *size[2:]), 0, source)
        return cv2.resize(coarse, size[1::-1], interpolation=cv2.INTER_CUBIC), spread * CUBIC_SPREAD
    fine = np.empty(size, np.uint8)
    flat = fine.reshape(1, -1)
    for start in range(0, flat.size, STRIP):
        part = flat[:, start : start + STRIP]
        cv2.LUT(source.raw16((part.size + 1) // 2).view(np.uint8)[None, : part.size], quantiles, dst=part)
    if sigma < 0.3:
        return fine, spread
    reach = 2 * math.ceil(2.6 * sigma) + 1
    kernel = cv2.getGaussianKernel(reach, sigma)
    soft = cv2.GaussianBlur(fine, (reach, reach), sigma, borderType=cv2.BORDER_REFLECT_101)
    return soft.reshape(size), spread * float((kernel**2).sum())


def modulated(image: Image, tone: Bytes, spread: NDArray[np.float64], noise: tuple[Bytes, float]) -> Image:
    """The picture plus noise whose strength depends on the tone.

    Args:
        image: the picture.
        tone: what decides the strength: luma (H, W), or the picture itself.
        spread: standard deviation in grey levels for each of the 256 tones.
        noise: from `soft_bytes`; (H, W) is added to all channels.
    """
    field, deviation = noise
    unit = min(1024.0, 32767 / max(float(spread.max()), 1.0))
    table = np.rint(spread * unit).astype(np.int16)
    noisy = np.empty_like(image)
    for band in bands(image.shape):
        gain = cv2.LUT(tone[band], table)
        around = np.subtract(field[band], np.int16(MIDDLE), dtype=np.int16)
        if gain.ndim != around.ndim:
            gain, around = (each if each.ndim == 3 else cv2.merge([each] * 3) for each in (gain, around))
        levels = cv2.multiply(around, gain, scale=1 / (unit * deviation))
        _add(image[band], levels, noisy[band])
    return noisy


@lru_cache(maxsize=1)
def byte_levels() -> Bytes:
    """The normal distribution as 256 equally likely bytes, symmetric around `MIDDLE`, with a sigma of about 44."""
    quantiles = normal_table().reshape(256, 256).mean(axis=1)
    quantiles *= 127 / float(quantiles.max())
    table: Bytes = np.rint(MIDDLE + quantiles).astype(np.uint8)
    return table


def cells(size: tuple[int, ...], cell: float) -> tuple[int, int]:
    """Rows and columns of the grid whose cells are so many pixels wide."""
    return max(1, round(size[0] / cell)), max(1, round(size[1] / cell))

"""Lossless pictures written fast: PNG with the filter "up" and ISA-L's deflate at level 1.

Measured on 1-megapixel photographs: 7 to 11 ms, where WebP lossless at effort 0 takes 32 to 47, OpenCV's PNG at level 1
54 to 90 and Pillow's default PNG 280 to 510; the files are as large as OpenCV's, and a fifth larger than WebP's. Every
reader of PNG reads them.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from degrade.types import Image, Mask

SIGNATURE = b"\x89PNG\r\n\x1a\n"

UP = 2
"""The filter that keeps each byte's difference to the one above it."""


def png_bytes(picture: Image | Mask, palette: bytes = b"") -> bytes:
    """A picture (H, W, 3) or a map (H, W) as the bytes of a PNG file; with a palette, a map's levels are its entries.

    Raises:
        ImportError: the package `isal` is missing; it comes with the extra `corpus`.
    """
    from isal import isal_zlib  # noqa: PLC0415  (only who writes corpora needs it)

    height, width = picture.shape[:2]
    kind = 2 if picture.ndim == 3 else 3 if palette else 0
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    chunks = [_chunk(b"IHDR", header)]
    if palette:
        chunks.append(_chunk(b"PLTE", palette))
    chunks += [_chunk(b"IDAT", isal_zlib.compress(_filtered(picture), 1)), _chunk(b"IEND", b"")]
    return SIGNATURE + b"".join(chunks)


def _filtered(picture: Image | Mask) -> NDArray[np.uint8]:
    rows = picture.reshape(picture.shape[0], -1)
    lines = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    lines[:, 0] = UP
    lines[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=lines[1:, 1:])
    return lines


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

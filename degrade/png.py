"""Lossless pictures written fast: PNG with ISA-L's deflate at level 1, and the filter "up" for what has tones.

Measured on 1-megapixel photographs: 7 to 11 ms, where WebP lossless at effort 0 takes 32 to 47, OpenCV's PNG at level 1
54 to 90 and Pillow's default PNG 280 to 510; the files are as large as OpenCV's, and a fifth larger than WebP's. Every
reader of PNG reads them. Maps are flat but for edges: without a filter they are a sixth smaller, and as quick. Where
time is dearer than space, as in corpora, fpng writes colours in 4 to 5 ms; its files are 10 % larger of photographs, 14
to 30 % larger of degraded ones.
"""

import struct
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.types import Image, Mask

SIGNATURE = b"\x89PNG\r\n\x1a\n"

GREY, COLOUR, INDEXED = 0, 2, 3
"""What pixels are."""

AS_IS, UP = 0, 2
"""The filters that keep each byte, and its difference to the one above it."""


def png_bytes(picture: Image | Mask, palette: bytes = b"") -> bytes:
    """A picture (H, W, 3), or of grey tones (H, W, 1), or a map (H, W), as the bytes of a PNG file.

    With a palette, a map's levels are its entries.

    Raises:
        ImportError: the package `isal` is missing; it comes with the extra `corpus`.
    """
    height, width = picture.shape[:2]
    kind = COLOUR if picture.shape[2:] == (3,) else INDEXED if palette else GREY
    chunks = [_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))]
    if palette:
        chunks.append(_chunk(b"PLTE", palette))
    chunks.append(_chunk(b"IDAT", _compressed(_filtered(picture))))
    return b"".join((SIGNATURE, *chunks, END))


def quick_png(picture: Image) -> bytes:
    """A picture as the bytes of a PNG file, in half the time of `png_bytes` and somewhat larger.

    fpng packs colours with tables made beforehand, and looks for the pixel on the left again and nothing else. A grey
    picture has a third of the bytes: it is written as such, and readers that want three channels must ask for them.

    Raises:
        ImportError: the package `fpng` or `isal` is missing; they come with the extra `corpus`.
    """
    from fpng import fpng_ext  # noqa: PLC0415  (only who writes corpora needs it)

    if is_grey(picture):
        return png_bytes(picture[..., :1])
    return bytes(fpng_ext.encode_ndarray(picture))


def plain_png(picture: Image | Mask) -> bytes:
    """A picture or a map as the bytes of a PNG file that is not packed at all, read ten times as fast.

    A degraded photograph is a third to half as large again.

    Raises:
        ImportError: the package `isal` is missing; it comes with the extra `corpus`.
    """
    height, width = picture.shape[:2]
    lines = np.zeros((height, picture.size // height + 1), np.uint8)
    lines[:, 1:] = picture.reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, COLOUR if picture.ndim == 3 else GREY, 0, 0, 0)
    return b"".join((SIGNATURE, _chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(lines.data, 0)), END))


def is_grey(picture: Image) -> bool:
    """Whether its channels are equal; of most pictures a few pixels tell that they are not."""
    few = picture[:: max(1, picture.shape[0] // 8), :: max(1, picture.shape[1] // 8)]
    if (few != few[..., :1]).any():
        return False
    grey = cv2.cvtColor(np.ascontiguousarray(picture[..., 0]), cv2.COLOR_GRAY2RGB)
    return cv2.norm(grey, picture, cv2.NORM_INF) == 0


HEADER, END = b"\0\0\0\rIHDR", bytes.fromhex("00000000 49454e44 ae426082")
"""How the first chunk begins, and the last one, which is empty."""

MOST = 1032
"""Times that deflate makes anything smaller, at the best."""

SMALLEST = 57
"""Bytes of the chunks that every file has, and of its signature."""

HEAD = 8
"""Bytes that are stored as they are, ahead of the others."""


def _compressed(lines: NDArray[np.uint8]) -> bytes:
    """The lines in zlib's format, the same bytes in every process and thread.

    `isal_zlib.compress(lines, 1)` alone is no function of its input: where there is no history, ISA-L (up to 2.32.1 at
    least) takes the hash of the third byte from a register that nobody set, which holds an address of the stack, so
    that about one flat picture in a thousand is packed in another way. So the first bytes are stored, and are the
    history of the rest.
    """
    from isal import isal_zlib  # noqa: PLC0415  (only who writes corpora needs it)

    data = lines.reshape(-1)
    head, rest = data[:HEAD].tobytes(), data[HEAD:]
    parts = [b"\x78\x01", struct.pack("<BHH", not rest.size, len(head), len(head) ^ 0xFFFF), head]
    if rest.size:
        packer = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15, zdict=head)
        parts += [packer.compress(rest), packer.flush()]
    return b"".join(parts) + struct.pack(">I", isal_zlib.adler32(data))


def png_pixels(data: bytes) -> Image | Mask | None:
    """The pixels of a file that `png_bytes` or `plain_png` wrote; None of any other: that is for who reads all kinds.

    It takes 0.6 of the time of OpenCV. Indices of a palette stay indices.
    """
    body = _packed(data)
    if body is None:
        return None
    width, height, kind = struct.unpack(">II1xB", data[16:26])
    lines = _lines(body, height, width * (3 if kind == COLOUR else 1) + 1)
    if lines is None:
        return None
    how = UP if kind == COLOUR and lines[0, 0] else AS_IS
    if not (lines[:, 0] == how).all():
        return None
    rows = _unfiltered(lines) if how == UP else lines[:, 1:].copy()
    return rows.reshape(height, width, 3) if kind == COLOUR else rows


def _packed(data: bytes) -> bytes | None:
    """The one piece of packed pixels in a file of the kind that `png_bytes` writes, whole and unharmed."""
    from isal import isal_zlib  # noqa: PLC0415  (only who writes corpora needs it)

    if len(data) < SMALLEST or data[:16] != SIGNATURE + HEADER or data[24] != 8 or any(data[26:29]):
        return None
    if isal_zlib.crc32(data[12:29]).to_bytes(4, "big") != data[29:33]:
        return None
    at = 33
    if data[25] == INDEXED:
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    end = at + 8 + int.from_bytes(data[at : at + 4], "big")
    named, check = data[at + 4 : end], data[end : end + 4]
    if named[:4] != b"IDAT" or data[end + 4 :] != END or isal_zlib.crc32(named).to_bytes(4, "big") != check:
        return None
    return named[4:]


def _lines(body: bytes, height: int, wide: int) -> NDArray[np.uint8] | None:
    """So many lines unpacked, and never more than they need of memory; None where there are others."""
    from isal import isal_zlib  # noqa: PLC0415  (only who writes corpora needs it)

    size = height * wide
    unpacker = isal_zlib.decompressobj(15)
    try:
        found = unpacker.decompress(body, size + 1) if 0 < size <= MOST * len(body) else b""
    except isal_zlib.error:  # type: ignore[misc]  # its stubs forget that it is an exception
        return None
    whole = unpacker.eof and len(found) == size > 0
    return np.frombuffer(found, np.uint8).reshape(height, wide) if whole else None


def _unfiltered(lines: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows = np.empty((lines.shape[0], lines.shape[1] - 1), np.uint8)
    rows[0] = lines[0, 1:]
    for above, step, row in zip(rows, lines[1:, 1:], rows[1:], strict=False):  # quicker than np.add.accumulate
        np.add(above, step, out=row)
    return rows


def _filtered(picture: Image | Mask) -> NDArray[np.uint8]:
    rows = picture.reshape(picture.shape[0], -1)
    lines = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    if picture.ndim == 2:
        lines[:, 0], lines[:, 1:] = AS_IS, rows
        return lines
    lines[:, 0] = UP
    lines[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=lines[1:, 1:])
    return lines


def _chunk(name: bytes, data: bytes) -> bytes:
    from isal import isal_zlib  # noqa: PLC0415  (only who writes corpora needs it)

    check = isal_zlib.crc32(data, isal_zlib.crc32(name))  # ten times as quick as zlib's
    return b"".join((struct.pack(">I", len(data)), name, data, struct.pack(">I", check)))

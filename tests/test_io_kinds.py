"""Pictures in files of every kind: they become what a person sees, or one line that says what is wrong."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from picture_files import ALPHA, COLOUR, DEEP, GREY, ONE, cut, opencv, pillow
from PIL import Image as Pillow

from degrade.io import (
    ImageError,
    on_white,
    read_image,
)

WHITENED = np.rint(COLOUR * (ALPHA[..., None] / 255) + 255.0 - ALPHA[..., None]).astype(np.uint8)
ROUNDED = np.rint(DEEP / 257).astype(np.uint8)
THREE = (1, 1, 3)


def palette(transparent: bool) -> bytes:
    picture = Pillow.fromarray(np.arange(4, dtype=np.uint8).reshape(2, 2), "P")
    picture.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    file = io.BytesIO()
    picture.save(file, "PNG", **({"transparency": bytes([255, 0, 255, 255])} if transparent else {}))
    return file.getvalue()


FOUR = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [9, 9, 9]]], np.uint8)
HOLED = FOUR.copy()
HOLED[0, 1] = 255


def white_is_zero() -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(DEEP[..., 0]).save(file, "TIFF", tiffinfo={262: 0})
    return file.getvalue()


def film_loop() -> bytes:
    file = io.BytesIO()
    frames = [Pillow.fromarray(np.full((5, 4), level, np.uint8)) for level in (10, 200)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    return file.getvalue()


def cmyk() -> bytes:
    ink = np.zeros((6, 7, 4), np.uint8)
    ink[..., 3] = 55
    file = io.BytesIO()
    Pillow.fromarray(ink, "CMYK").save(file, "TIFF")
    return file.getvalue()


BLACK, WHITE = np.zeros_like(COLOUR), np.full_like(COLOUR, 255)
LONG = np.full((3, 5000, 3), 33, np.uint8)
FLOATS = (DEEP / 65535).astype(np.float32)
BRIGHT = FLOATS * np.float32(1.4)
OVER = np.rint(np.clip(BRIGHT.astype(np.float64), 0, 1) * 255).astype(np.uint8)
LOST = FLOATS[..., 0].copy()
LOST[0, :3] = np.nan, np.inf, -np.inf
FOUND = np.rint(LOST.astype(np.float64) * 255)
FOUND[0, :3] = 0, 255, 0

GOOD: dict[str, tuple[bytes, NDArray[np.uint8]]] = {
    "colour.png": (pillow(COLOUR, "PNG"), COLOUR),
    "grey.png": (pillow(GREY, "PNG"), np.tile(GREY[..., None], THREE)),
    "grey and alpha.png": (
        pillow(np.dstack([GREY, ALPHA]), "PNG"),
        on_white(np.dstack([GREY, GREY, GREY, ALPHA])),
    ),
    "rgba.png": (pillow(np.dstack([COLOUR, ALPHA]), "PNG"), WHITENED),
    "palette.png": (palette(transparent=False), FOUR),
    "palette with a hole.png": (palette(transparent=True), HOLED),
    "one bit.png": (pillow(GREY > 99, "PNG"), np.tile(np.where(GREY > 99, 255, 0).astype(np.uint8)[..., None], THREE)),
    "cmyk.tif": (cmyk(), np.full((6, 7, 3), 200, np.uint8)),
    "grey 16.png": (opencv(DEEP[..., 0], ".png"), np.tile(ROUNDED[..., :1], THREE)),
    "colour 16.png": (opencv(DEEP, ".png"), ROUNDED),
    "grey 16.tif": (opencv(DEEP[..., 0], ".tiff"), np.tile(ROUNDED[..., :1], THREE)),
    "colour 16.tif": (opencv(DEEP, ".tiff"), ROUNDED),
    "white is zero 16.tif": (white_is_zero(), np.tile(255 - ROUNDED[..., :1], THREE)),
    "float.tif": (opencv(FLOATS, ".tiff"), ROUNDED),
    "grey float.tif": (opencv(FLOATS[..., 0], ".tiff"), np.tile(ROUNDED[..., :1], THREE)),
    "float a little over.tif": (opencv(BRIGHT, ".tiff"), OVER),
    "float to 255.tif": (opencv(FLOATS * np.float32(255), ".tiff"), ROUNDED),
    "float with holes.tif": (opencv(LOST, ".tiff"), np.tile(FOUND.astype(np.uint8)[..., None], THREE)),
    "grey 16.pgm": (opencv(DEEP[..., 0], ".pgm"), np.tile(ROUNDED[..., :1], THREE)),
    "one.png": (pillow(ONE, "PNG"), ONE),
    "long.bmp": (pillow(LONG, "BMP"), LONG),
    "black.webp": (pillow(BLACK, "WEBP"), BLACK),
    "white.gif": (pillow(WHITE, "GIF"), WHITE),
    "moving.gif": (film_loop(), np.full((5, 4, 3), 10, np.uint8)),
    "Großmutter & 祖母 100%.png": (pillow(COLOUR, "PNG"), COLOUR),
    "without a suffix": (pillow(COLOUR, "PNG"), COLOUR),
}


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_of_file_gives_the_picture_that_a_person_sees(name: str, tmp_path: Path) -> None:
    data, expected = GOOD[name]
    (tmp_path / name).write_bytes(data)
    found = read_image(tmp_path / name)
    assert found.dtype == np.uint8
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_rotated_photo_stands_upright_whatever_its_orientation(orientation: int, kind: str, tmp_path: Path) -> None:
    undo = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}  # Pillow's constants turn the other way round
    turn = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_90"}
    turn |= {7: "TRANSVERSE", 8: "ROTATE_270"}
    lying = Pillow.fromarray(COLOUR)
    if orientation in undo:
        lying = lying.transpose(Pillow.Transpose[turn[orientation]])
    exif = Pillow.Exif()
    exif[274] = orientation
    lying.save(tmp_path / "photo", kind, exif=exif)
    assert np.array_equal(read_image(tmp_path / "photo"), COLOUR)


BIG = np.random.Generator(np.random.SFC64(7)).integers(0, 65536, (90, 80, 3), dtype=np.uint16)

BAD: dict[str, tuple[bytes, str]] = {
    "truncated.png": (cut(pillow(COLOUR, "PNG"), 0.5), "damaged or cut short"),
    "truncated.jpg": (cut(pillow(COLOUR, "JPEG"), 0.7), "damaged or cut short"),
    "truncated 16.png": (cut(opencv(BIG, ".png"), 0.5), "damaged or cut short"),
    "truncated 16.tif": (cut(opencv(BIG, ".tiff"), 0.5), "damaged or cut short"),
    "truncated float.tif": (cut(opencv((BIG / 65535).astype(np.float32), ".tiff"), 0.5), "damaged or cut short"),
    "head only.tif": (b"II*\0\x08\0\0\0", "damaged or cut short"),
    "text.jpg": (b"this is no picture\n" * 40, "no picture"),
    "empty.png": (b"", "empty file"),
    "script.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture"),
    "too bright.tif": (opencv(FLOATS * np.float32(1e6), ".tiff"), "scale them to 0 to 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_without_a_picture_gives_one_line_with_its_name_and_what_is_wrong(name: str, tmp_path: Path) -> None:
    data, problem = BAD[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ImageError, match=problem) as caught:
        read_image(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert "\n" not in str(caught.value)

"""Files of every kind become the picture that a person sees, or one line that says what is wrong."""

import io
import os
import warnings
from contextlib import suppress
from pathlib import Path
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
    on_white,
    picture_files,
    pixel_digest,
    read_image,
    read_rgba,
    write_bytes,
    write_png,
)

RNG = np.random.Generator(np.random.SFC64(5))
COLOUR = RNG.integers(0, 256, (24, 36, 3), dtype=np.uint8)
GREY = np.ascontiguousarray(COLOUR[..., 1])
ALPHA = np.repeat(np.arange(36, dtype=np.uint8)[None] * 7, 24, axis=0)
WHITENED = np.rint(COLOUR * (ALPHA[..., None] / 255) + 255.0 - ALPHA[..., None]).astype(np.uint8)
DEEP = RNG.integers(0, 65536, (24, 36, 3), dtype=np.uint16)
DEEP[0, 0] = 128, 129, 65535  # 128 / 257 rounds down, 129 / 257 up
ROUNDED = np.rint(DEEP / 257).astype(np.uint8)
THREE = (1, 1, 3)


def pillow(array: NDArray[np.generic], kind: str) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(array).save(file, kind)
    return file.getvalue()


def opencv(array: NDArray[np.generic], suffix: str) -> bytes:
    order = array if array.ndim == 2 else array[..., [2, 1, 0, 3][: array.shape[2]]]
    return bytes(cv2.imencode(suffix, order)[1].tobytes())


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
ONE = np.full((1, 1, 3), 77, np.uint8)
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


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


BIG = RNG.integers(0, 65536, (90, 80, 3), dtype=np.uint16)

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


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no such file"):
        read_image(tmp_path / "none.png")
    with pytest.raises(ImageError, match="a folder"):
        read_image(tmp_path)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_picture_over_the_limit_is_refused_before_it_is_decoded(
    suffix: str, kind: type[np.generic], tmp_path: Path
) -> None:
    whole = opencv(np.zeros((300, 400, 3), kind), suffix)
    head = tmp_path / f"bomb{suffix}"
    head.write_bytes(whole if suffix == ".tiff" else cut(whole, 0.5))  # decoding it would say: damaged
    with pytest.raises(ImageError, match=r"400 x 300 = 0.12 megapixels, over the limit of 0.1"):
        read_image(head, max_pixels=119_999)


def test_pillows_own_limit_is_silent_and_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pillow, "MAX_IMAGE_PIXELS", 100)
    (tmp_path / "a.png").write_bytes(pillow(COLOUR, "PNG"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.array_equal(read_image(tmp_path / "a.png"), COLOUR)
    assert Pillow.MAX_IMAGE_PIXELS == 100


def test_transparency_is_kept_for_textures(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(pillow(np.dstack([COLOUR, ALPHA]), "PNG"))
    assert np.array_equal(read_rgba(tmp_path / "a.png")[..., 3], ALPHA)


@pytest.mark.parametrize("array", [COLOUR, GREY, ONE, GREY[:1, :1]], ids=str)
def test_what_is_written_is_read_by_pillow_and_opencv_alike(array: NDArray[np.uint8], tmp_path: Path) -> None:
    path = tmp_path / "made" / "Bild ü.png"
    write_png(path, array)
    with Pillow.open(path) as picture:
        assert np.array_equal(np.asarray(picture), array)
    read: Any = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(read if array.ndim == 2 else read[..., ::-1], array)


def test_a_map_with_a_palette_still_holds_its_levels(tmp_path: Path) -> None:
    levels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    write_png(tmp_path / "map.png", levels, bytes(range(36)))
    with Pillow.open(tmp_path / "map.png") as picture:
        assert picture.mode == "P"
        assert np.array_equal(np.asarray(picture), levels)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes(tmp_path / "a", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_bytes(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_folder_gives_its_pictures_by_relative_path(tmp_path: Path) -> None:
    for name in ("b.PNG", "inner/a.jpg", "inner/notes.txt", ".hidden/c.png", "._d.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert list(picture_files(tmp_path)) == ["b.PNG", "inner/a.jpg"]
    assert picture_files(tmp_path / "b.PNG") == {"b.PNG": tmp_path / "b.PNG"}


def test_what_cannot_be_opened_is_among_the_pictures_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    for name in ("a.png", "locked/b.png", "zoo/c.png"):
        write_png(photos / name, COLOUR)
    (photos / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (photos / "itself.png").symlink_to(photos / "itself.png")
    (photos / "notes.txt").symlink_to(tmp_path / "nowhere.txt")
    os.mkfifo(photos / "pipe.png")
    real = os.scandir

    def guarded(place: str) -> object:
        if str(place).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr("os.scandir", guarded)
    assert list(picture_files(photos)) == ["a.png", "gone.jpg", "itself.png", "locked", "zoo/c.png"]
    with pytest.raises(ImageError, match=r"gone.jpg: a link to nothing; copy the file itself"):
        read_image(photos / "gone.jpg")
    with pytest.raises(ImageError, match=r"itself.png: cannot be opened \(Too many levels of symbolic links\)"):
        read_image(photos / "itself.png")


def test_links_to_folders_are_followed_once_and_after_all_real_ones(tmp_path: Path) -> None:
    write_png(tmp_path / "photos" / "real" / "a.png", COLOUR)
    write_png(tmp_path / "elsewhere" / "b.png", COLOUR)
    for name, to in (("again", "photos/real"), ("more", "elsewhere"), ("round", "photos")):
        (tmp_path / "photos" / name).symlink_to(tmp_path / to)
    assert list(picture_files(tmp_path / "photos")) == ["more/b.png", "real/a.png"]


def test_the_digest_of_pixels_knows_their_shape() -> None:
    assert pixel_digest(np.zeros((2, 3, 3), np.uint8)) != pixel_digest(np.zeros((3, 2, 3), np.uint8))
    assert pixel_digest(COLOUR[:, ::-1]) == pixel_digest(np.ascontiguousarray(COLOUR[:, ::-1]))

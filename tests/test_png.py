"""Fast PNG: what comes out is what went in, and its bytes hang on nothing else."""

import io
import threading
import zlib
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from degrade.png import plain_png, png_bytes, png_pixels, quick_png

pytest.importorskip("isal")
pytest.importorskip("fpng")


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 2), (2, 3), (1, 7), (1, 8), (5, 1, 3), (1, 1, 3), (1, 3, 3), (64, 50), (33, 70, 3)]
)
@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("write", [png_bytes, plain_png])
def test_other_readers_see_the_same_pixels(
    write: Callable[[NDArray[np.uint8]], bytes], shape: tuple[int, ...], flat: bool
) -> None:
    picture = np.random.default_rng(1).integers(0, 2 if flat else 256, shape).astype(np.uint8)
    with Pillow.open(io.BytesIO(write(picture))) as read:
        assert np.array_equal(np.asarray(read), picture)


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (1, 1, 3), (5, 1, 3), (33, 70, 3)])
@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("write", [png_bytes, plain_png])
def test_the_quick_reader_gives_back_what_was_written(
    write: Callable[[NDArray[np.uint8]], bytes], shape: tuple[int, ...], flat: bool
) -> None:
    picture = np.random.default_rng(2).integers(0, 1 if flat else 256, shape).astype(np.uint8)
    found = png_pixels(write(picture))
    assert found is not None
    assert np.array_equal(found, picture)
    found += 1  # it is the caller's own


@pytest.mark.parametrize("write", [png_bytes, plain_png])
@pytest.mark.parametrize("shape", [(5, 7), (9, 6, 3)])
def test_the_quick_reader_leaves_files_that_are_cut_or_changed_anywhere(
    write: Callable[[NDArray[np.uint8]], bytes], shape: tuple[int, ...]
) -> None:
    whole = write(np.random.default_rng(3).integers(0, 256, shape).astype(np.uint8))
    assert not [end for end in range(len(whole)) if png_pixels(whole[:end]) is not None]
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        assert png_pixels(bytes(changed)) is None, place


@pytest.mark.parametrize("body", [b"no deflate at all", zlib.compress(bytes(3)), zlib.compress(bytes(30)), b""])
def test_the_quick_reader_leaves_files_of_other_lines_than_they_say(body: bytes) -> None:
    named = b"IDAT" + body
    whole = png_bytes(np.zeros((3, 2), np.uint8))
    chunk = len(body).to_bytes(4, "big") + named + zlib.crc32(named).to_bytes(4, "big")
    assert png_pixels(whole[:33] + chunk + whole[-12:]) is None


def test_the_quick_reader_leaves_what_others_wrote() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    file = io.BytesIO()
    Pillow.fromarray(picture).save(file, "PNG")
    for data in (
        file.getvalue(),
        cv2.imencode(".png", picture)[1].tobytes(),
        cv2.imencode(".jpg", picture)[1].tobytes(),
    ):
        found = png_pixels(data)
        assert found is None or np.array_equal(found, picture)
    assert png_pixels(file.getvalue()) is None


def test_a_palette_keeps_the_levels() -> None:
    levels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    written = png_bytes(levels, bytes(range(36)))
    with Pillow.open(io.BytesIO(written)) as read:
        assert (read.mode, np.asarray(read).tolist()) == ("P", levels.tolist())
    found = png_pixels(written)
    assert found is not None
    assert found.tolist() == levels.tolist()


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 7, 3), (9, 1, 3), (33, 70, 3), (300, 200, 3)])
@pytest.mark.parametrize("kind", ["noise", "flat", "grey", "nearly grey"])
def test_other_readers_see_the_pixels_of_a_quick_file(shape: tuple[int, ...], kind: str) -> None:
    picture = np.random.default_rng(5).integers(0, 1 if kind == "flat" else 256, shape).astype(np.uint8)
    if "grey" in kind:
        picture[...] = picture[..., :1]
    if kind == "nearly grey":
        picture[-1, -1, 2] ^= 1
    written = quick_png(picture)
    with Pillow.open(io.BytesIO(written)) as read:
        assert read.mode == ("L" if kind in ("flat", "grey") else "RGB")
        assert np.array_equal(np.asarray(read.convert("RGB")), picture)
    assert np.array_equal(cv2.imdecode(np.frombuffer(written, np.uint8), cv2.IMREAD_COLOR_RGB), picture)


def test_a_quick_file_of_a_photograph_is_hardly_larger_and_one_of_grey_tones_is_smaller() -> None:
    noise = np.random.default_rng(6).normal(0, 4, (200, 200, 3))
    tones = (np.add.outer(np.arange(200), np.arange(200)) / 2)[..., None]
    colour, grey = ((tones + each).clip(0, 255).astype(np.uint8) for each in (noise, noise[..., :1].repeat(3, 2)))
    assert len(quick_png(colour)) < 1.15 * len(png_bytes(colour))
    assert len(quick_png(grey)) < 0.9 * len(png_bytes(grey))


def flat_picture(number: int) -> NDArray[np.uint8]:
    """One with four bytes that come again and again, and then others."""
    chance = np.random.default_rng(number)
    lines = np.tile(chance.integers(0, 256, 4, np.uint8), 100)
    return np.stack([lines, lines, lines, chance.integers(0, 256, 400, np.uint8)])


def flat_colours(number: int) -> NDArray[np.uint8]:
    """A few pixels that come again and again, and then others."""
    chance = np.random.default_rng(number)
    return np.concatenate(
        [chance.integers(0, 256, (1, 3, 3), np.uint8)] * 9 + [chance.integers(0, 256, (2, 3, 3), np.uint8)]
    )


@pytest.mark.parametrize(
    ("pack", "pictures"),
    [
        (png_bytes, [flat_picture(number) for number in range(12_000)]),
        (quick_png, [flat_colours(number) for number in range(3_000)]),
    ],
)
def test_the_bytes_hang_on_neither_the_thread_nor_where_its_stack_lies(
    pack: Callable[[NDArray[np.uint8]], bytes], pictures: list[NDArray[np.uint8]]
) -> None:
    found: list[list[bytes]] = []
    for size in (256 << 10, 2 << 20, 8 << 20):
        before = threading.stack_size(size)
        worker = threading.Thread(target=lambda: found.append([pack(picture) for picture in pictures]))
        worker.start()
        worker.join()
        threading.stack_size(before)
    assert found[0] == found[1] == found[2]

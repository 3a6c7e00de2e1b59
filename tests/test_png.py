"""Fast PNG: what comes out is what went in, and its bytes hang on nothing else."""

import io
import threading

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from degrade.png import png_bytes

pytest.importorskip("isal")


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 2), (2, 3), (1, 7), (1, 8), (5, 1, 3), (1, 1, 3), (1, 3, 3), (64, 50), (33, 70, 3)]
)
@pytest.mark.parametrize("flat", [True, False])
def test_other_readers_see_the_same_pixels(shape: tuple[int, ...], flat: bool) -> None:
    picture = np.random.default_rng(1).integers(0, 2 if flat else 256, shape).astype(np.uint8)
    with Pillow.open(io.BytesIO(png_bytes(picture))) as read:
        assert np.array_equal(np.asarray(read), picture)


def test_a_palette_keeps_the_levels() -> None:
    levels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    with Pillow.open(io.BytesIO(png_bytes(levels, bytes(range(36))))) as read:
        assert (read.mode, np.asarray(read).tolist()) == ("P", levels.tolist())


def flat_picture(number: int) -> NDArray[np.uint8]:
    """One with four bytes that come again and again, and then others."""
    chance = np.random.default_rng(number)
    lines = np.tile(chance.integers(0, 256, 4, np.uint8), 100)
    return np.stack([lines, lines, lines, chance.integers(0, 256, 400, np.uint8)])


def test_the_bytes_hang_on_neither_the_thread_nor_where_its_stack_lies() -> None:
    pictures = [flat_picture(number) for number in range(12_000)]
    found: list[list[bytes]] = []
    for size in (256 << 10, 2 << 20, 8 << 20):
        before = threading.stack_size(size)
        worker = threading.Thread(target=lambda: found.append([png_bytes(picture) for picture in pictures]))
        worker.start()
        worker.join()
        threading.stack_size(before)
    assert found[0] == found[1] == found[2]

"""Reading within limits, writing whole or not at all, and which pictures a folder has."""

import os
import warnings
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from picture_files import ALPHA, COLOUR, GREY, ONE, cut, opencv, pillow
from PIL import Image as Pillow

from degrade.io import (
    ImageError,
    picture_files,
    pixel_digest,
    read_image,
    read_rgba,
    write_bytes,
    write_png,
)


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

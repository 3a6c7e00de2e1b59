"""The gallery and the demo: everything is there, everything is escaped, nothing comes from elsewhere."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest

from degrade.demo import NoPhotosError, shipped_photos, write_demo
from degrade.effects import EFFECTS
from degrade.gallery import SEED, fitted, write_gallery
from degrade.gallery_crops import real_crops
from degrade.io import write_png
from degrade.presets import PRESETS
from degrade.types import Image
from foxing import main


class Tags(HTMLParser):
    """The ids, addresses and open tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids += [known["id"] or ""] if "id" in known else []
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]
        if tag not in ("meta", "link", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(page: Path) -> Tags:
    tags = Tags()
    tags.feed(page.read_text("utf-8"))
    assert tags.open == []
    return tags


@pytest.fixture(scope="module")
def photos() -> dict[str, Image]:
    y, x = np.mgrid[0:48, 0:64]
    return {"<b>ä & b</b>\udce4.png": np.dstack([x * 4, y * 5, 255 - x * 3]).astype(np.uint8)}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two damaged photos with masks, one without, and an overlay."""
    folder = tmp_path_factory.mktemp("real") / "old"
    for name in ("<i>a&b", "b", "without"):
        write_png(folder / f"{name}.png", np.full((80, 60, 3), 90, np.uint8))
    mask = np.zeros((80, 60), np.uint8)
    mask[50:54, 10:40] = 255
    write_png(folder.with_name("old_masks") / "<i>a&b.png", mask)
    write_png(folder / "masks" / "b.png", mask)
    rgba = np.zeros((50, 50, 4), np.uint8)
    rgba[20:24, 5:45] = 255
    cv2.imwrite(str(folder / "overlay.png"), rgba)
    return folder


@pytest.fixture(scope="module")
def gallery(photos: dict[str, Image], damaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    real, _ = real_crops(damaged, 32, seed=1)
    return write_gallery(tmp_path_factory.mktemp("gallery"), photos, side=32, real=real)


def test_every_effect_and_every_preset_is_on_the_page(gallery: Path) -> None:
    ids = read(gallery).ids
    assert {effect.__name__ for effect in EFFECTS} <= set(ids)
    assert {f"preset-{name}" for name in PRESETS} <= set(ids)
    assert len(ids) == len(set(ids))


def test_every_file_on_the_page_exists_and_nothing_comes_from_elsewhere(gallery: Path) -> None:
    tags = read(gallery)
    text = gallery.read_text("utf-8")
    assert not re.search(r"url\(|@import|https?://[^<]*['\"]>", text)
    for address in tags.addresses:
        if address.startswith("#"):
            assert address[1:] in tags.ids
        elif address != "data:,":
            assert (gallery.parent / address).is_file()
    assert len(list((gallery.parent / "pictures").iterdir())) >= 5 * len(EFFECTS) + 4 * len(PRESETS)


def test_names_of_photos_are_escaped(gallery: Path) -> None:
    text = gallery.read_text("utf-8")
    assert "&lt;b&gt;ä &amp; b&lt;/b&gt;\\udce4.png" in text  # what is no UTF-8 is written out
    assert "<b>ä" not in text


def test_a_photo_is_fitted_to_the_page_but_never_enlarged() -> None:
    assert fitted(np.zeros((300, 600, 3), np.uint8), 100).shape == (100, 200, 3)
    assert fitted(np.zeros((3, 5000, 3), np.uint8), 100).shape == (1, 200, 3)
    assert fitted(np.zeros((30, 40, 3), np.uint8), 100).shape == (30, 40, 3)


@pytest.fixture(scope="module")
def demo(photos: dict[str, Image], tmp_path_factory: pytest.TempPathFactory) -> Path:
    (photo,) = photos.values()
    return write_demo(tmp_path_factory.mktemp("demo"), {"a": photo}, side=16).parent


@pytest.mark.parametrize("preset", [next(iter(PRESETS)), list(PRESETS)[-1]])
def test_the_demo_writes_the_files_that_apply_and_replay_write(preset: str, demo: Path, tmp_path: Path) -> None:
    made, photo = demo / "pairs" / preset / "a.png", str(demo / "photos/a.png")
    assert main(["degrade", "apply", photo, str(tmp_path / "1"), "--preset", preset, "--seed", str(SEED)]) == 0
    assert main(["degrade", "replay", str(made / "recipe.json"), photo, str(tmp_path / "2")]) == 0
    expected = {path.name: path.read_bytes() for path in made.iterdir()}
    for folder in (tmp_path / "1", tmp_path / "2"):
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == expected
    assert f"pairs/{preset}/a.png/recipe.json" in read(demo / "index.html").addresses


def test_the_shipped_photographs_are_pictures_in_colour_and_one_in_grey() -> None:
    photos = shipped_photos()
    assert len(photos) == 5
    assert all(photo.dtype == np.uint8 and photo.shape[2] == 3 for photo in photos.values())
    assert sum(bool((photo[..., 0] == photo[..., 2]).all()) for photo in photos.values()) == 1


def test_without_scikit_image_the_demo_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("degrade.demo.find_spec", lambda name: None)
    with pytest.raises(NoPhotosError):
        shipped_photos()
    assert main(["demo", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("pip install 'foxing[demo]'\n")


def test_real_pieces_are_cut_at_one_scale_where_the_masks_are(damaged: Path) -> None:
    crops, broken = real_crops(damaged, 100, seed=1)
    assert broken == []
    assert sorted(crop.title for crop in crops) == ["<i>a&b", "b", "overlay"]
    assert {crop.image.shape for crop in crops} == {(45, 45, 3)}
    again = real_crops(damaged, 100, seed=1)[0]
    assert all(np.array_equal(one.image, two.image) for one, two in zip(crops, again, strict=True))
    overlay = next(crop.image for crop in crops if crop.title == "overlay")
    assert overlay.max() > 180  # dirt
    assert overlay.min() < 100  # on grey


def test_a_mask_of_another_shape_than_its_photo_is_said_and_left_out(damaged: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(damaged, folder)
    write_png(folder / "long.png", np.full((60, 90, 3), 128, np.uint8))
    write_png(folder / "masks" / "long.png", np.full((90, 60), 255, np.uint8))
    crops, broken = real_crops(folder, 100, seed=1)
    assert "long" not in [crop.title for crop in crops]
    assert len(broken) == 1
    assert "60 x 90 pixels, its photo 90 x 60: not of one shape" in broken[0]


def test_real_pieces_stand_beside_ten_synthetic_ones_on_the_page(gallery: Path) -> None:
    text = gallery.read_text("utf-8")
    assert "defects" in read(gallery).ids
    assert "Synthetic <small>10</small>" in text
    assert "Real <small>3</small>" in text
    assert "&lt;i&gt;a&amp;b" in text
    assert "<i>a&b" not in text


def test_without_real_pictures_the_synthetic_defects_stand_alone(demo: Path) -> None:
    text = (demo / "index.html").read_text("utf-8")
    assert "Synthetic <small>10</small>" in text
    assert "Real <small>" not in text


def test_a_folder_without_real_damage_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_png(tmp_path / "plain" / "a.png", np.zeros((40, 40, 3), np.uint8))
    for folder in ("plain", "nowhere"):
        assert main(["degrade", "gallery", str(tmp_path / "out"), "--real", str(tmp_path / folder)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()

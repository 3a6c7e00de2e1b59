"""Textures: the user's folder with whatever lies in it, and how a texture is laid over a photo."""

from pathlib import Path

import numpy as np
import pytest

from degrade.drawn import drawn_scratches
from degrade.io import write_png
from degrade.presets import PRESETS
from degrade.seeds import stream
from degrade.textures import Placement, find_textures, laid


def test_broken_files_in_a_texture_folder_are_named_and_the_rest_is_used(tmp_path: Path) -> None:
    for kind in ("scratch", "paper"):
        (tmp_path / kind).mkdir()
    write_png(tmp_path / "scratch" / "good.png", np.zeros((20, 20, 3), np.uint8))
    (tmp_path / "scratch" / "text.png").write_text("no picture")
    (tmp_path / "paper" / "empty.jpg").write_bytes(b"")
    (tmp_path / "paper" / "notes.txt").write_text("not looked at")
    textures, broken = find_textures(tmp_path)
    assert len(textures.names("scratch")) == 1
    assert textures.names("paper") == ()
    assert len(broken) == 2
    assert all("\n" not in line for line in broken)


def test_a_folder_without_textures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no usable picture in its folders scratch/ and paper/"):
        find_textures(tmp_path)


def test_a_preset_takes_the_users_textures_where_it_wants_any(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    write_png(tmp_path / "scratch" / "mine.png", np.zeros((20, 20, 3), np.uint8))
    bound = PRESETS["wan2020-paper"].with_textures(find_textures(tmp_path)[0])
    drawn = [step for n in range(60) for step in bound.sample(1, str(n)).steps if hasattr(step, "texture")]
    names = {(type(step).__name__, step.texture.partition("@")[0]) for step in drawn}  # type: ignore[attr-defined]
    assert names == {("ScratchTexture", "mine.png"), ("PaperTexture", "")}


@pytest.mark.parametrize("number", range(5))
def test_built_in_scratches_can_be_repeated_without_a_seam(number: int) -> None:
    full = drawn_scratches(number)[0].astype(int)
    across = np.abs(full[:, 0] - full[:, -1]).mean()
    assert across <= 2 * np.abs(np.diff(full, axis=1)).mean() + 1


def test_a_turned_texture_shows_what_lay_there() -> None:
    texture = np.zeros((256, 256), np.uint8)
    texture[128:] = 200
    how = Placement(angle=90, zoom=1.0, mirrored=False, x=0.5, y=0.5, elastic=0.0)
    left, right = (laid((texture,), (64, 64), how, stream(1))[:, part].mean() for part in (np.s_[:28], np.s_[36:]))
    assert {round(left), round(right)} == {0, 200}


@pytest.mark.parametrize("border", ["wrap", "symmetric"])
@pytest.mark.parametrize("zoom", [0.2, 1.0, 4.0])
def test_a_texture_fills_any_photo(border: str, zoom: float) -> None:
    how = Placement(angle=33, zoom=zoom, mirrored=True, x=0.9, y=0.1, elastic=0.3)
    grey = (np.full((64, 64), 100, np.uint8),)
    assert (laid(grey, (40, 300), how, stream(1), border) == 100).all()  # type: ignore[arg-type]

from pathlib import Path

import numpy as np
import pytest
from charts import chart, flat

from degrade.effects.scratch_texture import BLENDS, ScratchTexture, screened
from degrade.io import write_png
from degrade.photo import Photo
from degrade.textures import find_textures


def scratches(**changes: float | str) -> ScratchTexture:
    fields = {"texture": "", "number": 0, "blend": "add", "opacity": 1.0, "zoom": 1.0, "elastic": 0.02, "seed": 3}
    return ScratchTexture(**(fields | changes))  # type: ignore[arg-type]


def test_screen_is_one_minus_the_product_of_what_is_missing() -> None:
    under, over = (np.full((1, 1, 3), level, np.uint8) for level in (100, 180))
    exact = 255 * (1 - (1 - 100 / 255) * (1 - 180 / 255))
    assert screened(under, over)[0, 0, 0] == round(exact)


def test_the_three_blends_differ_as_their_formulas_do() -> None:
    photo = Photo.of(flat(100, 256))
    after = {blend: scratches(blend=blend, opacity=0.5).apply(photo).image.max() for blend in BLENDS}
    scratch = int(after["add"]) - 100  # the level of the strongest scratch
    assert 80 < scratch <= 128
    assert after["lighten"] == max(100, scratch)
    assert after["screen"] == pytest.approx(100 + scratch - 100 * scratch / 255, abs=1)


def test_lighten_marks_only_what_it_lightens() -> None:
    photo = Photo.of(flat(120, 256))
    after = scratches(blend="lighten").apply(photo)
    assert np.array_equal(after.mask > 0, (after.image != photo.image).any(axis=2))


def test_a_scan_of_the_users_lies_on_the_photo_and_is_found_by_content(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    scan = np.full((200, 200), 30, np.uint8)
    scan[:, 95:105] = 230
    write_png(tmp_path / "scratch" / "mine.png", scan)
    textures, broken = find_textures(tmp_path)
    assert broken == ()
    (name,) = textures.names("scratch")
    step = scratches(texture=name, elastic=0.0)
    photo = Photo.of(flat(20, 128), textures)
    assert step.apply(photo).mask.max() == 200
    (tmp_path / "scratch" / "mine.png").rename(tmp_path / "scratch" / "other.png")
    moved = Photo.of(flat(20, 128), find_textures(tmp_path)[0])
    assert np.array_equal(step.apply(moved).image, step.apply(photo).image)


def test_a_scan_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match=r"no scratch texture mine.png@0123.*--textures"):
        scratches(texture="mine.png@0123").apply(Photo.of(chart()))

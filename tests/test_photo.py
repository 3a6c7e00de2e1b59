"""The photo keeps image, mask, labels and clean twin together."""

from typing import Any

import numpy as np
import pytest
from charts import chart, flat, grey

from degrade.photo import Photo, blended, is_monochrome
from degrade.types import Defect


def test_compositing_rounds_exactly() -> None:
    under = np.arange(256, dtype=np.uint8)[:, None].repeat(256, 1)
    opacity = under.T.copy()
    for level in range(256):
        over = np.full_like(under, level)
        exact = (2 * (under * (255 - opacity.astype(int)) + level * opacity.astype(int)) + 255) // 510
        assert np.array_equal(blended(under, over, opacity), exact)


@pytest.mark.parametrize("share", [0.05, 0.9])  # the sparse way and the full one
def test_paint_covers_by_its_coverage_and_the_mask_says_so(share: float) -> None:
    photo = Photo.of(flat(100, 50))
    coverage = np.zeros((50, 50), np.uint8)
    coverage[: int(50 * share)] = 51  # a fifth
    after = photo.damaged((200, 150, 100), coverage, Defect.STAIN)
    assert after.image[0, 0].tolist() == [120, 110, 100]
    assert after.image[-1, 0].tolist() == [100, 100, 100]
    assert np.array_equal(after.mask, coverage)
    assert np.array_equal(after.labels, (coverage > 0) * np.uint8(Defect.STAIN))


def test_paint_may_stick_out_on_every_side() -> None:
    photo = Photo.of(flat(0, 10))
    for at in ((-5, -5), (5, 5), (-5, 5), (-100, 0), (0, 100)):
        after = photo.damaged((255, 255, 255), np.full((10, 10), 255, np.uint8), Defect.LOSS, at)
        top, left = max(at[0], 0), max(at[1], 0)
        bottom, right = max(min(at[0] + 10, 10), top), max(min(at[1] + 10, 10), left)
        expected = np.zeros((10, 10), np.uint8)
        expected[top:bottom, left:right] = 255
        assert np.array_equal(after.mask, expected)
        assert np.array_equal(after.image[..., 0], expected)


def test_the_mask_is_a_union_and_the_label_is_that_of_the_stronger_defect() -> None:
    photo = Photo.of(flat(100, 4))
    photo = photo.damaged((0, 0, 0), np.full((4, 4), 100, np.uint8), Defect.STAIN)
    weaker = photo.damaged((0, 0, 0), np.full((4, 2), 50, np.uint8), Defect.DUST)
    assert (weaker.mask == 100).all()
    assert (weaker.labels == Defect.STAIN).all()
    stronger = photo.damaged((0, 0, 0), np.full((4, 2), 200, np.uint8), Defect.DUST)
    assert stronger.mask[0].tolist() == [200, 200, 100, 100]
    assert stronger.labels[0].tolist() == [Defect.DUST, Defect.DUST, Defect.STAIN, Defect.STAIN]


def test_a_stain_of_density_0_301_takes_half_the_light() -> None:
    photo = Photo.of(flat(188, 8))  # half of full linear light
    after = photo.stained(np.full((8, 8), 0.30103, np.float32), (0, 0.5, 1), Defect.STAIN)
    red, green, blue = after.image[0, 0].tolist()
    assert (red, blue) == (188, 137)  # a quarter of full light is level 137
    assert green == pytest.approx(161, abs=1)
    assert (after.mask == 128).all()


def test_what_moves_moves_together() -> None:
    line = np.zeros((40, 40), np.uint8)
    line[:, 10] = 255
    photo = Photo.of(chart(40, 40)).damaged((255, 255, 255), line, Defect.SCRATCH)
    y, x = np.mgrid[0:40, 0:40].astype(np.float32)
    after = photo.moved(np.dstack([x - 5, y]))
    assert (after.mask[:, 15] == 255).all()
    assert (after.labels[:, 15] == Defect.SCRATCH).all()
    assert (after.image[:, 15] == 255).all()
    assert np.array_equal(after.clean[:, 20:], photo.clean[:, 15:-5])
    half = photo.moved(np.dstack([x - 4.5, y]))
    assert half.mask[0, 14:16].tolist() == [128, 128]
    assert np.array_equal(half.mask > 0, half.labels > 0)


def test_a_photo_cannot_be_changed_by_accident() -> None:
    photo = Photo.of(chart())
    with pytest.raises(ValueError, match="read-only"):
        photo.image[0, 0] = 0


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3)),
        np.zeros((0, 4, 3), np.uint8),
        [[[0, 0, 0]]],
        None,
    ],
)
def test_what_is_no_picture_is_refused(wrong: Any) -> None:
    with pytest.raises(
        ValueError, match=r"a picture is uint8 of \(H, W, 3\), not .*; degrade\.io\.read_image gives one"
    ):
        Photo.of(wrong)


def test_grey_and_toned_photos_are_told_from_colour_ones() -> None:
    picture = chart(128, 128)
    luma = grey(picture).astype(float)
    sepia = np.rint(luma * (1, 0.85, 0.6) + (0, 8, 20)).astype(np.uint8)
    assert is_monochrome(grey(picture))
    assert is_monochrome(sepia)
    assert not is_monochrome(picture)

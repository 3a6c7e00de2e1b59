import cv2
import numpy as np
import pytest

from degrade.effects.silver_mirroring import SilverMirroring, band
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Defect


def mirrored(level: int, *, strength: float = 1.0) -> Photo:
    plate = Photo.of(np.full((300, 400, 3), level, np.uint8))
    return SilverMirroring(strength=strength, reach=0.1, patches=0.0, unevenness=0.0, seed=6).apply(plate)


def lab(photo: Photo) -> np.ndarray:
    return cv2.cvtColor(photo.image.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)


def test_the_sheen_lifts_a_black_by_up_to_26_and_turns_it_blue() -> None:
    black = mirrored(20)
    lifted = lab(black).reshape(-1, 3)[black.mask.argmax()]
    before = lab(Photo.of(black.clean))[0, 0]
    assert 15 < lifted[0] - before[0] < 30
    assert -9 < lifted[2] < -4


def test_mid_tones_and_highlights_carry_no_sheen() -> None:
    for level in (130, 190, 255):
        assert not mirrored(level).mask.any()


def test_the_band_falls_exponentially_and_is_narrower_at_the_corners() -> None:
    wide, deep = (
        float(np.mean([band((300, 400), 0.1, stream(seed, "band"))[1:8, x].sum() for seed in range(12)]))
        for x in (6, 200)
    )
    assert deep > 1.2 * wide
    column = band((300, 4000), 0.05, stream(1, "band"))[:60, 2000]
    steps = np.log(column[10:50:10] / column[20:60:10])
    assert steps == pytest.approx(np.full(4, steps.mean()), rel=0.02)


def test_the_mask_says_how_much_was_lifted() -> None:
    faint, strong = mirrored(15, strength=0.3), mirrored(15, strength=0.9)
    assert strong.mask.max() == pytest.approx(3 * faint.mask.max(), rel=0.05)
    assert (strong.labels[strong.mask > 0] == Defect.MIRRORING).all()
    assert (strong.image == strong.clean)[strong.mask == 0].all()

import cv2
import numpy as np
import pytest

from degrade.effects.toning import TONES, Toning
from degrade.photo import Photo

RAMP = Photo.of(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2))


def lab(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.float32(image) / 255, cv2.COLOR_RGB2LAB)[0]


@pytest.mark.parametrize("process", TONES)
def test_a_process_has_its_colour_at_its_mid_tone(process: str) -> None:
    lightness, a, b = TONES[process][1]
    toned = lab(Toning(process=process, strength=1, compression=0).apply(RAMP).image)
    nearest = toned[np.argmin(abs(toned[:, 0] - lightness))]
    assert nearest == pytest.approx([lightness, a, b], abs=1)


def test_toning_keeps_the_lightness_that_the_sepia_matrix_would_raise() -> None:
    toned = lab(Toning(process="sulfide-sepia", strength=1, compression=0).apply(RAMP).image)
    assert toned[20:240, 0] == pytest.approx(lab(RAMP.image)[20:240, 0], abs=0.7)


def test_a_tintype_has_no_white() -> None:
    tintype = Toning(process="tintype", strength=1, compression=1).apply(RAMP)
    assert lab(tintype.image)[255, 0] == pytest.approx(62, abs=1)
    assert tintype.monochrome

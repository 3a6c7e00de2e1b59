import numpy as np
import pytest

from degrade.effects.fingerprints import LONG, PERIOD, Fingerprints, finger
from degrade.photo import Photo
from degrade.types import Defect


@pytest.mark.parametrize("number", range(4))
def test_ridges_lie_as_far_apart_as_on_a_real_finger(number: int) -> None:
    ridges = finger(number)
    power = np.abs(np.fft.fftshift(np.fft.fft2(ridges - ridges.mean()))) ** 2
    y, x = np.indices(power.shape)
    cycles = np.hypot((y - power.shape[0] // 2) / power.shape[0], (x - power.shape[1] // 2) / power.shape[1])
    band = (cycles > 0.06) & (cycles < 0.3)
    period = 1 / float((cycles * power)[band].sum() / power[band].sum())
    assert period == pytest.approx(PERIOD, rel=0.2)
    assert 0.35 < 18 * period / LONG < 0.65  # mm, on a print of 18 mm


def test_a_print_is_ridged_and_labelled() -> None:
    grey = Photo.of(np.full((512, 512, 3), 200, np.uint8))
    touched = Fingerprints(count=4, size=0.25, strength=0.6, tint="brown", seed=4).apply(grey)
    assert 0.02 < (touched.mask > 10).mean() < 0.25
    assert (touched.labels[touched.mask > 0] == Defect.FINGERPRINT).all()
    assert (touched.image <= grey.image).all()


def test_a_pale_print_lightens_the_dark() -> None:
    black = Photo.of(np.full((256, 256, 3), 20, np.uint8))
    touched = Fingerprints(count=3, size=0.3, strength=0.4, tint="pale", seed=2).apply(black)
    assert touched.image.max() > 100
    assert (touched.image >= black.image).all()

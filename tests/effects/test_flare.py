import numpy as np
import pytest
from charts import light

from degrade.effects.flare import Flare
from degrade.photo import Photo


def test_the_veil_over_black_is_its_share_of_the_mean_light() -> None:
    scene = np.zeros((80, 80, 3), np.uint8)
    scene[:, :40] = 255
    veiled = Flare(veil=0.04, halo=0, radius=0.01).apply(Photo.of(scene)).image
    assert light(veiled[40, 79].astype(float)) == pytest.approx(0.02, abs=0.001)


def test_a_window_has_a_halo_of_half_its_strength_at_its_straight_edge() -> None:
    scene = np.zeros((128, 256, 3), np.uint8)
    scene[:, :128] = 255
    halo = light(Flare(veil=0, halo=0.4, radius=0.08).apply(Photo.of(scene)).image[64, :, 0].astype(float))
    assert halo[128] == pytest.approx(0.2, abs=0.02)
    assert halo[128 + 10] == pytest.approx(0.4 * 0.16, abs=0.015)  # one sigma away, where a normal law has 16 %
    assert halo[200] < 0.001

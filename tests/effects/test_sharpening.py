import numpy as np
import pytest

from degrade.effects.sharpening import Sharpening
from degrade.photo import Photo


def test_an_edge_gets_seams_of_its_amount_on_both_sides() -> None:
    image = np.full((64, 64, 3), 80, np.uint8)
    image[:, 32:] = 160
    row = Sharpening(sigma=0.7, amount=1.0).apply(Photo.of(image)).image[32, :, 0].astype(float)
    weights = np.exp(-(np.arange(-3, 4) ** 2) / (2 * 0.7**2))
    share = weights[:3].sum() / weights.sum()  # of the step that the blur carries over the edge
    assert row[32] - 160 == pytest.approx(80 * share, abs=1.5)
    assert 80 - row[31] == pytest.approx(80 * share, abs=1.5)
    assert (row[:28] == 80).all()

import math

import numpy as np
import pytest

from degrade.effects.box_blur import BoxBlur
from degrade.photo import Photo


@pytest.mark.parametrize("size", [3.0, 4.0, 9.0, 21.0])
def test_a_line_spreads_evenly_over_its_size(size: float) -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, 32] = 255  # a line, so that the row through it stays bright enough to be read
    row = BoxBlur(size=size).apply(Photo.of(image)).image[32, :, 0].astype(float)
    assert row[32] == pytest.approx(255 / size, abs=1)
    assert row.sum() == pytest.approx(255, abs=0.6 * size)
    first = 32 - math.ceil((size - 1) / 2)
    assert (row[first:33] > 0).all()
    assert (row[:first] == 0).all()

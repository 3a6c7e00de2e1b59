import numpy as np
import pytest
from charts import flat

from degrade.effects.straight_lines import StraightLines
from degrade.photo import Photo


def test_one_line_covers_its_length_times_its_width() -> None:
    after = StraightLines(count=1, width=3.0, level=240.0, seed=2).apply(Photo.of(flat(50, 512)))
    rows, columns = np.nonzero(after.mask > 128)
    length = np.hypot(np.ptp(rows), np.ptp(columns))
    assert after.mask.sum() / 255 == pytest.approx(3 * length, rel=0.12)
    assert after.image.max() == 240

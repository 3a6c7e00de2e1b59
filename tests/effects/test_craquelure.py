import math

import numpy as np
import pytest

from degrade.effects.craquelure import Patches, divided
from degrade.photo import Photo
from degrade.seeds import stream

PHOTO = Photo.of(np.full((600, 600, 3), 90, np.uint8))


def test_each_crack_makes_one_cell_more_and_cells_have_the_width_said() -> None:
    source = stream(1, "test")
    lines, _ = divided(PHOTO.size, 30.0, (0.0, 0.3), Patches(PHOTO, 1.0, source), source)
    assert math.sqrt(600 * 600 / (len(lines) + 1)) == pytest.approx(30, rel=0.15)


def test_later_cracks_end_on_earlier_ones_nearly_at_right_angles() -> None:
    source = stream(2, "test")
    lines, ages = divided(PHOTO.size, 40.0, (0.0, 0.0), Patches(PHOTO, 1.0, source), source)
    angles = []
    for line in lines[ages >= 3]:
        along = line[1] - line[0]
        others = lines[:, 1] - lines[:, 0]
        offset = line[0] - lines[:, 0]
        across = np.abs(offset[:, 0] * others[:, 1] - offset[:, 1] * others[:, 0]) / np.hypot(*others.T)
        part = (offset * others).sum(axis=1) / (others**2).sum(axis=1)
        touching = (across < 1e-6) & (part > 1e-9) & (part < 1 - 1e-9)
        for other in others[touching]:
            cosine = abs(along @ other) / np.hypot(*along) / np.hypot(*other)
            angles.append(math.degrees(math.acos(min(cosine, 1))))
    assert len(angles) > 50
    assert float(np.median(angles)) > 70  # T, not the 60 of a Y

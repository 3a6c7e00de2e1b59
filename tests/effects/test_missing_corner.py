import numpy as np

from degrade.effects.missing_corner import MissingCorner
from degrade.photo import Photo


def test_as_many_corners_are_lost_as_said() -> None:
    photo = Photo.of(np.full((400, 600, 3), 100, np.uint8))
    for corners in range(5):
        step = MissingCorner(corners=corners, size=0.2, raggedness=0.4, rim=0.01, background="black", seed=7)
        image = step.apply(photo).image
        assert sum(int(image[y, x, 0] < 30) for y in (0, -1) for x in (0, -1)) == corners


def test_a_broken_corner_is_a_triangle() -> None:
    photo = Photo.of(np.full((1000, 1000, 3), 100, np.uint8))
    areas = [
        (
            MissingCorner(corners=4, size=0.2, raggedness=0, rim=0, background="white", seed=seed).apply(photo).mask
            > 127
        ).sum()
        for seed in range(6)
    ]
    assert 0.7 < np.mean(areas) / (4 * 200 * 200 / 2 * np.exp(0.35**2)) < 1.3

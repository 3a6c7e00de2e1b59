import cv2
import numpy as np

from degrade.effects.dust import Dust
from degrade.photo import Photo


def test_there_are_as_many_specks_as_said_and_few_are_large() -> None:
    photo = Photo.of(np.full((1024, 1024, 3), 60, np.uint8))
    step = Dust(density=200, size=0.005, opacity=1, clustering=0, polarity="light", seed=4)
    mask = (step.apply(photo).mask > 64).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    assert 170 <= count - 1 <= 205  # some lie on one another, some are too faint
    areas = stats[1:, cv2.CC_STAT_AREA]
    assert 1.25 < areas.mean() / np.median(areas) < 4  # a skewed distribution: exp(2 * 0.42 ** 2) for the lognormal
    assert 0.5 < np.sqrt(4 * np.median(areas) / np.pi) / (0.005 * 1024) < 1.5

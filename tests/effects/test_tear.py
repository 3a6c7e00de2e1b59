import cv2
import numpy as np

from degrade.effects.tear import Tear
from degrade.photo import Photo


def test_a_tear_starts_at_the_edge_and_reaches_its_length() -> None:
    photo = Photo.of(np.full((800, 800, 3), 100, np.uint8))
    for seed in range(4):
        step = Tear(tears=1, length=0.3, rim=0.01, opening=0.004, background="white", seed=seed)
        y, x = np.nonzero(step.apply(photo).mask > 60)
        assert min(y.min(), x.min(), 799 - y.max(), 799 - x.max()) == 0
        assert 0.3 * 800 * 0.4 < np.hypot(np.ptp(y), np.ptp(x)) < 0.3 * 800 * 3


def test_the_core_is_white_and_the_other_lip_dark() -> None:
    photo = Photo.of(np.full((800, 800, 3), 100, np.uint8))
    step = Tear(tears=1, length=0.6, rim=0.012, opening=0, background="white", seed=1)
    image = step.apply(photo).image[..., 1]
    white, dark = (image > 180).astype(np.uint8), (image < 60).astype(np.uint8)
    assert white.sum() > 2 * dark.sum() > 40
    beside = cv2.dilate(white, np.ones((15, 15), np.uint8))
    assert (beside[dark > 0] > 0).mean() > 0.9

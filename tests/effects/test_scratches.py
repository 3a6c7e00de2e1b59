import cv2
import numpy as np

from degrade.effects.scratches import Scratches
from degrade.photo import Photo


def test_the_scratches_of_a_print_have_a_common_direction() -> None:
    dark = Photo.of(np.full((512, 512, 3), 30, np.uint8))
    step = Scratches(density=150, length=0.15, width=0.003, opacity=1, swarming=1, polarity="light", seed=2)
    drawn = cv2.GaussianBlur(step.apply(dark).mask.astype(np.float32), (0, 0), 1.5)
    x, y = cv2.Sobel(drawn, cv2.CV_32F, 1, 0), cv2.Sobel(drawn, cv2.CV_32F, 0, 1)
    tensor = np.array([[(x * x).sum(), (x * y).sum()], [(x * y).sum(), (y * y).sum()]])
    low, high = np.linalg.eigvalsh(tensor)
    assert (high - low) / (high + low) > 0.4  # 0 is any direction, 1 is one


def test_a_scratch_in_the_negative_prints_dark() -> None:
    light = Photo.of(np.full((256, 256, 3), 180, np.uint8))
    step = Scratches(density=80, length=0.1, width=0.004, opacity=1, swarming=0.5, polarity="dark", seed=2)
    image = step.apply(light).image
    assert image.max() == 180
    assert image.min() < 40


def test_a_short_scratch_is_never_a_blot() -> None:
    dark = Photo.of(np.full((512, 512, 3), 30, np.uint8))
    step = Scratches(density=60, length=0.02, width=0.02, opacity=1, swarming=0, polarity="light", seed=6)
    mask = (step.apply(dark).mask > 100).astype(np.uint8)
    count = cv2.connectedComponents(mask)[0]
    assert count > 10
    widest = cv2.distanceTransform(mask, cv2.DIST_L2, 3).max() * 2
    assert widest < 0.7 * 0.02 * 512  # below the width of a long deep one

import cv2
import numpy as np
import pytest

from degrade.effects.hair import Hair
from degrade.photo import Photo


def test_a_hair_is_thin_all_along() -> None:
    photo = Photo.of(np.full((1024, 1024, 3), 60, np.uint8))
    step = Hair(density=1, length=0.5, width=0.004, opacity=1, curl=0.1, polarity="light", seed=1)
    mask = step.apply(photo).mask
    assert cv2.distanceTransform((mask > 64).astype(np.uint8), cv2.DIST_L2, 5).max() <= 3.5  # half of 4 px, and an edge


@pytest.mark.parametrize(("short", "tolerance"), [(256, 0.1), (1024, 0.1)])
def test_a_hair_covers_the_same_share_at_every_resolution(short: int, tolerance: float) -> None:
    step = Hair(density=12, length=0.2, width=0.004, opacity=1, curl=0.4, polarity="dark", seed=1)
    share, reference = (
        step.apply(Photo.of(np.full((size, size, 3), 200, np.uint8))).mask.mean() for size in (short, 512)
    )
    assert share == pytest.approx(reference, rel=tolerance)

import cv2
import numpy as np
import pytest

from degrade.effects.flaking import Flaking
from degrade.photo import Photo

YELLOWED = Photo.of(np.full((768, 768, 3), (190, 175, 143), np.uint8))  # Lab 73, 1, 17


def test_the_share_that_is_said_is_lost() -> None:
    mask = Flaking(extent=0.15, size=0.1, clustering=0.5, rim=0, seed=3).apply(YELLOWED).mask
    assert mask.mean() / 255 == pytest.approx(0.15, abs=0.02)


def test_the_loss_is_whiter_and_less_yellow_than_the_aged_paper() -> None:
    step = Flaking(extent=0.15, size=0.1, clustering=0.5, rim=0, seed=3).apply(YELLOWED)
    bared = step.image[step.mask == 255].astype(float).mean(axis=0)
    assert bared.min() > 190
    assert bared[0] - bared[2] < 190 - 143


def test_a_few_patches_are_large_and_many_small() -> None:
    mask = Flaking(extent=0.15, size=0.1, clustering=0.5, rim=0, seed=3).apply(YELLOWED).mask
    count, _, stats, _ = cv2.connectedComponentsWithStats((mask > 127).astype(np.uint8))
    areas = np.sort(stats[1:, cv2.CC_STAT_AREA])[::-1]
    assert count > 40
    top = areas[:30]
    slope = np.polyfit(np.log(np.arange(1, 31)), np.log(top), 1)[0]
    assert -2.4 < slope < -0.7  # measured on a real print: -1.4

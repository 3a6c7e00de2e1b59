"""A severity looks alike at every resolution, and costs about as much structure at each step."""

import json
from importlib import resources

import cv2
import numpy as np
import pytest
from charts import chart

from degrade.effect import Effect
from degrade.effects import EFFECTS
from degrade.photo import Photo
from degrade.severity import SEVERITIES, at_severity

BOUND_TO_PIXELS = {
    "ReducedJpeg": "its blocks are 8 pixels of the larger picture whatever its size",
    "JpegCompression": "its blocks are 8 pixels whatever the picture's size",
    "DoubleJpeg": "its blocks are 8 pixels whatever the picture's size",
}

FREE_OF_PIXELS = [effect for effect in EFFECTS if effect.__name__ not in BOUND_TO_PIXELS]

BASE = cv2.resize(chart(128, 128), (1024, 1024), interpolation=cv2.INTER_CUBIC)


def damage(effect: type[Effect], side: int) -> np.ndarray:
    """What an effect does to the chart, seen at 128 px."""
    picture = cv2.resize(BASE, (side, side), interpolation=cv2.INTER_AREA)
    after = at_severity(effect, 4, seed=11, short_side=side).apply(Photo.of(picture))
    small = [
        cv2.resize(each, (128, 128), interpolation=cv2.INTER_AREA).astype(float) for each in (after.image, picture)
    ]
    return small[0] - small[1]


@pytest.mark.parametrize("effect", FREE_OF_PIXELS, ids=lambda effect: effect.__name__)
def test_an_effect_does_as_much_at_256_as_at_1024_pixels(effect: type[Effect]) -> None:
    small, large = (np.abs(damage(effect, side)).mean() for side in (256, 1024))
    assert large / small == pytest.approx(1, abs=0.45)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.__name__)
def test_each_severity_loses_about_as_much_structure_again(effect: type[Effect]) -> None:
    table = json.loads(resources.files("degrade").joinpath("severities.json").read_text("utf-8"))["effects"]
    steps = np.diff(table[effect.__name__]["ssim_loss"])
    assert len(steps) == len(SEVERITIES) - 1
    assert steps.min() > 0.7 * steps.max() > 0


def test_a_severity_of_six_is_refused() -> None:
    with pytest.raises(ValueError, match="severity = 6, none of 1, 2, 3, 4, 5"):
        at_severity(EFFECTS[0], 6)

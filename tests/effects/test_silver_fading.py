import numpy as np
import pytest

from degrade.effects.silver_fading import SilverFading
from degrade.photo import Photo


def densities(levels: np.ndarray) -> np.ndarray:
    return -np.log10(0.01 + 0.99 * ((levels / 255 + 0.055) / 1.055) ** 2.4)  # of a print whose black is 2.0


def test_highlights_lose_a_larger_share_of_their_silver_than_shadows() -> None:
    tones = np.repeat(np.arange(40, 241, 20, dtype=np.uint8)[None, :, None], 3, axis=2)
    faded = SilverFading(highlights=0.5, overall=0.1, warmth=0, unevenness=0, edges=0, seed=0).apply(Photo.of(tones))
    before, after = densities(tones[0, :, 0].astype(float)), densities(faded.image[0, :, 0].astype(float))
    assert 1 - after / before == pytest.approx(0.5 * np.exp(-before / 0.5) + 0.1, abs=0.03)


def test_what_is_left_of_the_silver_is_brown() -> None:
    grey = Photo.of(np.full((8, 8, 3), 120, np.uint8))
    faded = SilverFading(highlights=0.2, overall=0.1, warmth=0.5, unevenness=0, edges=0, seed=0).apply(grey)
    red, green, blue = faded.image[0, 0].astype(int)
    assert red > green > blue

import numpy as np

from degrade.effects.light_leak import LightLeak
from degrade.photo import Photo

LEAK = LightLeak(strength=1.5, reach=0.15, length=0.4, seed=3)


def test_fog_adds_light_that_is_red_on_colour_film_and_grey_on_black_and_white() -> None:
    scene = np.full((64, 96, 3), 60, np.uint8)
    scene[::2, ::2] = (90, 40, 60)  # colours, so that it is no monochrome photograph
    scene[1::2, 1::2] = (40, 60, 100)
    gained = LEAK.apply(Photo.of(scene)).image.astype(int) - scene
    assert gained.min() >= 0
    red, green, blue = gained.mean(axis=(0, 1))
    assert red > 1.5 * green > 2 * blue
    grey = LEAK.apply(Photo.of(np.full((64, 96, 3), 60, np.uint8))).image
    assert np.ptp(grey, axis=2).max() == 0


def test_fog_is_brightest_at_an_edge_and_leaves_the_far_side_alone() -> None:
    fogged = LEAK.apply(Photo.of(np.full((64, 96, 3), 60, np.uint8))).image[..., 0]
    sides = [fogged[0].max(), fogged[-1].max(), fogged[:, 0].max(), fogged[:, -1].max()]
    assert max(sides) == fogged.max() > 180
    assert min(sides) <= 62

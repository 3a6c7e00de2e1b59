import numpy as np
import pytest

from degrade.effects.dye_fading import DyeFading
from degrade.photo import Photo

COLOURS = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (256, 256, 3), np.uint8)


def linear(level: float) -> float:
    return ((level / 255 + 0.055) / 1.055) ** 2.4


def test_a_print_that_kept_its_dyes_keeps_its_pixels() -> None:
    photo = Photo.of(COLOURS)
    same = DyeFading(cyan=1, magenta=1, yellow=1, shift=0).apply(photo)
    assert np.array_equal(same.image, photo.image)


def test_half_the_cyan_dye_of_a_grey_takes_density_from_red_light_and_a_little_from_green_and_blue() -> None:
    grey = 90  # linear 0.102, density 0.99
    photo = Photo.of(np.full((4, 4, 3), grey, np.uint8))
    red, green, blue = DyeFading(cyan=0.5, magenta=1, yellow=1, shift=0).apply(photo).image[0, 0].astype(float)
    lost = [np.log10(linear(level) / linear(grey)) for level in (red, green, blue)]
    assert lost == pytest.approx([0.465, 0.13, 0.07], abs=0.02)  # half of the matrix's first column: .93 .26 .14


def test_darkness_fades_the_shadows_and_light_the_highlights() -> None:
    tones = np.array([[[230] * 3, [40] * 3]], np.uint8)
    dark = DyeFading(cyan=0.8, magenta=0.8, yellow=0.8, shift=0).apply(Photo.of(tones)).image.astype(float)
    light = DyeFading(cyan=1, magenta=1, yellow=1, shift=0.1).apply(Photo.of(tones)).image.astype(float)
    density_lost = {
        name: [np.log10(linear(image[0, i, 1]) / linear(tones[0, i, 1])) for i in (0, 1)]
        for name, image in (("dark", dark), ("light", light))
    }
    assert density_lost["dark"][1] > 5 * density_lost["dark"][0]
    share = {name: lost[0] / -np.log10(linear(230)) for name, lost in density_lost.items()}
    assert share["light"] > 0.2  # of the highlight's density; of the shadow's only a few per cent
    assert density_lost["light"][1] / -np.log10(linear(40)) < 0.08

import numpy as np
import pytest

from degrade.effects.black_and_white import BlackAndWhite
from degrade.photo import Photo

LIPS, SKY = (190, 70, 75), (110, 160, 230)


def grey(film: str, colour: tuple[int, int, int]) -> int:
    photo = Photo.of(np.full((2, 2, 3), colour, np.uint8))
    return int(BlackAndWhite(film=film, strength=1).apply(photo).image[0, 0, 0])


def test_orthochromatic_film_shows_red_lips_darker_than_panchromatic_film() -> None:
    assert grey("orthochromatic", LIPS) < grey("panchromatic", LIPS) - 15


def test_the_sky_whitens_on_old_plates_and_darkens_behind_a_red_filter() -> None:
    skies = [grey(film, SKY) for film in ("panchromatic-red-filter", "luma", "panchromatic", "blue-sensitive")]
    assert skies == sorted(skies)
    assert skies[-1] > 210
    assert skies[0] < 130


def test_weights_mix_light_and_not_display_levels() -> None:
    blue = 255 * (1.055 * 0.83 ** (1 / 2.4) - 0.055)  # pure blue light, 83 % of it recorded
    assert grey("blue-sensitive", (0, 0, 255)) == pytest.approx(blue, abs=1)
    assert all(grey(film, (137, 137, 137)) == 137 for film in ("orthochromatic", "panchromatic", "luma"))


def test_only_a_photograph_without_any_colour_counts_as_monochrome() -> None:
    photo = Photo.of(np.random.Generator(np.random.PCG64(0)).integers(0, 256, (64, 64, 3), np.uint8))
    assert BlackAndWhite(film="luma", strength=1).apply(photo).monochrome
    assert not BlackAndWhite(film="luma", strength=0.5).apply(photo).monochrome

import numpy as np
import pytest
from charts import light

from degrade.effects.halftone import Halftone
from degrade.photo import Photo


def grey(level: int) -> Photo:
    return Photo.of(np.full((240, 240, 3), level, np.uint8))


@pytest.mark.parametrize("pitch", [1.5, 4.6, 9.0])
def test_ink_covers_what_the_reflectance_leaves(pitch: float) -> None:
    screened = Halftone(pitch=pitch, angle=45, gain=0, ink=4, paper=0, inks="one")
    for level in (30, 128, 188, 240):
        printed = screened.apply(grey(level)).image[..., 0].astype(float)
        assert light(printed).mean() == pytest.approx(light(np.float64(level)), abs=0.012)


def test_a_dot_of_half_coverage_spreads_by_the_dot_gain() -> None:
    printed = Halftone(pitch=6, angle=45, gain=0.2, ink=4, paper=0, inks="one").apply(grey(188)).image[..., 0]
    assert 1 - light(printed.astype(float)).mean() == pytest.approx(0.7, abs=0.01)


def test_dots_stand_at_the_pitch_and_the_angle_of_the_screen() -> None:
    printed = Halftone(pitch=8, angle=30, gain=0, ink=1.5, paper=0.1, inks="one").apply(grey(150)).image[..., 0]
    spectrum = abs(np.fft.fft2(printed - printed.mean()))[:120, :120]
    y, x = np.unravel_index(np.argmax(spectrum), spectrum.shape)
    assert np.hypot(x, y) / 240 == pytest.approx(1 / 8, abs=0.005)
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(30, abs=2)


def test_four_inks_keep_the_mean_of_a_colour() -> None:
    scene = np.full((240, 240, 3), (200, 120, 60), np.uint8)
    scene[0, :3] = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    photo = Photo.of(scene)
    photo = photo if not photo.monochrome else Photo(scene, photo.mask, photo.labels, scene, False, photo.textures)
    printed = Halftone(pitch=5, angle=45, gain=0, ink=4, paper=0, inks="four").apply(photo).image.astype(float)
    assert light(printed).mean(axis=(0, 1)) == pytest.approx(light(np.array([200.0, 120, 60])), abs=0.02)

import numpy as np
import pytest

from degrade.effects.cockling import Cockling
from degrade.light import to_linear
from degrade.photo import Photo
from degrade.types import Defect


def test_a_scratch_and_the_clean_twin_move_with_the_paper() -> None:
    coverage = np.zeros((200, 200), np.uint8)
    coverage[98:102] = 255
    photo = Photo.of(np.full((200, 200, 3), 60, np.uint8)).damaged((250, 250, 250), coverage, Defect.SCRATCH)
    waved = Cockling(pull=0.02, wavelength=0.4, shading=0, light=0, seed=3).apply(photo)
    weights = waved.mask.astype(float)
    line = (weights * np.arange(200)[:, None]).sum(axis=0) / weights.sum(axis=0)
    assert 0.5 < line.std() < 8  # it was straight; 0.02 of 200 pixels are 4
    assert (waved.image[..., 0][waved.mask == 255] == 250).all()
    assert (waved.labels[waved.mask > 0] == Defect.SCRATCH).all()


def test_shading_has_its_density_and_the_pull_its_length() -> None:
    grey = Photo.of(np.full((256, 256, 3), 150, np.uint8))
    shaded = Cockling(pull=0, wavelength=0.3, shading=0.05, light=40, seed=1).apply(grey)
    density = -np.log10(to_linear(shaded.image)[..., 0].astype(float))
    assert density.std() == pytest.approx(0.05, rel=0.35)
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 256, 0).repeat(3, 2)
    moved = Cockling(pull=0.02, wavelength=0.3, shading=0, light=0, seed=1).apply(Photo.of(ramp))
    assert np.array_equal(moved.image, moved.clean)
    assert (moved.image[..., 0] - ramp[..., 0].astype(float)).std() == pytest.approx(0.02 * 256, rel=0.35)

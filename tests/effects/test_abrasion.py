import numpy as np

from degrade.effects.abrasion import Abrasion
from degrade.photo import Photo


def test_rubbing_bares_paper_and_so_lightens_darks_and_hardly_touches_whites() -> None:
    step = Abrasion(density=12, size=0.1, opacity=1, edges=0.5, seed=3)
    dark, light = (
        np.abs(step.apply(Photo.of(np.full((384, 384, 3), level, np.uint8))).image.astype(int) - level).mean()
        for level in (30, 205)
    )
    assert dark > 10 * light
    assert step.apply(Photo.of(np.full((384, 384, 3), 30, np.uint8))).image.min() >= 30

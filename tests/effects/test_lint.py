import numpy as np

from degrade.effects.lint import Lint
from degrade.photo import Photo


def test_fluff_is_mostly_half_transparent() -> None:
    photo = Photo.of(np.full((768, 768, 3), 60, np.uint8))
    mask = Lint(density=40, size=0.06, opacity=1, polarity="light", seed=3).apply(photo).mask
    covered = mask[mask > 8]
    assert ((covered > 8) & (covered < 200)).mean() > 0.6
    assert (covered > 150).mean() > 0.02  # the fibres themselves are not

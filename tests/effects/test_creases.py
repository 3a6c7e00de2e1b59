import cv2
import numpy as np

from degrade.effects.creases import Creases
from degrade.photo import Photo

DARK = np.full((512, 512, 3), 40, np.uint8)


def test_a_fold_bares_paper_along_most_of_the_print() -> None:
    fold = Creases(folds=1, corners=0, width=0.008, opacity=1, feathers=0.2, shading=0, seed=3)
    image = fold.apply(Photo.of(DARK)).image
    bared = (image > 150).all(axis=2)
    seen = image[..., 1] > 80
    along = max(seen.any(axis=0).mean(), seen.any(axis=1).mean())
    assert 0.7 < along <= 1.0  # gaps, but few: 84 to 100 % of real creases are seen
    assert abs(float(np.median(image[bared][:, 1].astype(float))) - 202) < 8  # paper, not white


def test_the_width_varies_along_the_fold_as_on_real_creases() -> None:
    fold = Creases(folds=1, corners=0, width=0.01, opacity=1, feathers=0, shading=0, seed=5)
    mask = fold.apply(Photo.of(DARK)).mask / 255
    widths = max((mask.sum(axis=axis) for axis in (0, 1)), key=lambda profile: float(np.median(profile)))
    assert 0.4 < widths.std() / widths.mean() < 1.2
    assert 3 < widths.mean() < 9


def test_a_crease_forks_into_strands_as_feathers_grow() -> None:
    def ends(feathers: float) -> int:
        fold = Creases(folds=2, corners=0, width=0.006, opacity=1, feathers=feathers, shading=0, seed=4)
        mask = (fold.apply(Photo.of(DARK)).mask > 127).astype(np.uint8)
        return len(cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)[0])

    assert ends(1.0) > 1.5 * ends(0.0)  # loops between strands, and pieces beside them

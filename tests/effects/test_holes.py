import numpy as np
import pytest
from charts import flat

from degrade.effects.holes import Holes
from degrade.photo import Photo
from degrade.types import Defect


def holes(**changes: float) -> Holes:
    fields = {"count": 1, "radius": 0.1, "rough": 0.0, "feather": 0.004, "paper": 0.9, "warmth": 0.0, "number": 0}
    return Holes(**(fields | {"seed": 5} | changes))  # type: ignore[arg-type]


def test_round_holes_have_nearly_the_area_of_their_circles() -> None:
    shares = [holes(seed=seed, radius=0.05).apply(Photo.of(flat(40, 256))).mask.mean() / 255 for seed in range(300)]
    circles = np.pi * 0.05**2 * np.exp(2 * 0.5**2)  # the mean square of a lognormal with sigma 0.5
    corners = 9 / (2 * np.pi) * np.sin(2 * np.pi / 9)  # a nonagon's share of its circle; some stick out of the photo
    assert np.mean(shares) == pytest.approx(corners * circles, rel=0.15)


def test_inside_a_hole_lies_paper_of_the_given_brightness_and_warmth() -> None:
    after = holes(paper=0.8, warmth=0.25).apply(Photo.of(flat(40, 512)))
    inside = after.image[after.mask == 255].mean(axis=0)
    assert inside[0] == pytest.approx(0.8 * 255, abs=6)
    assert inside[2] / inside[0] == pytest.approx(0.75, abs=0.02)
    assert set(np.unique(after.labels)) == {Defect.INTACT, Defect.LOSS}


def test_the_feather_is_as_wide_as_it_says() -> None:
    photo = Photo.of(flat(40, 1024))
    soft = {feather: holes(feather=feather).apply(photo).mask for feather in (0.004, 0.02)}
    edge = {feather: ((mask > 25) & (mask < 230)).sum() for feather, mask in soft.items()}
    assert edge[0.02] / edge[0.004] == pytest.approx(5, rel=0.25)

import numpy as np
import pytest

from degrade.effects.stains import MATTER, Stains
from degrade.photo import Photo
from degrade.types import Defect

PAPER = Photo.of(np.full((300, 400, 3), 235, np.uint8))


def stained(tint: str, *, strength: float = 0.5, count: int = 5) -> Photo:
    return Stains(count=count, size=0.08, strength=strength, tint=tint, seed=8).apply(PAPER)  # type: ignore[arg-type]


@pytest.mark.parametrize("tint", sorted(MATTER))
def test_only_what_is_stained_changes_and_it_only_darkens(tint: str) -> None:
    photo = stained(tint)
    assert (photo.image == PAPER.image)[photo.mask == 0].all()
    assert (photo.image <= PAPER.image).all()
    assert ((photo.labels == Defect.STAIN) == (photo.mask > 0)).all()


def test_coffee_is_brown_and_ink_is_blue() -> None:
    coffee, ink = (stained(tint).image[stained(tint).mask > 60].mean(axis=0) for tint in ("brown", "ink"))
    assert coffee[0] > coffee[1] > coffee[2]
    assert ink[2] > ink[1] > ink[0]


def test_twice_the_density_takes_the_square_of_the_light() -> None:
    weak, strong = (255.0 - stained("ink", strength=strength, count=1).mask for strength in (0.3, 0.6))
    assert strong / 255 == pytest.approx((weak / 255) ** 2, abs=0.01)

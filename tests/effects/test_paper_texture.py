import numpy as np
import pytest
from charts import flat

from degrade.effects.paper_texture import PaperTexture
from degrade.photo import Photo


def paper(**changes: float | str) -> PaperTexture:
    fields = {"texture": "", "number": 0, "blend": "relief", "opacity": 0.3, "zoom": 1.0, "elastic": 0.0, "seed": 3}
    return PaperTexture(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("number", range(4))  # fibre, laid, canvas, pulp
def test_relief_keeps_the_mean_and_has_the_papers_contrast(number: int) -> None:
    after = paper(number=number).apply(Photo.of(flat(128, 1024))).image.astype(float)
    assert after.mean() == pytest.approx(128, abs=3)
    assert after.std() == pytest.approx(0.3 * 36, rel=0.3)  # papers are drawn with a deviation of 36 levels


@pytest.mark.parametrize(("blend", "sign"), [("multiply", -1), ("add", 1), ("lighten", 0), ("screen", 1)])
def test_multiply_only_darkens_and_the_others_only_lighten(blend: str, sign: int) -> None:
    change = paper(blend=blend).apply(Photo.of(flat(128, 128))).image.astype(int) - 128
    assert np.sign(change.mean()) == sign
    assert (change * sign >= 0).all()


def test_the_mask_is_how_far_the_paper_departs_from_its_ground() -> None:
    photo = Photo.of(flat(128, 128))
    after = paper().apply(photo)
    assert np.abs(np.abs(after.image[..., 0].astype(int) - 128) - after.mask).max() <= 1

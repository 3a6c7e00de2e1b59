"""One small picture for each effect and preset: a change of pixels is seen, and looked at."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from charts import Picture, chart

from degrade.effects import EFFECTS
from degrade.presets import PRESETS
from degrade.recipe import Recipe
from degrade.severity import at_severity

TOLERANCE = 2
SIDE = 96


def compare(path: Path, recipe: Recipe, regen: bool) -> None:
    photo = recipe.apply(chart(SIDE, SIDE))
    labels = photo.labels * 20
    made = np.hstack([photo.image, cv2.merge([photo.mask] * 3), cv2.merge([labels] * 3)])
    if regen:
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), made[..., ::-1])
    kept: Picture = cv2.imread(str(path))[..., ::-1]
    assert np.abs(made.astype(int) - kept)[:, : 2 * SIDE].max() <= TOLERANCE
    assert np.mean(made[:, 2 * SIDE :] != kept[:, 2 * SIDE :]) < 0.001


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.__name__)
def test_an_effect_paints_what_it_painted(effect: type, golden: Path, regen: bool) -> None:
    compare(golden / "effects" / f"{effect.__name__}.png", Recipe((at_severity(effect, 4, 7, SIDE),)), regen)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_paints_what_it_painted(name: str, golden: Path, regen: bool) -> None:
    compare(golden / "presets" / f"{name}.png", PRESETS[name].sample(7, "chart"), regen)


def test_no_golden_picture_is_left_over(golden: Path) -> None:
    names = {path.relative_to(golden).with_suffix("").as_posix() for path in golden.rglob("*.png")}
    assert names == {f"effects/{each.__name__}" for each in EFFECTS} | {f"presets/{name}" for name in PRESETS}

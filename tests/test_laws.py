"""What holds for every effect, from its types alone."""

import itertools

import numpy as np
import pytest
from charts import chart, effects, flat, grey
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.effect import Effect, field_docs, field_types, summary
from degrade.effects import EFFECTS, STAGES
from degrade.ladder import Ramp
from degrade.photo import Photo
from degrade.recipe import Recipe
from degrade.severity import SEVERITIES, at_severity, rungs
from degrade.types import Defect

SIZES = ((1, 1), (1, 7), (9, 1), (2, 2), (3, 40), (31, 48), (64, 64))
PICTURES = {size: chart(*size) for size in SIZES}

WITH_CHANNELS = [effect for effect in EFFECTS if any(field.name == "channels" for field in field_types(effect))]
WITH_SEED = [effect for effect in EFFECTS if any(field.is_seed for field in field_types(effect))]

each_effect = pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.__name__)


@each_effect
@given(data=st.data())
@settings(max_examples=20)
def test_any_legal_effect_on_any_photo_keeps_the_laws(effect: type[Effect], data: st.DataObject) -> None:
    step = data.draw(effects(effect))
    picture = PICTURES[data.draw(st.sampled_from(SIZES))]
    if data.draw(st.booleans()):
        picture = grey(picture)
    before = picture.copy()
    photo = Photo.of(picture)
    once, twice = step.apply(photo), step.apply(photo)
    assert np.array_equal(once.image, twice.image)
    assert np.array_equal(once.mask, twice.mask)
    assert np.array_equal(once.labels, twice.labels)
    assert np.array_equal(picture, before)
    assert once.image.shape == picture.shape
    assert once.image.dtype == once.mask.dtype == once.labels.dtype == np.uint8
    assert once.mask.shape == once.labels.shape == picture.shape[:2]
    assert np.array_equal(once.mask > 0, once.labels > 0)
    assert once.labels.max(initial=0) <= max(Defect)
    assert Recipe.from_json(Recipe((step,)).to_json()) == Recipe((step,))


@each_effect
@given(data=st.data())
@settings(max_examples=5)
def test_an_earlier_defect_stays_in_the_mask(effect: type[Effect], data: st.DataObject) -> None:
    step = data.draw(effects(effect))
    photo = Photo.of(PICTURES[64, 64]).damaged(
        (250, 250, 250), np.full((20, 3), 200, np.uint8), Defect.SCRATCH, (9, 30)
    )
    after = step.apply(photo)
    if after.clean is photo.clean:  # nothing has moved
        assert (after.mask >= photo.mask).all()
    else:
        assert np.array_equal(after.mask > 0, after.labels > 0)


@each_effect
def test_a_mask_is_left_by_structured_effects_only_and_says_where_pixels_changed(effect: type[Effect]) -> None:
    photo = Photo.of(chart(96, 96))
    after = at_severity(effect, 5, seed=3, short_side=96).apply(photo)
    if after.clean is not photo.clean:
        return
    assert (after.mask.max() > 0) == (effect.defect is not Defect.INTACT)
    if effect.defect is not Defect.INTACT:
        changed = np.abs(after.image.astype(int) - photo.image).max(axis=2)
        assert changed[after.mask == 0].max(initial=0) <= 2


@pytest.mark.parametrize("effect", WITH_CHANNELS, ids=lambda effect: effect.__name__)
def test_a_grey_photo_gets_no_noise_of_its_own_colour(effect: type[Effect]) -> None:
    after = at_severity(effect, 5, seed=3, short_side=64).apply(Photo.of(grey(chart())))
    assert (after.image == after.image[..., :1]).all()


@pytest.mark.parametrize("effect", WITH_SEED, ids=lambda effect: effect.__name__)
def test_other_seeds_paint_other_pixels(effect: type[Effect]) -> None:
    photo = Photo.of(chart(128, 128))
    one, other = (at_severity(effect, 5, seed, 128).apply(photo).image for seed in (1, 2))
    assert not np.array_equal(one, other)


@each_effect
def test_severities_climb_in_equal_steps(effect: type[Effect]) -> None:
    marks = rungs()[effect.__name__]
    assert len(marks) == len(SEVERITIES)
    assert list(marks) == sorted(set(marks))
    assert all(at_severity(effect, a) != at_severity(effect, b) for a, b in itertools.pairwise(SEVERITIES))


@each_effect
def test_its_ladder_names_every_field(effect: type[Effect]) -> None:
    names = {field.name for field in field_types(effect) if not field.is_seed}
    assert set(effect.ladder.fields) == names
    assert any(isinstance(given, Ramp) for given in effect.ladder.fields.values())


@each_effect
def test_it_says_what_it_is_and_where_that_comes_from(effect: type[Effect]) -> None:
    assert summary(effect).endswith(".")
    assert "Source:" in (effect.__doc__ or "")
    docs = field_docs(effect)
    plain = [field.name for field in field_types(effect) if not field.is_seed and field.name != "channels"]
    assert [name for name in plain if not docs[name] and field_type_says_nothing(effect, name)] == []


def field_type_says_nothing(effect: type[Effect], name: str) -> bool:
    """Whether a field needs words: a number does, a choice or a texture speaks for itself."""
    (field,) = (field for field in field_types(effect) if field.name == name)
    return field.kind is not str


def test_every_effect_is_listed_once() -> None:
    assert len(set(EFFECTS)) == len(EFFECTS) == sum(map(len, STAGES.values()))
    assert len({effect.__name__ for effect in EFFECTS}) == len(EFFECTS)


@pytest.mark.parametrize("level", [0, 255])
@each_effect
def test_black_and_white_frames_pass(effect: type[Effect], level: int) -> None:
    after = at_severity(effect, 4, seed=1, short_side=64).apply(Photo.of(flat(level, 64)))
    assert after.image.shape == (64, 64, 3)


@each_effect
def test_a_long_strip_passes(effect: type[Effect]) -> None:
    strip = np.ascontiguousarray(np.resize(chart(3, 64), (3, 5000, 3)))
    assert at_severity(effect, 3, seed=1, short_side=3).apply(Photo.of(strip)).mask.shape == (3, 5000)

"""A transform of Albumentations as an effect of ours: picture, mask, labels and clean twin stay together."""

from typing import Any

import numpy as np
import pytest
from charts import chart

from degrade.photo import Photo
from degrade.pipeline import Pipeline
from degrade.pipeline_file import from_toml, to_toml
from degrade.priors import prior
from degrade.recipe import Recipe
from degrade.types import Defect

pytest.importorskip("albumentations")

from degrade.adapters.albumentations import A, Albumentation, as_text

PICTURE = chart(48, 64)


def damaged() -> Photo:
    return Photo.of(PICTURE).damaged((250, 250, 250), np.full((10, 25), 200, np.uint8), Defect.SCRATCH, (10, 5))


def once(effect: Albumentation, photo: Photo) -> Photo:
    return Recipe((effect,)).continued(photo)


def test_their_pixels_change_the_picture_alone() -> None:
    effect = Albumentation(transform=as_text(A.RandomBrightnessContrast(p=1)), seed=3)
    before = damaged()
    after = once(effect, before)
    assert not np.array_equal(after.image, before.image)
    assert np.array_equal(after.mask, before.mask)
    assert np.array_equal(after.clean, before.clean)
    assert np.array_equal(after.image, once(effect, before).image)


def test_another_seed_gives_another_picture() -> None:
    text = as_text(A.GaussNoise(p=1))
    one, other = (once(Albumentation(transform=text, seed=seed), damaged()).image for seed in (1, 2))
    assert not np.array_equal(one, other)


def test_their_geometry_moves_picture_mask_labels_and_clean_twin_together() -> None:
    before = damaged()
    after = once(Albumentation(transform=as_text(A.HorizontalFlip(p=1)), seed=0), before)
    for name in ("image", "mask", "labels", "clean"):
        assert np.array_equal(getattr(after, name), getattr(before, name)[:, ::-1])


@pytest.mark.parametrize(
    "transform",
    [
        A.Rotate((20, 20), p=1),
        A.Compose([A.RandomGamma(p=1), A.OneOf([A.Affine(rotate=9, p=1), A.Perspective(p=1)], p=1)]),
    ],
)
def test_a_resampled_photo_differs_from_its_clean_twin_under_the_mask_alone(transform: Any) -> None:
    after = once(Albumentation(transform=as_text(transform), seed=5), damaged())
    assert np.array_equal(after.mask > 0, after.labels > 0)
    assert not np.array_equal(after.clean, PICTURE)
    if isinstance(transform, A.Rotate):
        assert (after.image != after.clean)[after.mask == 0].sum() == 0


def test_what_a_dropout_hides_is_a_loss() -> None:
    after = once(Albumentation(transform=as_text(A.CoarseDropout(fill=7, p=1)), seed=0), Photo.of(PICTURE))
    assert (after.image == 7).all(axis=2).any()
    assert np.array_equal(after.mask == 255, (after.image != PICTURE).any(axis=2))
    assert set(np.unique(after.labels)) == {Defect.INTACT, Defect.LOSS}


@pytest.mark.parametrize("transform", [A.Resize(10, 10, p=1), A.ToFloat(p=1), A.RandomCrop(8, 8, p=1)])
def test_a_transform_that_changes_size_or_type_is_refused(transform: Any) -> None:
    with pytest.raises(ValueError, match="a photo keeps its size and type"):
        once(Albumentation(transform=as_text(transform), seed=0), damaged())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"transform":{"__class_fullname__":"Blurr","p":1}}',
        '{"transform":{"__class_fullname__":"Blur","blur_limit":"x","p":1}}',
        as_text(A.Compose([A.CoarseDropout(), A.RandomGamma()])),
    ],
)
def test_a_text_that_is_no_transform_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Albumentation.transform: [^\n]*$"):
        Albumentation(transform=text, seed=0)


def test_it_is_part_of_pipelines_files_and_recipes() -> None:
    pipeline = Pipeline("theirs", (prior(Albumentation, transform=as_text(A.MotionBlur(p=1))),))
    assert from_toml(to_toml(pipeline)) == pipeline
    recipe = pipeline.sample(1, "a.jpg")
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert np.array_equal(Recipe.from_json(recipe.to_json()).apply(PICTURE).image, recipe.apply(PICTURE).image)

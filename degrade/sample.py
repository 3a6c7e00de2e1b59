"""A sample: one clean photo, what became of it, and exactly how."""

from dataclasses import dataclass

from degrade.pipeline import Pipeline
from degrade.recipe import Recipe
from degrade.textures import NO_TEXTURES, Textures
from degrade.types import Image, Labels, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A training pair with its mask, its label map and its record."""

    key: str
    clean: Image
    degraded: Image
    mask: Mask
    labels: Labels
    recipe: Recipe


def degraded_sample(pipeline: Pipeline, seed: int, key: str, image: Image, textures: Textures = NO_TEXTURES) -> Sample:
    """The sample of a clean picture: the same for the same pipeline, seed, key and picture, whoever makes it, and when.

    `textures` are the user's scans; bind them to the pipeline first (`Pipeline.with_textures`).
    """
    return replayed_sample(pipeline.sample(seed, key), key, image, textures)


def replayed_sample(recipe: Recipe, key: str, image: Image, textures: Textures = NO_TEXTURES) -> Sample:
    """The sample that a recipe makes of a clean picture."""
    photo = recipe.apply(image, textures)
    return Sample(key, photo.clean, photo.image, photo.mask, photo.labels, recipe)

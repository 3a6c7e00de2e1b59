"""The pictures of an item: what a recipe makes of a photo, and what they hash to."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmark.suite import DRAWN, OLD, Damage, Item, SuiteError
from degrade.console import one_line, reason
from degrade.io import pixel_digest
from degrade.pipeline_file import read_pipeline
from degrade.presets import PRESETS
from degrade.recipe import Recipe, effect_named
from degrade.record import FromEffect, FromPipeline, Source
from degrade.types import Image, Mask
from restore_models.detection import Truth

DOUBTFUL = 45
"""The level of a suite's masks where whoever drew one could not say: between what counts as intact and as a defect, so
that it counts neither way (see `detecting`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """The pictures of an item."""

    item: Item
    degraded: Image
    clean: Image | None
    """None for a real old photo."""

    mask: Mask
    """What structured damage covers; 0 everywhere where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """A photo that a suite is made of."""

    name: str
    photo: Image
    sha256: str


def digests_of(item: Item) -> tuple[str, str, str]:
    """What the pictures of an item must hash to."""
    return item.clean_sha256, item.degraded_sha256, item.mask_sha256


def asked_item(seed: int, damage: Damage, draw: int, base: Base) -> Item:
    """An item before its pictures are made; its random numbers hang on the seed, the photo's pixels and the draw."""
    recipe = ""
    if damage.kind == "none":
        recipe = Recipe(()).to_json()
    elif damage.kind not in (OLD, DRAWN):
        recipe = source_of(damage).recipe(seed, f"{base.sha256[:16]}/{draw}", base.photo).to_json()
    return Item(
        item=folder_of(damage) + f"/{base.name}" + (f"-{draw}" if damage.draws > 1 else ""),
        photo=base.name,
        defect=damage.name,
        severity=damage.severity,
        draw=draw,
        recipe=recipe,
        height=base.photo.shape[0],
        width=base.photo.shape[1],
        photo_sha256=base.sha256,
        clean_sha256="",
        degraded_sha256="",
        mask_sha256="",
    )


def folder_of(damage: Damage) -> str:
    """The first part of an item's name."""
    return damage.name if damage.severity in (None, 0) else f"{damage.name}-{damage.severity}"


def damaged(item: Item, photo: Image) -> Case:
    """The pictures that the item's recipe makes of a photo, and the item with their digests."""
    if item.defect == OLD and not item.recipe:
        digest = pixel_digest(photo)
        return Case(with_digests(item, ("", digest, "")), photo, None, np.zeros(photo.shape[:2], np.uint8))
    made = Recipe.from_json(item.recipe).apply(photo)
    mask = pixel_digest(made.mask) if made.mask.any() else ""
    digests = (pixel_digest(made.clean), pixel_digest(made.image), mask)
    return Case(with_digests(item, digests), made.image, made.clean, made.mask)


def drawn(item: Item, photo: Image, truth: Truth, counted: Truth) -> Case:
    """A photo as it is, with a mask that was drawn by hand: 255 defect, 0 intact, `DOUBTFUL` where nobody knows."""
    mask = np.where(truth, np.uint8(255), np.where(counted, np.uint8(0), np.uint8(DOUBTFUL)))
    return Case(with_digests(item, ("", pixel_digest(photo), pixel_digest(mask))), photo, None, mask)


def with_digests(item: Item, digests: tuple[str, str, str]) -> Item:
    """The item, with what its pictures hash to."""
    clean, degraded, mask = digests
    return replace(item, clean_sha256=clean, degraded_sha256=degraded, mask_sha256=mask)


def source_of(damage: Damage) -> Source:
    """Where the recipes of a damage come from.

    Raises:
        SuiteError: the pipeline's file cannot be used.
    """
    if damage.kind == "effect":
        assert damage.severity is not None
        return FromEffect(effect_named(damage.name), damage.severity)
    if damage.kind == "preset":
        return FromPipeline(PRESETS[damage.name], "preset")
    try:
        return FromPipeline(read_pipeline(Path(damage.file)), "pipeline")
    except (ValueError, OSError) as error:
        raise SuiteError(one_line(reason(error))) from None

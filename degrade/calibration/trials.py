"""One trial: clean photos degraded by a pipeline and measured, with the same random numbers in every trial."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from degrade.pipeline import Pipeline
from degrade.realism.patch import Doubles
from degrade.realism.patches import anywhere, cut, marked
from degrade.realism.statistics import COLUMNS, measured, measured_marks
from degrade.types import Image

PATCHES = 3
"""Patches of a photo in a trial: many photos with few patches say more than few photos with many."""

SIDE = 320
"""Pixels of the middle of a clean photo that a trial degrades at most: more costs time and says little."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo and its identity, on which the places of patches and all that is drawn hang."""

    key: str
    image: Image


def middle(picture: Picture) -> Picture:
    """The middle of a photo."""
    height, width = picture.image.shape[:2]
    top, left = max(0, (height - SIDE) // 2), max(0, (width - SIDE) // 2)
    return Picture(picture.key, np.ascontiguousarray(picture.image[top : top + SIDE, left : left + SIDE]))


def rows(picture: Picture, seed: int, parts: int = 1) -> Doubles:
    """The statistics (parts, statistics) of a photo, each part the mean of a few patches; the marks are in all of them.

    Args:
        picture: the photo.
        seed: of the places.
        parts: 1 for a degraded photo; a real one is scarce, and all its patches count in several parts.
    """
    places = anywhere(picture.image.shape[:2], seed, picture.key)[: parts * PATCHES]
    patches = np.array([measured(cut(picture.image, place)) for place in places])
    found = patches.reshape(parts, -1, patches.shape[1]).mean(axis=1)
    found[:, COLUMNS["defects"]] = measured_marks(cut(picture.image, marked(picture.image)[0]))
    return np.asarray(found)


def degraded(pipeline: Pipeline, clean: Picture, seed: int) -> Picture:
    """The photo as the pipeline makes it; a step's numbers hang on the seed, the photo and the step alone."""
    return Picture(clean.key, pipeline.sample(seed, clean.key).apply(clean.image).image)


def table(pictures: Sequence[Picture], measure: Callable[[Picture], Doubles], workers: int) -> Doubles:
    """The statistics (parts of photos, statistics) of photos, so many photos at a time."""
    with ThreadPoolExecutor(workers) as pool:
        return np.concatenate(list(pool.map(measure, pictures)))

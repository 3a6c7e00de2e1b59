"""How unlike a photograph a picture is, with nothing to compare it with and no weights: for real old photos."""

import math
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import cv2
import numpy as np

from benchmark.fidelity import QUANT
from benchmark.metric import Metric, Scores, UnsupportedError, spec
from benchmark.regions import WHOLE
from degrade.demo import NoPhotosError, shipped_photos
from degrade.io import pixel_digest
from degrade.light import Doubles, luma
from degrade.realism.patch import Floats
from degrade.realism.texture import asymmetric_gaussian, generalised_gaussian, normalised
from degrade.types import Image, Mask
from restore_models.restorer import ModelError

BLOCK = 96
"""Pixels on a side, as in the paper."""

SHARP = 0.5
"""Pristine blocks have so much of the contrast of their photo's sharpest one. The paper has 0.75, of 125 photos."""

PRISTINE = ("astronaut", "camera", "chelsea", "coffee")
"""Photos of scikit-image: few, but everybody has the same."""

PIXELS = "a560fdf1"
"""The first digits of the hash over their pixels; other pixels would make it another metric."""


class Normal(NamedTuple):
    """What the blocks of one or of many photos are like."""

    mean: Doubles
    covariance: Doubles


def niqe_self(restored: Image, clean: Image | None, mask: Mask | None) -> Scores:
    """The distance of a picture's blocks from those of four pristine photos: less is more like a photograph.

    Source: Mittal et al. 2013, "Making a completely blind image quality analyzer", equations 1 to 10. The features and
    the distance are theirs; the pristine photos are not, so that the values are no NIQE and are only to be compared
    with one another. It knows nothing of faces or of truth: a blurred scratch may please it.

    Raises:
        UnsupportedError: the picture is smaller than two blocks by two.
        ModelError: scikit-image, whose photos are the pristine ones, is not installed.
    """
    height, width = restored.shape[:2]
    if min(height, width) < 2 * BLOCK:
        raise UnsupportedError(f"niqe-self has no value for {width} x {height} pixels; it needs {2 * BLOCK} a side")
    ours, theirs = normal(features(restored, BLOCK)[0]), pristine()
    apart = ours.mean - theirs.mean
    inverse = np.linalg.pinv((ours.covariance + theirs.covariance) / 2)
    return {WHOLE: math.sqrt(max(float(apart @ inverse @ apart), 0.0))}


@lru_cache(maxsize=1)
def pristine() -> Normal:
    """What blocks of pristine photos are like, overlapping by half, for there are few.

    Raises:
        ModelError: scikit-image is not installed, or has other photos.
    """
    try:
        photos = [shipped_photos()[name] for name in PRISTINE]
    except NoPhotosError as error:
        raise ModelError(f"niqe-self: {error}") from None
    found = sha256("".join(map(pixel_digest, photos)).encode()).hexdigest()[: len(PIXELS)]
    if found != PIXELS:
        raise ModelError(f"niqe-self: this scikit-image has other photos ({found}, not {PIXELS}); take version 0.26")
    blocks = []
    for photo in photos:
        values, contrast = features(photo, BLOCK // 2)
        blocks.append(values[contrast > SHARP * contrast.max()])
    return normal(np.concatenate(blocks))


def normal(blocks: Doubles) -> Normal:
    """Mean and covariance of (blocks, features)."""
    return Normal(blocks.mean(axis=0), np.cov(blocks, rowvar=False))


def features(image: Image, step: int) -> tuple[Doubles, Doubles]:
    """(blocks, 36) and the mean local contrast of each block: 18 features at full and at half size."""
    light: Floats = luma(image).astype(np.float32)
    half: Floats = cv2.resize(light, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    fine, coarse, contrast = normalised(light), normalised(half), local_contrast(light)
    values, contrasts = [], []
    for top in range(0, light.shape[0] - BLOCK + 1, step):
        for left in range(0, light.shape[1] - BLOCK + 1, step):
            values.append([*of_block(fine, top, left, BLOCK), *of_block(coarse, top // 2, left // 2, BLOCK // 2)])
            contrasts.append(float(contrast[top : top + BLOCK, left : left + BLOCK].mean()))
    return np.array(values), np.array(contrasts)


def local_contrast(light: Floats) -> Floats:
    """The standard deviation around each pixel."""
    mean = cv2.GaussianBlur(light, (7, 7), 7 / 6)
    found: Floats = np.sqrt(np.maximum(cv2.GaussianBlur(light * light, (7, 7), 7 / 6) - mean * mean, 0))
    return found


def of_block(field: Floats, top: int, left: int, side: int) -> list[float]:
    """The shape and the spread of normalised luma, and what its products with four neighbours are like."""
    block = field[top : top + side, left : left + side]
    neighbours = (
        block[:, 1:] * block[:, :-1],
        block[1:] * block[:-1],
        block[1:, 1:] * block[:-1, :-1],
        block[1:, :-1] * block[:-1, 1:],
    )
    return [*generalised_gaussian(block), *(number for each in neighbours for number in asymmetric_gaussian(each))]


NIQE_SELF = Metric(
    "niqe-self",
    spec("niqe-self", 1, {"space": "luma", **QUANT, "block": BLOCK, "pristine": f"scikit-image-{PIXELS}"}),
    False,
    niqe_self,
    needs_clean=False,
)

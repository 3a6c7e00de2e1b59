"""Scenes with forms and edges, what effects make of them, and photographs that ship with scikit-image."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from small_boards import CELLS

from benchmark.suite import Damage
from degrade.effects import EFFECTS
from degrade.recipe import Recipe
from degrade.severity import at_severity
from degrade.types import Image
from leaderboards.fingerprint import Fingerprint

SIDE = 96

DAMAGES = (
    Damage("none", "none", 0),
    *(Damage("effect", name, 4) for name in ("GaussianNoise", "GaussianBlur", "DyeFading", "Tear")),
)


def scene(number: int) -> Image:
    """A picture with forms, edges and some texture."""
    source = np.random.default_rng(number)
    small = source.integers(0, 256, (7, 8, 3), np.uint8)
    picture = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    for _ in range(8):
        corner = source.integers(0, SIDE, 2)
        end = corner + source.integers(8, 40, 2)
        cv2.rectangle(picture, corner.tolist(), end.tolist(), source.integers(0, 256, 3).tolist(), -1)
    texture = source.normal(0, 3, picture.shape[:2])[..., None]
    return np.clip(picture + texture, 0, 255).astype(np.uint8)


def aged(number: int, effect: str) -> tuple[Image, Image]:
    """An unseen picture with one effect, and its mask."""
    kind = next(each for each in EFFECTS if each.__name__ == effect)
    made = Recipe((at_severity(kind, 4, seed=number, short_side=SIDE),)).apply(scene(number))
    return made.image, made.mask


def of_the_board(fingerprint: Fingerprint) -> Fingerprint:
    """The fingerprint, its cells called as those of the small board are."""
    like = replace(fingerprint.likeness, cells=(("none", 0), *CELLS))
    return replace(fingerprint, likeness=like)


def shipped(name: str) -> Image:
    picture = np.atleast_3d(getattr(pytest.importorskip("skimage").data, name)())[..., :3]
    return np.ascontiguousarray(np.broadcast_to(picture, (*picture.shape[:2], 3)))

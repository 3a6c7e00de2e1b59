"""Small photos that look a little like photos: clouds of form, an edge, and faint grain, each by its own key."""

from functools import lru_cache

import cv2
import numpy as np

from degrade.realism.measuring import Measured, measured_photo
from degrade.seeds import stream
from degrade.types import Image

SIDE = 150
COUNT = 20


def photo(key: str) -> Image:
    source = stream(1, "small set", key)
    form = np.zeros((SIDE, SIDE), np.float32)
    for cells in (3, 6, 12, 25, 50):
        form += cv2.resize(source.normals(cells, cells), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) * (
            40 / cells**0.5
        )
    form[:, source.integer(40, 110) :] += source.uniform(-50, 50)
    tones = [source.uniform(0.85, 1.15) for _ in range(3)]
    grain = source.normals(SIDE, SIDE) * source.uniform(1, 3)
    return levels(np.dstack([(form + 120) * each + grain for each in tones]))


def levels(picture: np.ndarray) -> Image:
    return np.rint(np.clip(picture, 0, 255)).astype(np.uint8)


def noisy(image: Image, key: str) -> Image:
    """Noise of its own in each channel, 12 levels."""
    return levels(image + 12 * stream(2, "noise", key).normals(*image.shape))


def yellowed(image: Image) -> Image:
    return levels(image + np.array([8, 4, -36]))


def scratched(image: Image, key: str) -> Image:
    source, scratched_image = stream(3, "scratch", key), image.copy()
    for _ in range(6):
        ends = [(source.integer(0, SIDE), source.integer(0, SIDE)) for _ in range(2)]
        cv2.line(scratched_image, *ends, (250, 250, 250), 2, cv2.LINE_AA)
    return scratched_image


def keys(prefix: str) -> list[str]:
    return [f"{prefix} {number}.png" for number in range(COUNT)]


@lru_cache
def plain_set(prefix: str) -> list[Measured]:
    return [measure(key, photo(key)) for key in keys(prefix)]


def measure(key: str, image: Image) -> Measured:
    return measured_photo(key, image, seed=0, largest=640)

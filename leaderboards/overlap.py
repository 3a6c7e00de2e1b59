"""Whether photos of a suite are among those that a model has learnt from: equal to the pixel, or alike to the eye."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmark.materials import Materials
from benchmark.photos import cropped
from degrade.io import ImageError, picture_files, pixel_digest, read_image
from degrade.types import Image
from leaderboards.entry import EntryError

BITS = 16
"""A hash has 16 x 16 bits for the changes along rows, and as many for those along columns."""

ALIKE = 100
"""Bits of 512 that may differ. Of 40 186 pairs of 284 photos, mirrored or not, the nearest differed in 145. JPEG of
quality 30, half the size, other brightness and gamma, grey, noise and 2 % of each side cut off moved at most 81 bits;
5 % cut off moved 95 of 100 photos by at most 100, and all by 110."""

Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The photos of a suite that a folder of training data holds."""

    pictures: int
    """That were looked at."""

    equal: tuple[str, ...]
    """Photos of the suite that are there to the pixel."""

    alike: tuple[str, ...]
    """Photos that are there in another size, quality or tone, or mirrored."""

    def noted(self) -> dict[str, Any]:
        """The same as a record keeps it."""
        return {"pictures": self.pictures, "equal": [*self.equal], "alike": [*self.alike]}


def overlap(materials: Materials, training: Path) -> Overlap:
    """The photos of a suite that a folder of training data holds, whole or cut to the middle as suites cut them.

    Other cuts and turned photos are not found.

    Raises:
        EntryError: there is no such folder, or a file in it is damaged.
        SuiteError: a photo of the suite is missing.
    """
    if not training.is_dir():
        raise EntryError(f"--training {training}: no such folder")
    files = picture_files(training)
    if not files:
        raise EntryError(f"--training {training}: no pictures in it")
    firsts = {item.photo: item for item in materials.suite.items}
    photos = {name: materials.photo(item) for name, item in firsts.items()}
    digests = {pixel_digest(photo): name for name, photo in photos.items()}
    hashes = np.stack([difference_hash(photo) for photo in photos.values()])
    sides = {max(photo.shape[:2]) for photo in photos.values()}
    equal, alike = set[str](), set[str]()
    for path in files.values():
        for picture in views(read(path), sides):
            name = digests.get(pixel_digest(picture))
            equal.update([name] if name else [])
            for bits in (difference_hash(picture), difference_hash(np.ascontiguousarray(picture[:, ::-1]))):
                near = np.flatnonzero((hashes != bits).sum(axis=1) <= ALIKE)
                alike.update([*photos][place] for place in near.tolist())
    return Overlap(len(files), tuple(sorted(equal)), tuple(sorted(alike - equal)))


def views(picture: Image, sides: set[int]) -> Iterator[Image]:
    """A picture, and its middle where it is larger than the photos of the suite."""
    yield picture
    for side in sides:
        if min(picture.shape[:2]) >= side and max(picture.shape[:2]) > side:
            yield cropped(picture, side)


def difference_hash(picture: Image) -> Bits:
    """Where a small grey picture becomes brighter to the right, and downwards: 512 bits.

    Source: the difference hash that N. Krawetz described in 2013, with twice the resolution and both directions.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    wide = cv2.resize(grey, (BITS + 1, BITS), interpolation=cv2.INTER_AREA).astype(np.int16)
    tall = cv2.resize(grey, (BITS, BITS + 1), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.concatenate([(np.diff(wide, axis=1) > 0).ravel(), (np.diff(tall, axis=0) > 0).ravel()])


def read(path: Path) -> Image:
    """A picture of the training data.

    Raises:
        EntryError: it is damaged.
    """
    try:
        return read_image(path)
    except ImageError as error:
        raise EntryError(f"--training: {error}") from None

"""Photos into numbers: the statistics of their patches, and what the page shows of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np

from degrade.io import ImageError
from degrade.realism.patch import SIDE, Doubles
from degrade.realism.patches import anywhere, cut, marked
from degrade.realism.photos import Found
from degrade.realism.statistics import COLUMNS, measured, measured_marks
from degrade.types import Image

SHOWN = 224
"""Longer side in pixels of the photos on the page."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What is kept of a photo."""

    key: str
    size: tuple[int, int]
    """Height and width before it was made smaller."""

    patches: Doubles
    """(patches anywhere, statistics)."""

    marks: Doubles
    """(patches where something stands out, statistics of defects)."""

    shown: Image
    """The photo, small."""

    detail: Image
    """The patch where most stands out, as it is."""

    features: Doubles | None = None
    """(dimensions,), what a network made of it, where one was asked."""

    def of(self, family: str) -> Doubles:
        """The statistics of a family: those of defects where something stands out, the others anywhere."""
        return self.marks if family == "defects" else self.patches[:, COLUMNS[family]]


def measured_photo(
    key: str, image: Image, seed: int, largest: int, network: Callable[[Image], Doubles] | None = None
) -> Measured:
    """A photo in numbers.

    Args:
        key: its identity, on which the places of its patches hang.
        image: the photo.
        seed: as the key.
        largest: shorter side to which a larger photo is made smaller first; 0 for none.
        network: makes a vector of the photo, made smaller.

    Raises:
        ImageError: it is smaller than a patch.
        ValueError: the network failed.
    """
    fitting = fitted(image, largest)
    if min(fitting.shape[:2]) < SIDE:
        height, width = fitting.shape[:2]
        raise ImageError(f"{key}: {width} x {height} pixels, smaller than a patch of {SIDE}; left out")
    patches = [measured(cut(fitting, place)) for place in anywhere(fitting.shape[:2], seed, key)]
    places = marked(fitting)
    return Measured(
        key=key,
        size=image.shape[:2],
        patches=np.array(patches),
        marks=np.array([measured_marks(cut(fitting, place)) for place in places]),
        shown=_thumbnail(image),
        detail=cut(fitting, places[0]),
        features=network(fitting) if network else None,
    )


def measured_photos(
    photos: Iterable[Found],
    count: int,
    measure: Callable[[str, Image], Measured],
    workers: int,
    tick: Callable[[str], None],
) -> list[Measured]:
    """The first so many photos that can be measured, sorted by key: the same for any number of workers.

    Args:
        photos: in the order in which they are taken.
        count: how many at most.
        measure: `measured_photo` with its seed and size.
        workers: photos at a time.
        tick: told, for each photo, what is wrong with it; nothing where it was measured.
    """
    found: list[Measured] = []
    waiting = iter(photos)
    with ThreadPoolExecutor(workers) as pool:
        while len(found) < count and (batch := list(islice(waiting, count - len(found)))):
            for result in pool.map(lambda each: _tried(each, measure), batch):
                tick(result if isinstance(result, str) else "")
                if isinstance(result, Measured):
                    found.append(result)
    return sorted(found, key=lambda each: each.key)


def _tried(photo: Found, measure: Callable[[str, Image], Measured]) -> Measured | str:
    try:
        return measure(photo.key, photo.load())
    except ImageError as error:
        return str(error)


def fitted(image: Image, largest: int) -> Image:
    """The photo, its shorter side no longer than that; 0 for as it is."""
    share = largest / min(image.shape[:2]) if largest else 1.0
    return _smaller(image, share)


def _thumbnail(image: Image) -> Image:
    return _smaller(image, SHOWN / max(image.shape[:2]))


def _smaller(image: Image, share: float) -> Image:
    if share >= 1:
        return image
    size = max(1, round(image.shape[1] * share)), max(1, round(image.shape[0] * share))
    smaller: Image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return smaller


def stacked(photos: Sequence[Measured], family: str = "") -> Doubles:
    """(photos, patches, statistics) of a family; of all where none is named."""
    return np.stack([photo.of(family) if family else photo.patches for photo in photos])


def in_pieces(photos: Sequence[Measured], order: Sequence[int], parts: int) -> Iterator[list[Measured]]:
    """The photos in that order, dealt out in so many parts."""
    for part in range(parts):
        yield [photos[each] for each in order[part::parts]]

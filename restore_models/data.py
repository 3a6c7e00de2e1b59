"""Where batches come from: pairs of a corpus, pairs made on the fly, and real old photos.

What is in the batch of a step is a pure function of the seed, the step, and which process of how many asks: so a run
that was broken off sees what it would have seen, whatever loads it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.corpus.online import Kept
from degrade.seeds import Stream, stream
from degrade.types import Image
from restore_models.restorer import ModelError

Arrays = dict[str, NDArray[np.uint8]]


class Items(Protocol):
    """A map-style data set whose items hang on the epoch too."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: tuple[int, int]) -> dict[str, Any]:
        """Pictures (H, W, 3) and masks (H, W) by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """Batches by the number of the step, as stacked uint8 arrays: a data set for `torch.utils.data.DataLoader`."""

    pairs: Items
    old: Items | None
    batch: int
    seed: int
    rank: int = 0
    world: int = 1

    def __getitem__(self, step: int) -> Arrays:
        """(B, H, W, 3) and (B, H, W)."""
        items = [self.pairs[index] for index in self.places(step, "pairs", len(self.pairs))]
        found = {name: np.stack([item[name] for item in items]) for name in items[0]}
        if self.old is not None:
            olds = [self.old[index]["old"] for index in self.places(step, "old", len(self.old))]
            found["old"] = np.stack(olds)
        return found

    def __len__(self) -> int:
        """Endless, as far as samplers are concerned; the loop says which steps it wants."""
        return 1 << 62

    def places(self, step: int, name: str, count: int) -> list[tuple[int, int]]:
        """Epoch and place of each item in the batch of a step: all processes together go once through an epoch."""
        first = (step * self.world + self.rank) * self.batch
        numbers = range(first, first + self.batch)
        return [(n // count, order(self.seed, name, n // count, count)[n % count]) for n in numbers]


@lru_cache(maxsize=8)
def order(seed: int, name: str, epoch: int, count: int) -> Sequence[int]:
    """The places of one epoch in random order."""
    keys: NDArray[np.uint64] = stream(seed, "order", name, epoch).raw(count)
    return [int(place) for place in np.argsort(keys, kind="stable")]


KEPT_BYTES = 1 << 30
"""In each process that loads."""


@dataclass(frozen=True, slots=True, eq=False)
class Cropped:
    """The same random part of all pictures of an item, mirrored or not, anew in each epoch."""

    whole: Callable[[int], Arrays]
    """An item's pictures, uncropped, by its place."""

    count: int
    size: int
    seed: int
    name: str
    flips: bool = True
    kept: Kept = field(default_factory=lambda: Kept(KEPT_BYTES))

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: tuple[int, int]) -> Arrays:
        """Crops of `size` pixels; pictures that are smaller are enlarged first, as the paper does."""
        epoch, place = index
        arrays: Mapping[str, NDArray[np.uint8]] = self.kept.of(place, lambda: enlarged(self.whole(place), self.size))
        height, width = next(iter(arrays.values())).shape[:2]
        top, left, mirrored = window(stream(self.seed, "crop", self.name, epoch, place), height, width, self.size)
        part = (slice(top, top + self.size), slice(left, left + self.size))
        step = -1 if self.flips and mirrored else 1
        return {name: np.ascontiguousarray(array[part][:, ::step]) for name, array in arrays.items()}


def window(source: Stream, height: int, width: int, size: int) -> tuple[int, int, bool]:
    """Top and left of a random crop, and whether it is mirrored."""
    return source.integer(0, height - size), source.integer(0, width - size), source.unit() < 0.5


def enlarged(arrays: Arrays, size: int) -> Arrays:
    """The pictures, their shorter side at least so long."""
    height, width = next(iter(arrays.values())).shape[:2]
    share = size / min(height, width)
    if share <= 1:
        return arrays
    target = max(size, round(width * share)), max(size, round(height * share))
    return {
        name: cv2.resize(array, target, interpolation=cv2.INTER_CUBIC if array.ndim == 3 else cv2.INTER_LINEAR)
        for name, array in arrays.items()
    }


MOST_ENLARGED = 2
"""Times; what is enlarged further is blur that nothing is to be learned from, and large crops take the memory."""


def refuse_large(size: int, where: str, sides: Iterable[int]) -> None:
    """Refuse crops for which every picture is too small; one that is large enough will do.

    Args:
        size: of the crops.
        where: the pictures lie.
        sides: how large a crop each picture can give at most, looked at up to the first that gives one.

    Raises:
        ModelError: says the largest, and what to do.
    """
    largest = 0
    for side in sides:
        if side >= size:
            return
        largest = max(largest, side)
    if largest:
        raise ModelError(
            f"{where}: crops of {size} pixels, and no picture is large enough for more than {largest}; give a smaller "
            "--size, or larger photos"
        )


def of_corpus(corpus: Any, size: int, seed: int, *, flips: bool = True) -> Cropped:
    """Pairs of one split of a corpus: clean, degraded and mask, as far as it has them."""
    return Cropped(lambda place: _pair(corpus, place), len(corpus), size, seed, "pairs", flips)


def _pair(corpus: Any, place: int) -> Arrays:
    found: Arrays = corpus[place].arrays(("clean", "degraded", "mask"))
    return found


def old_of_corpus(corpus: Any, size: int, seed: int) -> Cropped:
    """Real old photos of the corpus's split `old`."""
    return Cropped(lambda place: {"old": corpus[place].degraded}, len(corpus), size, seed, "old")


def old_photos(pictures: Sequence[Callable[[], Image]], size: int, seed: int) -> Cropped:
    """Real old photos, each read when it is needed."""
    if not pictures:
        raise ModelError("no real old photos to learn from")
    return Cropped(lambda place: {"old": pictures[place]()}, len(pictures), size, seed, "old")

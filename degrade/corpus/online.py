"""Pairs for training as dictionaries of arrays: of a corpus, or made on the fly; torch loads them and is not needed.

Both are map-style data sets for `torch.utils.data.DataLoader`, and what they give hangs on the seed, the epoch and the
place alone, not on the number of workers. Call `set_epoch` before each epoch; workers that outlive one hear of it too
(`persistent_workers=True`). A sampler may give pairs (epoch, index) instead.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from degrade.corpus.columns import COLUMNS as SHARD_COLUMNS
from degrade.corpus.config import Config
from degrade.corpus.epochs import Epoch
from degrade.corpus.reading import PICTURES, Corpus
from degrade.corpus.rows import sample_key, windows
from degrade.io import MAX_PIXELS, decode_image
from degrade.patience import patient
from degrade.pipeline import Pipeline
from degrade.recipe import nearest
from degrade.record import FromPipeline
from degrade.sample import replayed_sample
from degrade.seeds import Stream, stream
from degrade.sources import NoSourceError, PhotoSource, open_source
from degrade.textures import NO_TEXTURES, Textures
from degrade.types import Image

Index = int | tuple[int, int]
"""Of a pair; or the epoch and the index."""

COLUMNS = ("clean", "degraded", "mask")


class Kept:
    """Arrays that cost time to make, kept while they take no more than so many bytes; the oldest go first."""

    def __init__(self, most: int) -> None:
        self.most, self.bytes = most, 0
        self.things: OrderedDict[Any, Mapping[str, Any]] = OrderedDict()

    def of(self, key: Any, make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """The arrays of that key, made if they are not there."""
        found = self.things.get(key)
        if found is None:
            found = make()
            self.bytes += sum(array.nbytes for array in found.values())
            self.things[key] = found
            while self.bytes > self.most and self.things:
                self.bytes -= sum(array.nbytes for array in self.things.popitem(last=False)[1].values())
        return found


def crop_pair(arrays: Mapping[str, Any], size: int, source: Stream, *, flips: bool = False) -> dict[str, Any]:
    """The same random part of all pictures of a pair, mirrored or not; what is no picture stays as it is.

    Args:
        arrays: pictures (H, W, 3) and maps (H, W) of one size, and whatever else.
        size: side in pixels; 0 is the whole.
        source: where the numbers come from.
        flips: mirror one half of all pairs left to right.

    Raises:
        ValueError: the pictures are smaller, or differ in size.
    """
    sizes = {value.shape[:2] for value in arrays.values() if isinstance(value, np.ndarray)}
    if len(sizes) != 1:
        raise ValueError(f"pictures of one pair have the sizes {sorted(sizes)}; they must have one")
    ((height, width),) = sizes
    if min(height, width) < size:
        raise ValueError(f"{width} x {height} pixels, smaller than a crop of {size}; choose a smaller size")
    top, left = source.integer(0, height - (size or height)), source.integer(0, width - (size or width))
    part = (slice(top, top + (size or height)), slice(left, left + (size or width)))
    step = -1 if flips and source.unit() < 0.5 else 1
    return {
        name: np.ascontiguousarray(value[part][:, ::step]) if isinstance(value, np.ndarray) else value
        for name, value in arrays.items()
    }


def check_columns(asked: Sequence[str], known: tuple[str, ...]) -> None:
    """Check that a pair can hold what is asked for.

    Raises:
        ValueError: there is no such column.
    """
    for name in asked:
        if name not in known:
            raise ValueError(f"columns: no {name!r}{nearest(name, list(known))}; there are {', '.join(known)}")


@dataclass(slots=True)
class TrainingPairs:
    """Pairs of a corpus, cropped and mirrored anew in each epoch: uint8, (H, W, 3) in RGB, masks (H, W).

    A row lacks what its split has not: real old photos have no clean side.
    """

    corpus: Corpus
    size: int = 0
    """Side of the crops; 0 is whole rows, which a batch can only hold if all are of one size."""

    seed: int = 0
    flips: bool = False
    columns: tuple[str, ...] = COLUMNS
    """What a pair holds: these, `defects`, and any other column, as `key`."""

    epochs: Epoch = field(default_factory=Epoch, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the columns.

        Raises:
            ValueError: there is no such column.
        """
        check_columns(self.columns, tuple(SHARD_COLUMNS))

    def __len__(self) -> int:
        return len(self.corpus)

    def __getitem__(self, index: Index) -> dict[str, Any]:
        epoch, place = index if isinstance(index, tuple) else (self.epochs.number, index)
        pair = self.corpus[place]
        arrays = pair.arrays(self.columns)
        if not self.size and not self.flips:
            return arrays
        try:
            return crop_pair(arrays, self.size, stream(self.seed, "crop", epoch, pair.number), flips=self.flips)
        except ValueError as error:
            raise ValueError(f"{pair.key}: {error}") from None

    def set_epoch(self, epoch: int) -> None:
        """Crop anew from now on."""
        self.epochs.set(epoch)


@dataclass(slots=True)
class OnlinePairs:
    """Pairs made of clean photos when they are asked for, with a fresh recipe in each epoch.

    In epoch n a photo becomes, to the byte, what a corpus of the same pipeline, seed and size has as its variant n.
    """

    photos: PhotoSource
    pipeline: Pipeline
    seed: int
    size: int = 0
    """Side of the random crop that is degraded; 0 is the whole photo."""

    textures: Textures = NO_TEXTURES
    columns: tuple[str, ...] = COLUMNS
    """What a pair holds: these, `defects`, `key`, and `recipe` as JSON."""

    epochs: Epoch = field(default_factory=Epoch, repr=False, compare=False)
    keys: Sequence[str] = ()
    """Of the photos; none is all of them."""

    kept: Kept = field(default_factory=lambda: Kept(0), repr=False)
    """Decoded photos, so that none is decoded in every epoch: `Kept(2 << 30)` for 2 GiB in each process."""

    def __post_init__(self) -> None:
        """List the photos.

        Raises:
            TypeError: the pipeline is none, as the name of a preset.
            ValueError: there is no such column, or the crops are too small.
        """
        if not isinstance(self.pipeline, Pipeline):
            raise TypeError(f"pipeline = {self.pipeline!r}, not a Pipeline; degrade.presets.PRESETS has some by name")
        check_columns(self.columns, (*PICTURES, "key", "recipe"))
        self._config()
        self.keys = self.keys or list(self.photos.keys())

    @classmethod
    def of(cls, where: str | os.PathLike[str], pipeline: Pipeline, seed: int, size: int = 0) -> "OnlinePairs":
        """The same of the photos in a folder, or wherever `open_source` finds some.

        Raises:
            NoSourceError: there are none.
            SourceError: they cannot be read.
        """
        photos = open_source(os.fspath(where))
        if not photos.keys():
            raise NoSourceError(f"{where}: no photo in it; name a folder of photos")
        return cls(photos, pipeline, seed, size)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, index: Index) -> dict[str, Any]:
        epoch, place = index if isinstance(index, tuple) else (self.epochs.number, index)
        key = self.keys[place]
        config = self._config()
        (source,) = config.recipes
        image = self.kept.of(key, lambda: {"image": self._photo(key)})["image"]
        window = next(windows(image, key, epoch, config))
        part, name = window.of(image), sample_key(key, epoch, window)
        sample = replayed_sample(source.recipe(self.seed, name, part), name, part, self.textures)
        found = {"clean": sample.clean, "degraded": sample.degraded, "mask": sample.mask, "defects": sample.labels}
        return {
            column: key if column == "key" else sample.recipe.to_json() if column == "recipe" else found[column]
            for column in self.columns
        }

    def _photo(self, key: str) -> Image:
        return decode_image(patient(lambda: self.photos.read(key)), key, MAX_PIXELS)

    def _config(self) -> Config:
        """The choices of a corpus that would hold the same pairs."""
        source = FromPipeline(self.pipeline, "pipeline")
        return Config(recipes=(source,), seed=self.seed, size=self.size, crop="random" if self.size else "whole")

    def set_epoch(self, epoch: int) -> None:
        """Draw other recipes and crops from now on."""
        self.epochs.set(epoch)

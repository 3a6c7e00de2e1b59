"""What a corpus is made of: every choice that its bytes hang on, and the order in which it is made."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

from degrade.io import MAX_PIXELS
from degrade.pipeline_file import to_toml
from degrade.record import FromPipeline, Source, versions
from degrade.textures import NO_TEXTURES, Textures

FORMAT = 4
"""Raised when the same configuration would make another corpus."""

WRITERS = ("fpng", "isal", "pyarrow")
"""Packages that change no pixel, but the bytes that pixels are kept in."""

Crop = Literal["whole", "random", "grid"]
Store = Literal["pairs", "recipe"]
Encoding = Literal["png", "webp", "jpeg"]

USUAL_QUALITY = 95
"""Of JPEG pictures, where nobody says another."""

MOST_SEEDS = 2**63 - 1

SPLITS = ("train", "validation", "test")
OLD = "old"
"""The split of real old photos, which have no clean twin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every choice that the bytes of a corpus hang on, but the photos themselves."""

    recipes: tuple[Source, ...]
    """Where recipes come from: each photo gets `variants` of each."""

    seed: int
    variants: int = 1
    size: int = 0
    """Side of the crops in pixels; 0 is whole photos."""

    crop: Crop = "whole"
    store: Store = "pairs"
    """Pairs, or the recipe alone, from which the degraded side is made again on reading."""

    encoding: Encoding = "png"
    quality: int = USUAL_QUALITY
    """Of JPEG alone."""

    shares: tuple[float, float, float] = (0.9, 0.05, 0.05)
    """Of photos in train, validation and test."""

    shard_photos: int = 0
    """Photos in one shard; 0 is as many as make about 250 MB."""

    textures: Textures = NO_TEXTURES
    max_pixels: int = MAX_PIXELS

    def __post_init__(self) -> None:
        """Check the choices.

        Raises:
            ValueError: one of them makes no sense.
        """
        _check_labels(self.recipes)
        if not 0 <= self.seed <= MOST_SEEDS:
            raise ValueError(
                f"seed = {self.seed}, outside [0, {MOST_SEEDS}], which is what a column of a corpus can hold"
            )
        if self.variants < 1:
            raise ValueError(f"variants = {self.variants}, below 1")
        if (self.crop == "whole") != (self.size == 0):
            raise ValueError("crops need a size, and whole photos have none: use --size with --crop random or grid")
        if self.size and self.size < 16:
            raise ValueError(f"size = {self.size}, below 16 pixels")
        if min(self.shares) < 0 or not math.isclose(sum(self.shares), 1, abs_tol=1e-6):
            raise ValueError(f"the shares of train, validation and test are {self.shares}, which do not add up to 1")
        if not 1 <= self.quality <= 100:
            raise ValueError(f"quality = {self.quality}, outside [1, 100]")

    @property
    def photos_per_shard(self) -> int:
        """How many photos a shard holds."""
        if self.shard_photos:
            return self.shard_photos
        return usual_shard(self.size, self.variants * len(self.recipes))

    def data(self) -> dict[str, Any]:
        """The choices as plain data: two corpora of equal data and photos are equal to the byte."""
        textures = {kind: list(names) for kind, names in ((k, self.textures.names(k)) for k in ("scratch", "paper"))}
        return {
            "format": FORMAT,
            "versions": versions() | {name: version(name) for name in WRITERS},
            "recipes": [described(recipe) for recipe in self.recipes],
            "seed": self.seed,
            "variants": self.variants,
            "crop": self.crop,
            "size": self.size,
            "store": self.store,
            "encoding": self.encoding,
            "quality": self.quality if self.encoding == "jpeg" else None,
            "shares": list(self.shares),
            "photos_per_shard": self.photos_per_shard,
            "textures": textures,
            "max_pixels": self.max_pixels,
        }


def _check_labels(recipes: tuple[Source, ...]) -> None:
    """Check that there are recipes, and that rows can tell whence each comes.

    Raises:
        ValueError: there are none, or two of one name.
    """
    if not recipes:
        raise ValueError("a corpus needs at least one preset, pipeline or effect")
    labels = [(recipe.label, recipe.level) for recipe in recipes]
    if len(set(labels)) < len(labels):
        twice = next(label for label, level in labels if labels.count((label, level)) > 1)
        raise ValueError(f"two sources of recipes are called {twice}: their rows could not be told apart; rename one")


def usual_shard(size: int, samples: int) -> int:
    """How many photos make about 250 MB, where each gives so many samples."""
    rows = 64 if not size else max(16, min(2000, 2**28 // (4 * size**2)))
    return max(1, rows // samples)


def described(source: Source) -> dict[str, Any]:
    """Where recipes come from, with the pipeline itself, so that a corpus tells its own ranges."""
    return source.origin() | ({"toml": to_toml(source.pipeline)} if isinstance(source, FromPipeline) else {})


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of the corpus: a split, its place in it, and the photos in it."""

    split: str
    index: int
    count: int
    """Of shards in the split."""

    keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called: train-00003-of-00015."""
        return f"{self.split}-{self.index:05d}-of-{self.count:05d}"

    @property
    def path(self) -> str:
        """Where it lies in the corpus."""
        return f"data/{self.name}.parquet"


def split_of(key: str, shares: Sequence[float]) -> str:
    """The split of a photo: by a hash of its key alone, so that another photo moves none."""
    place = int.from_bytes(hashlib.sha256(b"split:" + key.encode("utf-8", "surrogateescape")).digest()[:8], "big")
    share = place / 2**64
    for split, width in zip(SPLITS, shares, strict=True):
        if share < width:
            return split
        share -= width
    return SPLITS[0]


def planned(
    keys: Sequence[str], shares: Sequence[float], photos_per_shard: int, old: Sequence[str] = ()
) -> list[Shard]:
    """All shards of a corpus, in order; a split without photos has none."""
    members: dict[str, list[str]] = {split: [] for split in SPLITS}
    for key in keys:
        members[split_of(key, shares)].append(key)
    members[OLD] = list(old)
    shards = []
    for split, inside in members.items():
        step = photos_per_shard
        count = math.ceil(len(inside) / step)
        shards += [Shard(split, n, count, tuple(inside[n * step : (n + 1) * step])) for n in range(count)]
    return shards


def canonical(data: Any) -> str:
    """Plain data as text, the same for equal data."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

"""What a training learns from, opened: a corpus, or clean photos that are degraded as they come; and real old ones."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from degrade.corpus.config import split_of
from degrade.corpus.online import Kept, OnlinePairs
from degrade.corpus.plan_files import BUILD
from degrade.corpus.reading import Corpus, open_corpus
from degrade.corpus.shard_files import splits_of
from degrade.corpus.store import open_store
from degrade.decoding import opened as picture_opened
from degrade.io import MAX_PIXELS, decode_image
from degrade.pipeline import Pipeline
from degrade.seeds import stream
from degrade.sources import PhotoSource, open_source
from restore_models.data import (
    KEPT_BYTES,
    MOST_ENLARGED,
    Cropped,
    Items,
    of_corpus,
    old_of_corpus,
    old_photos,
    refuse_large,
)
from restore_models.restorer import ModelError

VALIDATION = 0.05
"""The share of the photos that is kept for validation where they are no corpus, which has its own splits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to learn from."""

    data: str
    """A corpus, or clean photos: a folder, or whatever `open_source` knows."""

    old: str = ""
    """Real old photos; empty for those of the corpus."""

    pipelines: tuple[Pipeline, ...] = ()
    """By which clean photos are degraded as they come; none for the pairs that a corpus holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """Items, ready to be put into batches."""

    pairs: Items
    checks: Items | None
    """Photos that nothing is learned from."""

    old: Items | None
    columns: frozenset[str]
    """What a batch can hold."""

    corpus: Corpus | None
    """Whose stored pairs these are, if they are."""

    about: dict[str, Any]
    """What it is, for the record; another record is another training."""


def opened(asked: Asked, size: int, seed: int) -> Opened:
    """The data of a training, in crops of that size.

    Raises:
        ModelError: there is none, or clean photos without a pipeline.
        CorpusError: the corpus is not whole.
        SourceError: the photos cannot be had.
    """
    splits = splits_of(open_store(asked.data))
    old = _old(asked, splits, size, seed)
    if splits and not asked.pipelines:
        corpus = open_corpus(asked.data, "train")
        if not len(corpus):
            raise ModelError(f"{asked.data}: no pairs in its split train; build a corpus of more photos")
        longest = (max(row.record["width"], row.record["height"]) for row in corpus)
        refuse_large(size, asked.data, (MOST_ENLARGED * side for side in longest))
        check = next((name for name in ("validation", "test") if name in splits), "")
        checks = of_corpus(open_corpus(asked.data, check), size, seed + 1, flips=False) if check else None
        columns = frozenset(corpus[0].arrays(("clean", "degraded", "mask")))
        about = {"corpus": _digest_of(asked.data), "pairs": len(corpus)}
        pairs: Items = of_corpus(corpus, size, seed)
        return Opened(pairs, checks, old, _with_old(columns, old), corpus, about | _about(asked, old))
    photos = CorpusPhotos.of(asked.data) if splits else open_source(asked.data)
    keys = list(photos.keys())
    if not keys:
        raise ModelError(f"{asked.data}: no pictures in it; give a corpus, or clean photos and --preset")
    if not asked.pipelines:
        raise ModelError(f"{asked.data}: photos, no corpus: say how they are to be degraded, as with --preset medium")
    refuse_large(size, asked.data, (min(each) for each in _sizes(photos, keys)))  # these are passed over, not enlarged
    learned = [key for key in keys if split_of(key, (1 - VALIDATION, VALIDATION, 0)) == "train"]
    checked = [key for key in keys if key not in set(learned)]
    if not learned or not checked:
        learned, checked = (keys[:-1], keys[-1:]) if len(keys) > 1 else (keys, [])
    pairs = Online.of(photos, asked.pipelines, learned, size, seed)
    unseen = Online.of(photos, asked.pipelines, checked, size, seed + 1) if checked else None
    about = {"photos": _digest("\n".join(keys)), "count": len(keys)}
    columns = frozenset(("clean", "degraded", "mask"))
    return Opened(pairs, unseen, old, _with_old(columns, old), None, about | _about(asked, old))


@dataclass(frozen=True, slots=True, eq=False)
class Online:
    """Pairs degraded as they come, by one of several pipelines; a photo that cannot be used is passed over."""

    by_pipeline: tuple[OnlinePairs, ...]
    seed: int
    bad: dict[str, str] = field(default_factory=dict)
    """What could not be used so far, by key, and why."""

    @classmethod
    def of(
        cls, photos: PhotoSource, pipelines: Sequence[Pipeline], keys: Sequence[str], size: int, seed: int
    ) -> "Online":
        """The pairs of some photos."""
        kept = Kept(KEPT_BYTES)
        return cls(tuple(OnlinePairs(photos, each, seed, size, keys=keys, kept=kept) for each in pipelines), seed)

    def __len__(self) -> int:
        return len(self.by_pipeline[0])

    def __getitem__(self, index: tuple[int, int]) -> dict[str, Any]:
        """The pair of that epoch and place, or of the next place where it cannot be had.

        Raises:
            ModelError: none of them can be had.
        """
        epoch, first = index
        count = len(self)
        for place in range(first, first + count):
            pairs = stream(self.seed, "pipeline", epoch, place % count).choice(self.by_pipeline)
            try:
                return pairs[epoch, place % count]
            except (ValueError, OSError) as error:  # one bad photo stops no training
                self.bad[pairs.keys[place % count]] = str(error)
        raise ModelError(f"no photo could be used; the last one: {next(reversed(self.bad.values()))}")


@dataclass(frozen=True, slots=True, eq=False)
class CorpusPhotos:
    """The clean side of a corpus as photos, each once."""

    corpus: Corpus
    rows: dict[str, int]

    @classmethod
    def of(cls, where: str) -> "CorpusPhotos":
        """Those of the split `train`."""
        corpus = open_corpus(where, "train")
        rows: dict[str, int] = {}
        for number in range(len(corpus)):
            record = corpus[number].record
            rows.setdefault(f"{record['key']}@{record['left']},{record['top']}", number)
        return cls(corpus, rows)

    @property
    def name(self) -> str:
        """Where they come from."""
        return "a corpus's clean side"

    @property
    def rejected(self) -> tuple[tuple[str, str], ...]:
        """None: a corpus holds good ones alone."""
        return ()

    @property
    def reader(self) -> "CorpusPhotos":
        """Itself."""
        return self

    def keys(self) -> Sequence[str]:
        """By photo and place of the crop."""
        return list(self.rows)

    def read(self, key: str) -> bytes:
        """The bytes of a picture's file."""
        return bytes(self.corpus[self.rows[key]].file("clean"))


def _old(asked: Asked, splits: Sequence[str], size: int, seed: int) -> Cropped | None:
    if asked.old:
        photos = open_source(asked.old)
        keys = list(photos.keys())
        if not keys:
            raise ModelError(f"{asked.old}: no pictures in it; give real old photos with --old")
        return old_photos([_reading(photos, keys[n:] + keys[:n]) for n in range(len(keys))], size, seed)
    return old_of_corpus(open_corpus(asked.data, "old"), size, seed) if "old" in splits else None


def _reading(photos: PhotoSource, keys: Sequence[str]) -> Callable[[], Any]:
    """Reads the first of some photos that can be read: one bad photo stops no training."""

    def read() -> Any:
        said = ""
        for key in keys:
            try:
                return decode_image(photos.read(key), key, MAX_PIXELS)
            except (ValueError, OSError) as error:
                said = said or str(error)
        raise ModelError(f"no old photo could be used; the first one: {said}")

    return read


def _sizes(photos: PhotoSource, keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Of those photos whose heads can be read."""
    for key in keys:
        with suppress(Exception):  # decoders raise whatever they like; a bad photo is told of when its turn comes
            yield picture_opened(photos.read(key)).size


def _with_old(columns: frozenset[str], old: Items | None) -> frozenset[str]:
    return columns | {"old"} if old is not None else columns


def _about(asked: Asked, old: Items | None) -> dict[str, Any]:
    from degrade.pipeline_file import digest  # noqa: PLC0415 - needs tomlkit, which few callers do

    return {"pipelines": {each.name: digest(each) for each in asked.pipelines}, "old": len(old) if old else 0}


def _digest_of(where: str) -> str:
    store = open_store(where)
    try:
        return hashlib.sha256(store.read(BUILD)).hexdigest()[:16]
    except OSError:
        return _digest("\n".join(store.names("data")))


def _digest(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:16]

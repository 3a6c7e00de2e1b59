"""A shard: one parquet file, a pure function of the configuration, the photos and its place in the plan."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from degrade.console import one_line, reason
from degrade.corpus.config import OLD, SPLITS, Config, Shard, canonical
from degrade.corpus.parquet_file import write_rows
from degrade.corpus.rows import Photos, Row, old_row, sample_rows
from degrade.corpus.store import HIDDEN, Folder, ObjectStore
from degrade.io import PassingError, UnreadError, is_passing
from degrade.sources.source import SourceError

Mapper = Callable[[Callable[[str], Any], Iterable[str]], Iterator[Any]]
"""As `map`: applies a function to keys, side by side or not, and gives the results in order."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the manifest keeps of a shard."""

    split: str
    index: int
    path: str
    rows: int
    photos: int
    bytes: int
    sha256: str
    effects: dict[str, int] = field(default_factory=dict)
    """How many rows have each effect."""

    coverage: tuple[int, ...] = ()
    """Rows by the share that is covered, in the bins of `COVERAGE_BINS`."""

    rejected: tuple[tuple[str, str], ...] = ()
    """Photos that gave no row, and why."""

    unread: tuple[str, ...] = ()
    """Those of them whose bytes could not be had: they may be good, and are tried again when the build is."""

    digests: str = ""
    """Of each photo of the plan `DIGITS` of its file's SHA-256, or zeros where it gave no row; not of old photos."""

    @property
    def is_sound(self) -> bool:
        """Whether it is what an entry can be: a stranger's corpus may hold anything."""
        numbers = (self.index, self.rows, self.photos, self.bytes, *self.coverage, *self.effects.values())
        texts = (self.sha256, *self.effects, *self.unread, *(word for pair in self.rejected for word in pair))
        return (
            self.split in (*SPLITS, OLD)
            and all(type(each) is int for each in numbers)
            and all(isinstance(each, str) for each in texts)
            and re.fullmatch(rf"data/{self.split}-{self.index:05d}-of-\d{{5}}\.parquet", self.path) is not None
            and len(self.coverage) in (0, len(COVERAGE_BINS))
            and HEXADECIMAL.fullmatch(self.digests) is not None
            and len(self.digests) in (0, DIGITS * (self.photos + len(self.rejected)))
        )

    def to_json(self) -> str:
        """As a line of the manifest."""
        data = {name: getattr(self, name) for name in self.__slots__}
        return canonical({name: value for name, value in data.items() if value or name not in LATER}) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Made":
        """From a line of the manifest."""
        data = json.loads(text)
        rejected = tuple((key, why) for key, why in data.pop("rejected"))
        unread = tuple(data.pop("unread", ()))
        return cls(**data | {"coverage": tuple(data["coverage"]), "rejected": rejected, "unread": unread})


LATER = ("unread", "digests")
"""Fields that older entries have not: left out where they are empty."""

DIGITS = 16
"""Of a hash in the manifest: of 100 million photos two have the same ones by chance in three corpora of 10,000."""

NO_DIGITS = "0" * DIGITS

HEXADECIMAL = re.compile("[0-9a-f]*")


def entry_in(data: bytes) -> Made | None:
    """The entry that a file of the manifest holds; None where it is damaged."""
    try:
        made = Made.from_json(data.decode())
        return made if made.is_sound else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


COVERAGE_BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Upper ends: no coverage at all, up to a thousandth, and so on."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a photo gave no row."""

    why: str
    unread: bool = False
    """Whether its bytes could not be had; else it was looked at, and is of no use."""

    passing: bool = False
    """Whether that may pass, as a connection that broke."""


@dataclass(frozen=True, slots=True)
class Work:
    """Gives the rows of a photo, or why there are none; it travels to other processes."""

    split: str
    photos: Photos
    config: Config

    def __call__(self, key: str) -> list[Row] | Loss:
        """The rows of one photo.

        Raises:
            SourceError: there is no photo to be had any more.
        """
        try:
            if self.split == OLD:
                return [old_row(self.photos, key, self.config)]
            return list(sample_rows(self.photos, key, self.config))
        except (ValueError, OSError, MemoryError) as error:
            return _loss(error)


def _loss(error: Exception) -> Loss:
    said = one_line(reason(error)) or type(error).__name__
    if isinstance(error, MemoryError):
        return Loss("not enough memory for it; give fewer --workers", unread=True, passing=True)
    if isinstance(error, OSError):  # without a number it is no word of the system, but of an encoder
        return Loss(said, unread=error.errno is not None, passing=error.errno is not None and is_passing(error))
    return Loss(said, unread=isinstance(error, UnreadError), passing=isinstance(error, PassingError))


def make_shard(
    shard: Shard, photos: Photos, config: Config, store: Folder | ObjectStore, in_order: Mapper = map
) -> Made:
    """Write one shard and then its entry in the manifest, which is what makes it count.

    Args:
        shard: which one.
        photos: where the photos come from: the clean ones, or for the split `old` the old ones.
        config: the choices.
        store: where to.
        in_order: how photos are worked on; `map` is one after the other.

    Raises:
        OSError: the place cannot be written to.
        SourceError: the photos cannot be read any more.
    """
    tally = _Tally()
    with store.writing(shard.path) as file:
        results = in_order(Work(shard.split, photos, config), shard.keys)
        size, sha256 = write_rows(file, tally.rows(zip(shard.keys, results, strict=True)))
    made = Made(
        split=shard.split,
        index=shard.index,
        path=shard.path,
        rows=tally.count,
        photos=len(shard.keys) - len(tally.rejected),
        bytes=size,
        sha256=sha256,
        effects=dict(sorted(tally.effects.items())),
        coverage=tuple(tally.coverage),
        rejected=tuple(tally.rejected),
        unread=tuple(tally.unread),
        digests="" if shard.split == OLD else "".join(tally.digests),
    )
    with store.writing(entry_name(shard)) as file:
        file.write(made.to_json().encode())
    return made


def entry_name(shard: Shard) -> str:
    """Where a shard's entry in the manifest lies."""
    return f"{HIDDEN}/shards/{shard.name}.json"


IN_A_ROW = 16
"""Photos that fail one after the other for a reason that may pass: then it is their place that fails."""


class _Tally:
    """Counts rows on their way to the file, and keeps what was rejected."""

    def __init__(self) -> None:
        self.count = 0
        self.effects: dict[str, int] = {}
        self.coverage = [0] * len(COVERAGE_BINS)
        self.rejected: list[tuple[str, str]] = []
        self.unread: list[str] = []
        self.digests: list[str] = []
        self.failing = 0

    def rows(self, results: Iterable[tuple[str, list[Row] | Loss]]) -> Iterator[Row]:
        for key, result in results:
            if isinstance(result, Loss):
                self._lost(key, result)
                continue
            self.failing = 0
            self.digests.append(result[0]["source_sha256"][:DIGITS])
            for row in result:
                self.count += 1
                for effect in set(row["effects"]):
                    self.effects[effect] = self.effects.get(effect, 0) + 1
                if row.get("coverage") is not None:
                    self.coverage[next(n for n, end in enumerate(COVERAGE_BINS) if row["coverage"] <= end)] += 1
                yield row

    def _lost(self, key: str, loss: Loss) -> None:
        """Note a photo without rows.

        Raises:
            SourceError: it is one of many.
        """
        self.rejected.append((key, loss.why))
        self.digests.append(NO_DIGITS)
        if loss.unread:
            self.unread.append(key)
        self.failing = self.failing + 1 if loss.passing else 0
        if self.failing == IN_A_ROW:
            said = loss.why.removeprefix(f"{key}: ").partition(";")[0]
            what = f"{IN_A_ROW} photos in a row, the last of them {key}: {said}"
            raise SourceError(f"{what}; see to it, or move them away, then run again")

"""Whether a corpus is what it says: every file, every row, and what each recipe makes of its clean picture."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from degrade.console import one_line
from degrade.corpus.card import README, has_card
from degrade.corpus.cells import Cells
from degrade.corpus.checking_rows import Replays, config_of
from degrade.corpus.columns import schema
from degrade.corpus.config import OLD, Shard
from degrade.corpus.copies import copies_among, said_of
from degrade.corpus.plan_files import CorpusError, choices_of, shards_of
from degrade.corpus.rows import Photos, Row
from degrade.corpus.shard_files import SHARD, opened, parquet, shard_file
from degrade.corpus.shards import DIGITS, HEXADECIMAL, NO_DIGITS, Made, entry_in, entry_name
from degrade.corpus.stats import counted
from degrade.corpus.store import Folder, ObjectStore
from degrade.corpus.unread import UNREAD
from degrade.seeds import stream
from degrade.textures import NO_TEXTURES, Textures


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be, or could not be checked."""

    where: str
    """The file; empty for the whole corpus."""

    what: str
    row: int | None = None
    key: str = ""
    bad: bool = True
    """Whether something is wrong; else it could only not be checked."""

    def __str__(self) -> str:
        row = "" if self.row is None else f", row {self.row}"
        key = f" ({self.key})" if self.key else ""
        place = f"{self.where}{row}{key}"
        return f"{place}: {self.what}" if place else self.what


def checked(
    store: Folder | ObjectStore, sample: int = 0, photos: Photos | None = None, textures: Textures = NO_TEXTURES
) -> Iterator[Problem]:
    """What is wrong with a corpus, as it is found; nothing for a good one.

    Every file is compared with the manifest and every row with the plan. The pictures of `sample` rows are looked at
    and their recipes carried out again; of a file with other bytes than the manifest says, those of all rows. A recipe
    can be carried out on the clean side that the corpus keeps, except where the print was moved with its clean side, or
    where the clean side is a JPEG of a crop: these rows need the photos, and are counted at the end without them.

    Args:
        store: where the corpus is.
        sample: how many rows to replay, evenly spread; 0 is all.
        photos: the clean photos that it was made of.
        textures: the user's scans, if it was made with some.

    Raises:
        CorpusError: there is no corpus.
        OSError: it cannot be read.
    """
    shards = shards_of(store)
    yield from _strangers(store, shards)
    replays = Replays(config_of(choices_of(store), textures), photos)
    entries = {shard.name: _entry(store, shard) for shard in shards}
    seen: list[tuple[Shard, str]] = []
    wanted = _spread(sample, sum(entry.rows for entry in entries.values() if entry))
    before = 0
    for shard in shards:
        entry = entries[shard.name]
        if entry is None:
            yield Problem(shard.path, "not in the manifest, or its entry is damaged; run the build again")
            continue
        mine = None if wanted is None else {row - before for row in wanted}
        shown = _Checked(store, shard, entry, replays, frozenset(shard.keys))
        yield from shown.problems(mine)
        if shard.split != OLD:
            seen.append((shard, shown.digests()))
        before += entry.rows
    if not has_card(store):
        yield Problem(README, "not written yet, so the corpus is not finished; run the build again")
    remarks = [f"{rows} rows were not replayed: {reason}" for reason, rows in sorted(replays.unreplayed.items())]
    if unread := sum(len(entry.unread) for entry in entries.values() if entry):
        remarks.append(f"{counted(unread)} {UNREAD}")
    copies = copies_among([(shard.split, digests) for shard, digests in seen], lambda number: seen[number][0].keys)
    remarks.append(said_of(copies))
    yield from (Problem("", remark, bad=False) for remark in remarks if remark)


OF_ALL = ("key", "width", "height", "effects", "source_sha256", "degraded_sha256", "versions")
OF_PAIRS = (*OF_ALL, "recipe", "preset", "variant", "left", "top", "seed", "coverage")
"""Cells that are never empty: in all rows, and in those of pairs; pictures are looked at with the others."""

OTHER_BYTES = "other bytes than the manifest says; delete it and run the build again"


def _spread(sample: int, total: int) -> set[int] | None:
    """Rows, one out of each of so many equal stretches; None is all."""
    if not 0 < sample < total:
        return None
    source = stream(0, "verify")
    return {source.integer(total * number // sample, total * (number + 1) // sample - 1) for number in range(sample)}


def _strangers(store: Folder | ObjectStore, shards: Sequence[Shard]) -> Iterator[Problem]:
    planned = {shard.name for shard in shards}
    for name in store.names("data"):
        if (match := SHARD.fullmatch(name)) and name.removesuffix(".parquet") not in planned:
            yield Problem(f"data/{name}", f"a file of {match['split']} that was not planned; delete it")


def _entry(store: Folder | ObjectStore, shard: Shard) -> Made | None:
    return entry_in(store.read(entry_name(shard))) if store.size(entry_name(shard)) is not None else None


@dataclass(frozen=True, slots=True)
class _Checked:
    """One shard under examination."""

    store: Folder | ObjectStore
    shard: Shard
    entry: Made
    replays: Replays
    keys: frozenset[str]
    seen: Counter[tuple[object, ...]] = field(default_factory=Counter)
    hashes: dict[str, str] = field(default_factory=dict)
    """The beginning of the hash of each photo's file, by its key."""

    def problems(self, wanted: set[int] | None) -> Iterator[Problem]:
        """All there are; the pictures of the wanted rows alone are looked at, or of all."""
        path = self.shard.path
        if self.store.size(path) is None:
            yield Problem(path, "missing; run the build again")
            return
        if what := self._other_bytes():
            yield Problem(path, what)
            wanted = None
        try:
            file = parquet(self.store, path)
            if not file.schema_arrow.equals(schema(), check_metadata=False):
                yield Problem(path, "other columns than a corpus has")
                return
            cells = Cells(self.store, [shard_file(self.store, path)])
            if len(cells) != self.entry.rows:
                yield Problem(path, f"{len(cells)} rows, not {self.entry.rows} as the manifest says")
            for row in range(len(cells)):
                yield from self._row(cells, row, looked_at=wanted is None or row in wanted)
        except CorpusError as error:
            yield Problem(path, str(error).removeprefix(f"{self.store.where}: {path} "))
            return
        yield from self._absent()

    def _other_bytes(self) -> str:
        """How its bytes differ from those in the manifest; empty where they do not."""
        size = self.store.size(self.shard.path)
        if size != self.entry.bytes:
            return f"{size} bytes, not {self.entry.bytes} as the manifest says"
        sha256 = hashlib.sha256()
        with opened(self.store, self.shard.path) as file:
            while piece := file.read(1 << 20):
                sha256.update(piece)
        return "" if sha256.hexdigest() == self.entry.sha256 else OTHER_BYTES

    def _row(self, cells: Cells, row: int, *, looked_at: bool) -> Iterator[Problem]:
        record = cells.plain(row)
        self.hashes[str(record["key"])] = str(record["source_sha256"])[:DIGITS]
        found = empty = list(self._empty(record))
        if empty:
            self.seen[(record["key"],)] += 1  # its photo is not absent
        else:
            found = list(self._of_the_plan(record))
        if looked_at and not empty:
            found += self.replays.problems(record, lambda column: cells.picture(row, column))
        yield from (Problem(self.shard.path, one_line(what), row, str(record["key"])) for what in found)

    def _empty(self, record: Row) -> Iterator[str]:
        """Cells that every row of its split has, and this one has not; and a recipe where none belongs."""
        old = self.shard.split == OLD
        yield from (f"{name}: missing" for name in (OF_ALL if old else OF_PAIRS) if record[name] is None)
        if old and record["recipe"] is not None:
            yield "recipe: a real old photo has none"

    def _of_the_plan(self, record: Row) -> Iterator[str]:
        """Whether the row is in the right file, once."""
        identity = tuple(record[name] for name in ("key", "preset", "severity", "variant", "left", "top"))
        self.seen[identity] += 1
        if self.seen[identity] > 1:
            yield "the same sample is there twice"
        if record["key"] not in self.keys:
            yield f"this photo belongs into another file than one of {self.shard.split}"

    def digests(self) -> str:
        """Of each photo of the plan what its rows say of its file's hash; zeros where there is none."""
        found = (self.hashes.get(key, "") for key in self.shard.keys)
        return "".join(each if len(each) == DIGITS and HEXADECIMAL.fullmatch(each) else NO_DIGITS for each in found)

    def _absent(self) -> Iterator[Problem]:
        there = {str(identity[0]) for identity in self.seen} | {key for key, _ in self.entry.rejected}
        for key in self.shard.keys:
            if key not in there:
                yield Problem(self.shard.path, "no row of this photo", key=key)

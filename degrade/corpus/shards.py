"""A shard: one parquet file, a pure function of the configuration, the photos and its place in the plan."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import IO, Any

from degrade.console import one_line, reason
from degrade.corpus.config import OLD, Config, Shard, canonical
from degrade.corpus.rows import Photos, Row, old_row, sample_rows
from degrade.corpus.store import HIDDEN, Folder, ObjectStore
from degrade.io import ImageError

IMAGES = ("clean", "degraded", "mask", "defects")

COLUMNS: dict[str, str] = {
    "key": "string",
    "clean": "image",
    "degraded": "image",
    "mask": "map",
    "defects": "map",
    "recipe": "string",
    "preset": "string",
    "variant": "int32",
    "left": "int32",
    "top": "int32",
    "width": "int32",
    "height": "int32",
    "severity": "int8",
    "effects": "list",
    "seed": "int64",
    "coverage": "float32",
    "moved": "bool",
    "source_sha256": "string",
    "degraded_sha256": "string",
    "versions": "string",
}
"""Every column and its type; `image` and `map` are what the datasets library calls Image, `list` is of strings."""

GROUP_ROWS, GROUP_BYTES = 100, 32 << 20
"""A row group ends at whichever comes first; the Hub's viewer takes up to 286 MB."""

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

    def to_json(self) -> str:
        """As a line of the manifest."""
        return canonical({name: getattr(self, name) for name in self.__slots__}) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Made":
        """From a line of the manifest."""
        data = json.loads(text)
        rejected = tuple((key, why) for key, why in data.pop("rejected"))
        return cls(**data | {"coverage": tuple(data["coverage"]), "rejected": rejected})


def entry_in(data: bytes) -> Made | None:
    """The entry that a file of the manifest holds; None where it is damaged."""
    try:
        return Made.from_json(data.decode())
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


COVERAGE_BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Upper ends: no coverage at all, up to a thousandth, and so on."""


def features() -> dict[str, Any]:
    """The columns in the words of the datasets library."""
    kinds = {
        "image": {"mode": "RGB", "_type": "Image"},  # a grey photo keeps its bytes, and is read with three channels
        "map": {"_type": "Image"},
        "list": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"},
    }
    return {name: kinds.get(kind, {"dtype": kind, "_type": "Value"}) for name, kind in COLUMNS.items()}


@cache
def schema() -> Any:
    """The Arrow schema, with the features inside, so that a lone file opens with images too."""
    import pyarrow as pa  # noqa: PLC0415  (an extra)

    picture = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    types = {
        "image": picture,
        "map": picture,
        "list": pa.list_(pa.string()),
        "bool": pa.bool_(),
    }
    columns = [(name, types.get(kind) or getattr(pa, kind)()) for name, kind in COLUMNS.items()]
    return pa.schema(columns, metadata={"huggingface": json.dumps({"info": {"features": features()}})})


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
    """

    def worked(key: str) -> list[Row] | str:
        try:
            return [old_row(photos, key, config)] if shard.split == OLD else list(sample_rows(photos, key, config))
        except (ImageError, ValueError, OSError, MemoryError) as error:
            return one_line(reason(error)) or type(error).__name__

    tally = _Tally()
    with store.writing(shard.path) as file:
        hashing = _Hashing(file)
        _write(hashing, tally.rows(zip(shard.keys, in_order(worked, shard.keys), strict=True)))
    made = Made(
        split=shard.split,
        index=shard.index,
        path=shard.path,
        rows=tally.count,
        photos=len(shard.keys) - len(tally.rejected),
        bytes=hashing.size,
        sha256=hashing.sha256.hexdigest(),
        effects=dict(sorted(tally.effects.items())),
        coverage=tuple(tally.coverage),
        rejected=tuple(tally.rejected),
    )
    with store.writing(entry_name(shard)) as file:
        file.write(made.to_json().encode())
    return made


def entry_name(shard: Shard) -> str:
    """Where a shard's entry in the manifest lies."""
    return f"{HIDDEN}/shards/{shard.name}.json"


class _Tally:
    """Counts rows on their way to the file, and keeps what was rejected."""

    def __init__(self) -> None:
        self.count = 0
        self.effects: dict[str, int] = {}
        self.coverage = [0] * len(COVERAGE_BINS)
        self.rejected: list[tuple[str, str]] = []

    def rows(self, results: Iterable[tuple[str, list[Row] | str]]) -> Iterator[Row]:
        for key, result in results:
            if isinstance(result, str):
                self.rejected.append((key, result))
                continue
            for row in result:
                self.count += 1
                for effect in set(row["effects"]):
                    self.effects[effect] = self.effects.get(effect, 0) + 1
                if row.get("coverage") is not None:
                    self.coverage[next(n for n, end in enumerate(COVERAGE_BINS) if row["coverage"] <= end)] += 1
                yield row


class _Hashing:
    """A file that remembers the hash and the size of what went into it."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha256, self.size = file, hashlib.sha256(), 0

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        self.size += len(data)
        self.file.write(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self.file.flush()

    def close(self) -> None:
        """The store closes it."""

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False


def _write(file: _Hashing, rows: Iterable[Row]) -> None:
    import pyarrow as pa  # noqa: PLC0415  (an extra)
    import pyarrow.parquet as pq  # noqa: PLC0415

    plain = [name for name in COLUMNS if name not in IMAGES]
    writer = pq.ParquetWriter(
        pa.PythonFile(file, mode="w"),
        schema(),
        compression={**dict.fromkeys(plain, "zstd"), **{f"{name}.bytes": "none" for name in IMAGES}},
        use_dictionary=[name for name in plain if name not in ("recipe", "degraded_sha256")],
        write_page_index=True,
        write_batch_size=1,  # a page ends with the cell that fills it: whoever wants a picture reads few others
    )
    with writer:
        for group in _groups(rows):
            columns = [
                pa.array([row.get(name) for row in group], each.type)
                for name, each in zip(COLUMNS, schema(), strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema()), row_group_size=len(group))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(row[name]["bytes"]) for name in IMAGES if row.get(name))
        if len(group) >= GROUP_ROWS or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group

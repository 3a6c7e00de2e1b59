"""The files of a corpus: which there are, and what there is to know of each before it is read."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from degrade.corpus.columns import COLUMNS
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.store import Folder, ObjectStore

SHARD = re.compile(r"(?P<split>\w+)-(?P<index>\d{5})-of-(?P<count>\d{5})\.parquet")


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A file of the corpus."""

    name: str
    groups: tuple[int, ...]
    """The rows of each row group."""


def splits_of(store: Folder | ObjectStore) -> list[str]:
    """The splits that a corpus has."""
    found = (SHARD.fullmatch(name) for name in store.names("data"))
    return sorted({match["split"] for match in found if match})


def shard_names(store: Folder | ObjectStore, split: str) -> list[str]:
    """The names of the shards of a split, all of them.

    Raises:
        CorpusError: there is no such corpus or split, or some are missing.
    """
    found = {name: match for name in store.names("data") if (match := SHARD.fullmatch(name))}
    mine = {name: match for name, match in found.items() if match["split"] == split}
    if not found:
        raise CorpusError(f"{store.where}: no corpus; a corpus has shards in data/")
    if not mine:
        raise CorpusError(f"{store.where}: no split {split!r}; it has {', '.join(splits_of(store))}")
    counts = {int(match["count"]) for match in mine.values()}
    if len(counts) > 1 or len(mine) < max(counts):
        raise CorpusError(
            f"{store.where}: {split} has {len(mine)} of {max(counts)} shards; run its build again to make the others"
        )
    return sorted(mine)


def shard_file(store: Folder | ObjectStore, name: str) -> ShardFile:
    """What there is to know of a shard before it is read.

    Raises:
        CorpusError: it cannot be read, or is of no corpus.
    """
    file = parquet(store, name)
    columns = set(file.schema_arrow.names)
    if missing := [column for column in COLUMNS if column not in columns]:
        raise CorpusError(f"{store.where}: {name} has no column {missing[0]!r}; it is no corpus of Foxing")
    about = file.metadata
    return ShardFile(name, tuple(about.row_group(number).num_rows for number in range(about.num_row_groups)))


def parquet(store: Folder | ObjectStore, name: str) -> Any:
    """A shard, opened by pyarrow.

    Raises:
        CorpusError: it is not there, or no parquet.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  (an extra)

    try:
        return pq.ParquetFile(Path(store.where) / name if isinstance(store, Folder) else opened(store, name))
    except FileNotFoundError:
        raise CorpusError(f"{store.where}: {name} is missing") from None
    except (OSError, ValueError) as error:
        raise damaged(store, name, error) from None


def damaged(store: Folder | ObjectStore, name: str, error: Exception) -> CorpusError:
    """What is said of a shard that cannot be read."""
    why = str(error).partition("\n")[0]
    return CorpusError(f"{store.where}: {name} is damaged ({why}); copy it again, or delete it and build again")


def opened(store: Folder | ObjectStore, name: str) -> IO[bytes]:
    """A file of the corpus, to be read piece by piece.

    Raises:
        FileNotFoundError: there is none.
    """
    return (Path(store.where) / name).open("rb") if isinstance(store, Folder) else store.opened(name)

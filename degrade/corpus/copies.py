"""Clean photos that stand in more than one split, byte for byte: what a restorer learned on is in its test then."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.corpus.config import OLD, SPLITS, Shard
from degrade.corpus.plan_files import CorpusError, shards_of
from degrade.corpus.shards import DIGITS, Made
from degrade.corpus.store import Folder, ObjectStore

SOME = 5
"""Photos that are named."""

MOST_NAMES = 4
"""Of one photo."""

Copies = dict[str, Any]
"""`photos`, how many have copies in other splits, and `some` of them, each a list of `split` and `key`; or nothing."""


def copies_among(files: Sequence[tuple[str, str]], keys: Callable[[int], Sequence[str]]) -> Copies:
    """The photos that stand in more than one split.

    Args:
        files: of each shard its split, and `DIGITS` of the hash of each of its photos, or zeros where there is none.
        keys: gives the keys of a shard by its number; asked only where there are copies.
    """
    splits = sorted({split for split, _ in files})
    if len(splits) < 2:
        return {}
    parts = [np.frombuffer(bytes.fromhex(digests), np.uint64) for _, digests in files]
    ends = np.cumsum([len(part) for part in parts])
    split = np.repeat(np.array([splits.index(each) for each, _ in files], np.uint8), [len(part) for part in parts])
    count, groups = _across(np.concatenate(parts), split)

    def named(place: int) -> dict[str, str]:
        file = int(np.searchsorted(ends, place, side="right"))
        return {"split": files[file][0], "key": keys(file)[place - int(ends[file])]}

    some = [[named(int(place)) for place in _of_each_split(group, split)[:MOST_NAMES]] for group in groups]
    return {"photos": count, "some": some} if count else {}


def _across(numbers: NDArray[np.uint64], split: NDArray[np.uint8]) -> tuple[int, list[NDArray[np.int64]]]:
    """How many numbers stand in several splits, and where the first few of them do."""
    order = np.lexsort((split, numbers))
    alike = numbers[order]
    starts = np.flatnonzero(np.r_[True, alike[1:] != alike[:-1]])
    stops = np.r_[starts[1:], len(alike)]
    several = (split[order[starts]] != split[order[stops - 1]]) & (alike[starts] != 0)
    firsts = np.minimum.reduceat(order, starts)[several]
    chosen = np.argsort(firsts)[:SOME]
    ranges = zip(starts[several][chosen], stops[several][chosen], strict=True)
    return int(several.sum()), [order[start:stop] for start, stop in ranges]


def _of_each_split(group: NDArray[np.int64], split: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The places, those first that together are in all splits."""
    firsts = np.unique(split[group], return_index=True)[1]
    return np.r_[group[firsts], np.delete(group, firsts)]


def copies_in(store: Folder | ObjectStore, entries: Sequence[Made]) -> Copies:
    """The same of a corpus by its manifest; nothing where a version made it that did not keep the hashes there.

    Raises:
        CorpusError: there is no corpus, or its manifest and its plan are of two.
    """
    pairs = sorted(
        (made for made in entries if made.split != OLD), key=lambda made: (SPLITS.index(made.split), made.index)
    )
    if not all(made.digests for made in pairs):
        return {}

    @cache
    def plan() -> dict[str, Shard]:
        return {shard.path: shard for shard in shards_of(store)}

    def keys(file: int) -> Sequence[str]:
        made = pairs[file]
        shard = plan().get(made.path)
        if shard is None or len(made.digests) != DIGITS * len(shard.keys):
            raise CorpusError(f"{store.where}: the entry of {made.path} is of another plan; delete that file and build")
        return shard.keys

    return copies_among([(made.split, made.digests) for made in pairs], keys)


def said_of(found: Copies) -> str:
    """Copies in words, with the remedy; nothing where there are none."""
    if not found:
        return ""
    count, some = found["photos"], found["some"]
    named = "; ".join(" = ".join(f"{copy['split']} {copy['key']}" for copy in group) for group in some)
    more = f"; and {count - len(some):,} more" if count > len(some) else ""
    what = "1 clean photo stands" if count == 1 else f"{count:,} clean photos stand"
    return f"{what} in more than one split, byte for byte: {named}{more}; {REMEDY}"


REMEDY = "keep one copy of each in the source, and build with --overwrite"

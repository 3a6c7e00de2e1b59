"""What is in a corpus, in numbers: from its manifest alone, without opening a shard."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from degrade.corpus.config import OLD, SPLITS
from degrade.corpus.copies import Copies, copies_in
from degrade.corpus.plan_files import Away, choices_of, turned_away
from degrade.corpus.shards import COVERAGE_BINS, Made, entry_in
from degrade.corpus.store import HIDDEN, Folder, ObjectStore

STATS = "stats.json"

ORDER = (*SPLITS, OLD)
"""Of the splits, everywhere in the card."""

MOST_REASONS = 20
"""Reasons of rejection that are told apart."""


def corpus_stats(store: Folder | ObjectStore) -> dict[str, Any]:
    """What is in a corpus, finished or not, as plain data.

    Raises:
        CorpusError: there is no corpus.
    """
    choices_of(store)
    entries = entries_in(store)
    return statistics(entries, turned_away(store), copies_in(store, entries))


def entries_in(store: Folder | ObjectStore) -> list[Made]:
    """The manifest's entries of the shards that are there, whole, in order."""
    names = [name for name in store.names(f"{HIDDEN}/shards") if name.endswith(".json")]
    entries = [entry_in(store.read(f"{HIDDEN}/shards/{name}")) for name in names]
    return in_order(made for made in entries if made and store.size(made.path) == made.bytes)


def in_order(entries: Iterable[Made]) -> list[Made]:
    """By split, and by place in it, in whatever order they were made."""
    return sorted(entries, key=lambda made: (ORDER.index(made.split), made.index))


def statistics(entries: Sequence[Made], away: Sequence[Away] = (), shared: Copies | None = None) -> dict[str, Any]:
    """The numbers of stats.json.

    Args:
        entries: of the manifest, in order.
        away: what the sources turned away unread.
        shared: photos that stand in more than one split.
    """
    pairs = [made for made in entries if made.split != OLD]
    effects: Counter[str] = Counter()
    for made in pairs:
        effects.update(made.effects)
    return {
        "rows": sum(made.rows for made in entries),
        "pairs": sum(made.rows for made in pairs),
        "photos": sum(made.photos for made in pairs),
        "bytes": sum(made.bytes for made in entries),
        "splits": _by_split(entries),
        "effects": dict(sorted(effects.items(), key=lambda each: (-each[1], each[0]))),
        "coverage": _coverage(pairs),
        "rejected": _rejected(entries, away),
    } | ({"in_several_splits": shared} if shared else {})


def stats_json(stats: dict[str, Any]) -> str:
    """The text of stats.json."""
    return json.dumps(stats, indent=1, ensure_ascii=False) + "\n"


def _by_split(entries: Sequence[Made]) -> dict[str, dict[str, int]]:
    splits = {}
    for split in ORDER:
        inside = [made for made in entries if made.split == split]
        if inside:
            counts = {name: sum(getattr(made, name) for made in inside) for name in ("photos", "rows", "bytes")}
            splits[split] = {"shards": len(inside), **counts, "rejected": sum(len(made.rejected) for made in inside)}
    return splits


def _coverage(pairs: Sequence[Made]) -> list[dict[str, float]]:
    """The histogram: each bin holds the rows whose covered share lies above one end and up to the other."""
    counts = [sum(made.coverage[n] for made in pairs if made.coverage) for n in range(len(COVERAGE_BINS))]
    lows = (0.0, *COVERAGE_BINS[:-1])
    return [
        {"above": low, "up_to": high, "rows": count}
        for low, high, count in zip(lows, COVERAGE_BINS, counts, strict=True)
    ]


def kind_of(why: str) -> str:
    """A reason without the measures of the one photo, so that photos rejected for the same reason count together."""
    why = re.sub(r"\d+ x \d+( = \S+)?", lambda found: "W x H = N" if found[1] else "W x H", why)
    return re.sub(r"\d+ bytes", "N bytes", why)


def _rejected(entries: Sequence[Made], away: Sequence[Away]) -> dict[str, Any]:
    reasons = Counter(kind_of(why.removeprefix(f"{key}: ")) for made in entries for key, why in made.rejected)
    reasons.update(kind_of(why) for _, _, why in away)
    common = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    told = dict(common[:MOST_REASONS])
    if rest := sum(count for _, count in common[MOST_REASONS:]):
        told["other reasons"] = rest
    unread = sum(len(made.unread) for made in entries)
    return {"photos": reasons.total(), "reasons": told} | ({"unread": unread} if unread else {})


def counted(photos: int) -> str:
    """So many photos, in words."""
    return f"{photos:,} photo{'s' * (photos != 1)}"

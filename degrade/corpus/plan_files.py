"""What a corpus is begun with, in files: its choices, the keys of its photos, and what its sources turned away."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any, get_args

from degrade.corpus.config import Crop, Encoding, Shard, Store, canonical, planned
from degrade.corpus.store import HIDDEN, Folder, ObjectStore

BUILD, KEYS, OLD_KEYS = f"{HIDDEN}/build.json", f"{HIDDEN}/keys.gz", f"{HIDDEN}/old_keys.gz"

TURNED_AWAY = f"{HIDDEN}/turned_away.gz"
"""What gave no key, as a link to nothing; photos that cannot be read are in the manifest."""

Away = tuple[str, str, str]
"""The split `old` or nothing, the name, and why."""


class CorpusError(ValueError):
    """A corpus that cannot be made or read as asked, with what to do instead."""


def write_plan(
    store: Folder | ObjectStore,
    choices: dict[str, Any],
    keys: Sequence[str],
    old_keys: Sequence[str],
    away: Sequence[Away],
) -> None:
    """Begin a corpus; the choices come last, and with them it counts as begun.

    Raises:
        OSError: it cannot be written.
    """
    for name, lines in ((KEYS, keys), (OLD_KEYS, old_keys), (TURNED_AWAY, away)):
        _write_lines(store, name, lines)
    with store.writing(BUILD) as file:
        file.write((json.dumps(choices, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode())


def choices_of(store: Folder | ObjectStore) -> dict[str, Any]:
    """The choices that a corpus was begun with.

    Raises:
        CorpusError: there is no corpus, or its record is damaged.
    """
    if store.size(BUILD) is None:
        raise CorpusError(f"{store.where}: no corpus; foxing degrade build makes one")
    text = store.read(BUILD)
    try:
        choices = json.loads(text)
    except ValueError:
        raise _damaged(store, BUILD) from None
    if not isinstance(choices, dict) or not all(holds(choices.get(name)) for name, holds in CHOICES.items()):
        raise _damaged(store, BUILD)
    return choices


def refuse_changes(store: Folder | ObjectStore, now: dict[str, Any]) -> None:
    """Check that a corpus was begun with the same choices.

    Raises:
        CorpusError: it was not, or there is no corpus.
    """
    then = choices_of(store)
    changed = [name for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)]
    if changed:
        name, before, after = first_difference(changed[0], then.get(changed[0]), now.get(changed[0]))
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise CorpusError(
            f"{store.where}: begun with {name} = {before}, not {after}{more}; "
            "give another folder, or --overwrite to begin anew"
        )


def first_difference(name: str, then: Any, now: Any) -> tuple[str, str, str]:
    """Where two choices differ first, as deep inside as it can be told, and what is there in both, cut where long."""
    inside: list[tuple[str, Any, Any]] = []
    if isinstance(then, dict) and isinstance(now, dict):
        keys = sorted(then.keys() | now.keys(), key=lambda key: (key == "digest", key))  # a digest says little
        inside = [(f".{key}", then.get(key), now.get(key)) for key in keys]
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        inside = [(f"[{place}]", *pair) for place, pair in enumerate(zip(then, now, strict=True))]
    elif isinstance(then, str) and isinstance(now, str) and "\n" in then and "\n" in now:
        lines = zip_longest(then.splitlines(), now.splitlines(), fillvalue="")
        inside = [(f", line {number},", *pair) for number, pair in enumerate(lines, 1)]
    for place, before, after in inside:
        if before != after:
            return first_difference(name + place, before, after)
    return name, shortened(canonical(then)), shortened(canonical(now))


def shortened(text: str) -> str:
    """The text, cut where it is too long for a line."""
    return text if len(text) <= 90 else f"{text[:87]}..."


def _list_of(value: Any, *kinds: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kinds) for each in value)


def _number(value: Any) -> bool:
    return type(value) is int and value >= 0


def _recipes(data: dict[str, Any]) -> bool:
    texts = (data.get("effect", data.get("preset", data.get("pipeline"))), data.get("toml", ""))
    return all(isinstance(text, str) for text in texts) and (
        "effect" not in data or data.get("severity") in range(1, 6)
    )


CHOICES: dict[str, Callable[[Any], bool]] = {
    "recipes": lambda value: _list_of(value, dict) and bool(value) and all(map(_recipes, value)),
    "shares": lambda value: _list_of(value, int, float) and len(value) == 3,
    "versions": lambda value: isinstance(value, dict) and "foxing" in value,
    "textures": lambda value: isinstance(value, dict) and all(_list_of(names, str) for names in value.values()),
    "photos_per_shard": lambda value: _number(value) and value > 0,
    **dict.fromkeys(("seed", "variants", "size", "max_pixels", "limit"), _number),
    "crop": lambda value: value in get_args(Crop),
    "store": lambda value: value in get_args(Store),
    "encoding": lambda value: value in get_args(Encoding),
    "source": lambda value: isinstance(value, str),
    "old": lambda value: value is None or isinstance(value, str),
}
"""What every record of choices holds; that of a stranger's corpus may hold anything."""


def keys_of(store: Folder | ObjectStore) -> tuple[list[str], list[str]]:
    """The keys of the clean photos, and of the real old ones.

    Raises:
        CorpusError: their record is damaged.
    """
    found = _read_lines(store, KEYS), _read_lines(store, OLD_KEYS)
    for name, keys in zip((KEYS, OLD_KEYS), found, strict=True):
        if not _list_of(keys, str):
            raise _damaged(store, name)
    return found


def shards_of(store: Folder | ObjectStore) -> list[Shard]:
    """The plan of a corpus, from its own record.

    Raises:
        CorpusError: there is no corpus.
    """
    build = choices_of(store)
    keys, old_keys = keys_of(store)
    return planned(keys, build["shares"], build["photos_per_shard"], old_keys)


def turned_away(store: Folder | ObjectStore) -> list[Away]:
    """What the sources turned away when the corpus was begun.

    Raises:
        CorpusError: the record is damaged.
    """
    if store.size(TURNED_AWAY) is None:
        return []
    lines = _read_lines(store, TURNED_AWAY)
    if not all(_list_of(line, str) and len(line) == 3 for line in lines):
        raise _damaged(store, TURNED_AWAY)
    return [(split, name, why) for split, name, why in lines]


def _write_lines(store: Folder | ObjectStore, name: str, lines: Iterable[Any]) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    with store.writing(name) as file:
        file.write(gzip.compress(text.encode(), mtime=0))


def _read_lines(store: Folder | ObjectStore, name: str) -> list[Any]:
    if store.size(name) is None:
        raise _damaged(store, name)
    data = store.read(name)
    try:
        return [json.loads(line) for line in gzip.decompress(data).decode().splitlines()]
    except (EOFError, OSError, ValueError, zlib.error):
        raise _damaged(store, name) from None


def _damaged(store: Folder | ObjectStore, name: str) -> CorpusError:
    return CorpusError(
        f"{store.where}: {name} is missing or damaged; copy it back, or build with --overwrite to begin anew"
    )

"""What a corpus is begun with, in files: its choices, the keys of its photos, and what its sources turned away."""

import gzip
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

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
        return dict(json.loads(text))
    except (ValueError, TypeError):
        raise _damaged(store, BUILD) from None


def keys_of(store: Folder | ObjectStore) -> tuple[list[str], list[str]]:
    """The keys of the clean photos, and of the real old ones.

    Raises:
        CorpusError: their record is damaged.
    """
    return _read_lines(store, KEYS), _read_lines(store, OLD_KEYS)


def turned_away(store: Folder | ObjectStore) -> list[Away]:
    """What the sources turned away when the corpus was begun.

    Raises:
        CorpusError: the record is damaged.
    """
    if store.size(TURNED_AWAY) is None:
        return []
    return [(split, name, why) for split, name, why in _read_lines(store, TURNED_AWAY)]


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

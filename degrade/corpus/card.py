"""The card of a corpus: all files that describe it, each made from its choices, its manifest and its first rows."""

from collections.abc import Sequence
from typing import Any

from degrade.corpus.card_head import front_matter
from degrade.corpus.card_pictures import coverage_chart, png_file
from degrade.corpus.card_text import CHART, PREVIEW, card_text
from degrade.corpus.copies import copies_in
from degrade.corpus.croissant import CROISSANT, croissant
from degrade.corpus.plan_files import turned_away
from degrade.corpus.preview import preview
from degrade.corpus.shards import Made
from degrade.corpus.stats import STATS, in_order, statistics, stats_json
from degrade.corpus.store import Folder, ObjectStore

README = "README.md"

UNFINISHED = b"""---
configs:
- config_name: default
  data_files: unfinished/run-foxing-degrade-build-again
---

# An unfinished corpus

Run the same `foxing degrade build` again: it makes what is missing, and then the card. Until then this file's front
matter names a file that is not there, so that `datasets.load_dataset` takes nothing of this for the whole.
"""
"""In the place of the card until all is there."""


def begin_card(store: Folder | ObjectStore) -> None:
    """Mark a corpus as unfinished.

    Raises:
        OSError: it cannot be written.
    """
    with store.writing(README) as file:
        file.write(UNFINISHED)


def has_card(store: Folder | ObjectStore) -> bool:
    """Whether a corpus was finished: its card is there, and not what stands in its place before."""
    return store.size(README) is not None and store.read(README) != UNFINISHED


def tells_of(store: Folder | ObjectStore, entries: Sequence[Made]) -> bool:
    """Whether a corpus has a card, and it tells of these entries."""
    if not has_card(store) or store.size(STATS) is None:
        return False
    return store.read(STATS) == _bytes(stats_json(_stats(store, in_order(entries))))


def write_card(
    store: Folder | ObjectStore, build: dict[str, Any], entries: Sequence[Made], *, keeps: bool = False
) -> None:
    """Write README.md, the pictures in it, stats.json and croissant.json; README.md last.

    Args:
        store: the corpus, with all its shards.
        build: of build.json; a recipe of it may hold the pipeline's file under `toml`.
        entries: of the manifest, in any order.
        keeps: leave README.md as it is.

    Raises:
        OSError: it cannot be written.
    """
    ordered = in_order(entries)
    stats = _stats(store, ordered)
    files = {
        PREVIEW: png_file(preview(store, ordered, build["max_pixels"])),
        CHART: png_file(coverage_chart(stats["coverage"])),
        STATS: _bytes(stats_json(stats)),
        CROISSANT: _bytes(croissant(build, stats)),
        README: _bytes(front_matter(build, stats) + "\n" + card_text(build, stats)),
    }
    for name, data in files.items():
        if keeps and name == README:
            continue
        with store.writing(name) as file:
            file.write(data)


def _stats(store: Folder | ObjectStore, entries: Sequence[Made]) -> dict[str, Any]:
    return statistics(entries, turned_away(store), copies_in(store, entries))


def _bytes(text: str) -> bytes:
    """In UTF-8, with file names that are none written out."""
    return text.encode("utf-8", "backslashreplace")

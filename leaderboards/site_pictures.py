"""The pictures that pages show: an entry's, and of the same items what went in and what should come out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmark.contestants import FLOOR
from benchmark.regions import WHOLE
from benchmark.store import plain
from degrade.decoding import opened
from leaderboards.board import Board
from leaderboards.entry import Entry, EntryError
from leaderboards.figures import estimated, unit_of
from leaderboards.pictures import picture_of_suite, shown_by

FOLDER = "pictures"
"""Of what all models of a suite share; no model has that name."""

EXTREME = 3
"""Photos at either end."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An item of which a model's picture is there."""

    item: str
    file: str
    degraded: str
    wanted: str
    """Names of files; empty where there is none. What is wanted is the clean photo, of a detector the true mask."""

    width: int
    height: int
    gain: float | None
    """By the leading metric, where the photo was damaged: above nought is better."""

    words: str
    """Both, in words."""


class ItemScore(NamedTuple):
    """What a model got for an item."""

    value: float
    damaged: bool


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of a model."""

    shown: tuple[Shown, ...]
    best: tuple[Shown, ...]
    worst: tuple[Shown, ...]

    @property
    def files(self) -> str:
        """Their names, with spaces between."""
        return " ".join(each.file for each in self.shown)


NO_ALBUM = Album((), (), ())


def albums(board: Board, entries: Mapping[str, Entry]) -> dict[str, Album]:
    """The album of each model.

    Raises:
        EntryError: a picture is none.
    """
    floor = item_scores(board, entries.get(FLOOR))
    return {model: album(board, entry, floor) for model, entry in entries.items()}


def item_scores(board: Board, entry: Entry | None) -> dict[str, ItemScore]:
    """The leading metric of the whole photo by item, of the first seed."""
    if board.lead is None or entry is None:
        return {}
    table = plain(entry.items()).select(["item", "metric", "region", "seed", "value", "severity"]).to_pylist()
    return {
        row["item"]: ItemScore(row["value"], row["severity"] != 0)
        for row in table
        if (row["metric"], row["region"], row["seed"]) == (board.lead.metric, WHOLE, 0) and row["value"] is not None
    }


def album(board: Board, entry: Entry, floor: Mapping[str, ItemScore]) -> Album:
    """The pictures of an entry, and those of them at either end of what it gained."""
    mine = item_scores(board, entry)
    found = tuple(shown(board, entry, item, (floor.get(item), mine.get(item))) for item in sorted(shown_by(entry)))
    known = [(each.gain, each.item, each) for each in found if each.degraded and each.gain is not None]
    order = [each for _, _, each in sorted(known, key=lambda known: known[:2])]
    count = min(EXTREME, len(order) // 2)
    return Album(found, tuple(reversed(order[len(order) - count :])), tuple(order[:count]))


def shown(board: Board, entry: Entry, item: str, scores: tuple[ItemScore | None, ItemScore | None]) -> Shown:
    """An item's picture with its scores before and after.

    Raises:
        EntryError: its picture is none.
    """
    path = shown_by(entry)[item]
    try:
        width, height = opened(path.read_bytes()).size
    except Exception as error:  # decoders raise whatever they like
        raise EntryError(f"{path}: no picture ({type(error).__name__}); add the entry again") from None
    kinds = ("degraded", "mask" if board.suite.get("task") == "detect" else "clean")
    names = [found.name if (found := picture_of_suite(entry.folder.parent, item, kind)) else "" for kind in kinds]
    gain, said = None, ""
    before, after = scores
    if board.lead is not None and before is not None and after is not None:
        digits = unit_of(board.lead.name)
        said = f"{board.lead.name.upper()} {estimated(before.value, digits)} → {estimated(after.value, digits)}"
        sign = 1 if board.lead.higher_is_better else -1
        gain = sign * (after.value - before.value) if before.damaged else None
    return Shown(item, path.name, names[0], names[1], width, height, gain, said)


def files(board_folder: Path, entries: Mapping[str, Entry], found: Mapping[str, Album]) -> Iterator[tuple[str, Path]]:
    """Where each picture goes in the folder of its suite, and where it comes from."""
    shared = {name for album in found.values() for each in album.shown for name in (each.degraded, each.wanted) if name}
    for name in sorted(shared):
        yield f"{FOLDER}/{name}", board_folder / FOLDER / name
    for model in found:
        for path in shown_by(entries[model]).values():
            yield f"{model}/{path.name}", path

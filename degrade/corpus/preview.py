"""A few rows of a corpus to look at, read from as little of its shards as possible."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from PIL import Image as Pillow

from degrade.console import one_line, reason
from degrade.corpus.card_pictures import Line, Sides, contact_sheet, fitted, line_of
from degrade.corpus.config import OLD
from degrade.corpus.shards import Made
from degrade.corpus.store import Folder, ObjectStore
from degrade.io import decode_image
from degrade.recipe import Recipe
from degrade.sample import replayed_sample
from degrade.types import Image, Labels

ROWS, OLD_ROWS = 8, 4
"""How many rows are shown: pairs, and real old photos."""

SHARDS, GROUPS = 3, 32
"""How far to look for rows of different photos: shards, and row groups in all of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row lies."""

    path: str
    group: int
    row: int
    """In the group."""

    key: str


def preview(store: Folder | ObjectStore, entries: Sequence[Made], max_pixels: int) -> Image:
    """A sheet of the first photos' rows: clean, degraded, mask and classes; below them real old photos, if any.

    Where recipes alone were kept they are replayed; one that names the maker's own textures shows its clean side only,
    so that the sheet hangs on nothing but the corpus.

    Args:
        store: the corpus.
        entries: of the manifest, in order.
        max_pixels: the limit it was built with.

    Raises:
        ValueError: a row is damaged.
        OSError: a shard cannot be read.
    """
    paired = chosen(_places(store, [made for made in entries if made.split != OLD]), ROWS)
    real = chosen(_places(store, [made for made in entries if made.split == OLD]), OLD_ROWS)
    lines = [_drawn(row, lambda each: _line(each, max_pixels)) for row in _rows(store, paired)]
    old = [_drawn(row, lambda each: fitted(_picture(each, "degraded", max_pixels))) for row in _rows(store, real)]
    return contact_sheet(lines, old)


def chosen(places: Sequence[Place], count: int) -> list[Place]:
    """Rows of as many photos as there are, each photo with another of its rows; then rows of the same photos."""
    by_key: dict[str, list[Place]] = {}
    for place in places:
        by_key.setdefault(place.key, []).append(place)
    first = [inside[number % len(inside)] for number, inside in enumerate(by_key.values())][:count]
    more = [place for place in places if place not in first][: count - len(first)]
    return sorted([*first, *more], key=places.index)


def _places(store: Folder | ObjectStore, entries: Iterable[Made]) -> list[Place]:
    places: list[Place] = []
    left = GROUPS
    for made in [each for each in entries if each.rows][:SHARDS]:
        with closing(_opened(store, made.path)) as file:
            for group in range(min(left, file.num_row_groups)):
                left -= 1
                keys = file.read_row_group(group, columns=["key"], use_threads=False)["key"].to_pylist()
                places += [Place(made.path, group, row, key) for row, key in enumerate(keys)]
    return places


def _rows(store: Folder | ObjectStore, places: Sequence[Place]) -> Iterator[dict[str, Any]]:
    """The rows of these places, one row group in memory at a time."""
    for path, group in dict.fromkeys((place.path, place.group) for place in places):
        rows = [place.row for place in places if (place.path, place.group) == (path, group)]
        with closing(_opened(store, path)) as file:
            table = file.read_row_group(group, columns=list(SHOWN), use_threads=False).take(rows)
        yield from table.to_pylist()


Drawn = TypeVar("Drawn")

SHOWN = ("key", "clean", "degraded", "mask", "defects", "recipe", "preset")


def _opened(store: Folder | ObjectStore, name: str) -> Any:
    import pyarrow.parquet as pq  # noqa: PLC0415  (an extra)

    if isinstance(store, Folder):
        return pq.ParquetFile(store.root / name)
    # a thread of pyarrow's that lets go of a Python file while the interpreter ends would abort the process
    return pq.ParquetFile(store.opened(name), pre_buffer=False)


def _drawn(row: dict[str, Any], draw: Callable[[dict[str, Any]], Drawn]) -> Drawn:
    """What is drawn of a row.

    Raises:
        ValueError: it is damaged.
    """
    try:
        return draw(row)
    except Exception as error:  # a stranger's row may hold anything, and decoders raise whatever they like
        raise ValueError(f"{row['key']}: a damaged row ({one_line(reason(error))})") from None


def _picture(row: dict[str, Any], column: str, max_pixels: int) -> Image:
    return decode_image(row[column]["bytes"], column, max_pixels)


def _line(row: dict[str, Any], max_pixels: int) -> Line:
    clean = _picture(row, "clean", max_pixels)
    about = (str(row["preset"]), str(row["key"]))
    if row["degraded"] is None:
        return _replayed(row, clean, about)
    degraded = _picture(row, "degraded", max_pixels)
    return line_of(about, clean, Sides(degraded, _levels(row["mask"]), _levels(row["defects"])))


def _replayed(row: dict[str, Any], clean: Image, about: tuple[str, str]) -> Line:
    try:
        sample = replayed_sample(Recipe.from_json(row["recipe"]), row["key"], clean)
    except KeyError:  # a texture
        return line_of(about, clean, None)
    return line_of(about, sample.clean, Sides(sample.degraded, sample.mask, sample.labels))


def _levels(picture: dict[str, bytes]) -> Labels:
    """A map as numbers, whatever its palette."""
    return cast(Labels, np.asarray(Pillow.open(io.BytesIO(picture["bytes"]))))

"""The photos to compare, wherever they lie: folders, patterns, archives, results of `apply`, corpora."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from degrade.io import MAX_PIXELS, ImageError, decode_image, read_image
from degrade.record import DEGRADED, RECIPE
from degrade.seeds import stream
from degrade.sources import SourceError, open_source
from degrade.types import Image

Role = Literal["real", "synthetic", "clean"]
"""Of a corpus, the split `old`, the degraded side, or the clean one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A photo that is there but not read yet."""

    key: str
    """Of the clean photo, where it was made from one."""

    load: Callable[[], Image]
    """Raises ImageError where it cannot be read."""


def photos_of(where: str, role: Role, seed: int, max_pixels: int = MAX_PIXELS) -> Iterator[Found]:
    """The photos of a place in an order that hangs on the seed; of several made from one photo, the first alone.

    Args:
        where: what `degrade.sources.open_source` knows, a folder that `foxing degrade apply` wrote, or a corpus.
        role: which side of a corpus.
        seed: another one, another order.
        max_pixels: larger photos are refused.

    Raises:
        SourceError: there is nothing of that kind.
        CorpusError: a corpus has no such side, or is not whole.
    """
    folder = Path(where)
    if "://" in where or (folder / ".foxing").is_dir():
        return _first_of_each(_of_corpus(where, role, seed))
    if folder.is_dir() and (records := sorted(folder.rglob(RECIPE))):
        return iter(_of_results(folder, records, role, seed, max_pixels))
    return iter(_of_source(where, seed, max_pixels))


def _of_source(where: str, seed: int, max_pixels: int) -> list[Found]:
    source = open_source(where)

    def load(key: str) -> Image:
        return decode_image(source.read(key), key, max_pixels)

    return [Found(key, partial(load, key)) for key in _drawn(list(source.keys()), seed)]


def _of_results(folder: Path, records: list[Path], role: Role, seed: int, max_pixels: int) -> list[Found]:
    """What `apply` made: a folder for each photo, with its degraded picture beside its recipe."""
    if role != "synthetic":
        raise SourceError(f"{folder}: made by foxing degrade apply, so it holds no {role} photos; name their folder")
    found = {record.parent.relative_to(folder).as_posix(): record.parent / DEGRADED for record in records}
    return [Found(key, partial(read_image, found[key], max_pixels)) for key in _drawn(list(found), seed)]


def _of_corpus(where: str, role: Role, seed: int) -> Iterator[Found]:
    from degrade.corpus.reading import Pair, open_corpus  # noqa: PLC0415 - needs the extra `corpus`

    def load(pair: Pair) -> Image:
        image = pair.clean if role == "clean" else pair.degraded
        if image is None:
            raise ImageError(f"{pair.key}: no clean side")
        return image

    for pair in open_corpus(where, "old" if role == "real" else "train").shuffled(seed, 0):
        yield Found(pair.key, partial(load, pair))


def _drawn(keys: list[str], seed: int) -> list[str]:
    """The keys in an order in which a key more changes nothing between the others."""
    return sorted(keys, key=lambda key: (stream(seed, "realism", "drawn", key).word(), key))


def _first_of_each(photos: Iterator[Found]) -> Iterator[Found]:
    seen: set[str] = set()
    for photo in photos:
        if photo.key not in seen:
            seen.add(photo.key)
            yield photo

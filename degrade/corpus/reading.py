"""Reading a corpus with pyarrow and OpenCV alone: any row at random, rows in order or shuffled, pairs for training."""

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from degrade.corpus.cells import Cells
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.rows import Row
from degrade.corpus.shard_files import shard_file, shard_names
from degrade.corpus.store import open_store
from degrade.io import MAX_PIXELS, decode_image, pixel_digest
from degrade.recipe import Recipe
from degrade.record import differing
from degrade.sample import Sample, replayed_sample
from degrade.seeds import stream
from degrade.textures import NO_TEXTURES, Textures, find_textures
from degrade.types import Image, Labels, Mask

WINDOW = 4
"""Row groups whose rows are shuffled among each other."""

Array = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """The rows of one split. It may be pickled, and used in forked and spawned processes."""

    cells: Cells
    rows: range
    """Which of them; slices and parts have fewer."""

    textures: Textures = NO_TEXTURES
    checks: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> "Pair": ...

    @overload
    def __getitem__(self, index: slice) -> "Corpus": ...

    def __getitem__(self, index: int | slice) -> "Pair | Corpus":
        if isinstance(index, slice):
            return replace(self, rows=self.rows[index])
        return Pair(self, self.rows[index])

    def __iter__(self) -> Iterator["Pair"]:
        return (Pair(self, row) for row in self.rows)

    def part(self, index: int, count: int) -> "Corpus":
        """One of so many parts, for a worker: rows that lie together, as many as the others have, but for one."""
        return self[len(self) * index // count : len(self) * (index + 1) // count]

    def shuffled(self, seed: int, epoch: int) -> Iterator["Pair"]:
        """Every row once, in an order that hangs on the seed and the epoch.

        Row groups come in random order, and the rows of each four of them are shuffled together: a corpus on a slow
        disk or in an object store is read in long pieces, and never more than these four.
        """
        source = stream(seed, "shuffled", epoch)
        groups = source.shuffled(self._by_group())
        for first in range(0, len(groups), WINDOW):
            rows = [row for group in groups[first : first + WINDOW] for row in group]
            yield from (Pair(self, row) for row in source.shuffled(rows))

    def _by_group(self) -> list[range]:
        """The rows, those of one row group together."""
        rows, found = self.rows if self.rows.step > 0 else self.rows[::-1], []
        while rows:
            end = self.cells.group_end(rows[0])
            count = -((rows[0] - end) // rows.step)
            found.append(rows[:count])
            rows = rows[count:]
        return found


@dataclass(frozen=True, eq=False)
class Pair:
    """One row. What is asked for is read and decoded then, and not before; what a row lacks is None."""

    corpus: Corpus
    number: int
    """Of the row in its split."""

    @cached_property
    def record(self) -> Row:
        """All that the corpus says of it beside the pictures."""
        return self.corpus.cells.plain(self.number)

    @property
    def key(self) -> str:
        """The photo's."""
        return str(self.record["key"])

    @property
    def recipe_text(self) -> str | None:
        """The recipe as JSON; a real old photo has none."""
        text: str | None = self.record["recipe"]
        return text

    @cached_property
    def recipe(self) -> Recipe | None:
        """What was done to it; a real old photo has none.

        Raises:
            RecipeError: another version of the engine made it.
        """
        return None if self.recipe_text is None else Recipe.from_json(self.recipe_text)

    @cached_property
    def clean(self) -> Image | None:
        """The clean picture, aligned with the degraded one; a real old photo has none.

        Raises:
            CorpusError: it is damaged; and so for the others.
        """
        return self._made.clean if self._made else self._decoded("clean", cv2.IMREAD_COLOR_RGB)

    @cached_property
    def degraded(self) -> Image:
        """The degraded picture, or the real old one."""
        found = self._made.degraded if self._made else self._decoded("degraded", cv2.IMREAD_COLOR_RGB)
        if found is None:
            raise self._error("neither a degraded picture nor a recipe")
        if self.corpus.checks:
            self._check(found)
        return found

    @cached_property
    def mask(self) -> Mask | None:
        """Where it is covered by damage."""
        return self._made.mask if self._made else self._decoded("mask", cv2.IMREAD_GRAYSCALE)

    @cached_property
    def defects(self) -> Labels | None:
        """By what, as numbers of `degrade.types.Defect`."""
        if self._made:
            return self._made.labels
        data = self.file("defects")
        try:
            return None if data is None else np.array(Pillow.open(io.BytesIO(data), formats=("PNG",)))
        except Exception as error:  # decoders raise whatever they like
            raise self._error(f"defects: damaged ({error})") from None

    def file(self, column: str) -> Any:
        """The file of a picture as it lies in the corpus, as a buffer; None where there is none."""
        return self.corpus.cells.picture(self.number, column)

    def arrays(self, columns: tuple[str, ...]) -> dict[str, Any]:
        """The pictures and whatever else is asked for by the name of its column; without those that it lacks."""
        found = {name: getattr(self, name) if name in PICTURES else self.record[name] for name in columns}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def is_made(self) -> bool:
        """Whether the corpus keeps the recipe alone, and the pictures are made of it on reading."""
        return not self.corpus.cells.holds(self.number, "degraded") and self.recipe_text is not None

    @cached_property
    def _made(self) -> Sample | None:
        """What the recipe makes of the clean picture, where the corpus keeps nothing more."""
        if not self.is_made:
            return None
        try:
            assert self.recipe is not None
            most = max(MAX_PIXELS, self.record["width"] * self.record["height"])
            image = decode_image(bytes(self.file("clean") or b""), self.key, most)
            return replayed_sample(self.recipe, self.key, image, self.corpus.textures)
        except (KeyError, ValueError) as error:
            raise self._error(str(error.args[0])) from None

    def _decoded(self, column: str, how: int) -> Array | None:
        data = self.file(column)
        if data is None:
            return None
        try:
            found: Array | None = cv2.imdecode(np.frombuffer(data, np.uint8), how)
        except cv2.error:
            found = None
        if found is None:
            raise self._error(f"{column}: damaged")
        return found

    def _check(self, degraded: Image) -> None:
        """Compare the pixels with what the record says; those of a JPEG are others, if it is not the photo itself."""
        file = b"" if self._made else bytes(self.file("degraded"))
        lossy = file[:2] == b"\xff\xd8" and hashlib.sha256(file).hexdigest() != self.record["source_sha256"]
        if not lossy and pixel_digest(degraded) != self.record["degraded_sha256"]:
            made_with = differing({"versions": versions_of(self.record["versions"])})
            raise self._error(f"other pixels than recorded{made_with and '; it was made with ' + made_with}")

    def _error(self, what: str) -> CorpusError:
        shard, row = self.corpus.cells.where(self.number)
        return CorpusError(f"{self.corpus.cells.store.where}: {shard}, row {row} ({self.key}): {what}")


PICTURES = ("clean", "degraded", "mask", "defects")


def versions_of(text: str | None) -> dict[str, str]:
    """The versions in a row's column of that name."""
    return dict(part.partition("=")[::2] for part in (text or "").split())


def open_corpus(
    where: str | os.PathLike[str],
    split: str = "train",
    *,
    textures: str | os.PathLike[str] | None = None,
    check: bool = False,
) -> Corpus:
    """The rows of a split of a corpus, in a folder or behind a URL that fsspec knows.

    Args:
        where: the folder or the URL.
        split: train, validation, test or old.
        textures: the folder of the user's scans, where a corpus of recipes alone was made with some.
        check: compare each degraded picture with the hash in its row, and refuse it where it differs.

    Raises:
        CorpusError: there is no such corpus or split, or it is not whole.
        ValueError: there is no usable picture among the textures.
    """
    store = open_store(os.fspath(where))
    cells = Cells(store, [shard_file(store, f"data/{name}") for name in shard_names(store, split)])
    scans = find_textures(Path(textures))[0] if textures is not None else NO_TEXTURES
    return Corpus(cells, range(len(cells)), scans, check)

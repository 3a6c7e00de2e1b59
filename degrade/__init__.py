"""The degradation engine: clean photographs into old ones, with the exact mask and the exact record."""

from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from degrade.corpus.reading import Corpus


def open_corpus(
    where: str | PathLike[str],
    split: str = "train",
    *,
    textures: str | PathLike[str] | None = None,
    check: bool = False,
) -> "Corpus":
    """The rows of a split of a corpus, in a folder or behind a URL: see `degrade.corpus.reading.open_corpus`.

    Raises:
        CorpusError: there is no such corpus or split, or it is not whole.
        ImportError: pyarrow is missing; it comes with the extra `corpus`.
    """
    from degrade.corpus.reading import open_corpus as opened  # noqa: PLC0415  (an import of degrade stays light)

    return opened(where, split, textures=textures, check=check)

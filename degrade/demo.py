"""The demonstration: the photographs that come with scikit-image, degraded by every preset."""

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from degrade.corpus.belongings import erase
from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.config import Config
from degrade.corpus.runners import Threads
from degrade.corpus.store import Folder
from degrade.gallery import SEED, SIDE, Pair, write_gallery
from degrade.gallery_page import Beside, CorpusNote
from degrade.io import write_png
from degrade.presets import PRESETS
from degrade.record import FromPipeline, recorded, request, write_sample
from degrade.sample import degraded_sample
from degrade.sources import open_source
from degrade.types import Image

MISSING = "the photographs come with scikit-image, which is not installed: pip install 'foxing[demo]'"


class NoPhotosError(RuntimeError):
    """There are no photographs to show anything on, and how to get some."""


def shipped_photos() -> dict[str, Image]:
    """The photographs in the scikit-image wheel, by name: a portrait, a still life, a cat, a night, a grey picture.

    Raises:
        NoPhotosError: scikit-image is not installed.
    """
    if find_spec("skimage") is None:
        raise NoPhotosError(MISSING)
    from skimage import data  # noqa: PLC0415 - only here, and only where it is wanted

    photos = {
        "astronaut": data.astronaut(),
        "coffee": data.coffee(),
        "chelsea": data.chelsea(),
        "rocket": data.rocket(),
        "camera": data.camera(),
    }
    return {name: photo if photo.ndim == 3 else photo[..., None].repeat(3, axis=2) for name, photo in photos.items()}


def write_demo(out: Path, photos: Mapping[str, Image], side: int = SIDE, beside: Sequence[Beside] = ()) -> Path:
    """Write the photos, a pair of each with every preset, and the page that shows them.

    Args:
        out: the folder; the pairs lie in out/pairs/PRESET/PHOTO as `foxing degrade apply` writes them.
        photos: by name.
        side: shorter side of the effects' pictures on the page.
        beside: pages that somebody else writes there, to be linked.

    Returns:
        The page.

    Raises:
        OSError: it cannot be written.
    """
    for name, photo in photos.items():
        write_png(out / "photos" / f"{name}.png", photo)
    corpus = write_corpus(out) if all(map(find_spec, ("fpng", "isal", "pyarrow"))) else None
    return write_gallery(out, photos, _pairs(out, photos), side, corpus, beside)


CORPUS, PRESET, SIZE, VARIANTS = "corpus", "medium", 256, 4


def write_corpus(out: Path) -> CorpusNote:
    """Make a small training corpus of the photos in out/photos, anew each time, and say what it is.

    Raises:
        OSError: it cannot be written.
    """
    store = Folder(str(out / CORPUS))
    erase(store)
    source = FromPipeline(PRESETS[PRESET], "preset")
    config = Config(recipes=(source,), seed=SEED, variants=VARIANTS, size=SIZE, crop="random", shares=(0.8, 0.2, 0.0))
    photos = open_source(str(out / "photos"))
    list(made_all(prepared(config, photos, None, store), Threads(os.cpu_count() or 1), lambda _: None))
    return CorpusNote(CORPUS, PRESET, sum(made.rows for made in finish(store)))


def _pairs(out: Path, photos: Mapping[str, Image]) -> Iterator[Pair]:
    """Every preset on every photo, each pair written before the next is made."""
    for preset, pipeline in PRESETS.items():
        for name, photo in photos.items():
            key = f"{name}.png"
            sample = degraded_sample(pipeline, SEED, key, photo)
            asked = request(FromPipeline(pipeline, "preset"), SEED, key, out / "photos" / key)
            write_sample(out / "pairs" / preset / key, sample, photo, recorded(sample, photo, asked))
            yield Pair(preset, sample, f"pairs/{preset}/{key}")

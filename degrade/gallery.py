"""The gallery: every effect at five severities and every preset on several photos, as one page that needs nothing."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from degrade.catalogue import Entry, at_rung, catalogue
from degrade.console import printable
from degrade.gallery_crops import Crop, made_crops, side_of
from degrade.gallery_defects import Defects, Shown
from degrade.gallery_page import Beside, CorpusNote, Plate, page
from degrade.gallery_parts import Picture
from degrade.gallery_strips import Strip
from degrade.io import png, write_bytes, write_text
from degrade.photo import Photo
from degrade.presets import PRESETS
from degrade.record import PALETTE
from degrade.sample import Sample, degraded_sample
from degrade.severity import SEVERITIES
from degrade.types import Image

SIDE = 360
"""Shorter side in pixels of the pictures on the page."""

SEED = 7


@dataclass(frozen=True, slots=True)
class Pair:
    """A sample of a preset, and the folder in which its files lie, seen from the page; empty where they lie nowhere."""

    preset: str
    sample: Sample
    folder: str = ""


def write_gallery(  # noqa: PLR0913, PLR0917 - the parts of the page
    out: Path,
    photos: Mapping[str, Image],
    pairs: Iterable[Pair] | None = None,
    side: int = SIDE,
    corpus: CorpusNote | None = None,
    beside: Sequence[Beside] = (),
    real: Sequence[Crop] = (),
) -> Path:
    """Write the page and its pictures.

    Args:
        out: the folder.
        photos: by name; the first one shows the effects.
        pairs: samples of presets; where there are none they are drawn from the photos.
        side: shorter side of the pictures in pixels.
        corpus: one that lies beside the page, to be shown too.
        beside: other pages there, to be linked.
        real: pieces of real damaged pictures at the same scale, to be shown next to synthetic ones.

    Returns:
        The page.

    Raises:
        OSError: it cannot be written.
    """
    small = {name: fitted(photo, side) for name, photo in photos.items()}
    plates: dict[str, list[Plate]] = {name: [] for name in PRESETS}
    for number, pair in enumerate(pairs if pairs is not None else drawn_pairs(small)):
        plates[pair.preset].append(_plate(out, pair, number))
    shown = next(iter(small.values()))
    clean = _lossy(out, "clean", shown)
    strips = {name: _strip(out, entry, shown, clean) for name, entry in catalogue().items()}
    path = out / "index.html"
    text = page(plates, strips, corpus, beside, _defects(out, small, side, real))
    write_text(path, printable(text))  # file names may hold what is no UTF-8
    return path


def _defects(out: Path, photos: Mapping[str, Image], side: int, real: Sequence[Crop]) -> Defects:
    """Pieces of damaged pictures, written."""
    made, old = (
        [
            Shown(_lossy(out, f"{kind}-{number}", crop.image), crop.title, crop.says)
            for number, crop in enumerate(crops, 1)
        ]
        for kind, crops in (("made", made_crops(photos, side, SEED)), ("real", real))
    )
    return Defects(made, old, side_of(side), side)


def drawn_pairs(photos: Mapping[str, Image]) -> Iterator[Pair]:
    """Every preset on every photo."""
    for preset, pipeline in PRESETS.items():
        for name, photo in photos.items():
            yield Pair(preset, degraded_sample(pipeline, SEED, name, photo))


def fitted(photo: Image, side: int) -> Image:
    """The photo no larger than so many pixels on its shorter side, and no longer than twice that."""
    height, width = photo.shape[:2]
    share = min(1.0, side / min(height, width), 2 * side / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    smaller: Image = cv2.resize(photo, size, interpolation=cv2.INTER_AREA) if share < 1 else photo
    return smaller


def _plate(out: Path, pair: Pair, number: int) -> Plate:
    sample = pair.sample
    name = f"preset-{number:03d}"
    changed = float(np.mean(cv2.absdiff(sample.clean, sample.degraded)))
    return Plate(
        photo=sample.key,
        clean=_lossy(out, f"{name}-clean", sample.clean),
        degraded=_lossy(out, f"{name}-degraded", sample.degraded),
        mask=_exact(out, f"{name}-mask", sample.mask),
        labels=_exact(out, f"{name}-labels", sample.labels, PALETTE),
        classes=tuple(int(each) for each in np.unique(sample.labels) if each),
        covered=float(np.mean(sample.mask)) / 255,
        changed=changed,
        recipe=sample.recipe.to_data(),
        folder=pair.folder,
    )


def _strip(out: Path, entry: Entry, shown: Image, clean: Picture) -> Strip:
    """An effect at its five severities, with the masks of a structured one."""
    degraded, masks = [], []
    for severity in SEVERITIES:
        photo = at_rung(entry.effect, severity, SEED, min(shown.shape[:2])).apply(Photo.of(shown))
        degraded.append(_lossy(out, f"{entry.name}-{severity}", photo.image))
        if entry.defect:
            masks.append(_exact(out, f"{entry.name}-{severity}-mask", photo.mask))
    return Strip(entry, clean, tuple(degraded), tuple(masks))


def _lossy(out: Path, name: str, image: Image) -> Picture:
    """A picture as WebP: small, and close enough to look at."""
    written = io.BytesIO()
    Pillow.fromarray(image).save(written, "WEBP", quality=88, method=2)
    return _written(out, f"{name}.webp", written.getvalue(), image)


def _exact(out: Path, name: str, array: NDArray[np.uint8], palette: bytes | None = None) -> Picture:
    return _written(out, f"{name}.png", png(array, palette), array)


def _written(out: Path, name: str, data: bytes, array: NDArray[np.uint8]) -> Picture:
    write_bytes(out / "pictures" / name, data)
    return Picture(f"pictures/{name}", array.shape[1], array.shape[0])

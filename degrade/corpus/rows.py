"""Rows: one clean photo into its samples, each a dictionary of the corpus's columns."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol

import cv2
import numpy as np
from PIL import Image as Pillow

from degrade.corpus.config import Config
from degrade.io import decode_image, pixel_digest
from degrade.patience import patient
from degrade.plain import is_plain
from degrade.png import png_bytes, quick_png
from degrade.record import PALETTE, Source, versions
from degrade.sample import Sample, replayed_sample
from degrade.seeds import stream
from degrade.types import Image, Labels, Mask

Row = dict[str, Any]


class Photos(Protocol):
    """Where the photos come from."""

    def read(self, key: str) -> bytes:
        """The bytes of a photo's file."""


@dataclass(frozen=True, slots=True)
class Window:
    """A crop: its top left corner; the whole photo has size 0."""

    left: int
    top: int
    size: int

    def of(self, image: Image) -> Image:
        """What is seen through it."""
        if not self.size:
            return image
        return np.ascontiguousarray(image[self.top : self.top + self.size, self.left : self.left + self.size])


WHOLE = Window(0, 0, 0)


def sample_rows(photos: Photos, key: str, config: Config) -> Iterator[Row]:
    """The rows of one clean photo.

    Raises:
        ImageError: it is no picture.
        UnreadError: it cannot be read, however often it is tried.
        ValueError: it is smaller than a crop.
    """
    data = patient(lambda: photos.read(key))
    image = decode_image(data, key, config.max_pixels)
    files = {WHOLE: data} if config.crop == "whole" and is_plain(data) else {}
    source_sha256 = hashlib.sha256(data).hexdigest()
    for source in config.recipes:
        for variant in range(config.variants):
            for window in windows(image, key, variant, config):
                part = window.of(image)
                name = sample_key(key, variant, window)
                sample = replayed_sample(source.recipe(config.seed, name, part), name, part, config.textures)
                yield {
                    "key": key,
                    **_pictures(sample, part, files, window, config),
                    **_record(sample, source),
                    "variant": variant,
                    "left": window.left,
                    "top": window.top,
                    "seed": config.seed,
                    "source_sha256": source_sha256,
                }


def old_row(photos: Photos, key: str, config: Config) -> Row:
    """The row of a real old photo: what there is of it is the degraded side.

    Raises:
        ImageError: it is no picture.
        UnreadError: it cannot be read, however often it is tried.
    """
    data = patient(lambda: photos.read(key))
    image = decode_image(data, key, config.max_pixels)
    return {
        "key": key,
        "degraded": _picture(data if is_plain(data) else encoded(image, config)),
        "width": image.shape[1],
        "height": image.shape[0],
        "effects": [],
        "source_sha256": hashlib.sha256(data).hexdigest(),
        "degraded_sha256": pixel_digest(image),
        "versions": made_with(),
    }


def sample_key(key: str, variant: int, window: Window) -> str:
    """The name of one sample's random stream: variant 0 of a whole photo has the photo's own."""
    place = f"@{window.left},{window.top},{window.size}" if window.size else ""
    return f"{key}{place}" + (f"#{variant}" if variant else "")


def windows(image: Image, key: str, variant: int, config: Config) -> Iterator[Window]:
    """The crops of a photo for one variant; a random one hangs on the seed, the key and the variant alone.

    Raises:
        ValueError: the photo is smaller than a crop.
    """
    height, width = image.shape[:2]
    size = config.size
    if config.crop == "whole":
        yield WHOLE
        return
    if min(height, width) < size:
        raise ValueError(f"{key}: {width} x {height} pixels, smaller than a crop of {size}; choose a smaller --size")
    if config.crop == "random":
        source = stream(config.seed, key, "crop", variant)
        yield Window(source.integer(0, width - size), source.integer(0, height - size), size)
        return
    for top in range(0, height - size + 1, size):
        for left in range(0, width - size + 1, size):
            yield Window(left, top, size)


def encoded(image: Image, config: Config) -> bytes:
    """A picture as the file that the corpus keeps."""
    if config.encoding == "png":
        return quick_png(image)
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    if config.encoding == "jpeg":
        how = [cv2.IMWRITE_JPEG_QUALITY, config.quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, FULL_COLOUR]
        return bytes(cv2.imencode(".jpg", bgr, how)[1])
    file = io.BytesIO()
    Pillow.fromarray(image).save(file, "WEBP", lossless=True, method=0, quality=0)
    return file.getvalue()


FULL_COLOUR = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444


@cache
def made_with() -> str:
    """The versions of what computes the pixels, in one line."""
    return " ".join(f"{name}={number}" for name, number in versions().items())


def _pictures(sample: Sample, part: Image, files: dict[Window, bytes], window: Window, config: Config) -> Row:
    """The picture columns.

    `files` are those of the photo's crops that were seen so far: what several samples have is packed once, and an
    unchanged clean photo keeps the bytes it came in.
    """
    pairs = config.store == "pairs"
    moved = bool(cv2.norm(sample.clean, part, cv2.NORM_INF))  # a third of the time of np.array_equal
    if window not in files and not (pairs and moved):
        files[window] = encoded(part, config) if pairs else quick_png(part)
    if not pairs:
        return {"clean": _picture(files[window]), "degraded": None, "mask": None, "defects": None}
    return {
        "clean": _picture(encoded(sample.clean, config) if moved else files[window]),
        "degraded": _picture(encoded(sample.degraded, config)),
        "mask": _picture(_map(sample.mask)),
        "defects": _picture(_map(sample.labels, PALETTE)),
        "moved": moved,
    }


def _map(levels: Mask | Labels, palette: bytes = b"") -> bytes:
    """The file of a map; of one without damage there is one for each size."""
    return png_bytes(levels, palette) if cv2.countNonZero(levels) else _empty_map(*levels.shape, palette)


@lru_cache(maxsize=16)
def _empty_map(height: int, width: int, palette: bytes) -> bytes:
    return png_bytes(np.zeros((height, width), np.uint8), palette)


def _record(sample: Sample, source: Source) -> Row:
    """The columns that say what was done."""
    return {
        "recipe": sample.recipe.to_json(),
        "preset": source.label,
        "severity": source.level,
        "effects": [type(step).__name__ for step in sample.recipe.steps],
        "width": sample.degraded.shape[1],
        "height": sample.degraded.shape[0],
        "coverage": float(f"{cv2.sumElems(sample.mask)[0] / sample.mask.size / 255:.6f}"),
        "degraded_sha256": pixel_digest(sample.degraded),
        "versions": made_with(),
    }


def _picture(data: bytes) -> dict[str, bytes | None]:
    return {"bytes": data, "path": None}

"""Damage that no preset of Foxing made: real dirt and scratches laid over clean photos, and tones by Pillow alone.

Nothing here calls the engine: a model that learned from it shall meet another hand's work.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageEnhance, ImageFilter

from degrade.types import Image
from restore_models.detection import Truth
from restore_models.hand_labels import Labelled

SIDE = 320
"""Pixels of the middle of each photo."""

SURE, DOUBTFUL = 0.3, 0.05
"""Cover from which a pixel is a defect, and from which nobody knows: as `benchmark.detecting` has it."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Overlaid:
    """A clean photo, the same with real dirt and in other tones, and where the dirt is."""

    clean: Image
    bare: Image
    """In those tones, without the dirt."""

    labelled: Labelled


def overlaid(photos: Sequence[Path], textures: Path, seed: int) -> list[Overlaid]:
    """Each photo once, under one layer of scratches recovered from an old photo and three pieces of dirt."""
    recovered, dirt = (sorted(textures.glob(f"{name}_*.png")) for name in ("megatam", "fds"))
    found = []
    for number, path in enumerate(photos):
        draw = np.random.default_rng([seed, number])
        clean = middle(path)
        size = clean.shape[1], clean.shape[0]
        layers = [(all_over(recovered[draw.integers(len(recovered))], size, draw), draw.uniform(215, 250))]
        for choice in draw.choice(len(dirt), 3, replace=False):
            level = draw.uniform(215, 250) if draw.random() < 0.5 else draw.uniform(5, 50)
            layers.append((somewhere(dirt[choice], size, draw), level))
        bare = toned(clean, draw)
        paint = bare.astype(np.float32)
        for cover, level in layers:
            paint += cover[..., None] * (np.float32(level) - paint)
        cover = np.max([cover for cover, _ in layers], axis=0)
        truth: Truth = cover >= SURE
        quality = int(draw.integers(60, 95))
        degraded = compressed(np.rint(paint).clip(0, 255).astype(np.uint8), quality)
        labelled = Labelled(path.stem, degraded, truth, truth | (cover < DOUBTFUL))
        found.append(Overlaid(clean, compressed(bare, quality), labelled))
    return found


def middle(path: Path) -> Image:
    """The middle of a photo."""
    with Pictures.open(path) as opened:
        picture = opened.convert("RGB")
    left, top = (max(0, (length - SIDE) // 2) for length in picture.size)
    return np.asarray(picture.crop((left, top, min(left + SIDE, picture.width), min(top + SIDE, picture.height))))


def all_over(path: Path, size: tuple[int, int], draw: np.random.Generator) -> Floats:
    """How much a layer covers that is white on black, somewhere of it."""
    grey = grey_of(path)
    zoom = max(size[0] / grey.width, size[1] / grey.height, 1.0) * draw.uniform(1.0, 1.4)
    grown = grey.resize((round(grey.width * zoom), round(grey.height * zoom)), Pictures.Resampling.BICUBIC)
    left, top = (int(draw.integers(0, much - length + 1)) for much, length in zip(grown.size, size, strict=True))
    cover = np.asarray(grown.crop((left, top, left + size[0], top + size[1])), np.float32) / 255
    shown: Floats = np.clip((cover - FAINT) / (1 - FAINT), 0, 1).astype(np.float32, copy=False)
    return shown * np.float32(draw.uniform(0.5, 1))


FAINT = 0.2
"""Of layers recovered from photos, what is fainter is mostly noise of the recovering."""


def somewhere(path: Path, size: tuple[int, int], draw: np.random.Generator) -> Floats:
    """How much a piece of dirt covers that has an alpha of its own, at some place of the photo and of some size."""
    grey = grey_of(path)
    grey = grey.crop(grey.getbbox())
    long = draw.uniform(0.05, 0.4) * min(size)
    share = long / max(grey.size)
    small = grey.resize([max(1, round(length * share)) for length in grey.size], Pictures.Resampling.LANCZOS)
    turned = small.rotate(float(draw.uniform(0, 360)), Pictures.Resampling.BICUBIC, expand=True)
    held = Pictures.new("L", size)
    left, top = (int(draw.integers(int(-long // 2), int(length - long // 2))) for length in size)
    held.paste(turned, (left, top))
    return np.asarray(held, np.float32) / np.float32(255) * np.float32(draw.uniform(0.6, 1))


def grey_of(path: Path) -> Pictures.Image:
    """The alpha of a layer, or its grey levels where it has none."""
    with Pictures.open(path) as opened:
        return opened.getchannel("A") if "A" in opened.getbands() else opened.convert("L")


def toned(clean: Image, draw: np.random.Generator) -> Image:
    """Soft, faded, half of them brown, with grain: by Pillow, and noise that all channels share."""
    picture = Pictures.fromarray(clean)
    picture = picture.filter(ImageFilter.GaussianBlur(float(draw.uniform(0.4, 1.4))))
    picture = ImageEnhance.Contrast(picture).enhance(float(draw.uniform(0.6, 0.95)))
    if draw.random() < 0.5:
        picture = Pictures.merge("RGB", [picture.convert("L").point(curve) for curve in BROWN])
    grain = draw.normal(0, draw.uniform(2, 8), clean.shape[:2])
    return np.rint(np.asarray(picture) + grain[..., None]).clip(0, 255).astype(np.uint8)


BROWN = tuple(
    [round(low + level * (high - low) / 255) for level in range(256)] for low, high in ((45, 240), (30, 222), (18, 190))
)
"""Curves of the three channels of a brown print."""


def compressed(image: Image, quality: int) -> Image:
    """As JPEG gives it back."""
    held = io.BytesIO()
    Pictures.fromarray(image).save(held, "JPEG", quality=quality)
    with Pictures.open(held) as opened:
        return np.asarray(opened.convert("RGB"))

"""A recipe carried out as the field usually does: float64 frames, Pillow, dense fields, whole-picture passes.

The same steps with the same numbers as ours, so that the benchmark compares ways and not amounts of work.
"""

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import PIL.Image
import PIL.ImageDraw
from numpy.typing import NDArray

from degrade.drawn import drawn_paper, drawn_scratches
from degrade.recipe import Recipe

Picture = NDArray[np.uint8]
Frame = NDArray[np.float64]
Pair = tuple[Picture, Picture]
"""A picture and the mask of its defects."""

ELASTIC_SIGMA = 20
"""Pixels over which a dense field of displacements is smoothed."""


def aged_as_usual(recipe: Recipe, picture: Picture, seed: int) -> Pair:
    """The degraded picture and its mask."""
    random = np.random.RandomState(seed)
    pair = picture.copy(), np.zeros(picture.shape[:2], np.uint8)
    for step in recipe.steps:
        pair = WAYS[type(step).__name__](pair, step, random)
    return pair


def _frame(picture: Picture) -> Frame:
    return picture.astype(np.float64) / 255


def _picture(frame: Frame) -> Picture:
    return (np.clip(frame, 0, 1) * 255).astype(np.uint8)


def _noise(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    frame = _frame(pair[0])
    return _picture(frame + random.normal(0, step.sigma / 255, frame.shape)), pair[1]


def _blur(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    return _picture(cv2.GaussianBlur(_frame(pair[0]), (step.kernel, step.kernel), step.sigma)), pair[1]


def _box(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    side = round(step.size)
    return _picture(cv2.blur(_frame(pair[0]), (side, side))), pair[1]


def _jpeg(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    file = io.BytesIO()
    PIL.Image.fromarray(pair[0]).save(file, "JPEG", quality=step.quality)
    return np.array(PIL.Image.open(file).convert("RGB")), pair[1]


def _jitter(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    return _picture(_frame(pair[0]) + np.array([step.red, step.green, step.blue]) / 255), pair[1]


def _low_resolution(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    whole = PIL.Image.fromarray(pair[0])
    small = whole.resize((round(step.width * whole.width), round(step.height * whole.height)), PIL.Image.BICUBIC)
    return np.array(small.resize(whole.size, PIL.Image.BILINEAR)), pair[1]


def _grain(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    frame = _frame(pair[0])
    grain = cv2.GaussianBlur(random.normal(0, 1, frame.shape), (0, 0), step.size)
    tone = frame.mean(axis=2, keepdims=True)
    return _picture(frame + step.strength * grain / grain.std() * 4 * tone * (1 - tone)), pair[1]


def _scratches(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    layer = _layer(drawn_scratches(step.number)[0], step, pair[0], random)
    mask = np.maximum(pair[1], (layer.max(axis=2) > 0.02).astype(np.uint8) * 255)
    return _laid_over(pair[0], layer * step.opacity, step.blend), mask


def _paper(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    layer = _layer(drawn_paper(step.number)[0], step, pair[0], random)
    return _laid_over(pair[0], np.abs(layer - 0.5) * step.opacity, step.blend), pair[1]


def _layer(texture: Picture, step: Any, picture: Picture, random: np.random.RandomState) -> Frame:
    """A texture turned, cropped and enlarged by Pillow, and pulled about by a dense field."""
    size = picture.shape[1::-1]
    turned = PIL.Image.fromarray(texture).convert("RGB").rotate(random.uniform(0, 360), PIL.Image.BICUBIC)
    return _pulled(_frame(np.array(turned.resize(size, PIL.Image.BICUBIC))), step.elastic * min(size), random)


def _pulled(frame: Frame, reach: float, random: np.random.RandomState) -> Frame:
    """The frame under an elastic distortion with one random number for each pixel and axis."""
    size = frame.shape[:2]
    pulls = [cv2.GaussianBlur(random.uniform(-1, 1, size), (0, 0), ELASTIC_SIGMA) * reach * 30 for _ in range(2)]
    y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float64)
    across, down = (x + pulls[0]).astype(np.float32), (y + pulls[1]).astype(np.float32)
    return cv2.remap(frame, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def _laid_over(picture: Picture, layer: Frame, blend: str) -> Picture:
    frame = _frame(picture)
    if blend == "add":
        return _picture(frame + layer)
    return _picture(np.maximum(frame, layer) if blend == "lighten" else 1 - (1 - frame) * (1 - layer))


def _holes(pair: Pair, step: Any, random: np.random.RandomState) -> Pair:
    """Ragged polygons, pulled about, feathered over the whole frame, with paper underneath."""
    height, width = size = pair[1].shape
    shapes = PIL.Image.new("L", (width, height))
    for _ in range(step.count):
        radius = step.radius * min(size) * random.uniform(0.6, 1.4, 24)
        angles = np.arange(24) * 2 * np.pi / 24
        points = np.dstack([radius * np.cos(angles), radius * np.sin(angles)])[0] + random.uniform(0, 1, 2) * (
            width,
            height,
        )
        PIL.ImageDraw.Draw(shapes).polygon([tuple(point) for point in points], fill=255)
    hole = cv2.GaussianBlur(
        _pulled(_frame(np.array(shapes)), 0.01 * min(size), random), (0, 0), step.feather * min(size)
    )
    sheet = PIL.Image.fromarray(drawn_paper(step.number)[0]).convert("RGB").resize((width, height), PIL.Image.BICUBIC)
    paper = np.clip(step.paper + 0.1 * (_frame(np.array(sheet)) - 0.5), 0, 1)
    mixed = _frame(pair[0]) * (1 - hole[..., None]) + paper * hole[..., None]
    return _picture(mixed), np.maximum(pair[1], _picture(hole))


WAYS: dict[str, Callable[[Pair, Any, np.random.RandomState], Pair]] = {
    "BoxBlur": _box,
    "ColourJitter": _jitter,
    "FilmGrain": _grain,
    "GaussianBlur": _blur,
    "GaussianNoise": _noise,
    "Holes": _holes,
    "JpegCompression": _jpeg,
    "LowResolution": _low_resolution,
    "PaperTexture": _paper,
    "ScratchTexture": _scratches,
}
"""By the name of the effect."""

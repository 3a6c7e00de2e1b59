"""Textures that the engine draws itself: layers of scratches and sheets of paper, each known by its number."""

import math
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.cracks import arcs
from degrade.fields import arc, clouds, fractal
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, dot, stroke, strokes
from degrade.types import Image, Mask

SIDE = 1024
"""Built-in textures are squares of so many pixels, drawn once and kept."""


def shrunk(texture: Image) -> tuple[Image, ...]:
    """The texture at full, half, quarter... size, down to 64 pixels."""
    levels = [texture]
    while min(levels[-1].shape[:2]) >= 128:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return tuple(levels)


@lru_cache(maxsize=64)
def drawn_scratches(number: int) -> tuple[Mask, ...]:
    """The built-in scratch texture of that number: coverage (H, W) of one of five characters."""
    source = stream(number, "scratch texture")
    character = SCRATCHES[number % len(SCRATCHES)]
    layer = sheet()
    character(layer, source)
    return shrunk(folded(layer))


MARGIN = 384
"""Pixels around a built-in texture that its strokes may run into."""


def sheet() -> Mask:
    """An empty layer with its margins."""
    return canvas((SIDE + 2 * MARGIN, SIDE + 2 * MARGIN))


def folded(layer: Mask) -> Mask:
    """The layer with its margins laid over the opposite sides, so that it can be repeated without a seam."""
    for _ in range(2):
        middle = layer[MARGIN:-MARGIN].copy()
        middle[:MARGIN] = cv2.max(middle[:MARGIN], layer[-MARGIN:])
        middle[-MARGIN:] = cv2.max(middle[-MARGIN:], layer[:MARGIN])
        layer = np.ascontiguousarray(middle.T)
    return layer


def _straight(layer: Mask, source: Stream) -> None:
    """A swarm with a common direction, half of it interrupted."""
    common = source.uniform(0, math.pi)
    for _ in range(source.integer(25, 70)):
        _scratch(layer, source, common + math.radians(12) * source.normal(), bend=0.03)


def _curved(layer: Mask, source: Stream) -> None:
    """Single scratches that turn."""
    for _ in range(source.integer(12, 35)):
        _scratch(layer, source, source.uniform(0, 2 * math.pi), bend=source.uniform(0.2, 1.6))


def _bundled(layer: Mask, source: Stream) -> None:
    """Bundles of parallel lines, as grit leaves them."""
    for _ in range(source.integer(4, 9)):
        angle, bend = source.uniform(0, 2 * math.pi), source.uniform(-0.5, 0.5)
        x, y = _anywhere(source)
        for _ in range(source.integer(4, 12)):
            start = (x + 14 * source.normal(), y + 14 * source.normal())
            _scratch(layer, source, angle + 0.02 * source.normal(), bend=bend, start=start)


def _hairlines(layer: Mask, source: Stream) -> None:
    """Many very fine lines in all directions, as wiping leaves them."""
    for _ in range(source.integer(130, 320)):
        path = arc(_anywhere(source), source.uniform(0, 7), 40 + 200 * source.unit() ** 2, 0.3 * source.normal(), 12)
        stroke(layer, path, source.uniform(1.0, 2.0), source.uniform(0.25, 0.9))


def _scuffs(layer: Mask, source: Stream) -> None:
    """Rubbed places: short strokes of one direction, densest in the middle, and a few specks of lost emulsion."""
    for _ in range(source.integer(3, 6)):
        spread, count = source.uniform(25, 100), source.integer(150, 400)
        away = source.normals(count, 2).astype(np.float64)
        starts = np.array(_anywhere(source)) + away * (spread, 0.6 * spread)
        angles = source.uniform(0, math.pi) + 0.12 * source.normals(count).astype(np.float64)
        paths = arcs(
            starts, angles, 6 + 36 * source.units(count) ** 2, 0.1 * source.normals(count).astype(np.float64), 4
        )
        widths = np.repeat(0.8 + 1.4 * source.units(count, 1) ** 2, 4, axis=1)
        faint = np.exp(-0.3 * (away**2).sum(axis=1, keepdims=True))
        strokes(layer, paths, widths, (0.15 + 0.6 * source.units(count, 1)) * faint)
    for _ in range(source.integer(10, 60)):
        dot(layer, _anywhere(source), 0.8 + 2.5 * source.unit() ** 3, source.uniform(0.5, 1))


SCRATCHES: tuple[Callable[[Mask, Stream], None], ...] = (_straight, _curved, _bundled, _hairlines, _scuffs)


def _anywhere(source: Stream) -> tuple[float, float]:
    return MARGIN + SIDE * source.unit(), MARGIN + SIDE * source.unit()


def _scratch(layer: Mask, source: Stream, angle: float, bend: float, start: tuple[float, float] | None = None) -> None:
    """One scratch: deep or fine, tapering at its ends, sometimes interrupted."""
    length = min(140 * math.exp(0.9 * source.normal()), 0.8 * SIDE)
    points = 40
    path = arc(start or _anywhere(source), angle, length, bend * source.normal(), points)
    path += 0.4 * np.cumsum(source.normals(points, 2), axis=0) * min(1, length / 300)  # the hand shakes
    taper = np.minimum(1, 5 * np.minimum(np.arange(points), np.arange(points)[::-1]) / points + 0.25)
    deep = source.unit() < 0.25
    widths = (source.uniform(2.8, 6.5) if deep else source.uniform(1.5, 3.0)) * taper
    pressure = 0.75 + 0.25 * clouds((1, points), 12, source)[0]
    strength = source.uniform(0.55, 1.0)
    pieces = [slice(0, points)]
    if source.unit() < 0.5:
        gap = source.integer(8, points - 9)
        pieces = [slice(0, gap), slice(gap + source.integer(1, 6), points)]
    for piece in pieces:
        if len(path[piece]) > 1:
            stroke(layer, path[piece], widths[piece] * np.clip(pressure[piece], 0.3, 1.3), strength)


@lru_cache(maxsize=64)
def drawn_paper(number: int) -> tuple[Image, ...]:
    """The built-in paper of that number: brightness (H, W) around 128 of fibre, laid, canvas or pulp grain."""
    source = stream(number, "paper texture")
    relief = PAPERS[number % len(PAPERS)](source)
    relief = (relief - relief.mean()) / max(float(relief.std()), 1e-6)
    return shrunk(np.rint(np.clip(128 + 36 * relief, 0, 255)).astype(np.uint8))


def _fibre(source: Stream) -> NDArray[np.float32]:
    """Felted fibres: short curved lines, light and dark, over a cloudy ground."""
    layers = []
    for _ in ("light", "dark"):
        layer, count = sheet(), 900
        starts = MARGIN + SIDE * source.units(count, 2)
        lengths, bends = 20 + 70 * source.units(count), source.normals(count).astype(np.float64)
        paths = arcs(starts, 2 * math.pi * source.units(count), lengths, bends, 6)
        widths = np.repeat(1.2 + 1.4 * source.units(count, 1), 6, axis=1)
        strokes(layer, paths, widths, 0.15 + 0.45 * source.units(count, 1))
        layers.append(folded(layer).astype(np.float32))
    ground = fractal((SIDE, SIDE), 0.05, source, octaves=5, roughness=0.75)
    return cv2.GaussianBlur((layers[0] - layers[1]) / 40, (0, 0), 0.8) + ground


def _laid_lines(source: Stream) -> NDArray[np.float32]:
    """Laid paper: close parallel wires, and chain lines across them."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    waver = 2 * clouds((SIDE, SIDE), 0.2, source)
    wires = np.cos((y + waver) * np.float32(2 * math.pi / source.uniform(7, 11)))
    spacing = source.uniform(150, 240)
    chains = -np.exp(-((((x + waver) % spacing) - spacing / 2) ** 2) / 18)
    return 0.6 * wires + 1.5 * chains + 0.8 * fractal((SIDE, SIDE), 0.04, source, 5, 0.8)


def _canvas_weave(source: Stream) -> NDArray[np.float32]:
    """Canvas or linen embossing: threads over and under."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    pitch = np.float32(math.pi / source.uniform(6, 12))
    bent = 1.5 * clouds((SIDE, SIDE), 0.08, source)
    warp, weft = np.sin((x + bent) * pitch) ** 2, np.sin((y + bent) * pitch) ** 2
    over = np.sin((x + bent) * pitch / 2) * np.sin((y + bent) * pitch / 2) > 0
    return np.where(over, warp, weft).astype(np.float32) + 0.15 * fractal((SIDE, SIDE), 0.03, source, 5, 0.8)


def _pulp(source: Stream) -> NDArray[np.float32]:
    """Coarse pulp: clouds of all sizes, and dark specks of bark."""
    ground = fractal((SIDE, SIDE), 0.15, source, octaves=8, roughness=0.72)
    specks = sheet()
    for _ in range(source.integer(30, 200)):
        dot(specks, _anywhere(source), 0.8 + 2.5 * source.unit() ** 3, source.uniform(0.3, 1))
    return ground - folded(specks).astype(np.float32) / np.float32(64)


PAPERS: tuple[Callable[[Stream], NDArray[np.float32]], ...] = (_fibre, _laid_lines, _canvas_weave, _pulp)

"""Textures: the scratch and paper layers that the engine draws itself, and the user's own folder of scans."""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.fields import arc, clouds, fractal
from degrade.io import read_rgba
from degrade.light import luma
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, dot, stroke
from degrade.types import Image, Mask

SIDE = 1024
"""Built-in textures are squares of so many pixels, drawn once and kept."""

KINDS = ("scratch", "paper")

Border = Literal["symmetric", "wrap"]
"""How a texture goes on beyond its edge."""


@dataclass(frozen=True, slots=True)
class Textures:
    """The user's own scans: a folder with the folders `scratch` and `paper`, or either alone."""

    files: dict[str, dict[str, Path]] = field(default_factory=dict)
    """By kind, then by name (`file.png@0123456789ab`)."""

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of all textures of a kind, in order."""
        return tuple(sorted(self.files.get(kind, {})))

    def path(self, kind: str, name: str) -> Path:
        """The file of a texture, found by its content whatever its name is now.

        Raises:
            KeyError: it is not there.
        """
        digest = name.rpartition("@")[2]
        for known, path in self.files.get(kind, {}).items():
            if known.rpartition("@")[2] == digest:
                return path
        raise KeyError(f"no {kind} texture {name}: give the folder that holds it with --textures")


NO_TEXTURES = Textures()


def find_textures(folder: Path) -> tuple[Textures, tuple[str, ...]]:
    """The textures of a folder, and one line for each file that is not usable.

    Raises:
        ValueError: there is no usable texture at all.
    """
    files: dict[str, dict[str, Path]] = {kind: {} for kind in KINDS}
    broken: list[str] = []
    for kind in KINDS:
        for path in sorted((folder / kind).rglob("*")) if (folder / kind).is_dir() else ():
            if not path.is_file() or path.suffix.lower() not in SUFFIXES:
                continue
            try:
                read_rgba(path)
            except (ValueError, OSError) as error:
                broken.append(str(error))
                continue
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            files[kind][f"{path.name}@{digest}"] = path
    if not any(files.values()):
        raise ValueError(f"{folder}: no usable picture in its folders scratch/ and paper/; put scans there")
    return Textures(files), tuple(broken)


SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")


@dataclass(frozen=True, slots=True)
class Placement:
    """How a texture is laid over a photo."""

    angle: float
    """Degrees."""

    zoom: float
    """Sides of the photo's longer side that the texture's shorter side spans."""

    mirrored: bool
    """Whether it is flipped."""

    x: float
    y: float
    """Which part of the texture lies at the photo's centre, 0 to 1."""

    elastic: float
    """How far it is pulled about, as a share of the photo's shorter side."""


def random_placement(zoom: float, elastic: float, source: Stream) -> Placement:
    """Any angle, any part, either side up."""
    return Placement(
        angle=source.uniform(0, 360),
        zoom=zoom,
        mirrored=source.unit() < 0.5,
        x=source.unit(),
        y=source.unit(),
        elastic=elastic,
    )


NODE = 32
"""The map from photo to texture is computed at every 32nd pixel and interpolated: it is smooth."""


def laid(
    levels: tuple[Image, ...],
    size: tuple[int, int],
    how: Placement,
    source: Stream,
    border: Border = "symmetric",
) -> NDArray[np.uint8]:
    """A texture as it lies on a photo: cropped, turned, flipped, scaled and pulled about, in one resampling.

    Args:
        levels: the texture at full, half, quarter... size; the one that fits is used.
        size: height and width of the photo.
        how: the placement.
        source: where the elastic distortion comes from.
        border: how the texture goes on beyond its edge: mirrored, or, where it was drawn so, repeated.
    """
    height, width = size
    scale = min(levels[0].shape[:2]) / (how.zoom * max(size))  # texture pixels per photo pixel
    level = min(max(0, int(math.log2(max(scale, 1e-6)) + 0.3)), len(levels) - 1)
    texture, scale = levels[level], scale / 2**level
    rows, columns = math.ceil(height / NODE) + 2, math.ceil(width / NODE) + 2
    y, x = np.mgrid[-1 : rows - 1, -1 : columns - 1].astype(np.float32)
    x, y = (x + 0.5) * NODE - 0.5 - width / 2, (y + 0.5) * NODE - 0.5 - height / 2
    if how.elastic > 0:
        pull = elastic((rows, columns), size, source) * np.float32(how.elastic * min(size))
        x, y = x + pull[..., 0], y + pull[..., 1]
    turn = math.radians(how.angle)
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    flip = -1 if how.mirrored else 1
    across = flip * (cos * x - sin * y) + how.x * texture.shape[1]
    down = sin * x + cos * y + how.y * texture.shape[0]
    texture, left, top = continued(texture, across, down, border)
    nodes = np.dstack([across + left, down + top]).astype(np.float32)
    where = cv2.resize(nodes, (columns * NODE, rows * NODE), interpolation=cv2.INTER_LINEAR)
    where = where[NODE : NODE + height, NODE : NODE + width]
    return cv2.remap(texture, where, None, cv2.INTER_LINEAR)


ELASTIC = 0.3
"""Distance between the independent values of the elastic pull, as a share of the shorter side."""


def elastic(nodes: tuple[int, int], size: tuple[int, int], source: Stream) -> NDArray[np.float32]:
    """A smooth pull (rows, columns, 2) of variance of about 1 at the nodes of the map, alike at every resolution."""
    cell = ELASTIC * min(size)
    knots = source.normals(*(math.ceil(side / cell) + 4 for side in size), 2)
    step, start = NODE / cell, 1.5 - (0.5 * NODE + 0.5) / cell
    where = np.array([[step, 0, start], [0, step, start]], np.float64)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(knots, where, nodes[::-1], flags=flags, borderMode=cv2.BORDER_REFLECT_101)


def continued(
    texture: NDArray[np.uint8], across: NDArray[np.floating], down: NDArray[np.floating], border: Border
) -> tuple[NDArray[np.uint8], int, int]:
    """The texture continued as far as the map reaches, and what that adds on its left and top.

    A map that stays inside is resampled up to four times faster than one that leaves the picture.
    """
    height, width = texture.shape[:2]
    left, top = (max(0, math.ceil(2 - float(where.min()))) for where in (across, down))
    right = max(0, math.ceil(float(across.max()) + 3 - width))
    bottom = max(0, math.ceil(float(down.max()) + 3 - height))
    if max(left, right) <= width and max(top, bottom) <= height:
        how = cv2.BORDER_WRAP if border == "wrap" else cv2.BORDER_REFLECT
        return cv2.copyMakeBorder(texture, top, bottom, left, right, how), left, top
    rest = [(0, 0)] * (texture.ndim - 2)
    texture = np.pad(texture, [(top, bottom), (left, right), *rest], mode=border)
    return texture, left, top


def shrunk(texture: Image) -> tuple[Image, ...]:
    """The texture at full, half, quarter... size, down to 64 pixels."""
    levels = [texture]
    while min(levels[-1].shape[:2]) >= 128:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return tuple(levels)


@lru_cache(maxsize=64)
def scratch_scan(path: Path) -> tuple[Image, ...]:
    """A user's scan of scratches as coverage (H, W): its alpha channel, else how far it differs from its ground."""
    rgba = read_rgba(path)
    if rgba.shape[2] == 4 and rgba[..., 3].min() < 255:
        return shrunk(np.ascontiguousarray(rgba[..., 3]))
    grey = luma(np.ascontiguousarray(rgba[..., :3]))
    ground = float(np.median(grey))
    return shrunk(cv2.absdiff(grey, np.full_like(grey, round(ground))))


@lru_cache(maxsize=64)
def paper_scan(path: Path) -> tuple[Image, ...]:
    """A user's scan of paper as a picture (H, W, 3)."""
    return shrunk(np.ascontiguousarray(read_rgba(path)[..., :3]))


@lru_cache(maxsize=64)
def drawn_scratches(number: int) -> tuple[Mask, ...]:
    """The built-in scratch texture of that number: coverage (H, W) of one of five characters."""
    source = stream(number, "scratch texture")
    character = SCRATCHES[number % len(SCRATCHES)]
    layer = canvas((SIDE + 2 * MARGIN, SIDE + 2 * MARGIN))
    character(layer, source)
    return shrunk(folded(layer))


MARGIN = 384
"""Pixels around a built-in scratch texture that its strokes may run into."""


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
        x, y = _anywhere(source)
        angle, spread = source.uniform(0, math.pi), source.uniform(25, 110)
        for _ in range(source.integer(60, 200)):
            start = (x + spread * source.normal(), y + 0.5 * spread * source.normal())
            path = arc(start, angle + 0.1 * source.normal(), source.uniform(5, 45), 0.1 * source.normal(), 5)
            stroke(layer, path, source.uniform(1.2, 3.2), source.uniform(0.15, 0.8))
    for _ in range(source.integer(10, 60)):
        dot(layer, _anywhere(source), 0.5 + 2.5 * source.unit() ** 3, source.uniform(0.5, 1))


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
    light, dark = canvas((SIDE, SIDE)), canvas((SIDE, SIDE))
    for layer in (light, dark):
        for _ in range(700):
            path = arc(_anywhere(source), source.uniform(0, 7), source.uniform(20, 90), source.normal(), 6)
            stroke(layer, path, source.uniform(1.4, 2.8), source.uniform(0.15, 0.6))
    ground = fractal((SIDE, SIDE), 0.05, source, octaves=5, roughness=0.75)
    return cv2.GaussianBlur((light.astype(np.float32) - dark) / 40, (0, 0), 0.8) + ground


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
    return np.where(over, warp, weft).astype(np.float32) + 0.25 * fractal((SIDE, SIDE), 0.03, source, 5, 0.8)


def _pulp(source: Stream) -> NDArray[np.float32]:
    """Coarse pulp: clouds of all sizes, and dark specks of bark."""
    ground = fractal((SIDE, SIDE), 0.15, source, octaves=8, roughness=0.72)
    specks = canvas((SIDE, SIDE))
    for _ in range(source.integer(30, 200)):
        dot(specks, _anywhere(source), 0.5 + 2 * source.unit() ** 3, source.uniform(0.3, 1))
    return ground - specks.astype(np.float32) / np.float32(64)


PAPERS: tuple[Callable[[Stream], NDArray[np.float32]], ...] = (_fibre, _laid_lines, _canvas_weave, _pulp)

"""The user's own scans of scratches and paper, and how a texture is laid over a photo."""

import hashlib
import math
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.drawn import shrunk
from degrade.io import is_file_or_link, read_rgba
from degrade.light import luma
from degrade.seeds import Stream
from degrade.types import Image

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
            if not is_file_or_link(path) or path.suffix.lower() not in SUFFIXES:
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

"""Mat burn: the brown frame that an acid mat leaves around its window."""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds, fractal
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Defect, Density, Field, Fraction, Seed, Share

ACID = (0.2, 0.45, 1.0)
"""Share of the density that red, green and blue get: the brown of oxidised paper (an estimate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatBurn(Effect):
    """A brown line along the window of an acid mat, and a browned band where the mat lay.

    Source: the cut edge of the board gives off most acid (AICCM, "Mat burn"); a line 1 to 4 mm wide with a density in
    blue of 0.1 to 0.3, inset 5 to 40 mm, and a band under the mat are estimates (docs/physics.md, section 5).
    """

    defect: ClassVar[Defect] = Defect.STAIN

    ladder: ClassVar[Ladder] = Ladder(
        {
            "inset": 0.09,
            "width": geometric(0.01, 0.03),
            "strength": geometric(0.1, 0.7),
            "band": 0.45,
            "window": "rectangle",
        }
    )

    inset: Share
    """From the picture's edge to the window's."""

    width: Share
    """Distance over which the line falls to 1/e into the window."""

    strength: Density
    """Density of the line in blue light."""

    band: Fraction
    """Density under the mat, as a share of the line's."""

    window: Literal["rectangle", "oval"]
    """Shape of the mat's opening."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "MatBurn")
        shrink = max(1.0, photo.short / FINEST)
        size = (math.ceil(photo.height / shrink), math.ceil(photo.width / shrink))
        short = min(size)
        offsets = [(source.uniform(0.8, 1.2) * self.inset, 0.004 * source.normal()) for _ in range(4)]
        depth = into_rectangle(size, offsets) if self.window == "rectangle" else into_oval(size, offsets)
        depth += np.float32(0.0006) * fractal(size, 0.05, source, 4, 0.6)
        power = np.clip(0.8 + 0.3 * clouds(size, 0.3, source), 0.2, 1.4)
        narrow = max(self.width, 0.5 / short)
        line = np.where(
            depth > 0, np.exp(np.minimum(-depth / narrow, 0)), np.exp(np.minimum(depth / (0.6 * narrow), 0))
        )
        under = np.clip(0.5 - depth * short / 2, 0, 1) * np.float32(self.band)
        layer = np.float32(self.strength) * power * np.maximum(line, under)
        wide = cv2.resize(layer.astype(np.float32), (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        return photo.stained(wide, ACID, self.defect)


FINEST = 512
"""Wider pictures are burnt on a smaller grid: the line is soft."""


def into_rectangle(size: tuple[int, int], offsets: list[tuple[float, float]]) -> Field:
    """Distance into the window, in shares of the shorter side; each side has its own offset and tilt."""
    height, width = size
    short = np.float32(min(size))
    x = (np.arange(width, dtype=np.float32)[None, :] + np.float32(0.5)) / short
    y = (np.arange(height, dtype=np.float32)[:, None] + np.float32(0.5)) / short
    (left, a), (right, b), (top, c), (bottom, d) = offsets
    across = np.minimum(
        x - np.float32(left) + np.float32(a) * y, width / short - x - np.float32(right) + np.float32(b) * y
    )
    down = np.minimum(
        y - np.float32(top) + np.float32(c) * x, height / short - y - np.float32(bottom) + np.float32(d) * x
    )
    return np.minimum(across, down)


def into_oval(size: tuple[int, int], offsets: list[tuple[float, float]]) -> Field:
    """Distance into an oval window, in shares of the shorter side, about right near its edge."""
    height, width = size
    short = min(size)
    half_x, half_y = (max(side / short / 2 - offsets[0][0], 0.05) for side in (width, height))
    x = (np.arange(width, dtype=np.float32)[None, :] + np.float32(0.5 - width / 2)) / np.float32(short)
    y = (np.arange(height, dtype=np.float32)[:, None] + np.float32(0.5 - height / 2)) / np.float32(short)
    reach = np.sqrt((x / np.float32(half_x)) ** 2 + (y / np.float32(half_y)) ** 2)
    slope = np.sqrt((x / np.float32(half_x**2)) ** 2 + (y / np.float32(half_y**2)) ** 2)
    depth = (1 - reach) * reach / np.maximum(slope, np.float32(1e-3))
    return np.where(reach < 0.3, 1, depth).astype(np.float32)

"""What shows where the emulsion is gone: the bare paper, and where it ends."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.cracks import ridge
from degrade.fields import clouds
from degrade.light import applied, luma
from degrade.noise import gaussian_levels, white
from degrade.photo import Colour, Photo
from degrade.seeds import Stream
from degrade.types import Field, Image, Mask

PAPER = (210, 202, 191)
"""Bare paper in cracks, Lab 82, 2, 6 (measured on real creases); the base of a bright print is brighter."""


def paper_colour(photo: Photo) -> Colour:
    """The paper of a photo: that of old prints, brighter if the photo's whites are, and grey on a grey photo."""
    step = max(1, photo.short // 64)
    small = np.ascontiguousarray(photo.image[step // 2 :: step, step // 2 :: step])
    bright = luma(small).reshape(-1)
    rank = round(0.99 * (bright.size - 1))
    whites = float(np.partition(bright, rank)[rank])
    gain = min(max(whites / 255, PAPER[1] / 255), 0.93) * 255 / PAPER[1]
    if (small == small[..., :1]).all():
        return (round(PAPER[1] * gain),) * 3
    return round(PAPER[0] * gain), round(PAPER[1] * gain), round(PAPER[2] * gain)


SHADOW: Colour = (0, 0, 0)
"""What shading tends to."""


def shading(density: float) -> float:
    """How much of its display level a grey loses under a density: coverage by `SHADOW`, with a display gamma of 2.2."""
    return 1 - math.exp(-density * math.log(10) / 2.2)


def without_traces(coverage: Mask) -> Mask:
    """A soft coverage cut off where it is below 1.5 %, which nobody sees, so that it does not spread in the mask."""
    cut: Mask = cv2.threshold(coverage, 3, 0, cv2.THRESH_TOZERO)[1]
    return cut


TILE = 512
"""The surface is drawn once on a square of at most so many pixels and mirrored on from there."""


def bare_paper(size: tuple[int, int], colour: Colour, short: int, source: Stream) -> Image:
    """Paper without its emulsion: a colour with the mottle and the fibres of its surface.

    Args:
        size: height and width of the piece.
        colour: the mean.
        short: the photo's shorter side in pixels.
        source: where the surface comes from.
    """
    relief = paper_tile(size, short, source)
    return repeated(applied(cv2.merge([relief] * 3), toned_paper(colour)), size)


def paper_relief(size: tuple[int, int], short: int, source: Stream) -> Mask:
    """The surface of bare paper in grey levels around 128."""
    return repeated(paper_tile(size, short, source), size)


def paper_tile(size: tuple[int, int], short: int, source: Stream) -> Mask:
    """The first square of the surface."""
    tile = (min(size[0], TILE), min(size[1], TILE))
    relief = 9 * clouds(tile, max(0.012 * short, 2) / min(tile), source)
    fine = white(tile, gaussian_levels(40), source, max(1.0, short / 700))
    relief = cv2.scaleAdd(fine.astype(np.float32), 0.55, relief)
    return np.asarray(np.rint(np.clip(relief + 128, 0, 255)), np.uint8)


def repeated(tile: Mask | Image, size: tuple[int, int]) -> Mask | Image:
    """A tile mirrored on to the right and downwards."""
    if tile.shape[:2] == size:
        return tile
    beyond = (0, size[0] - tile.shape[0], 0, size[1] - tile.shape[1])
    whole: Mask | Image = cv2.copyMakeBorder(tile, *beyond, cv2.BORDER_REFLECT)
    return whole


def toned_paper(colour: Colour) -> Image:
    """A table from relief to the colour of the paper's surface."""
    shade = (np.arange(256) - 128)[:, None] * RELIEF
    table: Image = np.rint(np.clip(np.array(colour) + shade, 0, 255)).astype(np.uint8)
    return table


RELIEF = 0.16
"""Grey levels of brightness for each level of relief."""


GROUNDS: dict[str, Colour] = {"white": (246, 246, 244), "black": (17, 16, 16)}
"""What lies beyond the paper: the lid of the scanner, or its open dark."""


def torn_edge(beyond: Field, bevel: Field, photo: Photo, ground: str, source: Stream) -> tuple[Image, Mask]:
    """Paint and coverage of a place where the paper ends: the white core of the torn paper, then what lies beyond.

    Args:
        beyond: how far outside the paper each pixel lies, in pixels; negative on it.
        bevel: how broad the torn core shows there, in pixels.
        photo: what is torn.
        ground: a name in `GROUNDS`.
        source: where the fibres come from.
    """
    red, green, blue = paper_colour(photo)
    core = min(1.09 * red, 248.0), min(1.09 * green, 246.0), min(1.1 * blue, 243.0)
    outside, inside = (
        np.minimum(cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 3), FAR)
        for part in (beyond > 0, beyond <= 0)
    )
    relief = paper_relief((beyond.shape[0], beyond.shape[1]), photo.short, source)
    fibres = cv2.subtract(relief, 128) * np.float32(FRAYED * photo.short / 24)  # what is raised sticks out
    lost = np.clip(beyond - fibres + np.float32(0.5), 0, 1)
    lit = 1 - np.float32(0.22) * np.minimum(inside / np.maximum(bevel, 1), 1)  # it slopes down to the emulsion
    lit += relief * np.float32(RELIEF / 220) - np.float32(128 * RELIEF / 220)
    lit *= 1 - lost
    lid = lost * (1 - np.float32(0.35) * cv2.exp(outside * np.float32(-1 / (0.008 * photo.short + 0.5))))
    levels = [
        cv2.addWeighted(lit, bright, lid, far, 0, dtype=cv2.CV_8U)
        for bright, far in zip(core, GROUNDS[ground], strict=True)
    ]
    rim = np.clip(bevel - inside + np.float32(0.5), 0, 1) * (bevel > 0.05)
    return cv2.merge(levels), np.rint(255 * np.maximum(lost, rim)).astype(np.uint8)


FRAYED = 0.0012
"""How far fibres stick out of a torn edge, as a share of the shorter side: a fringe of 0.1 mm on a small print."""


FAR = np.float32(1e4)
"""Pixels beyond which it makes no difference; OpenCV gives infinity where there is no edge at all."""


def bevel_widths(points: int, mean: float, source: Stream) -> NDArray[np.float64]:
    """The width of the white core along a tear, in the unit of its mean: broad, narrow, and in places none."""
    return mean * np.clip(0.95 + 0.55 * ridge(points, source, 0.6) + 0.22 * ridge(points, source, 0.15), 0, 3)

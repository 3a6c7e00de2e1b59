"""What can be measured on a mask of defects: lines and their forks, specks and their neighbours.

Lengths come out as shares of the picture's shorter side, so that a scan of 256 pixels and one of 2000 can be compared.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

Array = NDArray[np.float64]
Grey = NDArray[np.uint8]

AROUND = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.float32)


@dataclass(frozen=True, slots=True)
class Line:
    """One thin defect."""

    length: float
    width: float
    """Area over length."""

    straight: float
    """Distance between its ends (or its box's diagonal), over its length."""

    forks: int


def lines(mask: NDArray[np.bool_], least: float = 0.02) -> list[Line]:
    """The thin parts of a mask, at least so long and four times as long as wide."""
    short = min(mask.shape)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    thin = skeletonize(mask)
    forks = forked(thin)
    found = []
    for label in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[label])
        if math.hypot(width, height) < 0.7 * least * short:
            continue
        box = slice(top, top + height), slice(left, left + width)
        own = thin[box] & (labels[box] == label)
        length = skeleton_length(own)
        if length < least * short or length < 4 * area / length:
            continue
        straight = min(math.hypot(width - 1, height - 1) / length, 1.0)
        junctions = cv2.connectedComponents((forks[box] & own).astype(np.uint8))[0] - 1
        found.append(Line(length / short, area / length / short, straight, junctions))
    return found


def lone_straightness(mask: NDArray[np.bool_]) -> list[float]:
    """How straight the lines are that cross nothing, and are long enough to show it.

    They have no fork, at least 4 % of the shorter side, and eight times their width.
    """
    found = lines(mask, 0.04)
    return [line.straight for line in found if not line.forks and line.length >= 8 * line.width]


def closed_lengths(mask: NDArray[np.bool_], gap: float = 0.02) -> list[float]:
    """The lengths of lines after gaps of up to that share of the shorter side are closed, as one joins them by hand."""
    side = max(3, round(gap * min(mask.shape))) | 1
    round_brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    wide = cv2.copyMakeBorder(mask.astype(np.uint8), side, side, side, side, cv2.BORDER_CONSTANT)
    joined_up = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, round_brush)[side:-side, side:-side]
    return [line.length for line in lines(joined_up > 0)]


def skeleton_length(thin: NDArray[np.bool_]) -> float:
    """The length of a line one pixel wide, in pixels: corrected so that any direction counts alike."""
    across = (thin[:, 1:] & thin[:, :-1]).sum()
    down = (thin[1:] & thin[:-1]).sum()
    corner = (thin[1:, 1:] & thin[:-1, :-1] & ~thin[1:, :-1] & ~thin[:-1, 1:]).sum()
    other = (thin[1:, :-1] & thin[:-1, 1:] & ~thin[1:, 1:] & ~thin[:-1, :-1]).sum()
    return max(0.948 * (across + down) + 1.340 * (corner + other), 1.0)  # Vossepoel and Smeulders 1982


def forked(thin: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where three or more lines meet."""
    near = cv2.filter2D(thin.astype(np.float32), -1, AROUND, borderType=cv2.BORDER_CONSTANT)
    return thin & (near >= 3)


def fork_angles(mask: NDArray[np.bool_], reach: float = 0.02) -> Array:
    """The widest of the three angles at each simple fork, in degrees: about 180 is a T, about 120 a Y."""
    thin = skeletonize(mask)
    radius = max(5, round(reach * min(mask.shape)))
    _, _, _, centres = cv2.connectedComponentsWithStats(forked(thin).astype(np.uint8), connectivity=8)
    widest = []
    ring = ring_around(radius)
    for x, y in centres[1:].round().astype(int):
        if not (radius < x < mask.shape[1] - radius - 1 and radius < y < mask.shape[0] - radius - 1):
            continue
        on = thin[y + ring[:, 1], x + ring[:, 0]]
        if not joined(thin[y - radius : y + radius + 1, x - radius : x + radius + 1]):
            continue
        runs = np.flatnonzero(np.diff(on.astype(int), append=on[0]) == 1)
        if len(runs) == 3:
            gaps = np.diff(np.append(runs, runs[0] + len(ring))) * 360 / len(ring)
            widest.append(float(gaps.max()))
    return np.array(widest)


def joined(part: NDArray[np.bool_]) -> bool:
    """Whether all that a window shows hangs together."""
    return cv2.connectedComponents(part.astype(np.uint8), connectivity=8)[0] == 2


def ring_around(radius: int) -> NDArray[np.int64]:
    """The pixels of a circle, in order."""
    turns = np.linspace(0, 2 * math.pi, 16 * radius, endpoint=False)
    at = np.rint(radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)).astype(np.int64)
    return at[np.any(np.diff(at, axis=0, prepend=at[-1:]) != 0, axis=1)]


@dataclass(frozen=True, slots=True)
class Specks:
    """The small round things in a mask."""

    centres: Array
    """x and y, in shares of the shorter side."""

    diameters: Array
    """Of discs of the same area."""


def specks(mask: NDArray[np.bool_], largest: float = 0.02) -> Specks:
    """The parts of a mask that are neither long nor large."""
    short = min(mask.shape)
    _, _, stats, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    box = stats[1:, 2:4].astype(np.float64)
    size = np.sqrt(4 * stats[1:, 4] / math.pi)
    compact = (size <= largest * short) & (np.hypot(*box.T) <= 2.5 * size + 2)
    return Specks(centres[1:][compact] / short, size[compact] / short)


def neighbour_ratio(centres: Array, size: tuple[float, float], rng: np.random.Generator, draws: int = 20) -> float:
    """Clark and Evans's mean nearest distance over that of as many places anywhere: below 1 is in clusters.

    The reference is drawn, in the same frame, so that its edges matter alike in both.
    """
    here = nearest(centres)
    anywhere = [nearest(rng.random(centres.shape) * size) for _ in range(draws)]
    return here / float(np.mean(anywhere))


def nearest(centres: Array) -> float:
    """The mean distance to the nearest other place."""
    apart = distances(centres)
    np.fill_diagonal(apart, np.inf)
    return float(apart.min(axis=1).mean())


def distances(centres: Array) -> Array:
    """From every place (n, 2) to every other."""
    apart = centres[:, None] - centres[None]
    between: Array = np.hypot(apart[..., 0], apart[..., 1])
    return between


def pairs_ratio(
    centres: Array, size: tuple[float, float], reach: float, rng: np.random.Generator, draws: int = 20
) -> float:
    """Ripley's K at a distance over that of as many places anywhere: above 1 is in clusters of that size."""
    anywhere = [pairs(rng.random(centres.shape) * size, reach) for _ in range(draws)]
    return pairs(centres, reach) / max(float(np.mean(anywhere)), 1e-9)


def pairs(centres: Array, reach: float) -> float:
    """How many ordered pairs of places lie no farther apart."""
    return float((distances(centres) <= reach).sum() - len(centres))

"""What can be measured across a crease and along a torn edge."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from defect_measures import Array, Grey, forked  # beside this script
from numpy.typing import NDArray
from skimage.morphology import skeletonize

REACH = 12
"""Pixels on either side of a crease over which its profile goes."""


def profiles(grey: Grey, mask: NDArray[np.bool_]) -> Array:
    """Brightness across the light lines of a mask, (n, 2 * REACH + 1): 0 is the surroundings, 1 the mean line's core.

    Each profile is taken at a point of the skeleton that lies far from any other defect, along the line's normal,
    and centred on its brightest place within two pixels.
    """
    thin = skeletonize(mask)
    y, x = np.nonzero(thin & ~cv2.dilate(forked(thin).astype(np.uint8), np.ones((9, 9))).astype(bool))
    normals = line_normals(thin, x, y)
    steps = np.arange(-REACH - 2, REACH + 3)
    across = (x[:, None] + normals[:, :1] * steps).astype(np.float32)
    down = (y[:, None] + normals[:, 1:] * steps).astype(np.float32)
    levels = cv2.remap(grey, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    covered = cv2.remap(
        mask.astype(np.uint8), across, down, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=1
    )
    alone = covered[:, np.abs(steps) >= REACH - 4].sum(axis=1) == 0
    levels = levels.astype(np.float64)[alone]
    peak = np.abs(steps) <= 2
    shift = levels[:, peak].argmax(axis=1)
    centred = (
        np.stack([row[at : at + 2 * REACH + 1] for row, at in zip(levels, shift, strict=True)])
        if len(levels)
        else levels
    )
    if not len(centred):
        return np.zeros((0, 2 * REACH + 1))
    away = np.abs(np.arange(-REACH, REACH + 1)) >= REACH - 4
    ground = np.median(centred[:, away], axis=1, keepdims=True)
    depth = centred[:, REACH : REACH + 1] - ground
    calm = (depth[:, 0] > 20) & (centred[:, away].std(axis=1) < 0.25 * depth[:, 0])
    return (centred[calm] - ground[calm]) / depth[calm]


def line_normals(thin: NDArray[np.bool_], x: NDArray[np.intp], y: NDArray[np.intp]) -> Array:
    """Unit normals (n, 2) at points of a skeleton: across the principal axis of what lies within six pixels."""
    down, along = np.mgrid[: thin.shape[0], : thin.shape[1]].astype(np.float64)
    on = thin.astype(np.float64)
    sums = [
        cv2.boxFilter(on * each, -1, (13, 13), normalize=False, borderType=cv2.BORDER_CONSTANT)[y, x]
        for each in (np.ones_like(on), along, down, along**2, down**2, along * down)
    ]
    count, sx, sy, sxx, syy, sxy = sums
    vx, vy, both = sxx - sx**2 / count, syy - sy**2 / count, sxy - sx * sy / count
    turn = 0.5 * np.arctan2(2 * both, vx - vy) + math.pi / 2
    normals: Array = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return normals


@dataclass(frozen=True, slots=True)
class Across:
    """A mean profile across a crease, in pixels and shares of the core's depth."""

    width: float
    """At half height."""

    shoulder: float
    """Brightness at twice the half width from the centre, both sides' mean."""

    rim: float
    """How far it goes below the surroundings beside the core, on the darker side."""


def across(profile: Array) -> Across:
    """What a profile (2 * REACH + 1,) says."""
    halves = [crossing(profile[REACH:]), crossing(profile[REACH::-1])]
    width = sum(halves)
    places = np.arange(-REACH, REACH + 1)
    shoulder = np.mean([np.interp(sign * width, places, profile) for sign in (-1, 1)])
    beside = np.abs(places) <= 2 * width + 3
    return Across(width, float(shoulder), float(max(-profile[beside].min(), 0)))


def crossing(side: Array) -> float:
    """How far from the centre a profile falls to a half."""
    below = np.flatnonzero(side < 0.5)
    if not below.size:
        return float(len(side) - 1)
    after = int(below[0])
    return after - 1 + float((side[after - 1] - 0.5) / max(side[after - 1] - side[after], 1e-9))


def edge_line(lost: NDArray[np.bool_]) -> Array:
    """The border between what is lost and what is there as a path (n, 2) in pixels, without the frame; or none."""
    borders, _ = cv2.findContours(lost.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not borders:
        return np.zeros((0, 2))
    path = max(borders, key=len)[:, 0].astype(np.float64)
    height, width = lost.shape
    inner = (path > 1.5).all(axis=1) & (path[:, 0] < width - 2.5) & (path[:, 1] < height - 2.5)
    starts = np.flatnonzero(np.diff(inner.astype(int), prepend=inner[-1]) == 1)
    turned, inside = (np.roll(each, -int(starts[0]) if starts.size else 0, axis=0) for each in (path, inner))
    runs = np.split(turned, np.flatnonzero(np.diff(inside.astype(int))) + 1)
    flags = np.split(inside, np.flatnonzero(np.diff(inside.astype(int))) + 1)
    whole = [run for run, flag in zip(runs, flags, strict=True) if flag[0]]
    return max(whole, key=len) if whole else np.zeros((0, 2))


def roughness(path: Array) -> tuple[float, float]:
    """Hurst exponent and relative roughness of an edge: how its deviation from the chord grows, and at a sixteenth.

    For windows of 8, 16, 32... pixels of path, the root mean square of the distance from each window's own best line;
    its slope over the window's length is the exponent. The second number is that distance over a window's length,
    at a sixteenth of the whole path.
    """
    sizes, spreads = [], []
    size = 8
    while size <= len(path) // 4:
        sizes.append(size)
        spreads.append(
            math.sqrt(np.mean([residual(path[at : at + size]) for at in range(0, len(path) - size, size // 2)]))
        )
        size *= 2
    if len(sizes) < 2:
        return math.nan, math.nan
    slope = float(np.polyfit(np.log(sizes), np.log(np.maximum(spreads, 1e-3)), 1)[0])
    part = len(path) / 16
    return slope, float(np.exp(np.interp(math.log(part), np.log(sizes), np.log(spreads)))) / part


def residual(window: Array) -> float:
    """The mean square distance of a path's points from their best line."""
    around = window - window.mean(axis=0)
    return float(np.linalg.eigvalsh(around.T @ around)[0] / len(window))

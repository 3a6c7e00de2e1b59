"""Printed pictures: newspaper, magazine, postcard."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric, linear
from degrade.light import luma
from degrade.photo import Photo
from degrade.tables import crossed, displayed, lights, steps
from degrade.types import Degrees, Density, Fraction, Mask, Pixels

ROSETTE = (-30.0, 30.0, 45.0)
"""Angles of the cyan, magenta and yellow screens beside the black one: 15, 75 and 90 degrees where black has 45."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halftone(Effect):
    """A picture printed in dots of ink, the larger the darker: black alone, or cyan, magenta, yellow and black.

    Source: round dots on a square grid, so large that ink covers 1 - light of the paper (Murray and Davies 1936), plus
    dot gain of 4 * gain * a * (1 - a); newspapers had 60 to 85 lines per inch at 45 degrees, magazines 133 to 150
    (docs/physics.md, section 9; gains and densities are estimates). Inks absorb one third of the spectrum each, black
    replaces the darker part of the grey, and the dots of different screens overlap by chance.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {
            "pitch": geometric(1.0, 5.5),
            "angle": 45.0,
            "gain": 0.1,
            "ink": geometric(3, 1.1),
            "paper": linear(0, 0.18),
            "inks": "one",
        }
    )

    pitch: Pixels
    """Distance from dot to dot, at least 1: 4.6 for 65 lines per inch scanned at 300."""

    angle: Degrees
    """Of the black screen against the rows."""

    gain: Fraction
    """By how much a dot of half coverage has spread: 0.2 to 0.35 on newsprint, 0.1 to 0.18 on coated paper."""

    ink: Density
    """Density of the solid ink: about 1 on newsprint."""

    paper: Density
    """Density of the bare paper: 0.18 to 0.3 for newsprint."""

    inks: Literal["one", "four"]
    """Black alone, or cyan, magenta, yellow and black."""

    def apply(self, photo: Photo) -> Photo:
        seen = displayed(self.light())
        if self.inks == "one" or photo.monochrome:
            ink = self.printed(cv2.LUT(luma(photo.image), self.reach(1 - lights()[:, 0])), self.angle)
            grey: Mask = cv2.LUT(ink, seen[:, 0])
            return photo.in_monochrome(cv2.merge([grey] * 3))
        red, green, blue = cv2.split(photo.image)
        brightest: Mask = cv2.max(cv2.max(red, green), blue)
        white = lights()[:, 0]
        black = (1 - white) ** 2  # what it replaces: all of the deepest grey, little of a light one
        under = self.printed(cv2.LUT(brightest, self.reach(black)), self.angle)
        covers = self.reach(1 - np.minimum(lights() / np.maximum(1 - black, 1e-6), 1))
        planes = []
        for plane, turn in zip((red, green, blue), ROSETTE, strict=True):
            ink = self.printed(np.asarray(crossed(plane, brightest, covers), np.int16), self.angle + turn)
            planes.append(crossed(ink, under, seen))
        return photo.toned(np.asarray(cv2.merge(planes), np.uint8))

    def light(self) -> NDArray[np.float64]:
        """Light from the paper under a coloured and a black ink, each in 256 steps of coverage."""
        taken_by_ink = 1 - 10 ** min(self.paper - self.ink, 0)
        left = 1 - steps(0, 1) * taken_by_ink
        return np.asarray(10**-self.paper * left.T * left)

    def sharpness(self) -> float:
        """How steeply the edge of a dot rises: in about one pixel; below 1 the pixels are too coarse for dots."""
        return min(max(0.5 * self.pitch**4 / (self.pitch**3 + 12), 0.02), 100)

    def reach(self, coverage: NDArray[np.float64]) -> NDArray[np.int16]:
        """How high on the screen's hills ink stands for a coverage, so that the soft-edged dots have that mean."""
        spread = np.clip(coverage + 4 * self.gain * coverage * (1 - coverage), 0, 1)
        k = self.sharpness()
        end = 0.5 * min(k, 1 / k)  # nearer to 0 and 1 than this, no dot or no gap reaches full strength
        level = spread * max(1, 1 / k) + 0.5 * min(1, 1 / k)
        level = np.where(spread > 1 - end, 1 + 1 / k - np.sqrt(2 * (1 - spread) / k), level)
        level = np.where(spread < end, np.sqrt(2 * spread / k), level)
        return np.rint(255 * k * level).astype(np.int16)

    def printed(self, reach: NDArray[np.int16], angle: float) -> Mask:
        """Coverage of ink at each pixel, with dots whose edges are about one pixel soft."""
        hills = np.rint(255 * self.sharpness() * ranks()).astype(np.int16)
        heights = screen(reach.shape[:2], max(self.pitch, 1), angle)
        dots: Mask = cv2.subtract(reach, cv2.LUT(heights, hills), dtype=cv2.CV_8U)
        return dots


def screen(size: tuple[int, int], pitch: float, angle: float) -> Mask:
    """Hills on a turned square grid, 254 at their tops: the sum of two cosines, a checkerboard at half height."""
    turn = math.radians(angle)
    halves = []
    for along_x, along_y in ((math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))):
        rows, columns = (phases(count, step / pitch) for count, step in zip(size, (along_y, along_x), strict=True))
        halves.append(cv2.LUT(((rows[:, None] + columns[None, :]) >> 8).astype(np.uint8), hill()))
    total: Mask = cv2.add(*halves)
    return total


def phases(count: int, step: float) -> NDArray[np.uint16]:
    """Where each pixel along a side lies in its cell, in parts of 65,536; sums wrap around by themselves."""
    parts = np.rint((np.arange(count) + 0.5) * step % 1 * 65536) % 65536
    return np.asarray(parts, np.uint16)


@lru_cache(maxsize=1)
def hill() -> Mask:
    """One cosine over its 256 phases, from 0 to 127."""
    return np.asarray(np.rint(63.5 * (1 + np.cos(np.arange(256) * (2 * math.pi / 256)))), np.uint8)


@lru_cache(maxsize=1)
def ranks() -> NDArray[np.float64]:
    """For each height on the screen, the share of its area that is higher."""
    heights = (hill()[:, None].astype(np.int64) + hill()[None, :]).reshape(-1)
    counts = np.bincount(heights, minlength=256)
    higher = counts.sum() - np.cumsum(counts)
    return np.asarray((higher + 0.5 * counts) / counts.sum(), np.float64)

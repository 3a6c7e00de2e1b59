"""Silver mirroring: the bluish sheen on the shadows of old silver prints."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.fields import fractal
from degrade.ladder import Ladder, geometric, linear
from degrade.light import applied, light_curve, linear_from_display, luma
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Field, Fraction, Image, Seed, Share

SHEEN = (0.062, 0.070, 0.095)
"""Light that the strongest mirror adds in red, green and blue: it lifts a density of 2.1 by 26 L*, to b* -7."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilverMirroring(Effect):
    """A bluish metallic sheen that lifts the shadows, from the edges inwards, and in clouds.

    Source: Di Pietro & Ligterink 2002, JAIC 41(2): a band that falls as exp(-x / lambda), lambda growing as the root of
    the air gap, so that it is narrow at the corners and wide in the middle of a side. Only where the density is above
    about 1, L* +5 to +25, b* -3 to -8 (docs/physics.md, section 4, an estimate). The clouds are an estimate.
    """

    defect: ClassVar[Defect] = Defect.MIRRORING

    ladder: ClassVar[Ladder] = Ladder(
        {
            "strength": geometric(0.3, 1.0),
            "reach": geometric(0.03, 0.22),
            "patches": linear(0.0, 0.18),
            "unevenness": 0.35,
        }
    )

    strength: Fraction
    """Sheen at the edge; at 1 it lifts a black by 26 L*."""

    reach: Share
    """Distance over which the band falls to 1/e, in the middle of a side."""

    patches: Fraction
    """Sheen of the clouds away from the edges, where an envelope touched the print."""

    unevenness: Fraction
    """How patchy the band is."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "SilverMirroring")
        shrink = max(1.0, photo.short / FINEST)
        size = (math.ceil(photo.height / shrink), math.ceil(photo.width / shrink))
        sheen = band(size, max(self.reach, 1e-4), source)
        sheen *= np.clip(1 + np.float32(self.unevenness) * fractal(size, 0.09, source, 5, 0.65), 0, 1.5)
        cloud = fractal(size, 0.3, source, 6, 0.62)
        sheen += np.float32(self.patches) * np.clip(cloud - 0.3, 0, 1)
        small = np.rint(np.clip(sheen, 0, 1) * np.float32(255 * self.strength)).astype(np.uint8)
        wide = cv2.resize(small, (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        dark = cv2.LUT(luma(photo.image), shadows())
        coverage = cv2.multiply(wide, dark, scale=1 / 255)
        return photo.damaged(applied(photo.image, lifting()), coverage, self.defect)


FINEST = 360
"""Wider pictures get their sheen from a smaller grid: it is soft."""


def band(size: tuple[int, int], reach: float, source: Stream) -> Field:
    """The sheen along the four sides, 1 at the edge, wider where the gap is wider."""
    height, width = size
    total = np.zeros(size, np.float32)
    for side in range(4):
        length, depth = (width, height) if side < 2 else (height, width)
        along = (np.arange(length, dtype=np.float32) + 0.5) / length
        waves = 1.0 + 0.5 * source.normal() * np.sin(2 * math.pi * (source.uniform(0.5, 2.5) * along + source.unit()))
        waves += 0.25 * source.normal() * np.sin(2 * math.pi * (source.uniform(3, 7) * along + source.unit()))
        gap = 4 * along * (1 - along) * np.clip(waves, 0.2, 2)
        fall = np.float32(reach * min(size)) * np.sqrt(gap + np.float32(0.02))
        away = np.arange(depth, dtype=np.float32) + 0.5
        part = np.float32(source.uniform(0.6, 1.0)) * np.exp(-away[:, None] / np.maximum(fall, 0.05)[None, :])
        part = part[::-1] if side % 2 else part
        total = np.maximum(total, part if side < 2 else part.T).astype(np.float32, copy=False)
    return total


@lru_cache(maxsize=1)
def shadows() -> Image:
    """How much each luma can be mirrored: nothing below density 0.7, all above 1.4."""
    density = -np.log10(np.maximum(linear_from_display(np.arange(256) / 255), 1e-4))
    share = np.clip((density - 0.7) / 0.7, 0, 1)
    return np.rint(255 * share * share * (3 - 2 * share)).astype(np.uint8)


@lru_cache(maxsize=1)
def lifting() -> Image:
    """Display levels (256, 3) under the strongest sheen."""
    return np.stack([light_curve(lambda light, veil=veil: light + veil) for veil in SHEEN], axis=1)  # type: ignore[misc]

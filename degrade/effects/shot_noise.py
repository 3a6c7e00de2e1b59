"""Shot noise."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.light import linear_from_display, to_display
from degrade.noise import Bytes, Levels16, bands, white
from degrade.photo import Photo
from degrade.seeds import Stream, normal_table, stream
from degrade.types import Channels, Interval, Pixels, Seed

Photons = Annotated[float, Interval(1, 100000, "at white")]
"""How many photons a white pixel counts."""

DRAWS = 1024
"""Every tone has so many equally likely outcomes."""

FEW = 24
"""Below so many photons the counts are Poisson's; above, the normal distribution stands for them."""

UNIT = 64
"""Normal numbers are kept as whole 64ths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotNoise(Effect):
    """The grain of light itself: photons fall as raindrops do, and few of them draw a noisy picture.

    Source: Poisson statistics of the photon count in linear light, where the variance equals the mean. Seen on display
    values, shadows are noisier than lights.
    """

    ladder: ClassVar[Ladder] = Ladder({"photons": geometric(5000, 12), "channels": "auto", "size": 1.0})

    photons: Photons
    """Mean count of a white pixel."""

    channels: Channels

    size: Pixels
    """Grain: 0 or 1 is one count for each pixel, above that one for each cell of so many pixels."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        shape = photo.size if same else photo.image.shape
        luck = ranks(shape, self.size, stream(self.seed, "ShotNoise"))
        outcomes = outcomes_by_tone(self.photons).reshape(-1)
        noisy = np.empty_like(photo.image)
        for band in bands(photo.image.shape):
            index = photo.image[band].astype(np.int32)
            index *= DRAWS
            index += cv2.merge([luck[band]] * 3) if same else luck[band]
            np.take(outcomes, index, out=noisy[band], mode="clip")
        return photo.toned(noisy)


def ranks(shape: tuple[int, ...], cell: float, source: Stream) -> Levels16:
    """A field of whole numbers from 0 to `DRAWS` - 1, all equally likely; with `cell` above 1 px, smooth."""
    if cell <= 1:
        return white(shape, (np.arange(65536) // (65536 // DRAWS)).astype(np.int16), source)
    normal = white(shape, np.rint(UNIT * normal_table()).astype(np.int16), source, cell)
    return np.searchsorted(normal_table()[32::64], np.arange(-6 * UNIT, 6 * UNIT + 1) / UNIT).astype(np.int16)[
        np.clip(normal + 6 * UNIT, 0, 12 * UNIT)
    ]


@lru_cache(maxsize=8)
def outcomes_by_tone(photons: float) -> Bytes:
    """The equally likely display levels (256, DRAWS) that each tone may become, in rising order."""
    means = photons * linear_from_display(np.arange(256) / 255)
    dark = int(np.searchsorted(means, FEW))
    counts = np.arange(FEW + 9 * math.isqrt(FEW))
    logarithms = np.array([math.lgamma(count + 1) for count in counts])
    chances = np.exp(counts * np.log(np.maximum(means[:dark, None], 1e-30)) - means[:dark, None] - logarithms)
    ends = np.rint(DRAWS * np.cumsum(chances, axis=1)).astype(np.int64)
    ends[:, -1] = DRAWS
    shares = np.diff(ends, axis=1, prepend=0)
    few = np.repeat(np.broadcast_to(counts, shares.shape).reshape(-1), shares.reshape(-1)).reshape(-1, DRAWS)
    normal = normal_table().reshape(DRAWS, -1).mean(axis=1)
    normal /= np.sqrt(np.mean(normal**2))
    light = means[dark:, None].astype(np.float32)
    many = light + np.sqrt(light) * normal
    return to_display((np.concatenate([few, many]) / photons).astype(np.float32))

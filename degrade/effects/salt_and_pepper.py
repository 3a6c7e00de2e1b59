"""Salt-and-pepper noise."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.noise import STRIP, cells
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Channels, Fraction, Image, Pixels, Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class SaltAndPepper(Effect):
    """Single pixels turned white or black, as dead sensor cells and lost bits leave them.

    Source: Wan et al. 2020, released code (0 to 1 % of the values, 30 to 80 % of them white). There 99 % of the hits
    fall on one channel and paint coloured confetti; "auto" keeps a grey or toned photo free of it.
    """

    ladder: ClassVar[Ladder] = Ladder({"share": geometric(0.0004, 0.05), "salt": 0.5, "channels": "auto", "size": 1.0})

    share: Fraction
    """Share of the pixels, or with "three" of each channel's values, that are hit."""

    salt: Fraction
    """Share of the hits that turn white; the others turn black."""

    channels: Channels

    size: Pixels
    """Side of a hit square; 0 or 1 is one pixel."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        source = stream(self.seed, "SaltAndPepper")
        grid = cells(photo.size, max(self.size, 1))
        white, black = hits((*grid, 1 if same else 3), self.share * self.salt, self.share * (1 - self.salt), source)
        if same:
            white, black = cv2.merge([white] * 3), cv2.merge([black] * 3)
        if grid != photo.size:
            full = photo.size[::-1]
            white, black = (cv2.resize(each, full, interpolation=cv2.INTER_NEAREST) for each in (white, black))
        return photo.toned(cv2.subtract(cv2.max(photo.image, white), black))


def hits(shape: tuple[int, int, int], salt: float, pepper: float, source: Stream) -> tuple[Image, Image]:
    """Where white and where black falls, as 255 on 0; never both on one value."""
    white, black = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
    most, least = round(65536 * salt), 65536 - round(65536 * pepper)
    for start in range(0, white.size, STRIP):
        raw = source.raw16(min(STRIP, white.size - start))
        np.multiply(raw < most, np.uint8(255), out=white.reshape(-1)[start : start + STRIP])
        np.multiply(raw >= max(least, most), np.uint8(255), out=black.reshape(-1)[start : start + STRIP])
    return white, black

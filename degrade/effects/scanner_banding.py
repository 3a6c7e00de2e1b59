"""Streaks of a scanner's line sensor."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from degrade.effect import Effect
from degrade.fields import clouds
from degrade.ladder import Ladder, geometric
from degrade.noise import bands, summed
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Channels, Field, Levels, Pixels, Seed

FINE = 32
"""Streaks are kept as whole 32nds of a grey level, and rounded with a random threshold at every pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerBanding(Effect):
    """Straight streaks from edge to edge, along the way of the scanner's carriage.

    Source: every cell of a line sensor has an offset and a gain of its own that calibration removes but for a rest,
    typically 0.2 to 0.8 level (docs/physics.md, section 7; an estimate). Half of it is fine, half in wider bands;
    colour lines differ by a third.
    """

    ladder: ClassVar[Ladder] = Ladder({"amplitude": geometric(1, 12), "width": 1.0, "axis": "down", "channels": "auto"})

    amplitude: Levels
    """Standard deviation from streak to streak."""

    width: Pixels
    """Of the finest streaks."""

    axis: Literal["down", "across"]
    """The way that the carriage went, and the streaks run."""

    channels: Channels

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        source = stream(self.seed, "ScannerBanding")
        down = self.axis == "down"
        length = photo.width if down else photo.height
        common = streaks(length, self.width, source)
        own = np.stack([0.94 * common + 0.33 * streaks(length, self.width, source) for _ in range(3)], axis=-1)
        profile = np.rint(FINE * self.amplitude * (common[:, None] if same else own)).astype(np.int16)
        profile = np.broadcast_to(profile, (length, 3))
        lines = profile[None] if down else profile[:, None]
        pixels = photo.height * photo.width
        bits = source.raw16((pixels + 1) // 2).view(np.uint8)[:pixels].reshape(*photo.size, 1)
        image = np.empty_like(photo.image)
        for band in bands(image.shape):
            threshold = bits[band] >> np.uint8(3)
            levels = (lines if down else lines[band]) + threshold.astype(np.int16) >> np.int16(5)
            image[band] = summed(photo.image[band], levels)
        return photo.toned(image)


def streaks(length: int, width: float, source: Stream) -> Field:
    """The strength of each line: fine streaks and wider bands, of variance 1."""
    count = max(1, round(length / max(width, 0.05)))
    fine = source.normals(count)[np.arange(length) * count // length]
    wide = clouds((1, length), 8 * max(width, 0.05), source)[0]
    both: Field = np.float32(0.8) * fine + np.float32(0.6) * wide
    return both

"""Silver-halide grain."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.light import display_from_linear, linear_from_display, luma
from degrade.noise import modulated, soft_bytes
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Channels, Density, Pixels, Positive, Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmGrain(Effect):
    """Clumps of silver: noise in optical density that grows with the density and is coarser than the pixels.

    Source: Selwyn 1935 (the spread falls with the area), and a published granularity curve of black-and-white film,
    which grows as the 0.53rd power of density; on prints it was measured to grow as the 0.9th, with a correlation of
    0.64 between neighbouring pixels (docs/physics.md, section 7). The grain is Gaussian here, where Newson et al. 2017
    draw a Boolean model of discs.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {"strength": geometric(0.015, 0.25), "size": 0.75, "exponent": 0.9, "channels": "auto"}
    )

    strength: Density
    """Standard deviation of the density where the density is 1."""

    size: Pixels
    """Sigma of the clumps; scans of prints have 0.6 to 0.8."""

    exponent: Positive
    """Power of the density with which the grain grows: 0.53 on film, 0.9 on prints."""

    channels: Channels

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        shape = photo.size if same else photo.image.shape
        grain = soft_bytes(shape, self.size, stream(self.seed, "FilmGrain"))
        spread = spread_by_tone(self.strength, self.exponent)
        return photo.toned(modulated(photo.image, luma(photo.image), spread, grain))


def spread_by_tone(strength: float, exponent: float) -> NDArray[np.float64]:
    """Standard deviation in grey levels for each luma: that of the density times the slope of display over density."""
    linear = np.maximum(linear_from_display(np.arange(256) / 255), 1e-3)
    step = 1e-3  # a small step in density, to both sides
    slope = (display_from_linear(linear * 10**step) - display_from_linear(linear * 10**-step)) / (2 * step)
    return 255 * slope * strength * (-np.log10(linear)) ** exponent

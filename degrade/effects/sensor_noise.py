"""The noise of a scanner's sensor."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.light import linear_from_display
from degrade.noise import modulated, soft_bytes
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Channels, Levels, Pixels, Seed

STEEPEST = 12.92
"""Slope of the display value over the light in the deepest shadows (sRGB)."""

SHALLOWEST = 1.055 / 2.4
"""The same at white."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorNoise(Effect):
    """The scanner's own noise: electronic noise in the shadows, photons in the lights, a little of the neighbours.

    Source: the photon-transfer model, variance = read noise + light, carried through the sRGB curve, which stretches
    the shadows. Scanners were put at 1 to 3 levels in blacks and 0.4 to 1 in whites (an estimate); what differs from
    channel to channel was measured at 0.2 to 0.3 of a print's whole noise (docs/physics.md, section 7).
    """

    ladder: ClassVar[Ladder] = Ladder(
        {"shadows": geometric(3, 45), "lights": geometric(1, 12), "size": 0.5, "channels": "auto"}
    )

    shadows: Levels
    """Standard deviation in black."""

    lights: Levels
    """Standard deviation in white."""

    size: Pixels
    """Sigma of the blur that it has gone through; below 0.3 every pixel is independent."""

    channels: Channels

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        shape = photo.size if same else photo.image.shape
        noise = soft_bytes(shape, self.size, stream(self.seed, "SensorNoise"))
        return photo.toned(modulated(photo.image, photo.image, spread_by_tone(self.shadows, self.lights), noise))


def spread_by_tone(shadows: float, lights: float) -> NDArray[np.float64]:
    """Spread in grey levels of each tone: read and photon noise in linear light, times the curve's slope."""
    light = linear_from_display(np.arange(256) / 255)
    slope = np.where(light <= 0.0031308, STEEPEST, SHALLOWEST * np.maximum(light, 1e-6) ** (1 / 2.4 - 1))
    read = (shadows / STEEPEST) ** 2
    photons = max((lights / SHALLOWEST) ** 2 - read, 0.0)
    return slope * np.sqrt(read + photons * light)

"""Gaussian noise."""

from dataclasses import dataclass
from typing import ClassVar

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.noise import added, gaussian_levels
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Channels, Levels, Pixels, Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class GaussianNoise(Effect):
    """Independent normal noise on every pixel, as an amplifier adds it.

    Source: Wan et al. 2022, "Old Photo Restoration via Deep Latent Space Translation", section 4.2 (sigma 5 to 50).
    We round where the released code truncates, which would darken the picture by half a level.
    """

    ladder: ClassVar[Ladder] = Ladder({"sigma": geometric(2, 70), "channels": "auto", "size": 1.0})

    sigma: Levels
    """Standard deviation."""

    channels: Channels

    size: Pixels
    """Grain: 0 or 1 is one draw for each pixel, above that one for each cell of so many pixels."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        same = self.channels == "one" or (self.channels == "auto" and photo.monochrome)
        source = stream(self.seed, "GaussianNoise")
        return photo.toned(added(photo.image, gaussian_levels(self.sigma), source, self.size, same))

"""Flare of uncoated lenses."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from degrade.blurs import soft
from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import to_linear
from degrade.photo import Photo
from degrade.tables import crossed, displayed, in_steps, lights, steps
from degrade.types import Fraction, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Flare(Effect):
    """Light scattered in the lens: a veil over the whole picture, and halos around lamps, windows and sky.

    Source: uncoated lenses, to about 1945, spread 1 to 4 % of the scene's mean light evenly, and more in halos of 2 to
    5 % of the width (docs/physics.md, section 8, an estimate). It adds to linear light, channel by channel; the halo is
    that of light squared, since lamps and windows are brighter than a picture's white.
    """

    ladder: ClassVar[Ladder] = Ladder({"veil": linear(0.01, 0.5), "halo": linear(0.02, 0.6), "radius": 0.04})

    veil: Fraction
    """Share of the mean light that lies over all places alike."""

    halo: Fraction
    """Light of the halo in the midst of a large white."""

    radius: Share
    """Sigma of the halo."""

    def apply(self, photo: Photo) -> Photo:
        shrink = max(1, photo.short // 128)
        small = cv2.resize(
            photo.image, (-(-photo.width // shrink), -(-photo.height // shrink)), interpolation=cv2.INTER_AREA
        )
        light = to_linear(small)
        means = self.veil * light.reshape(-1, 3).mean(axis=0)
        glow = np.sqrt(soft(light * light, self.radius * min(small.shape[:2])))  # finer steps in the dark
        layers = cv2.resize(in_steps(glow, 0, 1), (photo.width, photo.height), interpolation=cv2.INTER_LINEAR)
        planes = [
            crossed(plane, layer, displayed(lights() + float(mean) + self.halo * steps(0, 1) ** 2))
            for plane, layer, mean in zip(cv2.split(photo.image), cv2.split(layers), means, strict=True)
        ]
        return photo.toned(np.asarray(cv2.merge(planes), np.uint8))

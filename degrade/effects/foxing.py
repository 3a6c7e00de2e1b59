"""Foxing: the brown spots of old paper."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Density, Field, Fraction, PerSquare, Seed, Share

RUST = (0.13, 0.3, 1.0)
"""Share of the density that red, green and blue get: measured on one real spot as 0.25, 0.45 and 2.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foxing(Effect):
    """Rusty spots of iron or mould, in clusters, some with a dark core in a pale halo.

    Source: Thomas clusters of lognormal spots; profile flat to half the radius and falling to 1.3 of it, as measured on
    a real spot. The cluster sizes are an estimate.
    """

    defect: ClassVar[Defect] = Defect.FOXING

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(5, 250),
            "radius": geometric(0.004, 0.014),
            "strength": linear(0.2, 0.7),
            "clustering": 0.6,
            "bullseye": 0.25,
        }
    )

    density: PerSquare
    """Spots."""

    radius: Share
    """Median radius; the spread is lognormal with sigma 0.6."""

    strength: Density
    """Density of an average spot in blue light."""

    clustering: Fraction
    """Share of spots that lie in clusters rather than anywhere."""

    bullseye: Fraction
    """Share of spots with a dark core and a halo."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Foxing")
        layer = np.zeros(photo.size, np.float32)
        count = photo.count(self.density, source.unit())
        parents = [(source.unit(), source.unit()) for _ in range(1 + count // 12)]
        for _ in range(count):
            x, y = source.choice(parents) if source.unit() < self.clustering else (source.unit(), source.unit())
            x, y = (
                photo.width * x + photo.short * 0.06 * source.normal(),
                photo.height * y + photo.short * 0.06 * source.normal(),
            )
            radius = min(photo.short * self.radius * float(np.exp(0.6 * source.normal())), 0.2 * photo.short)
            strength = self.strength * source.uniform(0.4, 1.6)
            spot(layer, (x, y), max(radius, 0.6), strength, source.unit() < self.bullseye, source)
        return photo.stained(layer, RUST, self.defect)


def spot(
    layer: Field, centre: tuple[float, float], radius: float, strength: float, bullseye: bool, source: Stream
) -> None:
    """Add one spot with a wavy outline to a density layer, in place."""
    phases = [(source.uniform(0, 6.28), 0.25 * source.normal() / harmonic) for harmonic in (2, 3, 5)]
    reach = int(2 * radius) + 2
    left, top = int(centre[0]) - reach, int(centre[1]) - reach
    inside = np.s_[max(top, 0) : max(top + 2 * reach, 0), max(left, 0) : max(left + 2 * reach, 0)]
    target = layer[inside]
    if target.size == 0:
        return
    y, x = np.mgrid[inside].astype(np.float32)[:, : target.shape[0], : target.shape[1]] + 0.5
    dx, dy = x - np.float32(centre[0]), y - np.float32(centre[1])
    around = cv2.phase(dx, dy)
    wave = sum(
        size * np.cos(np.float32(k) * around + np.float32(at)) for k, (at, size) in zip((2, 3, 5), phases, strict=True)
    )
    away = cv2.magnitude(dx, dy) / (np.float32(radius) * np.exp(wave))
    profile = np.clip((1.3 - away) / 0.8, 0, 1)  # flat to 0.5 of the radius, gone at 1.3
    if bullseye:
        profile = 0.45 * profile + np.clip((0.45 - away) / 0.25, 0, 1)
    target += np.float32(strength) * profile * profile * (3 - 2 * profile)

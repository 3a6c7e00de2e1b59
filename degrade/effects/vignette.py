"""Dark corners."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from degrade.effect import Effect
from degrade.fields import radius_from_centre
from degrade.ladder import Ladder, linear
from degrade.photo import Photo
from degrade.tables import coarse, displayed, enlarged, in_steps, lights, seen_through, steps
from degrade.types import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Vignette(Effect):
    """Corners that got less light: by the slant of the rays through the lens, and by its barrel.

    Source: the cosine-fourth law. With r = 1 at the corner and the half-field angle t, it is 1 / (1 + (r tan t)^2)^2; a
    box camera of 1901 (100 mm for 57 by 82 mm) loses 0.36 there (docs/physics.md, section 8). On a print the contrast
    of film and paper deepens it to about 0.4. The barrel's edge is smooth from 0.55 of the corner on: an estimate.
    """

    ladder: ClassVar[Ladder] = Ladder({"loss": linear(0.15, 0.75), "barrel": linear(0, 0.8)})

    loss: Fraction
    """Share of the light that the corners lose to the cosine-fourth law."""

    barrel: Fraction
    """Share of what is left that the corners lose to the lens's barrel."""

    def apply(self, photo: Photo) -> Photo:
        radius = radius_from_centre(coarse(photo.size))
        squared_tangent = min(1 - self.loss, 1) ** -0.5 - 1 if self.loss < 1 else 1e3
        light = (1 + radius**2 * squared_tangent) ** -2
        step = np.clip((radius - 0.55) / 0.45, 0, 1)
        light *= 1 - self.barrel * step * step * (3 - 2 * step)
        darkest = float(light.min())
        table = displayed(lights() * steps(darkest, 1))
        return photo.toned(seen_through(photo.image, enlarged(in_steps(light, darkest, 1), photo.size), (table,)))

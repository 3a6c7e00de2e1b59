"""Flaking: islands of emulsion lost from the print."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.base import SHADOW, bare_paper, paper_colour, shading
from degrade.effect import Effect
from degrade.fields import clouds, fractal
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.types import Defect, Density, Fraction, Interval, Seed

Patch = Annotated[float, Interval(0.01, 1, "of the shorter side")]
"""The size of a patch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaking(Effect):
    """Ragged patches of lost emulsion that bare the paper: a few large, many small, in neighbourhoods.

    Source: one real print (docs/physics.md, section 5): the loss is whiter and less yellow (Lab 88, 1, 8) than the aged
    paper around it (73, 1, 17), with a border of fractal dimension 1.2 and a rank slope of the areas of -1.4. Here
    fractal noise above a threshold.
    """

    defect: ClassVar[Defect] = Defect.LOSS

    ladder: ClassVar[Ladder] = Ladder(
        {
            "extent": geometric(0.004, 0.22),
            "size": geometric(0.06, 0.13),
            "clustering": 0.5,
            "rim": linear(0.1, 0.3),
        }
    )

    extent: Fraction
    """Share of the picture that is lost."""

    size: Patch
    """Size of the largest patches."""

    clustering: Fraction
    """0: anywhere alike; 1: in one or two neighbourhoods."""

    rim: Density
    """Shadow and dirt at the edge of the emulsion that remains."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Flaking")
        rough = fractal(photo.size, self.size, source, octaves=7, roughness=0.7)
        rough += np.float32(2.2 * self.clustering) * clouds(photo.size, 0.45, source)
        sample = np.ascontiguousarray(rough[:: max(1, photo.height // 256), :: max(1, photo.width // 256)])
        edge = np.float32(np.quantile(sample, 1 - self.extent))
        sharpness = (
            10 * (photo.short / 512) ** 0.7 / max(self.size / 0.1, 0.5) ** 0.7
        )  # about a pixel from whole to lost
        lost = np.rint(255 * np.clip((rough - edge) * np.float32(sharpness) + 0.5, 0, 1)).astype(np.uint8)
        if self.rim > 0:
            around = cv2.GaussianBlur(lost, (0, 0), max(0.6, 0.0022 * photo.short))
            dirt = cv2.convertScaleAbs(cv2.subtract(around, lost), alpha=2 * shading(self.rim))
            photo = photo.damaged(SHADOW, dirt, self.defect)
        red, green, blue = paper_colour(photo)
        whiter = min(red + 10, 248), min(green + 11, 246), min(blue + 10, 244)
        return photo.damaged(bare_paper(photo.size, whiter, photo.short, source), lost, self.defect)

"""Black-and-white film."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import to_display, to_linear
from degrade.photo import Photo
from degrade.types import Fraction

Film = Literal[
    "blue-sensitive",
    "orthochromatic",
    "orthochromatic-yellow-filter",
    "panchromatic",
    "panchromatic-tungsten",
    "panchromatic-yellow-filter",
    "panchromatic-red-filter",
    "panchromatic-green-filter",
    "luma",
]

WEIGHTS: dict[str, tuple[float, float, float]] = {  # of linear red, green and blue
    "blue-sensitive": (0.05, 0.12, 0.83),  # collodion and early plates, to about 1905
    "orthochromatic": (0.04, 0.45, 0.51),  # plates from 1885, roll film to about 1940
    "orthochromatic-yellow-filter": (0.02, 0.89, 0.09),
    "panchromatic": (0.20, 0.39, 0.41),  # common after 1930
    "panchromatic-tungsten": (0.36, 0.44, 0.20),
    "panchromatic-yellow-filter": (0.32, 0.62, 0.06),
    "panchromatic-red-filter": (0.93, 0.06, 0.01),
    "panchromatic-green-filter": (0.07, 0.80, 0.13),
    "luma": (0.2126, 0.7152, 0.0722),  # what a computer calls grey (ITU-R BT.709)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackAndWhite(Effect):
    """The greys that a film makes of colours: before 1930 red lips turn dark and blue skies white.

    Source: published spectral sensitivities integrated over daylight or tungsten light and the sRGB reflectances of
    Mallett and Yuksel 2019 (docs/physics.md, section 2); the orthochromatic film is a panchromatic one cut off at about
    580 nm, an approximation. The weights apply to linear light.
    """

    ladder: ClassVar[Ladder] = Ladder({"film": "orthochromatic", "strength": linear(0.15, 1)})

    film: Film
    """What it sees: blue alone, blue and green, or all colours."""

    strength: Fraction
    """Share of the colour that is gone; 1 is a black-and-white photograph."""

    def apply(self, photo: Photo) -> Photo:
        weights = np.array([WEIGHTS[self.film]], np.float32)
        grey = to_display(cv2.transform(to_linear(photo.image), weights).reshape(photo.size))
        image = cv2.merge([grey] * 3)
        if self.strength == 1:
            return photo.in_monochrome(image)
        return photo.toned(cv2.addWeighted(photo.image, 1 - self.strength, image, self.strength, 0))

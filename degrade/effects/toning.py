"""Tones of photographic processes."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import applied, display_from_linear, linear_from_display, luma
from degrade.photo import Photo
from degrade.types import Fraction, Image

Lab = tuple[float, float, float]

Process = Literal[
    "salted-paper",
    "albumen-fresh",
    "albumen-aged",
    "gold-toned",
    "tintype",
    "ambrotype",
    "cyanotype",
    "platinum",
    "gelatin-neutral",
    "gelatin-warm",
    "gelatin-aged",
    "sulfide-sepia",
    "selenium",
]

TONES: dict[str, tuple[Lab, Lab, Lab]] = {  # CIE Lab of highlights, mid-tones and shadows
    "salted-paper": ((86, 2, 16), (58, 9, 20), (36, 10, 14)),
    "albumen-fresh": ((93, 0, 5), (55, 9, 8), (22, 10, 4)),
    "albumen-aged": ((84, 3, 20), (56, 8, 24), (30, 10, 16)),
    "gold-toned": ((92, 2, 8), (52, 12, 6), (20, 12, 2)),
    "tintype": ((62, 1, 8), (36, 1, 6), (13, 1, 3)),
    "ambrotype": ((70, 1, 8), (42, 1, 6), (12, 0, 3)),
    "cyanotype": ((91, -3, 2), (52, -8, -27), (26, 4, -30)),
    "platinum": ((89, 1, 9), (56, 1, 6), (28, 1, 4)),
    "gelatin-neutral": ((95, 0, 2), (52, 0, 1), (12, 0, 0)),
    "gelatin-warm": ((92, 1, 9), (52, 2, 7), (14, 2, 3)),
    "gelatin-aged": ((83, 1, 14), (51, 1, 17), (26, 1, 9)),  # median of 17 real toned prints
    "sulfide-sepia": ((91, 2, 12), (55, 8, 22), (20, 8, 12)),
    "selenium": ((94, 0, 3), (50, 4, 1), (9, 4, -1)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Toning(Effect):
    """A monochrome print in the tone of its process: its hue changes from the highlights to the shadows.

    Source: Lab values of process colours (docs/physics.md, section 4: those of aged gelatin are measured on 17 prints,
    the others are an estimate). Chroma is a quadratic in lightness through three tones; lightness comes from luma,
    which the usual "sepia matrix" would raise.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {"process": "sulfide-sepia", "strength": linear(0.1, 1), "compression": linear(0, 0.8)}
    )

    process: Process
    """Whose tone it is: of a way to make prints, some of them fresh and some aged."""

    strength: Fraction
    """How far the tones are from grey; 1 is the process's full colour."""

    compression: Fraction
    """How far black and white have come to those of the process; 0 keeps all lightness."""

    def apply(self, photo: Photo) -> Photo:
        table = toned_levels(TONES[self.process], self.strength, self.compression)
        grey = luma(photo.image)
        return photo.in_monochrome(applied(cv2.merge([grey] * 3), table))


def toned_levels(tones: tuple[Lab, Lab, Lab], strength: float, compression: float) -> Image:
    """The colour (256, 3) of each level of luma."""
    highlight, middle, shadow = np.array(tones, np.float64)
    light = lightness(linear_from_display(np.arange(256) / 255))
    light += compression * (shadow[0] + light / 100 * (highlight[0] - shadow[0]) - light)
    place = np.clip(light, shadow[0], highlight[0])
    chroma = quadratic(place, np.array([highlight, middle, shadow])) * np.minimum(1, light / shadow[0])[:, None]
    linear_rgb = rgb_from_lab(light, strength * chroma)
    return np.rint(255 * display_from_linear(np.clip(linear_rgb, 0, 1))).astype(np.uint8)


def quadratic(place: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The a and b (n, 2) of each lightness on the parabola through three Lab points."""
    total = np.zeros((len(place), 2))
    for i in range(3):
        weight = np.ones(len(place))
        for j in {0, 1, 2} - {i}:
            weight *= (place - points[j, 0]) / (points[i, 0] - points[j, 0])
        total += weight[:, None] * points[i, 1:]
    return total


def lightness(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L* of linear light in [0, 1]."""
    return np.where(light > (6 / 29) ** 3, 116 * np.cbrt(light) - 16, light * (29 / 3) ** 3)


def rgb_from_lab(light: NDArray[np.float64], chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear sRGB (n, 3), possibly outside [0, 1], of CIE L* (n,) and a*, b* (n, 2) under D65."""
    y = (light + 16) / 116
    roots = np.stack([y + chroma[:, 0] / 500, y, y - chroma[:, 1] / 200], axis=1)
    xyz = np.where(roots > 6 / 29, roots**3, 3 * (6 / 29) ** 2 * (roots - 4 / 29)) * D65
    return np.asarray(xyz @ FROM_XYZ.T)


D65 = np.array([0.95047, 1.0, 1.08883])

FROM_XYZ = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
)
"""Linear sRGB from CIE XYZ (IEC 61966-2-1)."""

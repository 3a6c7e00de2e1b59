"""The tone curve of photographic paper."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import applied, light_curve
from degrade.photo import Photo
from degrade.types import Density, Interval

Slope = Annotated[float, Interval(0.5, 20, "per log10 of exposure")]
Shape = Annotated[float, Interval(0.1, 5)]
Exposure = Annotated[float, Interval(-2, 2, "log10")]
Veil = Annotated[float, Interval(0, 0.2, "of the light")]

GREY = 0.18
"""The light of a mid-grey, which the printer keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacteristicCurve(Effect):
    """The scene printed on paper: no white whiter than the paper, no black blacker than its silver.

    Source: the density is dmin + (dmax - dmin) / (1 + exp(-slope * (x - x0))) ** shape, which fits eight published
    curves of one paper's grades with rms errors of 0.025 to 0.07 (docs/physics.md, section 1). x is the scene's
    density: negative and paper are one curve here, so `slope` is the paper's times the negative's gamma, 5.9 * 0.6 =
    3.5 for grade 2. x0 is such that mid-grey keeps its density at exposure 0.
    """

    ladder: ClassVar[Ladder] = Ladder(
        {
            "dmin": linear(0.0, 0.13),
            "dmax": linear(3.4, 1.5),
            "slope": linear(1.6, 5.0),
            "shape": linear(1.2, 0.57),
            "exposure": linear(0.0, 0.12),
            "veil": linear(0.0, 0.02),
        }
    )

    dmin: Density
    """Density of the bare paper: 0.04 to 0.1 when new."""

    dmax: Density
    """Density of the deepest black: 2 to 2.3 glossy, 1.3 matte."""

    slope: Slope
    """Steepness: 2 for a soft grade (0), 3.5 normal (2), 4.6 and more hard (4)."""

    shape: Shape
    """Below 1 the highlights are the softer end, above 1 the shadows; papers have 0.57 to 1.2."""

    exposure: Exposure
    """By how much the print is overexposed: darker above 0."""

    veil: Veil
    """Light that the surface reflects over all tones: 0.005 to 0.01 glossy, 0.02 to 0.05 matte."""

    def apply(self, photo: Photo) -> Photo:
        return photo.toned(applied(photo.image, light_curve(self.printed)))

    def printed(self, light: NDArray[np.float64]) -> NDArray[np.float64]:
        """Light that the print reflects, for light of the scene."""
        scale = max(self.dmax - self.dmin, 0.01)
        grey = -np.log10(max(GREY - self.veil, 1e-3))
        share = np.clip((grey - self.dmin) / scale, 1e-3, 1 - 1e-3)  # of the paper's range, where mid-grey lies
        start = np.log(np.expm1(-np.log(share) / self.shape)) / self.slope - np.log10(GREY)
        exposure = self.exposure - np.log10(np.maximum(light, 1e-4))
        rise = -self.shape * np.logaddexp(0, -self.slope * (exposure - start))
        return np.asarray(10 ** -(self.dmin + scale * np.exp(rise)) + self.veil)

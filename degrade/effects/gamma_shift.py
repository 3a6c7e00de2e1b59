"""A wrong gamma."""

from dataclasses import dataclass
from typing import ClassVar

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric
from degrade.light import applied, tone_curve
from degrade.photo import Photo
from degrade.types import Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaShift(Effect):
    """Mid-tones too dark or too light between the same black and white, as a scan with the wrong gamma has them.

    Source: display levels to the power of gamma (ITU-R BT.1886 displays differ from sRGB ones by about 1.1; a scan for
    gamma 1.8 seen at 2.2 by 1.2).
    """

    ladder: ClassVar[Ladder] = Ladder({"gamma": geometric(1.1, 2.6)})

    gamma: Positive
    """Exponent: above 1 darker, below 1 lighter."""

    def apply(self, photo: Photo) -> Photo:
        return photo.toned(applied(photo.image, tone_curve(lambda level: level**self.gamma)))

"""Loss of contrast."""

from dataclasses import dataclass
from typing import ClassVar

from degrade.effect import Effect
from degrade.ladder import Ladder, linear
from degrade.light import applied, tone_curve
from degrade.photo import Photo
from degrade.types import Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastLoss(Effect):
    """Blacks that have lifted and whites that have dulled, as on a faded print or a scan under haze.

    Source: a straight line between the new ends. Heavily damaged real prints have their darkest twentieth at L* 27
    (level 64), well-kept ones at 7 (level 21); the lightest twentieth of all is at L* 84 (level 209) in the median
    (docs/physics.md, section 11).
    """

    ladder: ClassVar[Ladder] = Ladder({"blacks": linear(6, 90), "whites": linear(4, 60)})

    blacks: Levels
    """By how much black has lifted."""

    whites: Levels
    """By how much white has dulled."""

    def apply(self, photo: Photo) -> Photo:
        low, high = self.blacks / 255, 1 - self.whites / 255
        if high < low:  # more is lost than there was: one grey between the two is left
            low = high = (low + high) / 2
        return photo.toned(applied(photo.image, tone_curve(lambda level: low + (high - low) * level)))

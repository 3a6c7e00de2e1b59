"""JPEG compression."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from degrade.effect import Effect
from degrade.jpeg import saved
from degrade.ladder import Ladder, geometric
from degrade.photo import Photo
from degrade.types import Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class JpegCompression(Effect):
    """Blocks of eight pixels, ringing along edges and smeared colour: the picture saved as a JPEG file.

    Source: ITU-T T.81, written and read by libjpeg itself. Old photographs on the web were found with qualities of 70
    to 99, and with 4:2:0 in ten of seventeen colour files (docs/physics.md, section 9).
    """

    ladder: ClassVar[Ladder] = Ladder({"quality": geometric(85, 5), "subsampling": "4:2:0"})

    quality: Quality
    """100 is the best."""

    subsampling: Literal["4:2:0", "4:4:4"]
    """4:2:0 keeps colour at half the width and height."""

    def apply(self, photo: Photo) -> Photo:
        return photo.toned(saved(photo.image, self.quality, self.subsampling))

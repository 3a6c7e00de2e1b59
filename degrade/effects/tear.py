"""Tears."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.base import SHADOW, bare_paper, bevel_widths, paper_colour, shading
from degrade.cracks import Array, normals_of, ragged, ribbon, walks
from degrade.effect import Effect
from degrade.fields import Path
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, fill, stroke
from degrade.types import Defect, Interval, Seed

Tears = Annotated[int, Interval(0, 20)]

Long = Annotated[float, Interval(0, 1.5, "of the shorter side")]
"""The length of a tear."""

Narrow = Annotated[float, Interval(0, 0.05, "of the shorter side")]
"""The width of the white core, or of the gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tear(Effect):
    """Rips from an edge into the picture: a white fibrous core on one lip, a dark hairline under the other.

    Source: tears are walks with a roughness exponent of 0.6 to 0.8, 5 to 60 mm long, with a core of 0.3 to 2 mm on one
    lip, a dark line of 0.1 mm on the other and up to 0.5 mm between (docs/physics.md, section 6; estimates).
    """

    defect: ClassVar[Defect] = Defect.LOSS

    ladder: ClassVar[Ladder] = Ladder(
        {
            "tears": linear(1, 7),
            "length": geometric(0.2, 0.8),
            "rim": geometric(0.003, 0.009),
            "opening": geometric(0.001, 0.01),
            "background": "white",
        }
    )

    tears: Tears
    """Rips."""

    length: Long
    """Median length; the spread is lognormal with sigma 0.4."""

    rim: Narrow
    """Mean width of the white core at the mouth; it dwindles towards the tip."""

    opening: Narrow
    """How far the lips gape at the edge."""

    background: Literal["white", "black"]
    """What the scanner sees through the gap."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Tear")
        core, gap = canvas(photo.size), canvas(photo.size)
        line = canvas(photo.size)
        for _ in range(self.tears):
            own = stream(source.seed(), "tear")
            path = tear_path(photo.size, self.length * photo.short * math.exp(0.4 * own.normal()), own)
            side = 1.0 if own.unit() < 0.5 else -1.0
            closing = np.linspace(1, 0, len(path))
            bevel = (
                bevel_widths(len(path), self.rim * photo.short, own)
                * closing**0.6
                * ragged((1, len(path)), 0.5, 5, own)[0]
            )
            lip = 0.15 * bevel * ragged((1, len(path)), 0.6, 3, own)[0]
            ribbon(core, path, *((bevel, lip) if side > 0 else (lip, bevel)))
            away = self.opening * photo.short * closing**1.5
            other = path - side * normals_of(path) * (lip + away)[:, None]
            fill(gap, np.concatenate([path - side * normals_of(path) * lip[:, None], other[::-1]]))
            stroke(line, other, 0.0022 * photo.short * (0.4 + closing), 0.9)
        photo = photo.damaged(SHADOW, cv2.convertScaleAbs(line, alpha=shading(HAIRLINE)), self.defect)
        if self.opening:
            photo = photo.damaged(SHADED[self.background], gap, self.defect)
        red, green, blue = paper_colour(photo)
        white = min(round(1.08 * red), 248), min(round(1.08 * green), 246), min(round(1.08 * blue), 244)
        return photo.damaged(bare_paper(photo.size, white, photo.short, source), core, self.defect)


HAIRLINE = 0.8
"""Density of the dark line under the second lip."""

SHADED = {"white": (196, 195, 193), "black": (14, 13, 13)}
"""The scanner's lid behind a narrow gap lies in the shadow of the lips."""


def tear_path(size: tuple[int, int], length: float, source: Stream) -> Path:
    """A rip from a random place of the edge towards the inside."""
    height, width = size
    place, lean = source.uniform(0.06, 0.94), math.radians(28) * source.normal()
    side = source.integer(0, 3)
    start = [
        (width * place, -1.0),
        (-1.0, height * place),
        (width * place, height + 1.0),
        (width + 1.0, height * place),
    ][side]
    heading = (math.pi / 2, 0.0, -math.pi / 2, math.pi)[side] + lean
    ends: Array = np.array([start, (start[0] + length * math.cos(heading), start[1] + length * math.sin(heading))])
    rough = walks(ends[:1], ends[1:], 0.035, source, 8)[0]
    bow = 0.14 * source.normal() * np.linspace(0, 1, len(rough)) ** 2  # it turns as the hand pulls
    turned: Path = rough + bow[:, None] * np.array([ends[0, 1] - ends[1, 1], ends[1, 0] - ends[0, 0]])
    return turned

"""Straight lines: the crudest stand-in for scratches, kept for comparison."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from degrade.effect import Effect
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import stream
from degrade.strokes import canvas, stroke
from degrade.types import Defect, Interval, Levels, Pixels, Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class StraightLines(Effect):
    """Straight lines of one brightness between random points, as student projects draw scratches.

    Source: a student replication of Wan et al. (2021), which gave up on textures and drew random lines; how many
    and how wide is not told, so the ladder's are estimates. Real scratches are `Scratches` and `ScratchTexture`.
    """

    defect: ClassVar[Defect] = Defect.SCRATCH

    ladder: ClassVar[Ladder] = Ladder({"count": linear(2, 40), "width": geometric(1, 3), "level": 240.0})

    count: Annotated[int, Interval(0, 200)]
    """Lines."""

    width: Pixels
    """Of each line."""

    level: Levels
    """Brightness of the lines."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "StraightLines")
        coverage = canvas(photo.size)
        for _ in range(self.count):
            ends = np.array([[source.unit(), source.unit()], [source.unit(), source.unit()]])
            stroke(coverage, ends * (photo.width, photo.height), self.width)
        level = round(self.level)
        return photo.damaged((level, level, level), coverage, self.defect)

"""Holes: places where the picture is torn off and the paper underneath shows."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import cv2
import numpy as np

from degrade.blurs import feathered, soft
from degrade.drawn import drawn_paper
from degrade.effect import Effect
from degrade.fields import Path, jagged, nearby
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, fill
from degrade.types import Defect, Fraction, Image, Interval, Mask, Seed, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Holes(Effect):
    """Torn-off areas of random shape with a feathered edge, where the paper underneath is unveiled.

    Source: Wan et al. 2022, section 4.2: holes with feathering and random shape. Their shapes are not described; these
    have a few corners, with broken lines between them as torn paper has, and one piece in three is longer.
    """

    defect: ClassVar[Defect] = Defect.LOSS

    ladder: ClassVar[Ladder] = Ladder(
        {
            "count": linear(2, 9),
            "radius": geometric(0.012, 0.1),
            "rough": 0.45,
            "feather": 0.003,
            "paper": 0.88,
            "warmth": 0.12,
            "number": 0,
        }
    )

    count: Annotated[int, Interval(0, 60)]
    """Holes."""

    radius: Share
    """Median radius; the spread is lognormal with sigma 0.5."""

    rough: Fraction
    """How ragged the outline is."""

    feather: Share
    """Width of the edge over which the picture thins out."""

    paper: Fraction
    """Brightness of the paper underneath."""

    warmth: Fraction
    """How much less blue than red it is."""

    number: Annotated[int, Interval(0, 23)]
    """Which of the built-in papers it is."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        for index in range(self.count):
            photo = self._holed(photo, stream(self.seed, "Holes", index))
        return photo

    def _holed(self, photo: Photo, source: Stream) -> Photo:
        radius = min(self.radius * math.exp(0.5 * source.normal()), 0.6) * photo.short
        centre = np.array([photo.width * source.unit(), photo.height * source.unit()])
        shape = centre + stretched(ripped(radius, self.rough, source), source)
        feather = max(self.feather * photo.short, 0.5)
        low, high = shape.min(axis=0) - 2 * feather, shape.max(axis=0) + 2 * feather
        top, left, height, width = nearby((*low, *high), photo.size)
        if not height or not width:
            return photo
        coverage = torn((height, width), shape - (left, top), feather)
        paper = unveiled(coverage, self.paper, self.warmth, drawn_paper(self.number), photo.short)
        return photo.damaged(paper, coverage, self.defect, (top, left))


def ripped(radius: float, rough: float, source: Stream) -> Path:
    """A closed shape around the origin: a few corners, and between them the broken line along which paper tears."""
    corners = source.integer(7, 11)
    turns = [(number + 0.7 * (source.unit() - 0.5)) * 2 * math.pi / corners for number in range(corners)]
    reach = [radius * math.exp(0.45 * rough * source.normal()) for _ in range(corners)]
    points = [(far * math.cos(turn), far * math.sin(turn)) for turn, far in zip(turns, reach, strict=True)]
    return jagged(np.array(points), 0.02 + 0.16 * rough, source, 5)


def stretched(shape: Path, source: Stream) -> Path:
    """The shape, one time in three drawn out into a long piece, turned anyhow."""
    angle = source.uniform(0, math.pi)
    length = source.uniform(1.2, 1.7) if source.unit() < 1 / 3 else source.uniform(1.0, 1.15)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return shape @ (np.diag([length, 1 / length]) @ turn)


EDGE = 190
"""Of 255: where the blurred coverage is below, the torn fibres of the picture's own paper show."""


def torn(size: tuple[int, int], shape: Path, feather: float) -> Mask:
    """The coverage of a hole: full inside, thinning out over the feather's width around the outline."""
    coverage = canvas(size)
    fill(coverage, shape)
    return feathered(coverage, feather)


def unveiled(coverage: Mask, brightness: float, warmth: float, paper: tuple[Image, ...], short: int) -> Image:
    """The paper under the picture: its grain, a pale rim of torn fibres, and shade along the upper left edge."""
    level = min(max(0, round(math.log2(1024 / max(short, 1)))), len(paper) - 1)
    grain = tiled(paper[level], coverage.shape)
    depth = soft(coverage, 0.006 * short + 0.5)
    step = max(1, round(0.004 * short))
    lit = cv2.subtract(depth, np.roll(depth, (step, step), axis=(0, 1)))
    tone = cv2.addWeighted(grain, 0.1, lit, -0.4, 255 * brightness - 12.8)
    rim = cv2.multiply(cv2.bitwise_not(depth), np.where(depth < EDGE, np.uint8(255), np.uint8(0)), scale=0.22 / 255)
    tone = cv2.add(tone, rim)
    tints = np.arange(256)[:, None] * (1, 1 - 0.45 * warmth, 1 - warmth)
    return cv2.LUT(cv2.merge([tone] * 3), np.rint(tints).astype(np.uint8)[:, None])


def tiled(texture: Image, size: tuple[int, ...]) -> Image:
    """The texture repeated, mirrored, until it fills the size."""
    part = texture[: size[0], : size[1]]
    if part.shape == size:
        return part
    return np.pad(part, ((0, size[0] - part.shape[0]), (0, size[1] - part.shape[1])), mode="symmetric")

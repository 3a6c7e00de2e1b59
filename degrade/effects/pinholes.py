"""Pinholes and staples."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import cv2
import numpy as np

from degrade.base import paper_colour
from degrade.blurs import soft
from degrade.effect import Effect
from degrade.fields import outline
from degrade.ladder import Ladder, geometric, linear
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.strokes import canvas, dot, fill, stroke
from degrade.types import Defect, Density, Field, Interval, Mask, Seed

RUST = (0.16, 0.42, 1.0)
"""Share of the density that red, green and blue get."""

HOLE = (24, 20, 17)

Pins = Annotated[int, Interval(0, 24)]

Small = Annotated[float, Interval(0.001, 0.05, "of the shorter side")]
"""The diameter of a hole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinholes(Effect):
    """Holes of drawing pins or staples at corners and edges: dark, with a raised light ring and a halo of rust.

    Source: holes of 0.8 to 1.2 mm, a light ring of 1.5 to 2 times that, rust 2 to 4 mm around (b* + 20), staples 0.5 mm
    thick with 12 mm between their legs (docs/physics.md, section 6; estimates).
    """

    defect: ClassVar[Defect] = Defect.LOSS

    ladder: ClassVar[Ladder] = Ladder(
        {"count": linear(2, 18), "size": geometric(0.006, 0.016), "rust": linear(0.2, 1), "kind": "pin"}
    )

    count: Pins
    """Pins or staples."""

    size: Small
    """Diameter of a hole; a staple is half as thick."""

    rust: Density
    """Density of the rust beside the hole, in blue light."""

    kind: Literal["pin", "staple"]
    """What went through the print."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Pinholes")
        layers = canvas(photo.size), canvas(photo.size), canvas(photo.size)
        for number in range(self.count):
            own = stream(source.seed(), "pin")
            radius = 0.5 * self.size * photo.short * own.uniform(0.8, 1.25)
            draw = staple if self.kind == "staple" else pin
            draw(layers, pin_place(photo.size, number, own), radius, own)
        ring, hole, halo = layers
        if self.rust > 0:
            spread = soft(halo, max(0.45 * self.size * photo.short, 0.5))
            layer: Field = spread.astype(np.float32) * np.float32(self.rust / 255)
            photo = photo.stained(layer, RUST, Defect.STAIN)
        photo = photo.damaged(paper_colour(photo), cv2.GaussianBlur(ring, (3, 3), 0.5), self.defect)
        return photo.damaged(HOLE, hole, self.defect)


def pin_place(size: tuple[int, int], number: int, source: Stream) -> tuple[float, float]:
    """Near a corner for the first four, later ones anywhere near an edge."""
    height, width = size
    inset = [min(size) * source.uniform(0.02, 0.075) for _ in range(2)]
    if number < 4:
        return (inset[0] if number % 2 else width - inset[0]), (inset[1] if number < 2 else height - inset[1])
    along, side = source.unit(), source.integer(0, 3)
    if side < 2:
        return width * along, inset[0] if side else height - inset[0]
    return inset[0] if side == 2 else width - inset[0], height * along


def pin(layers: tuple[Mask, Mask, Mask], centre: tuple[float, float], radius: float, source: Stream) -> None:
    """The ring, the hole and the halo of a drawing pin."""
    ring, hole, halo = layers
    shift = (centre[0] + 0.25 * radius * source.normal(), centre[1] + 0.25 * radius * source.normal())
    fill(halo, outline(shift, 2.6 * radius, source, 0.35, 40), 0.7)
    fill(ring, outline(shift, 1.65 * radius, source, 0.16, 32), 0.85)
    if radius < 1.2:
        dot(hole, centre, radius)
    else:
        fill(hole, outline(centre, radius - 0.4, source, 0.12, 24))


def staple(layers: tuple[Mask, Mask, Mask], centre: tuple[float, float], radius: float, source: Stream) -> None:
    """The two holes of a staple, the groove that its back pressed, and the rust of all of it."""
    ring, hole, halo = layers
    angle = 0.25 * source.normal() + (math.pi / 2 if source.unit() < 0.3 else 0)
    arm = 6 * radius * np.array([math.cos(angle), math.sin(angle)])
    legs = np.array(centre) + np.stack([-arm, arm])
    stroke(halo, legs, 2.4 * radius, 0.8)
    stroke(ring, legs, 0.5 * radius, 0.35)
    for leg in legs:
        dot(halo, (leg[0], leg[1]), 1.8 * radius)
        dot(ring, (leg[0], leg[1]), 1.0 * radius, 0.8)
        dot(hole, (leg[0], leg[1]), 0.5 * radius)

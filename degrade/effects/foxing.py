"""Foxing: the brown spots of old paper."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.effect import Effect
from degrade.fields import fractal
from degrade.ladder import Ladder, geometric, linear
from degrade.light import Doubles
from degrade.photo import Photo
from degrade.seeds import Stream, stream
from degrade.types import Defect, Density, Field, Fraction, Interval, Seed, Share

Spots = Annotated[float, Interval(0, 1500, "per square of the shorter side")]
"""Prints have 5 to 300 spots (an estimate); more of them than 1500 run together."""

YELLOW = (0.16, 0.4, 1.0)
"""Share of the density that red, green and blue get in a pale spot: one real spot had 0.25, 0.45 and 2.0,
which is yellower than most."""

RUST = (0.42, 0.68, 1.0)
"""The same in a dark core, of about Lab 52, 9, 27 on paper white (an estimate)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foxing(Effect):
    """Rusty spots of iron or mould, in clusters, some with a dark core in a pale halo.

    Source: clusters of lognormal spots, denser near the margins, with cores of about Lab 52, 9, 27 and edges soft over
    30 to 50 % of the radius (docs/physics.md, section 5; estimates but for the colour of one real spot). The shapes are
    turned and scaled from a fixed set of drawn ones.
    """

    defect: ClassVar[Defect] = Defect.FOXING

    ladder: ClassVar[Ladder] = Ladder(
        {
            "density": geometric(25, 450),
            "radius": geometric(0.0045, 0.009),
            "strength": linear(0.25, 0.9),
            "clustering": 0.7,
            "bullseye": 0.2,
        }
    )

    density: Spots
    """Spots."""

    radius: Share
    """Median radius; the spread is lognormal with sigma 0.7."""

    strength: Density
    """Density of an average spot in blue light."""

    clustering: Fraction
    """Share of spots that lie in clusters rather than anywhere."""

    bullseye: Fraction
    """Share of spots with a dark core and a halo."""

    seed: Seed

    def apply(self, photo: Photo) -> Photo:
        source = stream(self.seed, "Foxing")
        count = min(photo.count(self.density, source.unit()), MOST)
        pale, dark = (np.zeros(photo.size, np.float32) for _ in range(2))
        centres = places(photo, count, self.clustering, source)
        draws = source.units(count, 5)
        swell = np.exp(np.clip(0.7 * source.normals(count), -2, 2.2))
        radii = np.clip(photo.short * self.radius * swell, 0.6, 0.16 * photo.short)
        strengths = (
            self.strength * (0.35 + 1.3 * draws[:, 4]) / np.maximum(1.0, swell) ** 0.3
        )  # the wide ones are paler
        banks = shapes(PLAIN), shapes(BULLSEYE)
        spots = (banks[int(kind < self.bullseye)][int(which * VARIANTS)] for kind, which in draws[:, :2].tolist())
        for spot, window, view, strength in zip(
            spots, *windows(photo.size, centres, radii, draws[:, 2:4]), strengths.astype(np.float32), strict=True
        ):
            stamp((pale, dark), spot, window, view, strength)
        return photo.stained(pale, YELLOW, self.defect).stained(dark, RUST, self.defect)


MOST = 3000
"""Spots on one picture, whatever its shape."""

PLAIN, BULLSEYE = 0, 1

VARIANTS = 16
"""Drawn spots of each kind."""

SIDE, RADIUS = 96, 24
"""Pixels of a drawn spot's square, and of the radius at which it has half its strength."""


def places(photo: Photo, count: int, clustering: float, source: Stream) -> NDArray[np.float64]:
    """Centres (count, 2), x and y in pixels: clusters that keep to the margins, and strays."""
    parents = 1 + count // 18
    homes = source.units(parents, 2)
    off = 2 * homes[::2] - 1  # every other cluster is drawn to the margins, where damp gets in
    homes[::2] = 0.5 + 0.5 * np.sign(off) * np.abs(off) ** 0.4
    spreads = 0.03 + 0.1 * source.units(parents) ** 2
    draws = source.units(count, 4)
    away = source.normals(count, 2).astype(np.float64)
    chosen = (draws[:, 0] ** 1.5 * parents).astype(np.intp)  # a few clusters are large
    clustered = draws[:, 1] < clustering
    scale = np.array([photo.width, photo.height])
    anywhere, gathered = draws[:, 2:] * scale, homes[chosen] * scale + away * spreads[chosen][:, None] * photo.short
    centres: NDArray[np.float64] = np.where(clustered[:, None], gathered, anywhere)
    return centres


def windows(size: tuple[int, int], centres: Doubles, radii: Doubles, poses: Doubles) -> tuple[list[list[int]], Doubles]:
    """Where drawn spots come to lie, turned and stretched.

    Args:
        size: of the picture.
        centres: (m, 2), x and y in pixels.
        radii: (m,), in pixels.
        poses: (m, 2), how far each is turned and stretched, 0 to 1.

    Returns:
        Left, top, right and bottom of each in the picture, and the (m, 2, 3) matrices from there into the drawn square.
    """
    scale = RADIUS / radii
    reach = np.ceil(SIDE / 2 / scale * 1.15) + 1
    corner = np.floor(centres) - reach[:, None]
    first, last = np.maximum(corner, 0), np.minimum(corner + 2 * reach[:, None] + 1, size[::-1])
    angle, squeeze = 2 * math.pi * poses[:, 0], 0.8 + 0.45 * poses[:, 1]
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.stack([cos * squeeze, sin * squeeze, -sin / squeeze, cos / squeeze], axis=1).reshape(-1, 2, 2)
    shift = SIDE / 2 - 0.5 + np.einsum("mij,mj->mi", turn, first + 0.5 - centres)
    return np.concatenate([first, last], axis=1).astype(int).tolist(), np.concatenate([turn, shift[..., None]], axis=2)


def stamp(layers: tuple[Field, Field], spot: Field, window: list[int], view: Doubles, strength: np.float32) -> None:
    """Add a drawn spot to both layers in a window, in place."""
    left, top, right, bottom = window
    if left >= right or top >= bottom:
        return
    size, how = (right - left, bottom - top), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(spot, view, size, flags=how, borderMode=cv2.BORDER_CONSTANT)
    seen *= strength
    for channel, layer in enumerate(layers):
        layer[top:bottom, left:right] += seen[..., channel]


@lru_cache(maxsize=2)
def shapes(bank: int) -> tuple[NDArray[np.float32], ...]:
    """The drawn spots of one kind: (SIDE, SIDE, 2), how much of the pale and of the dark stain lies where."""
    source = stream(bank, "Foxing shapes")
    return tuple(drawn(bank, source) for _ in range(VARIANTS))


def drawn(bank: int, source: Stream) -> NDArray[np.float32]:
    """One spot: a few lobes that run together, frayed by the paper's fibres."""
    bullseye = bank == BULLSEYE
    grid = (np.arange(SIDE, dtype=np.float32) - np.float32(SIDE / 2 - 0.5)) / RADIUS
    x, y = grid[None, :] + np.zeros((SIDE, 1), np.float32), grid[:, None] + np.zeros((1, SIDE), np.float32)
    bend, fray = 0.22 * fractal((SIDE, SIDE), 0.35, source, 3), fractal((SIDE, SIDE), 0.16, source, 4, 0.7)
    away = cv2.magnitude(x, y)
    near = away.copy()
    for _ in range(0 if bullseye else source.integer(0, 4)):
        angle, far, size = source.uniform(0, 2 * math.pi), source.uniform(0.4, 1.1), source.uniform(0.3, 0.75)
        lobe = cv2.magnitude(x - far * math.cos(angle), y - far * math.sin(angle)) + 1 - size
        near = np.minimum(near, lobe)
    near = near + bend + np.float32(0.1) * fray
    soft = source.uniform(0.25, 0.6)
    fade = ramp(near, 1 + soft, 1 - soft) * ramp(away, 1.95, 1.3)
    core = ramp(near - 0.05 * fray, *((0.42, 0.2) if bullseye else (0.85, 0.15))) * ramp(away, 1.95, 1.3)
    pale = fade * ((0.5 if bullseye else 0.7) + 0.12 * fray)
    dark = core * ((0.8 if bullseye else source.uniform(0, 0.45)) + 0.15 * fray)
    return np.dstack([np.maximum(pale, 0), np.maximum(dark, 0)])


def ramp(value: Field, zero: float, one: float) -> Field:
    """0 at `zero`, 1 at `one`, and a smooth step between."""
    share = np.clip((value - np.float32(zero)) / np.float32(one - zero), 0, 1)
    smooth: Field = share * share * (3 - 2 * share)
    return smooth

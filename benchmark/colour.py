"""Colour difference as people see it: CIEDE2000."""

import math
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from benchmark.fidelity import QUANT
from benchmark.metric import Metric, Scores, spec
from benchmark.pair import Doubles, OfPair, Pair
from benchmark.regions import SETTINGS, means
from degrade.light import linear_from_display
from degrade.types import Image

XYZ = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
"""From linear sRGB: the primaries and the white of BT.709, six digits, as scikit-image and OpenCV have them."""

WHITE = np.array([0.95047, 1.0, 1.08883])
"""D65, two degrees."""

STRIP = 32
"""Rows at a time: what is in work stays in the cache."""

PALE = 25.0**7


class Lab(NamedTuple):
    """CIE 1976 L*a*b*, a plane each."""

    lightness: Doubles
    a: Doubles
    b: Doubles


def lab(image: Image) -> Lab:
    """L*, a* and b* of an sRGB picture under D65.

    Source: CIE 15, with the rounded 0.008856 and 7.787 of the first edition, as most programs have.
    """
    linear = cv2.LUT(image, _decoding()).reshape(image.shape)
    light = cv2.transform(linear, XYZ / WHITE[:, None])
    x, y, z = cv2.split(np.where(light > 0.008856, np.cbrt(light), 7.787 * light + 16 / 116))
    return Lab(116 * y - 16, 500 * (x - y), 200 * (y - z))


@lru_cache(maxsize=1)
def _decoding() -> Doubles:
    return linear_from_display(np.arange(256) / 255).reshape(256, 1)


class Polar(NamedTuple):
    """A colour's chroma, and where it lies."""

    chroma: Doubles
    a: Doubles
    b: Doubles


class Hue(NamedTuple):
    """An angle in degrees from 0 to 360, and its cosine and sine."""

    degrees: Doubles
    cos: Doubles
    sin: Doubles


def delta_e(one: Lab, other: Lab) -> Doubles:
    """CIEDE2000 with all three weights 1.

    Source: Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula", eq. 2 to 22. Angles are only taken
    where the formula asks for one: cosines come from unit vectors and the addition theorems.
    """
    stretch = 1.5 - 0.5 * _saturation((_length(one.a, one.b) + _length(other.a, other.b)) / 2)  # 1 + G, eq. 4
    first, second = (_polar(each.a * stretch, each.b) for each in (one, other))
    chroma = (first.chroma + second.chroma) / 2
    hue = _mean_hue(first, second)
    middle = np.square((one.lightness + other.lightness) / 2 - 50)
    light = (other.lightness - one.lightness) / (1 + 0.015 * middle / np.sqrt(20 + middle))
    strength = (second.chroma - first.chroma) / (1 + 0.045 * chroma)
    turn = _hue_difference(first, second) / (1 + 0.015 * chroma * _hue_weight(hue))
    angle = np.deg2rad(60 * np.exp(-np.square((hue.degrees - 275) / 25)))  # eq. 16, twice
    rotation = -2 * _saturation(chroma) * np.sin(angle)  # eq. 21
    return np.sqrt(np.maximum(light * light + strength * strength + turn * turn + rotation * strength * turn, 0))


def _polar(a: Doubles, b: Doubles) -> Polar:
    return Polar(_length(a, b), a, b)


def _length(a: Doubles, b: Doubles) -> Doubles:
    return np.sqrt(a * a + b * b)  # four times as fast as hypot, which minds overflow


def _saturation(chroma: Doubles) -> Doubles:
    seventh = np.square(chroma * chroma * chroma) * chroma
    return np.sqrt(seventh / (seventh + PALE))


def _hue_difference(one: Polar, other: Polar) -> Doubles:
    """Eq. 11: the chord between the hues, with the sign of the turn."""
    product = one.chroma * other.chroma
    along, across = one.a * other.a + one.b * other.b, one.a * other.b - other.a * one.b
    near = across / np.sqrt(np.maximum((product + along) / 2, TINY))  # half angles; no digits are lost to a difference
    far = np.copysign(np.sqrt(np.maximum(2 * (product - along), 0)), across)
    return np.where(along > 0, near, far)


TINY = 1e-30


def _mean_hue(one: Polar, other: Polar) -> Hue:
    """Eq. 14: along the sum of two unit vectors; a colour without hue leaves the other's."""
    cos, sin = (
        _unit(first, one.chroma) + _unit(second, other.chroma) for first, second in zip(one[1:], other[1:], strict=True)
    )
    length = _length(cos, sin)
    cos, sin = _unit(cos, length), _unit(sin, length)
    opposite = length < 1e-12
    if opposite.any():
        upper = np.where((one.b > 0) | ((one.b == 0) & (one.a > 0)), 1.0, -1.0)  # the hue below 180 degrees is first
        cos = np.where(opposite, -upper * _unit(one.b, one.chroma), cos)
        sin = np.where(opposite, upper * _unit(one.a, one.chroma), sin)
    angle = np.rad2deg(np.arctan2(sin, cos))
    return Hue(np.where(angle < 0, angle + 360, angle), cos, sin)


def _unit(part: Doubles, whole: Doubles) -> Doubles:
    return part / np.maximum(whole, TINY)


def _hue_weight(hue: Hue) -> Doubles:
    """T of eq. 15."""
    once = hue.cos, hue.sin
    twice = once[0] * once[0] - once[1] * once[1], 2 * once[0] * once[1]
    thrice = twice[0] * once[0] - twice[1] * once[1], twice[1] * once[0] + twice[0] * once[1]
    fourfold = twice[0] * twice[0] - twice[1] * twice[1], 2 * twice[0] * twice[1]
    return np.asarray(
        1 - 0.17 * _shifted(once, -30) + 0.24 * twice[0] + 0.32 * _shifted(thrice, 6) - 0.20 * _shifted(fourfold, -63)
    )


def _shifted(angle: tuple[Doubles, Doubles], degrees: float) -> Doubles:
    """The cosine of an angle and some degrees more."""
    return angle[0] * math.cos(math.radians(degrees)) - angle[1] * math.sin(math.radians(degrees))


def ciede2000(both: Pair) -> Scores:
    """The mean colour difference over pixels, in every region: 1 is about what one just sees.

    Source: see `delta_e`; both photos are taken as sRGB under D65.
    """
    height = len(both.clean)
    strips = [slice(top, top + STRIP) for top in range(0, height, STRIP)]
    return means(
        np.concatenate([delta_e(lab(both.restored[rows]), lab(both.clean[rows])) for rows in strips]), both.regions
    )


CIEDE2000 = Metric(
    "ciede2000",
    spec("ciede2000", 1, {"space": "srgb-d65", "weights": "1-1-1", **QUANT, **SETTINGS}),
    False,
    OfPair(ciede2000),
)

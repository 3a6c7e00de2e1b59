"""Pictures and values that the tests share."""

import cv2
import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from degrade.effect import Effect, FieldType, field_types

Picture = NDArray[np.uint8]


def chart(height: int = 64, width: int = 64) -> Picture:
    """A test chart: a tone ramp, six colours, fine lines, an edge and a disc."""
    ramp = np.linspace(0, 255, width)[None, :].repeat(height, 0)
    picture = np.rint(np.dstack([ramp, 0.8 * ramp + 20, 235 - 0.7 * ramp])).astype(np.uint8)
    colours = ((200, 40, 40), (40, 160, 60), (40, 60, 190), (230, 200, 60), (240, 240, 240), (15, 15, 15))
    side = max(1, width // 6)
    for number, colour in enumerate(colours):
        picture[height // 8 : height // 3, number * side : (number + 1) * side] = colour
    picture[height // 2 : height * 5 // 8, ::2] = 235
    cv2.circle(picture, (width * 3 // 4, height * 3 // 4), max(1, min(height, width) // 7), (210, 170, 140), -1)
    return picture


def grey(picture: Picture) -> Picture:
    """The picture without colour."""
    return np.repeat(picture.mean(axis=2, keepdims=True).round().astype(np.uint8), 3, axis=2)


def flat(level: int, side: int = 256) -> Picture:
    """An even grey."""
    return np.full((side, side, 3), level, np.uint8)


def light(levels: np.ndarray) -> np.ndarray:
    """What sRGB levels are as light, from 0 to 1."""
    return np.where(levels > 10.3, ((levels / 255 + 0.055) / 1.055) ** 2.4, levels / 255 / 12.92)


def value_of(field: FieldType) -> st.SearchStrategy[float | int | str]:
    """Any legal value of a field, the ends of its interval included."""
    if field.kind is str:
        return st.sampled_from(field.choices) if field.choices else st.just("")
    assert field.interval is not None
    low, high = field.interval.low, field.interval.high
    if field.kind is int:
        whole = st.integers(int(low), int(high))
        return (
            whole.map(lambda v: v - 1 + v % 2 if v > 1 and field.interval.odd else v * (v % 2))
            if field.interval.odd
            else whole
        )  # type: ignore[union-attr]
    return st.floats(low, high, allow_subnormal=False) | st.sampled_from([low, high])


@st.composite
def effects(draw: st.DrawFn, effect: type[Effect]) -> Effect:
    """Any legal effect of a class."""
    return effect(**{field.name: draw(value_of(field)) for field in field_types(effect)})

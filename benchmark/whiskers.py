"""Values with their intervals along an axis: which part of it is worth drawing, and what lies beyond as arrows."""

import math
from collections.abc import Sequence

from benchmark.svg import Scale, line, path, scale

FAR = 5.0
"""Values whose ratio is larger stand by ratios."""

ALONE = 2.5
"""A value so many times as far from its neighbour as all the others are from one another says nothing but that."""


def axis(
    values: Sequence[float], ends: Sequence[float | None], sides: tuple[float, float], keep: Sequence[float] = ()
) -> Scale:
    """The axis: by ratios where values lie far apart, and not drawn out by an interval that says hardly anything.

    Args:
        values: what is to be seen.
        ends: of the intervals around them: seen as far as there is room.
        sides: where the axis begins and ends, in units.
        keep: more that is to be seen, as what doing nothing gives.
    """
    known = [*values, *keep]
    low, high = min(known, default=0.0), max(known, default=1.0)
    log = low > 0 and high > FAR * low
    least, most = (low / 2, high * 2) if log else (low - (high - low), high + (high - low))
    if high == low:
        least, most = -math.inf, math.inf
    return scale([*known, *(min(max(end, least), most) for end in ends if end is not None)], *sides, log)


def beyond(values: Sequence[float], keep: Sequence[float]) -> list[bool]:
    """Which values lie so far above or below that all the others would be one line: at most a third of them.

    Args:
        values: of the models.
        keep: what is always within, as what doing nothing gives.
    """
    inside = sorted(values)
    left = len(inside) // 3
    while left and len(inside) > 3:
        ends = [(inside[-1], [*inside[:-1], *keep]), (inside[0], [*inside[1:], *keep])]
        lone = [end for end, rest in ends if is_alone(end, rest)]
        if not lone:
            break
        inside.remove(lone[0])
        left -= 1
    return [not inside[0] <= value <= inside[-1] and value not in keep for value in values]


def is_alone(value: float, others: Sequence[float]) -> bool:
    """Whether a value is far from all the others, by their own spread."""
    low, high = min(others), max(others)
    return max(value - high, low - value) > ALONE * (high - low) > 0


def whisker(ends: tuple[float, float], value: float, across: float, along: Scale, kind: str, *, up: bool) -> list[str]:
    """An interval and its two ends: a stroke, or where it goes on beyond the drawing an arrow.

    Args:
        ends: of the interval.
        value: that it is around.
        across: where it lies on the other axis.
        along: the axis.
        kind: its class.
        up: whether the axis goes upward.
    """

    def at(x: float, y: float) -> tuple[float, float]:
        return (y, x) if up else (x, y)

    parts = [line(at(along.at(ends[0]), across), at(along.at(ends[1]), across), kind)]
    for end in ends:
        x = along.at(end)
        if along.low <= end <= along.high:
            parts.append(line(at(x, across - 4), at(x, across + 4), kind))
        else:
            back = x + (5 if along.at(value) > x else -5)
            parts.append(path([at(back, across - 4), at(x, across), at(back, across + 4)], kind))
    return parts

"""Quality against cost: every model a point with its interval, and the front of those that no other beats in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from benchmark.curves import axis_left, floor_line
from benchmark.pareto import front
from benchmark.svg import (
    Scale,
    colour,
    element,
    figure,
    line,
    mark,
    own_place,
    path,
    scale,
    short_number,
    shortened,
    tooltip,
    width_of,
    words,
)

WIDTH, LEFT, TOP, PLOT = 360.0, 42.0, 28.0, 220.0
NAME = 116.0
"""The most room of a name beside its point."""


@dataclass(frozen=True, slots=True)
class Point:
    """A model."""

    name: str
    x: float
    """What it costs, above 0."""

    y: float
    low: float | None = None
    high: float | None = None
    """Of the interval around y."""

    href: str = ""
    """Where its name leads: within the site."""

    place: int | None = None
    """Which colour and mark is its own; None for that of its place in the row."""


def scatter(
    title: str,
    points: Sequence[Point],
    x_label: str,
    y_label: str,
    floor: float | None,
    better: Literal["lower", "higher"] = "lower",
) -> str:
    """A drawing; cost grows to the right, each step ten times the last.

    Args:
        title: what it shows.
        points: the models.
        x_label: of the cost.
        y_label: of the quality.
        floor: what doing nothing gives, as a dashed line.
        better: which quality is better.

    Raises:
        ValueError: a link leads elsewhere.
    """
    shown = [point for point in points if point.x > 0]
    ends = [each for point in shown for each in (point.y, point.low, point.high) if each is not None]
    upward = scale([*ends, *([] if floor is None else [floor])], TOP + PLOT, TOP)
    along = scale([point.x for point in shown], LEFT + 8, WIDTH - 12, log=True)
    body = [words((4, 14), f"{y_label}, {better} is better", "chart-small"), axis_left(upward, (LEFT, WIDTH - 4))]
    for tick in along.ticks():
        body.append(words((along.at(tick), upward.start + 16), short_number(tick), "chart-small", "middle"))
    body.append(words(((LEFT + WIDTH) / 2, upward.start + 34), x_label, "chart-small", "middle"))
    drawn = [(along.at(point.x), upward.at(point.y)) for point in shown]
    if floor is not None:
        body.append(floor_line(upward.at(floor), (LEFT, WIDTH - 4), drawn))
    sign = 1 if better == "lower" else -1
    best = [point for point, on in zip(shown, front([(p.x, sign * p.y) for p in shown]), strict=True) if on]
    body += [_steps(best, along, upward), *_models(shown, along, upward)]
    names = ", ".join(point.name for point in sorted(best, key=lambda point: point.x))
    about = f"{y_label} over {x_label} of {len(shown)} models. No other is better and cheaper than: {names or 'none'}."
    about += "" if floor is None else f" Doing nothing gives {floor:.4g}."
    return figure(title, about, (WIDTH, upward.start + 44), *body, kind="chart-scatter")


def _steps(best: Sequence[Point], along: Scale, upward: Scale) -> str:
    """The front as a step line: from each of its points on, what that one gives is to be had."""
    places = sorted((along.at(point.x), upward.at(point.y)) for point in best)
    if not places:
        return ""
    steps = [places[0]]
    for x, y in places[1:]:
        steps += [(x, steps[-1][1]), (x, y)]
    return path([*steps, (WIDTH - 4, steps[-1][1])], "chart-front")


def _models(points: Sequence[Point], along: Scale, upward: Scale) -> list[str]:
    taken = [(along.at(point.x) - 6, 12.0, upward.at(point.y) + 4) for point in points]  # no name over a mark
    found = []
    for number, point in enumerate(points):
        x, y = along.at(point.x), upward.at(point.y)
        own = own_place(point.place, number)
        parts = [mark((x, y), own, 4.4)]
        if point.low is not None and point.high is not None:
            ends = (x, upward.at(point.low)), (x, upward.at(point.high))
            parts.insert(0, line(*ends, f"chart-whisker {colour(own)}"))
        said = shortened(point.name, NAME)
        left, below = _free((x, y), width_of(said), taken)
        name = words((left, below), said, "chart-name")
        parts.append(element("a", {"href": inside(point.href)}, name) if point.href else name)
        found.append(element("g", {}, *parts, tooltip(f"{point.name}: {point.y:.4g} at {point.x:.3g}")))
    return found


def _free(at: tuple[float, float], wide: float, taken: list[tuple[float, float, float]]) -> tuple[float, float]:
    """Where a name fits beside its point: at its right or left, a little higher or lower where others are."""
    x, y = at
    sides = [side for side in (x + 9, x - 9 - wide) if side >= LEFT and side + wide <= WIDTH] or [LEFT + 2]
    places = [(side, y + 4 + step) for step in (0, -13, 13, -26, 26, -39, 39) for side in sides]
    for left, base in places:
        if TOP - 8 <= base <= TOP + PLOT and not any(
            left < start + span + 3 and start < left + wide + 3 and abs(base - other) < 12.5
            for start, span, other in taken
        ):
            break
    else:
        left, base = places[0]
    taken.append((left, wide, base))
    return left, base


def inside(href: str) -> str:
    """An address within the site.

    Raises:
        ValueError: it leads elsewhere.
    """
    if ":" in href.partition("/")[0] or href.startswith("//"):
        raise ValueError(f"{href!r} leads out of the site; give a path relative to the page")
    return href

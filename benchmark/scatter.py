"""Quality against cost: every model a point with its interval, and the front of those that no other beats in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from benchmark.curves import axis_left, floor_line, legend
from benchmark.pareto import front
from benchmark.point_names import Box, Placed, placed
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
from benchmark.whiskers import axis, beyond, whisker

WIDTH, LEFT, TOP, PLOT = 360.0, 42.0, 28.0, 220.0
NAME = 116.0
"""The most room of a name beside its point."""

NAMED = 10
"""Points that have their names beside them, at most; more have numbers."""


@dataclass(frozen=True, slots=True)
class Point:
    """A model in a drawing of quality by cost."""

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

    What lies far from all others, and what of an interval goes on beyond the drawing, stands at its edge as an arrow.
    Where there is no room for the names, the points have numbers, and the names are below.

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
    floors = [] if floor is None else [floor]
    far = beyond([point.y for point in shown], floors)
    near = [point for point, is_far in zip(shown, far, strict=True) if not is_far]
    ends = [each for point in near for each in (point.low, point.high)]
    sides = (TOP + PLOT, TOP + (14 if any(far) else 0))  # room for what is beyond
    upward = axis([point.y for point in near], ends, sides, floors)
    along = scale([point.x for point in shown], LEFT + 8, WIDTH - 12, log=True)
    body = [words((4, 14), f"{y_label}, {better} is better", "chart-small"), axis_left(upward, (LEFT, WIDTH - 4))]
    for tick in along.ticks():
        body.append(words((along.at(tick), upward.start + 16), short_number(tick), "chart-small", "middle"))
    body.append(words(((LEFT + WIDTH) / 2, upward.start + 34), x_label, "chart-small", "middle"))
    spots = [Spot(point, along, upward, number) for number, point in enumerate(shown)]
    if floor is not None:
        body.append(floor_line(upward.at(floor), (LEFT, WIDTH - 4), [spot.at for spot in spots]))
    sign = 1 if better == "lower" else -1
    best = [spot for spot, on in zip(spots, front([(p.x, sign * p.y) for p in shown]), strict=True) if on]
    models, height = _models(spots, upward.start + 44)
    body += [_steps([spot.at for spot in best]), *models]
    names = ", ".join(spot.point.name for spot in sorted(best, key=lambda spot: spot.point.x))
    about = f"{y_label} over {x_label} of {len(shown)} models. No other is better and cheaper than: {names or 'none'}."
    about += "" if floor is None else f" Doing nothing gives {floor:.4g}."
    return figure(title, about, (WIDTH, height), *body, kind="chart-scatter")


def _steps(best: Sequence[tuple[float, float]]) -> str:
    """The front as a step line: from each of its points on, what that one gives is to be had."""
    places = sorted(best)
    if not places:
        return ""
    steps = [places[0]]
    for x, y in places[1:]:
        steps += [(x, steps[-1][1]), (x, y)]
    return path([*steps, (WIDTH - 4, steps[-1][1])], "chart-front")


@dataclass(frozen=True, slots=True)
class Spot:
    """A model on the drawing."""

    point: Point
    along: Scale
    upward: Scale
    number: int

    @property
    def own(self) -> int:
        """Its colour and mark."""
        return own_place(self.point.place, self.number)

    @property
    def outside(self) -> float:
        """Which way it lies beyond the drawing: −1 above, 1 below, 0 where it is within."""
        return float(self.point.y < self.upward.low) - float(self.point.y > self.upward.high)

    @property
    def at(self) -> tuple[float, float]:
        """Its middle; what is beyond stands in the room at the edge."""
        return self.along.at(self.point.x), self.upward.at(self.point.y) + 9 * self.outside

    @property
    def said(self) -> str:
        """Its name; with its value, where the axis does not tell it."""
        value = f" {short_number(round(self.point.y))}" if self.outside else ""
        return shortened(self.point.name, NAME - width_of(value)) + value

    def drawn(self) -> list[str]:
        """Its interval and its mark."""
        (x, y), point = self.at, self.point
        if self.outside:
            tip = y + 10 * self.outside
            arrow = path([(x - 4, tip - 4 * self.outside), (x, tip), (x + 4, tip - 4 * self.outside)], "chart-arrow")
            return [mark((x, y), self.own, 4.4), arrow]
        parts = [mark((x, y), self.own, 4.4)]
        if point.low is not None and point.high is not None:
            kind = f"chart-whisker {colour(self.own)}"
            parts = [*whisker((point.low, point.high), point.y, x, self.upward, kind, up=True), *parts]
        return parts

    def crossed(self) -> Box:
        """What its interval takes."""
        x, y = self.at
        ends = [
            self.upward.at(end) for end in (self.point.low, self.point.high) if end is not None and not self.outside
        ]
        return Box(x - 2, min([y, *ends]), x + 2, max([y, *ends]))


def _models(spots: Sequence[Spot], below: float) -> tuple[list[str], float]:
    """The points, each with its name, or all with numbers and the names below; and where that ends."""
    room = Box(LEFT + 1, TOP - 10, WIDTH, TOP + PLOT + 2)
    marks, lines = [spot.at for spot in spots], [spot.crossed() for spot in spots]
    said = [spot.said for spot in spots]
    found = placed(marks, [width_of(each) for each in said], lines, room)
    numbered = len(spots) > NAMED or not all(each.free for each in found)
    if numbered:
        said = [str(number + 1) for number in range(len(spots))]
        found = placed(marks, [width_of(each) for each in said], lines, room)
    drawn = [_model(spot, name, where, link=not numbered) for spot, name, where in zip(spots, said, found, strict=True)]
    if not numbered:
        return drawn, below
    names = [(f"{number} {spot.said}", spot.own) for number, spot in enumerate(spots, 1)]
    key, height = legend(names, below + 14, [inside(spot.point.href) for spot in spots])
    return [*drawn, key], height


def _model(spot: Spot, said: str, where: Placed, *, link: bool) -> str:
    point = spot.point
    parts = spot.drawn()
    if where.lead:
        parts.insert(0, line(*where.lead, "chart-lead"))
    name = words(where.at, said, "chart-name")
    href = inside(point.href)
    parts.append(element("a", {"href": href}, name) if href and link else name)
    ends = "" if point.low is None or point.high is None else f" [{point.low:.4g}, {point.high:.4g}]"
    return element("g", {}, *parts, tooltip(f"{point.name}: {point.y:.4g}{ends} at {point.x:.3g}"))


def inside(href: str) -> str:
    """An address within the site.

    Raises:
        ValueError: it leads elsewhere.
    """
    if ":" in href.partition("/")[0] or href.startswith("//"):
        raise ValueError(f"{href!r} leads out of the site; give a path relative to the page")
    return href

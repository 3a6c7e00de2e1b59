"""Curves over severity, or over anything that has an order, with the line of doing nothing drawn through them."""

from collections.abc import Sequence
from dataclasses import dataclass

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

WIDTH, LEFT, TOP, PLOT = 360.0, 46.0, 14.0, 160.0
NAME = 190.0
"""The most room of a name below the curves."""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: x and y of its points, in order."""

    name: str
    points: Sequence[tuple[float, float]]

    place: int | None = None
    """Which colour and mark is its own; None for that of its place in the row."""


def curves(
    title: str, lines: Sequence[Line], x_label: str, y_label: str, floor: float | None, log: bool = False
) -> str:
    """A drawing, with the names below it.

    Args:
        title: what it shows.
        lines: the curves; of a name each.
        x_label: of the axis below.
        y_label: of the axis on the left, said above it.
        floor: what doing nothing gives, as a dashed line.
        log: whether equal steps upward are equal ratios.
    """
    across = sorted({x for each in lines for x, _ in each.points}) or [0.0]
    values = [y for each in lines for _, y in each.points] + ([] if floor is None else [floor])
    upward = scale(values, TOP + 14 + PLOT, TOP + 14, log)
    along = _along(across)
    body = [words((4, TOP), y_label, "chart-small"), axis_left(upward, (LEFT, WIDTH - 8))]
    bottom = upward.start
    ticks = across if len(across) <= 8 else along.ticks()
    for x in ticks:
        body.append(words((along.at(x), bottom + 16), short_number(x), "chart-small", "middle"))
    body.append(words(((LEFT + WIDTH - 8) / 2, bottom + 32), x_label, "chart-small", "middle"))
    if floor is not None:
        drawn = [(along.at(x), upward.at(y)) for each in lines for x, y in each.points]
        body.append(floor_line(upward.at(floor), (LEFT, WIDTH - 8), drawn))
    for number, each in enumerate(lines):
        place = own_place(each.place, number)
        places = [(along.at(x), upward.at(y)) for x, y in each.points]
        said = "; ".join(f"{short_number(x)}: {y:.4g}" for x, y in each.points)
        parts = [path(places, f"chart-curve {colour(place)}"), *(mark(at, place) for at in places)]
        body.append(element("g", {}, *parts, tooltip(f"{each.name}: {said}")))
    key, height = legend([(each.name, own_place(each.place, n)) for n, each in enumerate(lines)], bottom + 50)
    about = f"{y_label} over {x_label}, of {', '.join(each.name for each in lines)}."
    about += "" if floor is None else f" Doing nothing gives {floor:.4g}, the dashed line."
    return figure(title, about, (WIDTH, height), *body, key, kind="chart-curves")


def _along(across: Sequence[float]) -> Scale:
    """The axis below: a little air at both ends, as a single point needs some."""
    low, high = across[0], across[-1]
    air = 0.05 * (high - low) or 0.5
    return Scale(low - air, high + air, LEFT, WIDTH - 8)


def axis_left(upward: Scale, sides: tuple[float, float]) -> str:
    """Numbers on the left, each with a thin line."""
    found = []
    for tick in upward.ticks():
        y = upward.at(tick)
        found.append(line((sides[0], y), (sides[1], y), "chart-grid"))
        found.append(words((sides[0] - 6, y + 4), short_number(tick), "chart-small", "end"))
    return "".join(found)


def floor_line(y: float, sides: tuple[float, float], drawn: Sequence[tuple[float, float]] = ()) -> str:
    """The line of doing nothing, with its name at the end, and on the side, where least is drawn."""

    def room(at: tuple[str, float]) -> float:
        x = sides[1] - 35 if at[0] == "end" else sides[0] + 35
        return min((abs(other - at[1] + 4) + abs(x - across) / 4 for across, other in drawn), default=0.0)

    anchor, base = max([("end", y - 5), ("start", y - 5), ("end", y + 13), ("start", y + 13)], key=room)
    x = sides[1] if anchor == "end" else sides[0] + 2
    name = words((x, base), "did nothing", "chart-small chart-floor-name", anchor)
    return line((sides[0], y), (sides[1], y), "chart-floor") + name


def legend(names: Sequence[tuple[str, int]], top: float, links: Sequence[str] = ()) -> tuple[str, float]:
    """The names with their marks in as many rows as they need, and where they end; links are those of the names."""
    found, x, y = [], 10.0, top
    for number, (name, place) in enumerate(names):
        said = shortened(name, NAME)
        if x + 14 + width_of(said) > WIDTH and x > 10:
            x, y = 10.0, y + 18
        text = words((x + 10, y), said)
        linked = element("a", {"href": links[number]}, text) if any(links[number : number + 1]) else text
        parts = mark((x, y - 4), place), linked
        found.append(element("g", {}, *parts, tooltip(name)))
        x += 28 + width_of(said)
    return "".join(found), y + 8

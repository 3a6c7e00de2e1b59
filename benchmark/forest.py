"""Intervals below one another, with the line of doing nothing and bands over what cannot be told apart."""

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
    short_number,
    shortened,
    tooltip,
    width_of,
    words,
)
from benchmark.whiskers import axis, whisker

WIDTH, TOP, TALL = 360.0, 30.0, 26.0
NAME = 112.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A value of a model, and where it may lie; None where nobody knows."""

    name: str
    value: float | None
    low: float | None
    high: float | None

    place: int | None = None
    """Which colour and mark is its own; None for that of its place in the row."""


def intervals(
    title: str,
    rows: Sequence[Interval],
    nothing: float | None = 100.0,
    groups: Sequence[Sequence[str]] = (),
    x_label: str = "",
) -> str:
    """A forest plot, as the rows are ordered.

    Args:
        title: what it shows.
        rows: the models.
        nothing: what doing nothing gives, as a dashed line.
        groups: names of models that nobody can tell apart; each is a bracket at the right.
        x_label: of the axis below.
    """
    left = min(max([40.0, *(width_of(row.name) for row in rows)]), NAME) + 10
    bands = [band for group in groups if len(band := _places(group, rows)) > 1]
    right = WIDTH - 10 - 9 * len(bands)
    values = [row.value for row in rows if row.value is not None]
    ends = [end for row in rows for end in (row.low, row.high)]
    along = axis(values, ends, (left, right), [] if nothing is None else [nothing])
    bottom = TOP + TALL * len(rows)
    body = []
    for tick in along.ticks(4):
        x = along.at(tick)
        body.append(line((x, TOP - 6), (x, bottom), "chart-grid"))
        body.append(words((x, bottom + 16), short_number(tick), "chart-small", "middle"))
    if nothing is not None:
        x = along.at(nothing)
        body.append(line((x, TOP - 6), (x, bottom), "chart-floor"))
        anchor = "start" if x < (left + right) / 2 else "end"
        body.append(words((x, 14), "did nothing", "chart-small chart-floor-name", anchor))
    body += [_row(row, place, left, along) for place, row in enumerate(rows)]
    body += [_band(band, right + 9 * (place + 1)) for place, band in enumerate(bands)]
    if bands:
        body.append(words((WIDTH - 4, bottom + 34), "brackets: not separable", "chart-small", "end"))
    if x_label:
        body.append(words((left, bottom + (50 if bands else 34)), x_label, "chart-small"))
    height = bottom + 26 + 16 * (bool(bands) + bool(x_label))
    return figure(title, _about(rows, nothing, groups), (WIDTH, height), *body, kind="chart-forest")


def _places(group: Sequence[str], rows: Sequence[Interval]) -> list[int]:
    return [place for place, row in enumerate(rows) if row.name in group]


def _row(row: Interval, place: int, left: float, along: Scale) -> str:
    y, own = TOP + TALL * (place + 0.5), own_place(row.place, place)
    parts = [words((left - 10, y + 4), shortened(row.name, NAME), "", "end")]
    said = "no value"
    if row.value is not None:
        said = f"{row.value:.4g}"
        if row.low is not None and row.high is not None:
            said += f" [{row.low:.4g}, {row.high:.4g}]"
            kind = f"chart-interval {colour(own)}"
            parts += whisker((row.low, row.high), row.value, y, along, kind, up=False)
        parts.append(mark((along.at(row.value), y), own, 4.2))
    else:
        parts.append(words((along.start + 4, y + 4), said, "chart-small"))
    return element("g", {}, *parts, tooltip(f"{row.name}: {said}"))


def _band(places: Sequence[int], x: float) -> str:
    """A bracket with a dot at each of its models: what lies between two dots need not be of it."""
    ys = [TOP + TALL * (place + 0.5) for place in places]
    dots = [element("circle", {"class": "chart-band-dot", "cx": x, "cy": y, "r": 2.6}) for y in ys]
    return element("g", {}, line((x, ys[0]), (x, ys[-1]), "chart-band"), *dots, tooltip("not separable"))


def _about(rows: Sequence[Interval], nothing: float | None, groups: Sequence[Sequence[str]]) -> str:
    said = [
        f"{row.name} {row.value:.4g}"
        + (f" from {row.low:.4g} to {row.high:.4g}" if row.low is not None and row.high is not None else "")
        for row in rows
        if row.value is not None
    ]
    floor = "" if nothing is None else f" Doing nothing gives {nothing:.4g}."
    together = ["; ".join(", ".join(group) for group in groups if len(group) > 1)]
    return "; ".join(said) + "." + floor + (f" Not separable: {together[0]}." if together[0] else "")

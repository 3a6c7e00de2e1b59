"""A heat-map of relative errors: what helps in one colour, what harms in another, the number in every cell."""

import math
from collections.abc import Mapping, Sequence

from benchmark.svg import WIDE, element, figure, shortened, tooltip, width_of, words

NOTHING = 100.0
"""What doing nothing gives."""

STEPS = (1.05, 1.25, 1.6, 2.5, 4.0)
"""From so many times `NOTHING` on, or from its so-manieth part down, a cell has the next colour."""

CELL, TALL = 52, 25
LABEL = 150.0
"""The most room of a row's name."""


def heat_map(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], float | None],
) -> str:
    """A drawing: below what doing nothing gives is better.

    Args:
        title: what it shows.
        rows: names from the top.
        columns: names from the left.
        values: by row and column; a dash where there is none.
    """
    left = min(max([WIDE * 4, *(width_of(row) for row in rows)]), LABEL) + 14
    wide = max(CELL, min(max([0.0, *(width_of(column) for column in columns)]) + 10, 96))
    turned = any(width_of(column) > wide - 6 for column in columns)
    top = 24.0 if not turned else 14 + 0.72 * min(max(width_of(column) for column in columns), LABEL)
    wide = CELL if turned else wide
    body = [_head(column, left + (place + 0.5) * wide, top, wide, turned) for place, column in enumerate(columns)]
    for number, row in enumerate(rows):
        y = top + number * TALL
        body.append(element("g", {}, words((left - 8, y + 17), shortened(row, LABEL), "", "end"), tooltip(row)))
        for place, column in enumerate(columns):
            said = f"{row}, {column}"
            body.append(_cell((left + place * wide, y, wide), values.get((row, column)), said))
    bottom = top + len(rows) * TALL
    size = (max(left + len(columns) * wide + (0.7 * LABEL if turned else 4), left + 230), bottom + 44)
    body.append(_key(left, bottom + 12))
    return figure(title, _about(rows, columns, values), size, *body, kind="chart-heat")


def step_of(value: float) -> str:
    """The class of a value's colour: chart-good-5, chart-even, chart-harm-5."""
    if value <= 0:
        return "chart-good-5"
    ratio = value / NOTHING
    step = sum(max(ratio, 1 / ratio) >= each for each in STEPS)
    return "chart-even" if not step else f"chart-{'harm' if ratio > 1 else 'good'}-{step}"


def _head(column: str, x: float, top: float, wide: float, turned: bool) -> str:
    said = shortened(column, LABEL if turned else wide - 4)
    at = words((x, top - 8), said, "", "start" if turned else "middle", -45 if turned else 0)
    return element("g", {}, at, tooltip(column))


def _cell(place: tuple[float, float, float], value: float | None, said: str) -> str:
    x, y, wide = place
    known = value is not None and math.isfinite(value)
    kind = step_of(value) if value is not None and known else "chart-none"
    number = f"{value:.0f}" if known else "–"
    box = element("rect", {"x": x + 1, "y": y + 1, "width": wide - 2, "height": TALL - 2, "rx": 2})
    shown = words((x + wide / 2, y + 17), number, "", "middle")
    return element("g", {"class": f"chart-cell {kind}"}, box, shown, tooltip(f"{said}: {number}"))


def _key(x: float, y: float) -> str:
    """What the colours say."""
    kinds = [f"chart-good-{step}" for step in (5, 4, 3, 2, 1)] + ["chart-even"]
    kinds += [f"chart-harm-{step}" for step in (1, 2, 3, 4, 5)]
    boxes = [
        element("g", {"class": kind}, element("rect", {"x": x + 18 * place, "y": y, "width": 18, "height": 10}))
        for place, kind in enumerate(kinds)
    ]
    ends = [
        words((x, y + 24), "helps", "chart-small"),
        words((x + 99, y + 24), f"{NOTHING:g} did nothing", "chart-small", "middle"),
        words((x + 198, y + 24), "harms", "chart-small", "end"),
    ]
    return element("g", {"class": "chart-cell"}, *boxes) + "".join(ends)


def _about(rows: Sequence[str], columns: Sequence[str], values: Mapping[tuple[str, str], float | None]) -> str:
    known = [value for row in rows for column in columns if (value := values.get((row, column))) is not None]
    harm = sum(value > NOTHING * STEPS[0] for value in known)
    good = sum(value < NOTHING / STEPS[0] for value in known)
    return (
        f"{len(rows)} rows by {len(columns)} columns. {NOTHING:g} is doing nothing, below helps, above harms: "
        f"{good} of {len(known)} cells help, {harm} harm."
    )

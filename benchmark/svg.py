"""Drawings in SVG as text: elements, words, axes; every string escaped, no style and no script inside.

What is coloured has a class, and pages/charts.css says how: so a page may forbid styles inside elements, and light,
dark and paper come by themselves.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

Attributes = Mapping[str, str | float]

WIDE = 7.0
"""A letter's mean width at the 12 units that charts are lettered in, rather too wide than too narrow."""

SHAPES = 6
"""Kinds of marks, so that lines differ by more than their colour."""

COLOURS = 8
"""Classes `chart-1` to `chart-8`."""


def element(name: str, attributes: Attributes, *inside: str) -> str:
    """An element; what is inside is markup already."""
    words = "".join(f' {key}="{escape(written(value))}"' for key, value in attributes.items() if value != "")
    return f"<{name}{words}>{''.join(inside)}</{name}>" if inside else f"<{name}{words}/>"


def written(value: str | float) -> str:
    """An attribute: tenths of a unit are fine enough for a drawing."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def words(at: tuple[float, float], said: str, kind: str = "", anchor: str = "start", turned: float = 0) -> str:
    """A piece of text; shortened to fit, it still has the whole of it for whoever points at it."""
    x, y = at
    turn = f"rotate({turned:g} {x:.1f} {y:.1f})" if turned else ""
    head: Attributes = {
        "class": kind,
        "x": x,
        "y": y,
        "text-anchor": "" if anchor == "start" else anchor,
        "transform": turn,
    }
    return element("text", head, escape(said))


def tooltip(said: str) -> str:
    """What shows where somebody points."""
    return element("title", {}, escape(said))


def line(start: tuple[float, float], end: tuple[float, float], kind: str) -> str:
    """A straight line."""
    return element("line", {"class": kind, "x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]})


def path(points: Sequence[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    return element("polyline", {"class": kind, "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in points)})


def colour(place: int) -> str:
    """The class of a line or a model."""
    return f"chart-{place % COLOURS + 1}"


def own_place(place: int | None, number: int) -> int:
    """Which colour and mark: the one asked for, or that of the place in the row."""
    return number if place is None else place


def mark(at: tuple[float, float], place: int, size: float = 3.6) -> str:
    """A mark of its own colour and shape."""
    x, y = at
    kind, shape = f"chart-mark {colour(place)}", place % SHAPES
    if shape == 0:
        return element("circle", {"class": kind, "cx": x, "cy": y, "r": size})
    if shape == 1:
        side = 1.8 * size
        return element("rect", {"class": kind, "x": x - side / 2, "y": y - side / 2, "width": side, "height": side})
    start, count, reach = ((-90, 3, 1.4), (90, 3, 1.4), (0, 4, 1.35), (-90, 5, 1.2))[shape - 2]
    turns = [math.radians(start + 360 * corner / count) for corner in range(count)]
    corners = [(x + reach * size * math.cos(turn), y + reach * size * math.sin(turn)) for turn in turns]
    return element("polygon", {"class": kind, "points": " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)})


def width_of(said: str) -> float:
    """About how wide a text is."""
    return WIDE * sum(1.7 if ord(letter) > 0x2E80 else 1.0 for letter in said)


def shortened(said: str, room: float) -> str:
    """A text that fits, with dots where its end was."""
    if width_of(said) <= room:
        return said
    kept = said
    while kept and width_of(kept) + WIDE > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def figure(title: str, about: str, size: tuple[float, float], *inside: str, kind: str = "") -> str:
    """The whole drawing, with a name and a description for whoever does not see it.

    Its parts are one picture to a screen reader, unless there are links among them.
    """
    body = "".join(inside)
    name = "chart-" + hashlib.sha256(f"{title}{about}{body}".encode()).hexdigest()[:10]  # ids are one to a page
    head: Attributes = {
        "class": f"chart {kind}".strip(),
        "viewBox": f"0 0 {size[0]:g} {size[1]:g}",
        "width": size[0],
        "height": size[1],
        "role": "group" if "<a " in body else "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "xmlns": "http://www.w3.org/2000/svg",
    }
    named = element("title", {"id": f"{name}-title"}, escape(title) or " ")
    described = element("desc", {"id": f"{name}-desc"}, escape(about) or " ")
    return element("svg", head, named, described, body)


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers along an axis."""

    low: float
    high: float
    start: float
    """Where `low` lies, in units."""

    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Where a number lies; what is beyond the ends lies at them."""
        held = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(held / self.low) / math.log(self.high / self.low)
        else:
            share = (held - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, count: int = 5) -> list[float]:
        """Round numbers along it, about so many."""
        found = round_logs(self.low, self.high) if self.log else []
        return found if len(found) > 1 else round_numbers(self.low, self.high, count)


def scale(values: Sequence[float], start: float, end: float, log: bool = False) -> Scale:
    """A scale that holds all values, with some air."""
    known = [value for value in values if math.isfinite(value) and (value > 0 or not log)] or [1.0]
    low, high = min(known), max(known)
    if log:
        air = max((high / low) ** 0.07, 1.1)
        return Scale(low / air, high * air, start, end, log=True)
    air = 0.07 * (high - low) or max(abs(high), 1.0) * 0.1
    floor = low - air
    return Scale(0.0 if low >= 0 > floor else floor, high + air, start, end)


def round_numbers(low: float, high: float, count: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(step * power for step in (1, 2, 5, 10) if step * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def round_logs(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten; of a wide range the powers alone."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1,) if math.log10(high / low) > 2.5 else (1, 2, 5)
    return [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= high]


def short_number(value: float) -> str:
    """A number beside an axis."""
    if value and (abs(value) >= 1e5 or abs(value) < 1e-3):
        return ("−" if value < 0 else "") + f"{abs(value):.0e}".replace("e-0", "e-").replace("e+0", "e")
    return f"{value:.6g}".replace("-", "−")

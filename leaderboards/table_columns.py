"""The columns of a board's table by group, each with its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from leaderboards.board import Board
from leaderboards.board_numbers import NONE, Estimate
from leaderboards.figures import amount, count, estimated, exact, shade, spread, unit_of
from leaderboards.reading import BADGES


class Cell(NamedTuple):
    """What is shown in a place of the table."""

    text: str
    interval: str = ""
    value: str = ""
    """By which it is sorted; empty where there is none, which is last in either direction."""

    kind: str = ""
    """Classes: `best` of its column, `g1` to `g5` and `h1` to `h3` for how far from doing nothing, `front`."""


EMPTY = Cell("–")


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column of the table."""

    key: str
    label: str
    says: str
    """What it is, in a sentence."""

    better: str
    """`less`, `more`, or nothing."""

    passport: str = ""
    """The metric's spec, where one is behind it."""


class Source(NamedTuple):
    """A column, and what it shows of each row."""

    heading: Heading
    cells: Sequence[Cell]


def overall(board: Board) -> Iterator[Source]:
    """The lead: relative error, gain, score, and what happens to photos without damage."""
    lead, rows = board.lead, board.rows
    if lead is None:
        return
    name = lead.name.upper()
    says = "Per cent of the untouched input's error that is left, mean over defects: 100 is doing nothing"
    for key, label, about, better, digits, found in (
        ("error", "relative error", says, "less", 1, [row.relative_error for row in rows]),
        ("gain", "gain, dB", "By how many decibels the error is lowered", "more", 2, [row.gain_db for row in rows]),
        ("score", name, f"{name} of the whole photo", toward(lead.higher_is_better), None, [r.score for r in rows]),
        (
            "undamaged",
            f"undamaged, Δ{name}",
            f"How {name} of photos without any damage changes: what the model does where there is nothing to do",
            toward(lead.higher_is_better),
            None,
            [row.undamaged for row in rows],
        ),
    ):
        if any(each != NONE for each in found):
            places = unit_of(lead.name) if digits is None else digits
            yield Source(Heading(key, label, about, better, lead.metric), [number(each, places) for each in found])
    cells = [Cell(row.badge, "", str(BADGES.index(row.badge)), f"level {row.badge}") for row in rows]
    yield Source(Heading("badge", "verified", "How far it was verified, see How it is measured", ""), cells)


def defects(board: Board) -> Iterator[Source]:
    """Relative errors by defect, shaded by how far they are from doing nothing."""
    names = list(dict.fromkeys(name for row in board.rows for name in row.by_defect))
    metric = board.lead.metric if board.lead else ""
    for name in names:
        cells = []
        for row in board.rows:
            found = row.by_defect.get(name, NONE)
            cells.append(number(found, 0)._replace(kind=shade(found.value)))
        says = f"Per cent of the untouched input's error that is left of {name}: 100 is doing nothing"
        yield Source(Heading(f"d.{name}", name, says, "less", metric), cells)


REGIONS = {
    "hole": ("repair", "where structured damage was"),
    "outside": ("collateral", "outside of structured damage: below nought it did harm"),
    "band": ("seam", "along the edges of structured damage"),
}


def regions(board: Board) -> Iterator[Source]:
    """The lead's gain where damage was, outside of it, and along its edges; its score where it has no gain."""
    if board.lead is None:
        return
    known = [region for region in REGIONS if any(each.region == region for row in board.rows for each in row.by_region)]
    for region in known:
        label, where = REGIONS[region]
        mine = [next((each for each in row.by_region if each.region == region), None) for row in board.rows]
        gains = [each.gain_db if each else NONE for each in mine]
        if any(each != NONE for each in gains):
            says = f"By how many decibels the error is lowered {where}"
            yield Source(
                Heading(f"r.{region}", f"{label}, dB", says, "more", board.lead.metric), [number(g, 2) for g in gains]
            )
        else:
            scores = [number(each.score if each else NONE, unit_of(board.lead.name)) for each in mine]
            better = toward(board.lead.higher_is_better)
            says = f"{board.lead.name} {where}"
            yield Source(Heading(f"r.{region}", f"{label}, {board.lead.name}", says, better, board.lead.metric), scores)


def metrics(board: Board) -> Iterator[Source]:
    """Every other metric of the whole photo."""
    names = [column.name for column in board.columns if column.region == "whole"]
    for column in board.columns:
        if column.region != "whole" or column.lead:
            continue
        key = column.name if names.count(column.name) == 1 else column.metric
        found = [row.by_metric.get(column.metric, NONE) for row in board.rows]
        says = f"{column.name} of the whole photo, mean over {column.photos} photos"
        heading = Heading(f"m.{key}", column.name, says, toward(column.higher_is_better), column.metric)
        yield Source(heading, [number(each, unit_of(column.name)) for each in found])


def costs(board: Board) -> Iterator[Source]:
    """What the models cost; nothing where nobody measured."""
    rows = board.rows
    seconds = [Estimate(r.cost.seconds_per_megapixel, r.cost.seconds_low, r.cost.seconds_high) for r in rows]
    front = ["front" if row.pareto else "" for row in rows]
    on = sorted({row.cost.hardware for row in rows if row.cost.hardware})
    where = f"on {on[0]}" if len(on) == 1 else "each on its hardware: compare only equal hardware"
    blocks: list[Source] = [
        Source(
            Heading(
                "c.seconds", "s/MP", f"Seconds per megapixel, {where}; a ring: none is both quicker and better", ""
            ),
            [
                Cell(amount(e.value), spread(e, amount), exact(e.value), kind)
                for e, kind in zip(seconds, front, strict=True)
            ],
        ),
        Source(Heading("c.parameters", "parameters", "Numbers learnt", ""), [big(r.cost.parameters) for r in rows]),
        Source(
            Heading("c.macs", "MACs/px", "Multiply-adds per pixel, as torch counts them", ""),
            [big(row.cost.macs_per_pixel) for row in rows],
        ),
        Source(
            Heading("c.weights", "weights, MB", "The files of weights", ""),
            [megabytes(row.cost.weights_bytes) for row in rows],
        ),
        Source(
            Heading("c.memory", "memory, MB", "Peak beyond the model itself", ""),
            [megabytes(row.cost.peak_bytes) for row in rows],
        ),
    ]
    yield from (block for block in blocks if any(cell.value for cell in block.cells))


GROUPS = (
    ("overall", "Overall", overall),
    ("regions", "By region: gain", regions),
    ("defects", "Relative error by defect", defects),
    ("metrics", "Other metrics", metrics),
    ("cost", "Cost", costs),
)


def number(found: Estimate, digits: int) -> Cell:
    """A value with its interval."""
    if found.value is None:
        return EMPTY
    return Cell(
        estimated(found.value, digits), spread(found, lambda value: estimated(value, digits)), exact(found.value)
    )


def big(value: float | None) -> Cell:
    """A count, as 1.2 M."""
    return EMPTY if value is None else Cell(count(value), "", exact(value))


def megabytes(value: int | None) -> Cell:
    """Bytes as millions of them; nought is none that was measured: no model takes so little."""
    return EMPTY if not value else Cell(amount(value / 1e6), "", exact(value))


def toward(higher_is_better: bool) -> str:
    """Which way is better."""
    return "more" if higher_is_better else "less"

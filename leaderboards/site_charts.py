"""The charts of a suite's and a model's page, drawn from the board."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from statistics import fmean

from benchmark.charts import Interval, Line, Point, curves, heat_map, intervals, scatter
from benchmark.contestants import FLOOR
from leaderboards.board import Board
from leaderboards.board_numbers import CellScore
from leaderboards.board_rows import Row

MOST = 40
"""Models in a chart; of more, the first by rank."""

BRACKETS = 6
"""Groups that are joined in a chart; the table shows more."""

POINTS = 10
"""Models whose names find room beside their points: the first by rank, and all that nothing beats."""

LINES = 7
"""Curves in one chart: of more, nobody tells them apart."""

ERROR = "relative error, %"


def forest(board: Board) -> str:
    """The relative errors with their intervals; empty where there are none."""
    rows = [row for row in board.rows if row.relative_error.value is not None][:MOST]
    if not rows:
        return ""
    names = {row.model: row.card.name for row in rows}
    groups = [[names[model] for model in group if model in names] for group in board.groups]
    shown = [Interval(row.card.name, *row.relative_error, place=place_of(board, row.model)) for row in rows]
    return intervals("Relative error of each model, with its 95 % interval", shown, 100.0, groups[:BRACKETS], ERROR)


def speed(board: Board) -> str:
    """Quality against speed of the models that were timed on the same hardware; empty where fewer than two were."""
    hardware = same_hardware(board)
    points = [
        Point(
            row.card.name,
            row.cost.seconds_per_megapixel,
            row.relative_error.value,
            row.relative_error.low,
            row.relative_error.high,
            href=f"{row.model}/index.html",
            place=place_of(board, row.model),
        )
        for number, row in enumerate(board.rows)
        if (number < POINTS or row.pareto)
        and row.relative_error.value is not None
        and row.cost.seconds_per_megapixel
        and (row.cost.hardware, row.cost.threads) == hardware
        and row.model != FLOOR
    ]
    if len(points) < 2:
        return ""
    return scatter("Quality against speed", points, "seconds per megapixel", ERROR, 100.0)


def same_hardware(board: Board) -> tuple[str | None, int | None]:
    """The hardware that most models were timed on."""
    known = Counter((row.cost.hardware, row.cost.threads) for row in board.rows if row.cost.seconds_per_megapixel)
    return min(known, key=lambda key: (-known[key], str(key)), default=(None, None))


def heat(board: Board) -> str:
    """Relative errors by model and defect; empty where there are none."""
    rows = [row for row in board.rows if row.by_defect][:MOST]
    names = list(dict.fromkeys(name for row in rows for name in row.by_defect))
    values = {(row.card.name, name): found.value for row in rows for name, found in row.by_defect.items()}
    if not values:
        return ""
    return heat_map("Relative error by defect", [row.card.name for row in rows], names, values)


def severities(board: Board) -> str:
    """The mean over defects of the relative error at each severity, of the first models; empty where there is one."""
    cells = graded(board.lead_cells())
    rows = leaders(board)
    lines = [Line(row.card.name, mean_curve(cells, row.model), place_of(board, row.model)) for row in rows]
    return drawn("Relative error over severity, mean over defects", lines)


def by_defect(board: Board) -> list[str]:
    """The same for each defect."""
    cells = graded(board.lead_cells())
    rows = leaders(board)
    found = []
    for defect in dict.fromkeys(cell.defect for cell in cells):
        mine = [cell for cell in cells if cell.defect == defect]
        lines = [Line(row.card.name, mean_curve(mine, row.model), place_of(board, row.model)) for row in rows]
        found.append(drawn(defect, lines))
    return [each for each in found if each]


def own_severities(board: Board, row: Row) -> str:
    """A model's own curves, of the defects on which it does best and worst."""
    cells = graded(cells_by_model(board).get(row.model, []))
    curve = {defect: mean_curve([c for c in cells if c.defect == defect], row.model) for defect in defects_of(cells)}
    order = sorted(curve, key=lambda defect: (fmean(y for _, y in curve[defect]), defect))
    chosen = order if len(order) <= LINES else [*order[:4], *order[-3:]]
    return drawn(f"Relative error of {row.card.name} over severity", [Line(each, curve[each]) for each in chosen])


def own_heat(board: Board, row: Row) -> str:
    """A model's relative errors by defect and severity; empty where there are none."""
    cells = [cell for cell in cells_by_model(board).get(row.model, []) if cell.relative_error.value is not None]
    columns = [name for name in ("1", "2", "3", "4", "5", "ungraded") if any(grade(c) == name for c in cells)]
    values = {(cell.defect, grade(cell)): cell.relative_error.value for cell in cells}
    if not values:
        return ""
    return heat_map(f"Relative error of {row.card.name} by defect and severity", defects_of(cells), columns, values)


@lru_cache(maxsize=4)
def cells_by_model(board: Board) -> Mapping[str, list[CellScore]]:
    """The cells of the lead by model: a ladder of many models has many."""
    found: dict[str, list[CellScore]] = {}
    for cell in board.lead_cells():
        found.setdefault(cell.model, []).append(cell)
    return found


def grade(cell: CellScore) -> str:
    """The severity in words."""
    return "ungraded" if cell.severity is None else str(cell.severity)


def defects_of(cells: Iterable[CellScore]) -> list[str]:
    """The defects in order."""
    return list(dict.fromkeys(cell.defect for cell in cells))


def graded(cells: Iterable[CellScore]) -> list[CellScore]:
    """The cells of defects that have more than one severity."""
    known = [cell for cell in cells if cell.severity and cell.relative_error.value is not None]
    levels = {(cell.defect, cell.severity) for cell in known}
    count = Counter(defect for defect, _ in levels)
    return [cell for cell in known if count[cell.defect] > 1]


def mean_curve(cells: Iterable[CellScore], model: str) -> list[tuple[float, float]]:
    """(severity, mean relative error) of a model."""
    by: dict[int, list[float]] = {}
    for cell in cells:
        if cell.model == model and cell.severity and cell.relative_error.value is not None:
            by.setdefault(cell.severity, []).append(cell.relative_error.value)
    return [(severity, fmean(by[severity])) for severity in sorted(by)]


def leaders(board: Board) -> list[Row]:
    """The first models by rank, without the untouched photo: it is the line at 100."""
    return [row for row in board.rows if row.model != FLOOR and row.place is not None][:LINES]


def place_of(board: Board, model: str) -> int:
    """The colour and the mark of a model: the same in all charts of its suite."""
    order = [row.model for row in board.rows if row.model != FLOOR]
    return order.index(model) if model in order else len(order)


def drawn(title: str, lines: Sequence[Line]) -> str:
    """The curves that have any points; empty where there are none."""
    known = [line for line in lines if len(line.points) > 1]
    return curves(title, known, "severity", ERROR, 100.0) if known else ""

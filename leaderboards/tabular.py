"""The table of a board as a page shows it: groups of columns, and a row of cells for each model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmark.contestants import FLOOR
from leaderboards.board import Board
from leaderboards.board_rows import Row
from leaderboards.table_columns import GROUPS, Cell, Heading, Source

MANY = 12
"""Columns of a group beyond which it is folded away until somebody asks for it, where there is JavaScript."""

BIG = 150
"""Rows from which on the columns have one width: a browser then lays out only what is in view."""


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that belong together."""

    key: str
    label: str
    columns: tuple[Heading, ...]

    @property
    def folded(self) -> bool:
        """Whether it is hidden at first."""
        return len(self.columns) > MANY


@dataclass(frozen=True, slots=True)
class Line:
    """A model's row."""

    row: Row
    rank: str
    lanes: str
    """A character for each bar side by side, `x` where one runs that joins what cannot be told apart."""

    cells: tuple[Cell, ...]
    sets: str
    """The numbers of the groups of what cannot be told apart that it is in."""

    floor: bool
    weights: str


@dataclass(frozen=True, slots=True)
class Table:
    """A board's table: groups of columns, and a line for each model."""

    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    lanes: int

    @property
    def columns(self) -> list[Heading]:
        """The columns of all groups."""
        return [column for group in self.groups for column in group.columns]

    @property
    def big(self) -> bool:
        """Whether it has more rows than a browser lays out at ease."""
        return len(self.lines) > BIG


LANES = 5
"""Bars side by side for groups that cannot be told apart; what finds no place has none, and is in the ranks alone."""


def table(board: Board) -> Table:
    """The table of a board."""
    blocks = [(key, label, list(of(board))) for key, label, of in GROUPS]
    groups = tuple(Group(key, label, tuple(each.heading for each in block)) for key, label, block in blocks if block)
    floors = [row.model == FLOOR for row in board.rows]
    columns = [marked(source, floors) for _, _, block in blocks for source in block]
    bars, sets = lanes_of(board), sets_of(board)
    lines = tuple(
        Line(
            row=row,
            rank=rank_text(row),
            lanes="".join("x" if row.model in bar else "-" for bar in bars),
            cells=tuple(cells[place] for cells in columns),
            sets=" ".join(sets.get(row.model, [])),
            floor=floors[place],
            weights=weights_text(row.card.open_weights),
        )
        for place, row in enumerate(board.rows)
    )
    return Table(groups, lines, len(bars))


def sets_of(board: Board) -> Mapping[str, list[str]]:
    """The numbers of the groups in which each model is."""
    found: dict[str, list[str]] = {}
    for number, group in enumerate(board.groups):
        for model in group:
            found.setdefault(model, []).append(str(number))
    return found


def lanes_of(board: Board) -> list[set[str]]:
    """The models that have a bar, for each bar side by side: groups share one where a row or more lies between."""
    place = {row.model: number for number, row in enumerate(board.rows)}
    bars: list[set[str]] = []
    ends: list[int] = []
    for group in board.groups:
        rows = [place[model] for model in group]
        free = next((bar for bar, end in enumerate(ends) if end + 1 < min(rows, default=0)), len(bars))
        if len(group) < 2 or free == LANES:
            continue
        if free == len(bars):
            bars.append(set())
            ends.append(0)
        bars[free].update(group)
        ends[free] = max(rows)
    return bars


def marked(source: Source, floors: Sequence[bool]) -> list[Cell]:
    """The cells of a column, the best of them marked: of those that do something, and where they differ."""
    known = [float(cell.value) for cell, floor in zip(source.cells, floors, strict=True) if cell.value and not floor]
    if not source.heading.better or len(set(known)) < 2:
        return list(source.cells)
    best = min(known) if source.heading.better == "less" else max(known)
    return [
        cell._replace(kind=f"{cell.kind} best".strip())
        if cell.value and not floor and float(cell.value) == best
        else cell
        for cell, floor in zip(source.cells, floors, strict=True)
    ]


def rank_text(row: Row) -> str:
    """The ranks that a model can have."""
    if row.rank is None:
        return "–"
    low, high = row.rank
    return str(low) if low == high else f"{low}–{high}"


def weights_text(open_weights: bool | None) -> str:
    """Whether its weights are to be had."""
    return "none" if open_weights is None else "open" if open_weights else "closed"

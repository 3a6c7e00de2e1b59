"""Tables on the console: in a terminal as wide as it is, elsewhere with tabs between."""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from degrade.console import harmless, show

GAP = 2
"""Blank columns of the terminal between two columns of a table."""

UNIT = re.compile(r"\[[^\]]*\]\S*|\S+")
"""What stays on one line: a word, or an interval."""

Row = Sequence[str]


def table(head: Row, rows: Sequence[Row]) -> None:
    """Print a table that fits the terminal; where no terminal is, one line for each row, with tabs between."""
    if not sys.stdout.isatty():
        for row in rows:
            show("\t".join(row))
        return
    console = Console(markup=False, highlight=False)
    for line, is_head in drawn(head, rows, console.width):
        text = Text(harmless(line), "bold" if is_head else "")
        console.print(text, no_wrap=True, overflow="ignore", crop=False)


def drawn(head: Row, rows: Sequence[Row], room: int) -> Iterator[tuple[str, bool]]:
    """The lines of a table, and whether each is of its head: nothing is left out or cut off.

    What has several words is wrapped where there is not room for all. Where that is not enough, columns that are too
    many follow below, behind the names of the rows.
    """
    columns = [*zip(head, *rows, strict=True)]
    names = head.index("model") + 1 if "model" in head[:3] else 1
    natural = [max(map(cell_len, column)) for column in columns]
    least = [max(cell_len(unit) for cell in column for unit in UNIT.findall(cell) or [""]) for column in columns]
    for number, block in enumerate(blocks(least, names, room)):
        if number:
            yield "", False
        widths = fitted([natural[each] for each in block], [least[each] for each in block], room)
        for place, row in enumerate((head, *rows)):
            for line in lines_of([row[each] for each in block], widths):
                yield line, place == 0


def blocks(least: Sequence[int], names: int, room: int) -> Iterator[list[int]]:
    """Columns that go beside each other, by their least widths; the first ones, which name the rows, in all blocks."""
    lead = [*range(names)]
    block = [*lead]
    for column in range(names, len(least)):
        taken = sum(least[each] + GAP for each in block)
        if len(block) > names and taken + least[column] > room:
            yield block
            block = [*lead]
        block.append(column)
    yield block


def fitted(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths of columns: natural ones where there is room, else the widest narrowed first, to the least at most."""
    widths = [*natural]
    while sum(widths) + GAP * (len(widths) - 1) > room:
        able = [place for place, width in enumerate(widths) if width > least[place]]
        if not able:
            break
        widths[max(able, key=lambda place: widths[place])] -= 1
    return widths


def lines_of(row: Row, widths: Sequence[int]) -> Iterator[str]:
    """A row of a table as lines: its cells wrapped and padded."""
    for parts in zip_longest(*(wrapped(cell, width) for cell, width in zip(row, widths, strict=True)), fillvalue=""):
        cells = (part + " " * (width - cell_len(part)) for part, width in zip(parts, widths, strict=True))
        yield (" " * GAP).join(cells).rstrip()


def wrapped(cell: str, width: int) -> list[str]:
    """The cell in lines of a width."""
    if cell_len(cell) <= width:
        return [cell]
    lines = [""]
    for unit in UNIT.findall(cell):
        for part in chop_cells(unit, width):
            longer = f"{lines[-1]} {part}".lstrip()
            if cell_len(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines

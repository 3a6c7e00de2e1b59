"""Where names of points stand so that none covers another or a mark: near their point, or at the end of a thin line."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

At = tuple[float, float]

TALL = 12.5
"""From one line of text to the next, at the least."""

NEAR = 9.0
"""From the middle of a mark to its name."""

REACH = (0.0, -13.0, 13.0, -26.0, 26.0, -39.0, 39.0, -52.0, 52.0)
"""How far above or below its mark a name may stand."""


class Box(NamedTuple):
    """Room for names, or what one takes."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        """Whether both have a part in common."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: "Box") -> bool:
        """Whether the other lies within."""
        wide = self.left <= other.left and other.right <= self.right
        return wide and self.top <= other.top and other.bottom <= self.bottom


class Placed(NamedTuple):
    """Where a name stands: the start of its base line."""

    at: At
    free: bool
    """False where there was no room, and something is covered."""

    lead: tuple[At, At] | None
    """A thin line to its mark, where it stands away from it."""


def placed(marks: Sequence[At], widths: Sequence[float], lines: Sequence[Box], room: Box) -> list[Placed]:
    """A place for each name.

    Args:
        marks: the points.
        widths: of their names.
        lines: that a name should not cross if it can be helped, as intervals.
        room: where names may stand.
    """
    taken = [Box(x - 6, y - 6, x + 6, y + 6) for x, y in marks]
    found: dict[int, Placed] = {}
    order = sorted(range(len(marks)), key=lambda number: (-len(_near(marks, number)), number))
    for number in order:  # first those that have least room
        found[number], box = _best(marks[number], widths[number], taken, lines, room)
        taken.append(box)
    return [found[number] for number in range(len(marks))]


def _near(marks: Sequence[At], number: int) -> list[At]:
    x, y = marks[number]
    return [other for other in marks if abs(other[0] - x) < 40 and abs(other[1] - y) < 14]


def _best(mark: At, wide: float, taken: Sequence[Box], lines: Sequence[Box], room: Box) -> tuple[Placed, Box]:
    choices = []
    for left, base in _places(mark, wide, room):
        box = Box(left - 1, base - TALL + 2, left + wide + 1, base + 2)
        if room.holds(box):
            hit = sum(box.covers(other) for other in taken)
            crossed = sum(box.covers(other) for other in lines)
            away = _away(mark, box)
            choices.append((1000 * hit + 15 * crossed + away, left, base, hit == 0, box))
    if not choices:
        left, base = room.left + 1, mark[1] + 4
        choices = [(0.0, left, base, False, Box(left, base - TALL + 2, left + wide, base + 2))]
    _, left, base, free, box = min(choices)
    return Placed((left, base), free, _lead(mark, box) if _away(mark, box) > NEAR + 6 else None), box


def _places(mark: At, wide: float, room: Box) -> Iterator[At]:
    x, y = mark
    for left in (x + NEAR, x - NEAR - wide, x + 26, x - 26 - wide, x - wide / 2, room.right - wide - 1):
        for step in REACH:
            yield left, y + 4 + step


def _end(mark: At, box: Box) -> At:
    """The point of a name's box that is nearest to its mark."""
    return min(max(mark[0], box.left), box.right), min(max(mark[1], box.top + 4), box.bottom - 3)


def _away(mark: At, box: Box) -> float:
    x, y = _end(mark, box)
    return float(((x - mark[0]) ** 2 + (y - mark[1]) ** 2) ** 0.5)


def _lead(mark: At, box: Box) -> tuple[At, At]:
    """From the edge of the mark to the name."""
    end, away = _end(mark, box), _away(mark, box)
    share = 6 / away
    return (mark[0] + share * (end[0] - mark[0]), mark[1] + share * (end[1] - mark[1])), end

"""What is to be said of a photo and of the models for it, in words for a terminal."""

from collections.abc import Iterator
from pathlib import Path

from leaderboards.ailing import Seen
from leaderboards.board import FLOOR, Board
from leaderboards.exporting import cell_words, interval
from leaderboards.for_photo import SHOWN, Advice

NAMED = 4
"""Models that are named beside the first; the table has all."""


def lines_of(advice: Advice, found: Board, photo: Path, *, detected: bool) -> Iterator[str]:
    """What is to know, a line each; `detected` where a detector found the marks."""
    height, width = advice.size
    yield f"{photo}: {width} x {height} pixels, looked at with {advice.side} on the shorter side"
    yield line("your photo looks most like", likeness_words(advice))
    ails = [sign_words(each) for each in advice.signs if each.means]
    yield line("unlike undamaged photos in", "; ".join(ails) or "nothing that was measured")
    others = [f"{each.name} {each.value:.3g} {each.unit}" for each in advice.signs if not each.means]
    yield line("also measured", "; ".join(others) or "-")
    if not detected:
        yield line("marks", "by the top-hat, which fires on texture too; a --mask with the damage drawn says far more")
    yield line("how sure", sure_words(advice, found))
    yield line("take", choice_words(advice, found))
    if found.suite.get("masks") == "given":
        yield line(
            "mind", "models were given the exact mask of marks; where one wants a mask, draw it or find it first"
        )
    undamaged = sum(weight for (_, severity), weight in advice.likely.items() if severity == 0)
    if undamaged >= 1 / len(advice.defects):
        yield line("perhaps", f"it is not damaged at all ({undamaged:.0%}): then leave it as it is")


def line(what: str, words: str) -> str:
    """A line in two columns."""
    return f"{what:<27} {words}"


def likeness_words(advice: Advice) -> str:
    """The likeliest defects, each with its likeliest severity."""
    words: list[str] = []
    for defect, weight in [*advice.defects.items()][:4]:
        if weight < SHOWN and words:
            break
        cells = {cell: each for cell, each in advice.likely.items() if cell[0] == defect}
        name = cell_words(*max(cells, key=cells.__getitem__))
        words.append(f"{'no damage' if name == 'none 0' else name} ({weight:.0%})")
    return ", ".join(words)


def sign_words(sign: Seen) -> str:
    """A sign, and what undamaged photos have."""
    usual = "" if sign.undamaged is None else f", undamaged {sign.undamaged:.3g}"
    return f"{sign.means} ({sign.name} {sign.value:.3g} {sign.unit}{usual})"


def choice_words(advice: Advice, found: Board) -> str:
    """The model that is to be expected to do best, and what cannot be told from it."""
    order = [each.model for each in advice.table.rows]
    first = order[0]
    if first == FLOOR:
        return "nothing: no model is to be expected to do better than leaving it as it is"
    same = {model for group in advice.table.groups if first in group for model in group} - {first}
    others = [model for model in order if model in same and model != FLOOR]
    said = name_of(first, found)
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        said += f"; {', '.join(name_of(each, found) for each in others[:NAMED])}{more} cannot be told from it"
    return said + ("; nor can leaving it as it is" if FLOOR in same else ", surely better than leaving it as it is")


def name_of(model: str, found: Board) -> str:
    """What a model is called on its card."""
    row = found.row(model)
    return row.card.name if row else model


def sure_words(advice: Advice, found: Board) -> str:
    """How far the likeness is to be trusted."""
    first, three = advice.sure.right
    name = found.suite.get("name") or found.suite_id
    far = f"distance {advice.distance:.1f}, theirs up to {advice.sure.distances[1]:.1f}"
    right = (
        f"of photos of {name} that were left out, the true damage came first for {first:.0%}, among three {three:.0%}"
    )
    return f"hardly: it is unlike anything in {name} ({far}); {right}" if advice.unlike else f"{right}; {far}"


def rows_of(advice: Advice, found: Board) -> list[tuple[str, ...]]:
    """The models, as they are to be expected to stand."""
    digits = 1 if advice.table.lead.settled_by == "relative_error" else 3
    rows: list[tuple[str, ...]] = []
    for each in advice.table.rows:
        rows.append(
            (span(each.rank), name_of(each.model, found), interval(each.expected, digits), span(each.board_rank))
        )
    return rows


def span(rank: tuple[int, int] | None) -> str:
    """Ranks from-to."""
    if rank is None:
        return "-"
    return str(rank[0]) if rank[0] == rank[1] else f"{rank[0]}-{rank[1]}"

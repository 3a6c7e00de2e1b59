"""What is to be said of a photo and of the models for it, in words for a terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmark.reporting import Grid
from leaderboards.board import FLOOR, Board
from leaderboards.board_rows import Row
from leaderboards.exporting import cell_words, interval
from leaderboards.for_photo import SHOWN, Advice
from leaderboards.symptoms import Shown

NAMED = 4
"""Models that are named beside the first; the table has all."""


def lines_of(advice: Advice, found: Board, photo: Path, *, mask: str) -> Iterator[str]:
    """What is to know, a line each.

    Args:
        advice: what was found.
        found: the board.
        photo: where it lies.
        mask: who says what marks cover: `detector`, `mask` (somebody's), or `top-hat`.
    """
    height, width = advice.size
    yield f"{photo}: {width} x {height} pixels, looked at with {advice.side} on the shorter side"
    yield line("what seems wrong", wrong_words(advice, mask))
    if not advice.little:
        yield line("of the suite, most like", likeness_words(advice))
        yield line("how sure", sure_words(advice, found))
    yield line("measured", "; ".join(f"{each.name} {each.value:.3g} {each.unit}" for each in advice.signs))
    yield line("marks", MASKS[mask])
    yield line("take", LITTLE if advice.little else choice_words(advice, found))
    if found.suite.get("masks") == "given" and not advice.little:
        yield line(
            "mind", "models were given the exact mask of marks; where one wants a mask, draw it or find it first"
        )


LITTLE = "nothing: leave it as it is, unless you see marks on it; the table says what models do to undamaged photos"

MASKS = {
    "top-hat": "no mask was given; thin ones are estimated by a top-hat filter, which misses stains, holes and many "
    "scratches, and takes thin patterns for marks: draw a --mask, or give a --detector",
    "mask": "as the mask has them",
    "detector": "as the detector has them",
}


def wrong_words(advice: Advice, mask: str) -> str:
    """What is plainly wrong, with the numbers that say so."""
    if advice.little:
        marks = "marks" if mask != "top-hat" else "thin marks"
        return f"little: noise, sharpness, tones, colour, JPEG blocks and {marks} are as in clean photos"
    return "; ".join(symptom_words(each) for each in advice.symptoms)


def symptom_words(shown: Shown) -> str:
    """A symptom, and how far clean photos go."""
    each = shown.symptom
    return f"{each.says} ({each.name}: {shown.value:.3g} {each.unit}; clean photos up to {each.limit:g})"


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


def choice_words(advice: Advice, found: Board) -> str:
    """The model that is to be expected to do best, and what cannot be told from it."""
    order = [each.model for each in advice.table.rows]
    first = order[0]
    if first == FLOOR:
        return "nothing: no model is to be expected to do better than leaving it as it is"
    same = {model for group in advice.table.groups if first in group for model in group} - {first}
    others = [model for model in order if model in same and model != FLOOR]
    return taken(name_of(first, found), [name_of(each, found) for each in others], floor=FLOOR in same)


def taken(first: str, others: Sequence[str], *, floor: bool) -> str:
    """The best model, the others that cannot be told from it, and whether leaving the photo as it is cannot."""
    more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
    said = f"{first}; {', '.join(others[:NAMED])}{more} cannot be told from it" if others else first
    if not floor:
        return f"{said}, surely better than leaving it as it is"
    return said + ("; nor can leaving it as it is" if others else "; leaving it as it is cannot be told from it")


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


def table_of(advice: Advice, found: Board) -> Grid:
    """The models as they are to be expected to stand; of an undamaged photo, by what they do to such photos."""
    if advice.little:
        rows = [row for row in found.rows if row.undamaged.value is not None]
        if rows:
            return undamaged_table(rows, found)
    what = "relative error" if advice.table.lead.settled_by == "relative_error" else advice.table.lead.name
    head = ("rank", "model", what, "rank on the board")
    return Grid("Expected on damage like this, by the suite's photos", head, tuple(rows_of(advice, found)))


def undamaged_table(rows: list[Row], found: Board) -> Grid:
    """What models do to undamaged photos, the one that does least harm first."""
    lead = found.lead
    upwards = lead is None or lead.higher_is_better
    order = sorted(rows, key=lambda row: (-(row.undamaged.value or 0) if upwards else row.undamaged.value, row.model))
    head = ("model", f"{lead.name if lead else 'score'}, less that of leaving it as it is")
    return Grid(
        "What models do to undamaged photos of the suite",
        head,
        tuple((each.card.name, interval(each.undamaged, 2)) for each in order),
    )


def rows_of(advice: Advice, found: Board) -> list[tuple[str, ...]]:
    """The models, as they are to be expected to stand."""
    digits = 1 if advice.table.lead.settled_by == "relative_error" else 3
    return [
        (span(each.rank), name_of(each.model, found), interval(each.expected, digits), span(each.board_rank))
        for each in advice.table.rows
    ]


def span(rank: tuple[int, int] | None) -> str:
    """Ranks from-to."""
    if rank is None:
        return "-"
    return str(rank[0]) if rank[0] == rank[1] else f"{rank[0]}-{rank[1]}"

"""A badge: where a model stands on a suite, as a small picture for its README and as data for whoever draws badges."""

import json
from html import escape
from pathlib import Path

from degrade.io import write_text
from leaderboards.board import Board
from leaderboards.board_rows import Row
from leaderboards.entry import folder_name

SUBJECT, GOOD, MIDDLE, POOR, UNKNOWN = "#4a4f57", "#2f6f4f", "#7a6320", "#96492f", "#5d626b"
"""Grounds on which white text has a contrast of 4.5 and more."""

WIDE, NARROW = frozenset("mwMW%@"), frozenset("ijl.,:;'|!I ")


def label_of(board: Board) -> str:
    """The left half: what it stands on."""
    return f"Foxing {board.suite.get('name') or board.suite_id.partition(':')[0]}"


def message_of(board: Board, row: Row) -> str:
    """The right half: the ranks that it can have, and what it leaves of the error."""
    if row.rank is None:
        return "unranked"
    ranked = sum(each.rank is not None for each in board.rows)
    first, last = row.rank
    rank = f"{first}" if first == last else f"{first}-{last}"
    left = "" if row.relative_error.value is None else f", error {row.relative_error.value:.0f} %"
    return f"rank {rank} of {ranked}{left}"


def ground_of(row: Row) -> str:
    """Green where the model surely helps, red where it surely harms, brown between."""
    error = row.relative_error
    if row.rank is None or error.low is None or error.high is None:
        return UNKNOWN
    if error.high < 100:
        return GOOD
    return POOR if error.low > 100 else MIDDLE


def endpoint(board: Board, row: Row) -> str:
    """The badge as the endpoint of shields.io wants it.

    Source: shields.io/badges/endpoint-badge, schema version 1.
    """
    data = {"schemaVersion": 1, "label": label_of(board), "message": message_of(board, row), "color": ground_of(row)}
    return json.dumps(data, ensure_ascii=False) + "\n"


def drawn(board: Board, row: Row) -> str:
    """The badge as SVG, twenty pixels high; it fetches no fonts, so widths are estimates that `textLength` enforces."""
    label, message = label_of(board), message_of(board, row)
    left, right = width_of(label), width_of(message)
    title = escape(f"{row.card.name}: {label}: {message}")
    halves = [(label, left / 2, left), (message, left + right / 2, right)]
    texts = "".join(
        f'<text x="{middle:g}" y="14" textLength="{width - 12:g}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(words)}</text>"
        for words, middle, width in halves
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:g}" height="20" role="img" '
        f'aria-label="{title}"><title>{title}</title>'
        f'<clipPath id="r"><rect width="{left + right:g}" height="20" rx="3"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left:g}" height="20" fill="{SUBJECT}"/>'
        f'<rect x="{left:g}" width="{right:g}" height="20" fill="{ground_of(row)}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">{texts}</g>'
        "</svg>\n"
    )


def width_of(words: str) -> float:
    """About as many pixels as the words take at 11, and six on either side."""
    return round(12 + sum(9.5 if each in WIDE else 3.9 if each in NARROW else 6.8 for each in words))


def write_badges(board: Board, out: Path) -> list[Path]:
    """Write the badge of every model, as SVG and as data, in a folder of its suite; what was written.

    Raises:
        OSError: the folder cannot be written.
    """
    written = []
    for row in board.rows:
        place = out / folder_name(board.suite_id) / row.model
        for name, content in (("badge.svg", drawn(board, row)), ("badge.json", endpoint(board, row))):
            write_text(place / name, content)
            written.append(place / name)
    return written

"""A badge: where a model stands on a suite, as a small picture for its README and as data for whoever draws badges."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says."""

    name: str
    """Of the model."""

    label: str
    message: str
    ground: str


def badges(board: Board) -> Iterator[tuple[str, Badge]]:
    """The badge of every model, and of those that were withdrawn: it may be shown where nobody knows of that yet."""
    label = label_of(board)
    for row in board.rows:
        yield row.model, Badge(row.card.name, label, message_of(board, row), ground_of(row))
    for model, _ in board.withdrawn:
        yield model, Badge(model, label, "withdrawn", UNKNOWN)


def endpoint(badge: Badge) -> str:
    """The badge as the endpoint of shields.io wants it.

    Source: shields.io/badges/endpoint-badge, schema version 1.
    """
    data = {"schemaVersion": 1, "label": badge.label, "message": badge.message, "color": badge.ground}
    return json.dumps(data, ensure_ascii=False) + "\n"


def drawn(badge: Badge) -> str:
    """The badge as SVG, twenty pixels high; it fetches no fonts, so widths are estimates that `textLength` enforces."""
    label, message = badge.label, badge.message
    left, right = width_of(label), width_of(message)
    title = escape(f"{badge.name}: {label}: {message}")
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
        f'<rect x="{left:g}" width="{right:g}" height="20" fill="{badge.ground}"/></g>'
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
    for model, badge in badges(board):
        place = out / folder_name(board.suite_id) / model
        for name, content in (("badge.svg", drawn(badge)), ("badge.json", endpoint(badge))):
            write_text(place / name, content)
            written.append(place / name)
    return written

"""What a board shows, as files for programs and other pages: CSV, JSON, Parquet, and tables in Markdown."""

import io
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from benchmark.store import parquet_bytes
from degrade.io import write_bytes, write_text
from leaderboards.board import Board, as_data
from leaderboards.board_numbers import Estimate
from leaderboards.board_rows import Row
from leaderboards.entry import folder_name

ALL = ""
"""The defect of rows that are of all defects together."""

NUMBERS = ("score", "relative_error", "gain_db")

NUMBERED = tuple(f"{name}{end}" for name in NUMBERS for end in ("", "_low", "_high"))

SCHEMA = pa.schema(
    [
        ("suite_id", pa.string()),
        ("model", pa.string()),
        ("metric", pa.string()),
        ("region", pa.string()),
        ("defect", pa.string()),
        ("severity", pa.int32()),
        ("photos", pa.int32()),
        *((name, pa.float64()) for name in NUMBERED),
        ("rank_best", pa.int32()),
        ("rank_worst", pa.int32()),
    ]
)
"""One row for each model x metric x region x defect x severity. An empty defect is all defects together: there a row
holds the ranks by that column. A defect without severity is all of its severities, or one that nobody graded."""


def table_of(board: Board) -> pa.Table:
    """Everything that the board shows of its models' scores, in order of rank."""
    place = {row.model: number for number, row in enumerate(board.rows)}
    rows = [*whole_rows(board), *cell_rows(board)]
    rows.sort(
        key=lambda row: (
            place.get(row["model"], len(place)),
            row["metric"],
            row["region"],
            row["defect"],
            -1 if row["severity"] is None else row["severity"],
        )
    )
    return pa.Table.from_pylist(rows, SCHEMA)


def whole_rows(board: Board) -> Iterator[dict[str, Any]]:
    """The columns themselves, over all damaged cells; of relative errors also those by defect."""
    graded = {cell.defect for cell in board.cells if cell.severity}
    for total in board.totals:
        head = {"suite_id": board.suite_id, "model": total.model, "metric": total.metric, "region": total.region}
        low, high = total.rank or (None, None)
        ranks = {"rank_best": low, "rank_worst": high}
        yield (
            {**head, "defect": ALL, "photos": total.photos, "severity": None}
            | ranks
            | written((total.score, total.relative_error, total.gain_db))
        )
        for defect, estimate in total.by_defect.items():
            if defect in graded:
                numbers = written((Estimate(None), estimate, Estimate(None)))
                yield {**head, "defect": defect, "photos": total.photos, "severity": None} | numbers


def cell_rows(board: Board) -> Iterator[dict[str, Any]]:
    """The cells of a board as rows of a table."""
    for cell in board.cells:
        yield {
            "suite_id": board.suite_id,
            "model": cell.model,
            "metric": cell.metric,
            "region": cell.region,
            "defect": cell.defect,
            "severity": cell.severity,
            "photos": cell.photos,
        } | written((cell.score, cell.relative_error, cell.gain_db))


def written(estimates: tuple[Estimate, Estimate, Estimate]) -> dict[str, float | None]:
    """Score, relative error and gain, each with its interval."""
    return dict(zip(NUMBERED, (number for each in estimates for number in each), strict=True))


def write_data(board: Board, out: Path) -> list[Path]:
    """Write the board's CSV, JSON and Parquet; what was written.

    Raises:
        OSError: the folder cannot be written.
    """
    table, name = table_of(board), folder_name(board.suite_id)
    held = io.BytesIO()
    pa_csv.write_csv(table, held)
    data = json.dumps(as_data(board), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    files = {f"{name}.csv": held.getvalue(), f"{name}.json": data.encode(), f"{name}.parquet": parquet_bytes(table)}
    for file, content in files.items():
        write_bytes(out / file, content)
    return [out / file for file in files]


def markdown(boards: Sequence[Board], left_out: Sequence[str] = ()) -> str:
    """The tables of all suites in Markdown, with intervals and ranks from-to, and a line for all that was left out."""
    parts = ["# Leaderboards\n", EXPLAINED]
    for board in boards:
        name = text(str(board.suite.get("name", "")) or board.suite_id)
        about = text(str(board.suite.get("about", "")))
        parts.append(f"## {name}\n\n`{board.suite_id}`" + (f": {about}" if about else "") + "\n")
        parts.append(standings(board))
        parts += [f"Withdrawn: {text(model)} ({text(why)}).\n" for model, why in board.withdrawn]
    if left_out:
        lines = "\n".join(f"- {text(each)}" for each in left_out)
        parts.append(f"## Left out\n\nThese could not be read, and are in no table.\n\n{lines}\n")
    return "\n".join(parts)


EXPLAINED = (
    "Relative error is the share of the untouched input's error that a model leaves, in per cent: 100 did nothing, "
    "less is better, more did harm. Brackets hold 95 % intervals over photos. A rank from-to holds every place that a "
    "model can have: models whose ranks overlap may not be told apart.\n"
)


def standings(board: Board) -> str:
    """The table of one suite."""
    lead = board.lead.name if board.lead else "score"
    regions = [column for column in ("hole", "outside", "band") if any(r.region == column for r in board.columns)]
    words = {"hole": "repair, dB", "outside": "outside, dB", "band": "seam, dB"}
    errors = any(row.relative_error.value is not None for row in board.rows)
    scores = ("relative error", lead, "gain, dB", *(words[each] for each in regions), "worst") if errors else (lead,)
    head = ("rank", "model", "kind", *scores, "failed", "s/MP", "verified")
    lines = [line(head), line(["---"] * len(head))]
    for row in board.rows:
        gains = {each.region: each.gain_db for each in row.by_region}
        scored = (
            interval(row.relative_error, 1),
            interval(row.score, 2),
            interval(row.gain_db, 2),
            *(interval(gains.get(each, Estimate(None)), 2) for each in regions),
            worst_words(row),
        )
        lines.append(
            line(
                (
                    rank_words(row),
                    text(row.card.name),
                    row.card.kind,
                    *(scored if errors else scored[1:2]),
                    str(row.failed),
                    number_words(row.cost.seconds_per_megapixel),
                    row.badge,
                )
            )
        )
    return "\n".join(lines) + "\n"


def rank_words(row: Row) -> str:
    """The ranks that a model can have, or why it has none."""
    if row.rank is None:
        return f"unranked: {row.unranked}"
    return str(row.rank[0]) if row.rank[0] == row.rank[1] else f"{row.rank[0]}-{row.rank[1]}"


def worst_words(row: Row) -> str:
    """The cell where a model does worst."""
    if row.worst is None:
        return "-"
    return f"{cell_words(row.worst.defect, row.worst.severity)}: {row.worst.relative_error:.0f}"


def cell_words(defect: str, severity: int | None) -> str:
    """A defect and its severity."""
    return defect if severity is None else f"{defect} {severity}"


def interval(found: Estimate, digits: int) -> str:
    """A value and its interval."""
    if found.value is None:
        return "-"
    if found.low is None or found.high is None:
        return f"{found.value:.{digits}f}"
    return f"{found.value:.{digits}f} [{found.low:.{digits}f}, {found.high:.{digits}f}]"


def number_words(value: float | None) -> str:
    """Three digits; a dash where there is none."""
    return "-" if value is None else f"{value:.3g}"


def text(value: str) -> str:
    """Anybody's words in a cell of a Markdown table: one line in which nothing is markup."""
    one = escape(" ".join(value.split()), quote=False)
    return "".join(f"\\{each}" if each in MARKUP else each for each in one)


MARKUP = frozenset("\\`*_{}[]|~#")


def line(cells: Sequence[str]) -> str:
    """A line of a table."""
    return "| " + " | ".join(cells) + " |"


def write_markdown(boards: Sequence[Board], out: Path, left_out: Sequence[str] = ()) -> Path:
    """Write LEADERBOARD.md; where it lies.

    Raises:
        OSError: the folder cannot be written.
    """
    path = out / "LEADERBOARD.md"
    write_text(path, markdown(boards, left_out))
    return path

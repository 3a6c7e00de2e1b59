"""The work behind `foxing benchmark report` and `export`."""

import json as json_format
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.cli_make import told
from benchmark.exporting import exported
from benchmark.finishing import scorable
from benchmark.reporting import Grid, grids_of, leading, markdown, short, unmeasured
from benchmark.scored import scored, summed_up
from benchmark.set_table import measured_sets
from benchmark.store import RUN, SUMMARY, RunStore
from degrade.cli_table import table
from degrade.console import refuse_idle, show, tell
from degrade.io import write_bytes, write_text


@dataclass(frozen=True, slots=True)
class Report:
    """What was typed behind `foxing benchmark report`."""

    runs: Path
    markdown: Path | None
    html: Path | None
    suite: Path | None
    json: bool


def run_report(asked: Report) -> None:
    """Show the tables of a finished sweep, and write its page.

    Raises:
        MisuseError: there is no finished sweep.
        FailureError: the file could not be written.
    """
    runs, out = asked.runs, asked.markdown
    refuse_idle(("--suite", asked.suite, asked.html, "it is where the pictures of the page come from; add --html"))
    with told(runs):
        store, rows = whole(runs)
        record, found = store.read_json(RUN), summed_up(runs)
        sets = measured_sets(runs, record)
        grids = [*grids_of(found, record), *([sets] if sets else [])]
        if out is not None:
            write_text(out, markdown(grids, record))
        page = written_page(asked)
    if asked.json:
        show(json_format.dumps(found, ensure_ascii=False, indent=1))
        return
    show_all(grids)
    for note in notes(found, record):
        show(note)
    for doubt in doubts(runs, record, rows if not grids else None):
        tell(doubt)
    if out is not None:
        show(f"{out}: the tables in Markdown")
    if page is not None:
        show(f"{page}: the report as a page")


NO_TABLES = "no metric has a value for the untouched photos, so there are no tables; see items.parquet"


def doubts(runs: Path, record: Mapping[str, Any], rows: Any) -> Iterator[str]:
    """What to know of a report that is not of all, or of nothing.

    Args:
        runs: the folder of the sweep.
        record: its run.json.
        rows: its rows where there are no tables, else None.
    """
    if record.get("ended") is None:
        yield f"{runs}: a later run into it has not ended; this is what came before it"
    if rows is not None and scorable(rows).num_rows:
        yield f"{runs / SUMMARY}: missing or damaged; foxing benchmark merge {runs} writes it anew from the items"
    elif rows is not None:
        yield NO_TABLES


def notes(summary: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    """What is not measured, under an empty line."""
    whole = [column for column in summary.get("columns", []) if column["region"] == "whole"]
    lead = leading(whole, record) if whole else {"metric": "", "error": ""}
    said = unmeasured(record.get("suite", {}), short(lead), error=lead.get("error") is not None)
    return ["", said] if said else []


def written_page(asked: Report) -> Path | None:
    """The file of the page, where one was asked for.

    Raises:
        SuiteError: there is nothing to report, or the suite is another.
        OSError: it could not be written.
    """
    if asked.html is None:
        return None
    from benchmark.report_page import write_page  # noqa: PLC0415 - heavy

    return write_page(asked.runs, asked.html, asked.suite).file


def show_all(grids: list[Grid]) -> None:
    """Print tables, each under its title."""
    for number, grid in enumerate(grids):
        show(("\n" if number else "") + grid.title)
        if not sys.stdout.isatty():
            show("\t".join(grid.head))  # of several tables in a row each has its own
        table([*grid.head], [*grid.rows])


def run_export(runs: Path, out: Path) -> None:
    """Write the items of a finished sweep as CSV, Parquet or JSON, as the name says.

    Raises:
        MisuseError: there is no finished sweep, or nobody knows that suffix.
        FailureError: the file could not be written.
    """
    with told(runs):
        _, rows = whole(runs)
        write_bytes(out, exported(rows, out))
    show(f"{out}: {rows.num_rows} rows")


def whole(runs: Path) -> tuple[RunStore, Any]:
    """A finished sweep and its rows.

    Raises:
        SuiteError: there is none, or its rows are not those that it left.
    """
    return RunStore(runs), scored(runs)

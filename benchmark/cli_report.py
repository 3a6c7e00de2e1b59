"""The work behind `foxing benchmark report` and `export`."""

import io
import json as json_format
import sys
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv

from benchmark.cli_make import told
from benchmark.reporting import Grid, grids_of, markdown
from benchmark.store import ITEMS, RUN, SUMMARY, RunStore, plain, read_rows
from benchmark.suite import SuiteError
from degrade.cli_catalogue import table
from degrade.console import show, tell
from degrade.io import write_bytes, write_text


def run_report(runs: Path, out: Path | None, json: bool) -> None:
    """Show the tables of a finished sweep.

    Raises:
        MisuseError: there is no finished sweep.
        FailureError: the file could not be written.
    """
    with told(runs):
        store, _ = whole(runs)
        record, found = store.read_json(RUN), store.read_json(SUMMARY)
        grids = grids_of(found, record)
        if out is not None:
            write_text(out, markdown(grids, record))
    if json:
        show(json_format.dumps(found, ensure_ascii=False, indent=1))
        return
    show_all(grids)
    if out is not None:
        show(f"{out}: the tables in Markdown")
    tell("tables only: the page with heat-maps and pictures is not written yet")


def show_all(grids: list[Grid]) -> None:
    """Print tables, each under its title."""
    for number, grid in enumerate(grids):
        show(("\n" if number else "") + grid.title)
        if not sys.stdout.isatty():
            show("\t".join(grid.head))  # of several tables in a row each has its own
        table([*grid.head], [*grid.rows])


def run_export(runs: Path, out: Path) -> None:
    """Write the items of a finished sweep as CSV.

    Raises:
        MisuseError: there is no finished sweep.
        FailureError: the file could not be written.
    """
    with told(runs):
        _, rows = whole(runs)
        held = io.BytesIO()
        pa_csv.write_csv(plain(rows), held)
        write_bytes(out, held.getvalue())
    show(f"{out}: {rows.num_rows} rows")


def whole(runs: Path) -> tuple[RunStore, Any]:
    """A finished sweep and its rows.

    Raises:
        SuiteError: there is none.
    """
    if not (runs / ITEMS).is_file():
        raise SuiteError(f"{runs}: no finished sweep ({ITEMS} is missing); foxing benchmark run, or merge")
    return RunStore(runs), read_rows(runs / ITEMS)

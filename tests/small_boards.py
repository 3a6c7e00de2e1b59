"""Entries with a known truth, in their folders, for tests of boards."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from small_items import MAE, PSNR, table

from benchmark.store import ITEMS, RUN, SCHEMA, SUMMARY, parquet_bytes
from benchmark.suite import Item, Suite
from degrade.io import write_bytes, write_text
from leaderboards.card import card_text
from leaderboards.entry import CARD, SUITE, Card, Entry, folder_name
from leaderboards.reading import read_entry

PHOTOS = 8

MODELS = ("identity", "good", "fair", "bad")

STEPS = (0.0, 6.0, 1.0, -3.0)
"""Decibels that each model adds."""

CELLS = (("Foxing", 1), ("Foxing", 3), ("Tear", 1), ("Tear", 3))


def some_rows(models: Sequence[str] = MODELS, steps: Sequence[float] = STEPS) -> pa.Table:
    """Rows by PSNR and MAE: every model lies its step above or below the untouched input, with a little noise."""
    source = np.random.default_rng(0)
    photos = source.normal(25, 2, (1, PHOTOS, len(CELLS)))
    psnr = photos + np.array(steps)[:, None, None] + source.normal(0, 0.2, (len(models), PHOTOS, len(CELLS)))
    psnr[0] = photos[0]
    values = np.stack([psnr, 255 * 10 ** (-psnr / 20)])
    rows = table(values, (PSNR, MAE))
    names = pa.array(
        [dict(zip(numbered(len(models)), models, strict=True))[each] for each in rows["model"].to_pylist()]
    )
    return whole(rows.set_column(rows.schema.get_field_index("model"), "model", names))


def numbered(count: int) -> list[str]:
    """What `small_items` calls models."""
    return ["identity", *(f"model-{place}" for place in range(1, count))]


def whole(rows: pa.Table) -> pa.Table:
    """The rows with all columns of a sweep."""
    size = rows.num_rows
    more: Mapping[str, Any] = {
        "error": [""] * size,
        "output_sha256": [""] * size,
        "seconds": [0.1] * size,
        "tries": [1] * size,
    }
    for name, column in more.items():
        rows = rows.append_column(name, pa.array(column))
    suite = pa.array([small_board_suite().suite_id] * size)
    rows = rows.set_column(rows.schema.get_field_index("suite_id"), "suite_id", suite)
    return rows.select(SCHEMA.names).cast(SCHEMA)


def small_board_suite() -> Suite:
    """The suite that the rows are of."""
    items = tuple(
        Item(
            f"photo-{photo:04d}/{defect}/{severity}",
            f"photo-{photo:04d}",
            defect,
            severity,
            0,
            "",
            64,
            64,
            "",
            "",
            "",
            "",
        )
        for photo in range(PHOTOS)
        for defect, severity in CELLS
    )
    return Suite("small", "For tests, with a | bar and <b>.", "restore", "given", (PSNR, MAE), items)


def write_entries(
    root: Path, rows: pa.Table | None = None, costs: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Entry]:
    """An entry for each model, in folders as `foxing leaderboard add` has them."""
    rows = some_rows() if rows is None else rows
    suite = small_board_suite()
    place = root / folder_name(suite.suite_id)
    write_text(place / SUITE, suite.to_json())
    found = []
    for model in sorted(rows["model"].unique().to_pylist()):
        folder = place / model
        own = rows.filter(pc.equal(rows["model"], model))
        write_bytes(folder / ITEMS, parquet_bytes(own))
        run = {"suite_id": suite.suite_id, "models": {model: {"cost": dict((costs or {}).get(model, {}))}}}
        write_text(folder / RUN, json.dumps(run))
        write_text(folder / SUMMARY, "{}")
        write_text(folder / CARD, card_text(Card(model, f"{model} is for tests.", "classical", submitted="2026-11-01")))
        found.append(read_entry(folder))
    return found


def called(entry: Entry, name: str) -> Entry:
    """The entry with another name on its card."""
    return replace(entry, card=replace(entry.card, name=name))


def write_run(folder: Path, rows: pa.Table) -> Path:
    """A finished sweep."""
    write_bytes(folder / ITEMS, parquet_bytes(rows))
    write_text(folder / RUN, json.dumps({"suite_id": small_board_suite().suite_id, "models": {}}))
    return folder

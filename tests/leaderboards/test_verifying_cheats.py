"""Cheats that choose what is looked at again, or hide what went badly, are found."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tampering import refused, store, verify

from benchmark.finishing import statuses
from benchmark.store import ITEMS, RUN, plain, read_rows
from leaderboards.adding import as_text
from leaderboards.entry import CHECKED

Console = pytest.CaptureFixture[str]


def rows_of(entry: Path) -> list[dict[str, Any]]:
    return list(plain(read_rows(entry / ITEMS)).to_pylist())


def said_to_have_failed(rows: Sequence[dict[str, Any]], item: str) -> list[dict[str, Any]]:
    """The rows, as if the model had given nothing for an item."""
    failed = {"status": "error", "value": None, "error": "out of luck", "output_sha256": ""}
    kept = [row for row in rows if row["item"] != item or row["region"] == "whole"]
    return [row | failed if row["item"] == item else row for row in kept]


def test_a_bad_answer_that_is_said_to_have_failed_is_found_by_asking_again(
    entry: Path, small_run: Path, capsys: Console
) -> None:
    store(entry, said_to_have_failed(rows_of(entry), "none/photo0"))
    record = json.loads((entry / RUN).read_text("utf-8"))
    record["status"] = statuses(read_rows(entry / ITEMS))
    (entry / RUN).write_text(as_text(record), "utf-8")
    assert verify(entry) == 0
    words = (entry, "--level", 4, "--run", "--suite", small_run / "suite")
    refused(
        capsys, "level 4: none/photo0: failed when it was scored (error: out of luck), and is answered here", *words
    )


def test_an_answer_is_of_one_output(entry: Path, capsys: Console) -> None:
    rows = rows_of(entry)
    rows[0]["output_sha256"] = "0" * 64
    store(entry, rows)
    refused(capsys, f"level 1: items.parquet: {rows[0]['item']} (seed 0): rows of more than one output", entry)


def test_nobody_can_foresee_which_answers_are_looked_at_unless_a_seed_is_given(entry: Path, small_run: Path) -> None:
    words = (entry, "--level", 3, "--outputs", small_run / "outputs", "--suite", small_run / "suite")
    seeds = []
    for more in ((), (), ("--seed", 5)):
        (entry / CHECKED).unlink(missing_ok=True)
        assert verify(*words, *more) == 0
        seeds.append(json.loads((entry / CHECKED).read_text("utf-8"))["seed"])
    assert seeds[2] == 5
    assert seeds[0] != seeds[1]

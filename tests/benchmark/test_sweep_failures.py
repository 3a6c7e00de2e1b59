"""Models that fail, hang or die in a sweep: a status and never a number, and the sweep goes on."""

import json
import time
from dataclasses import replace
from pathlib import Path

import misbehaving
import numpy as np
import pytest
from small_suites import small_suite
from small_sweeps import swept

from benchmark.attempts import Question, in_process
from benchmark.contestants import Opening, entries_of, entry_of
from benchmark.isolated import Isolated
from benchmark.materials import Materials
from benchmark.store import RunStore
from benchmark.suite import SuiteError
from benchmark.sweep import Sweep, Watch, run_sweep
from restore_models.restorer import ModelError


@pytest.mark.parametrize(
    ("model", "status", "said"),
    [
        ("raises", "error", "RuntimeError: no luck today"),
        ("wrong_size", "shape", "gave (39, 48, 3) for a photo of (40, 48, 3)"),
        ("floats", "error", "gave float64, not uint8"),
        ("not_numbers", "nonfinite", "values that are no numbers"),
        ("grey", "error", "gave an array of (40, 48)"),
        ("nothing", "error", "gave NoneType"),
    ],
)
def test_a_failure_is_a_status_and_never_a_number(tmp_path: Path, model: str, status: str, said: str) -> None:
    made = small_suite(tmp_path)
    done, rows = swept(made, [f"it@misbehaving:{model}"], tmp_path / "runs")
    mine = [row for row in rows if row["model"] == "it"]
    assert len(mine) == len(made.suite.items) * 2
    assert {(row["status"], row["value"], row["output_sha256"]) for row in mine} == {(status, None, "")}
    assert all(said in row["error"] and "\n" not in row["error"] for row in mine)
    assert done["status"]["it"] == {status: len(made.suite.items)}
    found = json.loads((tmp_path / "runs" / "summary.json").read_text("utf-8"))
    whole = next(column for column in found["columns"] if column["region"] == "whole")
    assert whole["models"]["it"]["failed"] == len(made.suite.items)


def test_memory_that_ran_out_once_is_tried_again_and_noted(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    misbehaving.TRIED.clear()
    _, rows = swept(made, ["it@misbehaving:short_of_memory"], tmp_path / "runs")
    mine = [row for row in rows if row["model"] == "it"]
    assert {row["status"] for row in mine} == {"ok"}
    noted = {row["item"] for row in mine if row["error"] == "out of memory once, then it went well"}
    assert noted == {made.suite.items[0].item}


def one_of_each(made: Materials) -> tuple[Materials, set[str]]:
    """Two items, of which the models that hang and die misbehave on the first, and its name."""
    by_parity = {int(made.case(item).degraded[0, 0, 0]) % 2: item for item in made.suite.items}
    return replace(made, suite=replace(made.suite, items=(by_parity[1], by_parity[0]))), {by_parity[1].item}


def test_a_model_that_hangs_is_stopped_and_goes_on_with_the_next_item(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    few, odd = one_of_each(made)
    began = time.monotonic()
    _, rows = swept(few, ["it@misbehaving:hangs"], tmp_path / "runs", opening=Opening(seconds=1.0))
    assert time.monotonic() - began < 50
    mine = {row["item"]: (row["status"], row["error"]) for row in rows if row["model"] == "it"}
    assert {item for item, (status, _) in mine.items() if status == "timeout"} == odd
    assert {error for status, error in mine.values() if status == "timeout"} == {"took over 1 seconds and was stopped"}


def test_a_model_that_dies_takes_one_item_with_it(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    few, odd = one_of_each(made)
    _, rows = swept(few, ["it@misbehaving:dies"], tmp_path / "runs", opening=Opening(seconds=30.0))
    mine = {row["item"]: (row["status"], row["error"]) for row in rows if row["model"] == "it"}
    assert {item for item, (status, _) in mine.items() if status == "error"} == odd
    assert {error for status, error in mine.values() if status == "error"} == {"its process died (exit code 9)"}


def test_a_command_that_takes_too_long_is_a_timeout(tmp_path: Path) -> None:
    entry = entry_of("slow@sh -c 'sleep 30' {in} {out}")
    model = in_process(entry, "restore", Opening(seconds=0.3))
    found = model.attempt(Question("x", np.zeros((16, 16, 3), np.uint8), None, 0))
    assert found.status == "timeout"
    assert "took over 0.3 seconds" in found.error


def test_a_model_in_a_process_of_its_own_says_why_it_cannot_be_opened() -> None:
    isolated = Isolated(entry_of("misbehaving:missing"), "restore", Opening(seconds=5.0))
    with pytest.raises(ModelError, match=r"misbehaving:missing: .*has no attribute 'missing'"):
        isolated.start()


def test_a_full_disk_is_an_error_that_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small_suite(tmp_path)

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("benchmark.store.write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        run_sweep(Sweep(made, tuple(entries_of(["identity"]))), RunStore(tmp_path / "runs"), Watch())


def test_a_picture_that_is_not_the_suites_stops_the_sweep_and_keeps_what_is_done(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    made.path("degraded", made.suite.items[-1].item).write_bytes(b"no picture")
    with pytest.raises(SuiteError, match="no picture that can be read"):
        run_sweep(Sweep(made, tuple(entries_of(["identity"]))), RunStore(tmp_path / "runs"), Watch())
    assert RunStore(tmp_path / "runs").rows().num_rows > 0

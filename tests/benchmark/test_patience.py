"""Before and during a sweep: forecasts from probes, models that hang in this process, memory that ran out."""

import json
import math
import signal
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from small_suites import small_suite

from benchmark.attempts import Question, in_process
from benchmark.contestants import FLOOR, Opening, entries_of, entry_of
from benchmark.finishing import begun, finished
from benchmark.materials import Materials
from benchmark.overdue import Patient
from benchmark.patience import LEAST, Limits
from benchmark.probing import WORTH, forecast, probed
from benchmark.scoring import metrics_of
from benchmark.store import RunStore, plain
from benchmark.sweep import Sweep, Watch, run_sweep
from foxing import main
from restore_models.notes import note, noted
from restore_models.tiling import Tiling, in_tiles

ODD = np.full((16, 16, 3), 101, np.uint8)


def patient(what: str, first: float) -> Patient:
    entry = entry_of(what)
    made = Patient(entry, partial(in_process, entry, "restore", Opening()), Limits(first), told=0.2)
    made.start()
    return made


def question(image: np.ndarray, name: str = "item") -> Question:
    return Question(name, image, None, 0)


def test_a_model_that_hangs_in_this_process_is_broken_off_and_asked_the_next_item(
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = patient("misbehaving:sleepy", 0.7)
    before = signal.getsignal(signal.SIGALRM)
    began = time.monotonic()
    found = model.attempt(question(ODD, "Foxing-3/a"))
    assert time.monotonic() - began < 20
    assert (found.status, found.output) == ("timeout", None)
    assert "took over 1 seconds and was stopped; --timeout SECONDS sets another limit" in found.error
    assert model.attempt(question(ODD - 1)).status == "ok"
    model.close()
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    said = capsys.readouterr().err
    assert "sleepy has been at Foxing-3/a for" in said
    assert "with --timeout SECONDS" in said


def test_a_limit_grows_with_what_a_model_takes() -> None:
    model = patient("misbehaving:good", 3600.0)
    assert model.limits.of(256) == 3600
    model.attempt(question(ODD))
    assert model.limits.of(256) == LEAST
    assert model.limits.of(10**12) > LEAST
    model.close()
    assert Limits(0.0).of(256) == math.inf


def test_a_sweep_with_patience_records_a_timeout_and_goes_on(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    sweep = Sweep(made, tuple(entries_of(["it@misbehaving:sleepy"])), Opening(patience=0.5))
    by_parity = {int(made.case(item).degraded[0, 0, 0]) % 2: item for item in made.suite.items}
    few = Materials(made.folder, replace(made.suite, items=(by_parity[1], by_parity[0])))
    run_sweep(replace(sweep, materials=few), RunStore(tmp_path / "runs"), Watch())
    rows = plain(RunStore(tmp_path / "runs").rows()).to_pylist()
    found = {row["item"]: row["status"] for row in rows if row["model"] == "it"}
    assert found == {by_parity[1].item: "timeout", by_parity[0].item: "ok"}


def test_probes_forecast_what_is_open_and_say_what_is_sick(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    sweep = Sweep(made, tuple(entries_of(["slow@misbehaving:slow", "bad@misbehaving:wrong_size"])))
    found = {each.model: each for each in probed(sweep, RunStore(tmp_path / "runs"))}
    assert found["slow"].questions == len(made.suite.items) == WORTH
    assert found["slow"].model_minutes == pytest.approx(12 * 0.25 / 60, rel=0.5)
    assert not found["bad"].well
    lines = forecast([*found.values()], 1)
    assert any(line.startswith("slow: 12 questions, about 3 s of the model") for line in lines)
    assert any("bad: a probe failed" in line and "shape: gave (39, 48, 3)" in line for line in lines)
    assert lines[-1].startswith("about ")


def test_nothing_is_probed_of_a_model_that_is_done(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    sweep, store = Sweep(made, tuple(entries_of(["median"]))), RunStore(tmp_path / "runs")
    assert [each.model for each in probed(sweep, store)] == [FLOOR, "median"]
    run_sweep(sweep, store, Watch())
    assert probed(sweep, store) == []


def test_run_says_its_forecast_first_unless_told_not_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = small_suite(tmp_path).folder
    words = ["benchmark", "run", "--suite", str(suite), "--model", "median", "--out"]
    assert main([*words, str(tmp_path / "one")]) == 0
    said = capsys.readouterr().err
    assert said.index("median: 12 questions, about") < said.index("of memory so far") < said.index("median: 12 items")
    assert main([*words, str(tmp_path / "two"), "--no-probe", "--keep"]) == 0
    assert "questions" not in capsys.readouterr().err
    records = [json.loads((tmp_path / name / "run.json").read_text("utf-8")) for name in ("one", "two")]
    assert [each["outputs"] for each in records] == [None, "outputs"]
    assert [each["patience"] for each in records] == [3600.0, 3600.0]


def test_halved_tiles_are_noted_by_whoever_listens() -> None:
    class Plan:
        grid, halo, exact, bytes_per_pixel = 1, 0, True, 1
        tiling = Tiling(0)

    def network(degraded: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        if degraded.shape[-1] > 100:
            raise MemoryError
        return degraded

    picture, mask = torch.rand(1, 3, 150, 150), torch.zeros(1, 1, 150, 150)
    with noted() as notes:
        assert torch.equal(in_tiles(network, picture, mask, Plan()), picture)
    assert notes == ["out of memory; went on with tiles of 75 pixels"]
    note("nobody hears this")


def test_memory_that_ran_out_stands_in_the_record(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    sweep, store = Sweep(made, tuple(entries_of(["it@misbehaving:in_smaller_tiles"]))), RunStore(tmp_path / "runs")
    record = begun(sweep, store)
    run_sweep(sweep, store, Watch())
    done = finished(made.suite, record, store)
    assert done["short_of_memory"] == {"it": {"out of memory; went on with tiles of 64 pixels": len(made.suite.items)}}
    assert done["status"]["it"] == {"ok": len(made.suite.items)}
    assert len(metrics_of(made.suite)) == 2

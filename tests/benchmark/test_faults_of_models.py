"""Models that raise, hang, die or are killed in a sweep: each is told in one line, and the others go on."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from small_suites import run, small_suite

from benchmark.attempts import Question
from benchmark.cli_watching import noticed
from benchmark.contestants import Opening, entry_of, is_apart
from benchmark.isolated import Isolated
from benchmark.store import Part, plain, read_rows
from benchmark.suite import SuiteError
from benchmark.sweep import opened_model
from degrade.console import FailureError
from foxing import main

TESTS = Path(__file__).parents[1]

Console = pytest.CaptureFixture[str]


def test_nothing_that_a_model_raises_ends_a_sweep(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(TESTS)
    suite = small_suite(tmp_path).folder
    names = ["gives_up", "leaves", "talks", "paints_the_terminal"]
    words = [word for name in names for word in ("--model", f"{name}@misbehaving:{name}")]
    assert main(run(suite, tmp_path / "runs", *words, "--json")) == 1
    said = capsys.readouterr()
    status = json.loads(said.out)["status"]
    assert status["gives_up"] == status["leaves"] == status["paints_the_terminal"] == {"error": 12}
    assert status["talks"] == {"ok": 12}
    assert "gives_up on GaussianNoise-3/photo0: error: EverythingError: all" in said.err
    assert "error: RuntimeError: ?[31mred" in said.err
    assert "\x1b" not in said.err
    last = said.err.splitlines()[-1]
    assert last.startswith("foxing: gives_up failed on all 12 items, first on GaussianNoise-3/photo0: error: Every")
    assert last.endswith("so did leaves, paints_the_terminal")


def test_a_run_in_which_a_model_fails_now_and_then_is_done(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(TESTS)
    suite = small_suite(tmp_path).folder
    assert main(run(suite, tmp_path / "runs", "--model", "dies@misbehaving:dies", "--no-probe")) == 0
    said = capsys.readouterr().err
    assert "error: its process died (exit code 9)" in said
    assert "of 12 items; they count as the untouched photo" in said
    rows = plain(read_rows(tmp_path / "runs" / "items.parquet")).to_pylist()
    assert {row["error"] for row in rows if row["status"] != "ok"} == {"its process died (exit code 9)"}


def test_a_module_that_ends_the_process_when_it_is_imported_is_one_line(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = small_suite(tmp_path).folder
    (tmp_path / "script_of_mine.py").write_text("import sys\nsys.exit(4)\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert main(run(suite, tmp_path / "runs", "--model", "script_of_mine:restore")) == 2
    assert "script_of_mine:restore cannot be loaded: SystemExit: 4" in capsys.readouterr().err


def started(words: list[str], folder: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}", "OMP_NUM_THREADS": "1"}
    line = [sys.executable, "-m", "foxing", *words]
    return subprocess.Popen(
        line, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while not path.exists() and time.monotonic() < until and process.poll() is None:
        time.sleep(0.01)
    assert path.exists()


def test_ctrl_c_is_one_line_where_a_model_has_its_own_process(tmp_path: Path) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    words = run(suite, out, "--model", "slow@misbehaving:slow", "--timeout", "60", "--keep", "--no-probe")
    process = started(words, tmp_path)
    wait_for(out / "outputs" / "slow", process)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert said.endswith(f"foxing: {out}: interrupted; run the same command again to go on\n")
    assert "Traceback" not in said


def test_after_a_run_that_was_killed_every_model_has_a_process_of_its_own(tmp_path: Path, capsys: Console) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    words = run(suite, out, "--model", "slow@misbehaving:slow", "--keep", "--no-probe")
    first = started(words, tmp_path)
    wait_for(out / "outputs" / "slow", first)
    first.kill()
    first.communicate(timeout=60)
    assert main(run(suite, out, "--model", "median")) == 2  # the other one is still to be asked
    said = capsys.readouterr().err
    assert "the run before this was killed, or a model ended its process; it goes on, every model in a process" in said
    assert "with --model slow@misbehaving:slow again" in said
    assert json.loads((out / "run.json").read_text("utf-8"))["apart"] == "all"
    assert main(run(suite, out, "--model", "median")) == 2
    assert "the run before this was killed" not in capsys.readouterr().err
    assert json.loads((out / "run.json").read_text("utf-8"))["apart"] == "foreign"


def test_a_run_whose_worker_died_counts_as_killed_and_one_that_was_refused_does_not(tmp_path: Path) -> None:
    for error, then in ((FailureError("a worker died"), True), (SuiteError("no such model"), False)):
        with pytest.raises(type(error)), noticed(tmp_path, Part()):
            raise error
        with noticed(tmp_path, Part()) as killed:
            assert killed is then
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["misbehaving:dies", "misbehaving:crashes"])
def test_a_model_that_dies_is_recorded_as_failed_and_asked_the_next_item(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(TESTS)
    odd = np.full((16, 16, 3), 101, np.uint8)
    with closing(opened_model(entry_of(what), "restore", Opening(apart="foreign"))) as model:
        found = model.attempt(Question("item", odd, None, 0))
        assert found.status == "error"
        assert found.error.startswith("its process died (" + {"d": "exit code 9", "c": "signal 11"}[what[12]])
        assert model.attempt(Question("item", odd - 1, None, 0)).status == "ok"


def test_a_model_that_hangs_in_c_is_stopped_where_nobody_gave_a_limit(
    capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(TESTS)
    with closing(
        opened_model(entry_of("misbehaving:hangs_in_c"), "restore", Opening(patience=0.6, apart="foreign"))
    ) as model:
        assert isinstance(model, Isolated)
        model.told = 0.25
        found = model.attempt(Question("Foxing-3/a", np.full((16, 16, 3), 101, np.uint8), None, 0))
        assert found.status == "timeout"
        assert "took over 1 seconds and was stopped; --timeout SECONDS sets another limit, 0 none" in found.error
        assert model.attempt(Question("item", np.full((16, 16, 3), 100, np.uint8), None, 0)).status == "ok"
    assert (
        "misbehaving-hangs_in_c has been at Foxing-3/a for 0 seconds; it is stopped after 1" in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("what", "opening", "apart"),
    [
        ("median", Opening(patience=9.0, apart="foreign"), False),
        ("median", Opening(apart="all"), True),
        ("median", Opening(seconds=9.0), True),
        ("identity", Opening(seconds=9.0, apart="all"), False),
        ("cp {in} {out}", Opening(seconds=9.0, apart="all"), False),
        ("some.module:model", Opening(apart="foreign"), True),
        ("net.onnx", Opening(apart="foreign"), True),
        ("some.module:model", Opening(patience=9.0), False),
    ],
)
def test_models_that_are_not_our_own_have_a_process_of_their_own(what: str, opening: Opening, apart: bool) -> None:
    assert is_apart(what, opening) is apart


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at /proc")
@pytest.mark.parametrize("words", [["--runner", "processes", "--workers", "1"], ["--timeout", "60"]])
def test_processes_of_a_killed_sweep_end_with_it(tmp_path: Path, words: list[str]) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    model = ["--model", "slow@misbehaving:slow", "--keep", "--no-probe"]
    process = started(run(suite, out, *model, *words), tmp_path)
    wait_for(out / "outputs" / "slow", process)
    others = [path.parent for path in Path("/proc").glob("[0-9]*/stat") if parent_of(path) == process.pid]
    assert others
    process.kill()
    process.communicate(timeout=60)
    until = time.monotonic() + 20
    while any(map(is_at_work, others)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_at_work, others))


def parent_of(stat: Path) -> int:
    try:
        return int(stat.read_text("utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def is_at_work(process: Path) -> bool:
    try:
        return (process / "stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("words", [["replay", "none/photo0", "it"], ["doctor"]])
def test_a_model_that_hangs_is_stopped_by_replay_and_doctor(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.syspath_prepend(TESTS)
    monkeypatch.setenv("MISBEHAVE", "")
    suite, out, model = small_suite(tmp_path).folder, tmp_path / "runs", "it@misbehaving:hangs_when_told"
    assert main(run(suite, out, "--model", model, "--no-probe")) == 0
    monkeypatch.setenv("MISBEHAVE", "hang")
    capsys.readouterr()
    where = [str(out), *words[1:], "--out", str(tmp_path / "shown")]
    if words == ["doctor"]:
        where = ["--suite", str(suite), "--model", model]
    assert main(["benchmark", words[0], *where, "--timeout", "0.5"]) == 1
    said = capsys.readouterr()
    assert "took over 0.5 seconds and was stopped" in said.out + said.err

"""What a hostile new user does to `foxing benchmark`: every mistake is one line with a remedy, and nothing is lost."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from small_suites import PLAN, small_suite

from benchmark.cli_make import told
from benchmark.contestants import entry_of
from benchmark.making import Making, made_suite
from benchmark.photos import found_photos
from benchmark.store import SUMMARY, plain, read_rows
from benchmark.suite import SuiteError
from benchmark.suite_file import read_plan
from degrade.console import FailureError, MisuseError
from degrade.io import write_png
from foxing import main

TESTS = Path(__file__).parents[1]

Console = pytest.CaptureFixture[str]


def run(suite: Path, out: Path, *words: str) -> list[str]:
    return ["benchmark", "run", "--suite", str(suite), "--out", str(out), "--threads", "1", *words]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('effect = "Foxing"\nseverities = [2.0]', "severity 2.0, none of 1, 2, 3, 4, 5"),
        ('effect = "Foxing"\nseverities = [true]', "severity True, none of"),
        ('preset = "medium"\nseverities = [1, 2]', "severities are of an effect"),
        ('preset = "medium"\ndraws = 99999999999', "over the limit of 1000; give fewer"),
    ],
)
def test_a_damage_that_makes_no_sense_is_refused_before_anything_is_made(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(f'name = "mine"\nphotos = "photos"\n[[damage]]\n{line}\n')
    with pytest.raises(SuiteError, match=said):
        read_plan(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('no_harm = "no"', "no_harm is 'no'; give true or false"),
        ('metrics = ["psnr", "psnr"]', "metric psnr comes twice"),
        (f'name = "{"x" * 65}"', "name of 65 letters, over the limit of 64"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(f'{line}\n[[damage]]\neffect = "Foxing"\n')
    with pytest.raises(SuiteError, match=said):
        read_plan(tmp_path / "mine.toml")


def test_a_photo_that_no_file_can_be_called_after_is_named(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", np.zeros((32, 32, 3), np.uint8))
    long = tmp_path / f"{'u' * 201}.png"
    (tmp_path / "a.png").rename(long)
    with pytest.raises(SuiteError, match="201 bytes, over the limit of 200; rename"):
        found_photos(PLAN, tmp_path)
    long.rename(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    with pytest.raises(SuiteError, match="its name is no UTF-8; rename"):
        found_photos(PLAN, tmp_path)


def test_a_photo_that_no_model_takes_is_refused_when_the_suite_is_made(tmp_path: Path) -> None:
    write_png(tmp_path / "photos" / "small.png", np.zeros((8, 40, 3), np.uint8))
    with pytest.raises(SuiteError, match="photo small: 40 x 8 pixels, smaller than 16 x 16"):
        made_suite(PLAN, tmp_path / "photos", tmp_path / "suite", Making(()))
    assert not (tmp_path / "suite").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--model", "median", "--device", "tpu"], "--device tpu: none of auto, cpu, cuda, cuda:N"),
        (["--model", "median", "--timeout", "inf"], "--timeout inf: give a number of seconds"),
        (["--model", f"{'n' * 300}@median"], "a name of 300 letters, over the limit of 100"),
    ],
)
def test_a_wrong_option_is_refused_for_models_that_do_not_need_it_too(
    tmp_path: Path, capsys: Console, words: list[str], said: str
) -> None:
    suite = small_suite(tmp_path).folder
    assert main(run(suite, tmp_path / "runs", *words)) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_command_longer_than_a_file_name_is_a_model() -> None:
    what = f"python restore.py {'--flag ' * 60}{{in}} {{out}}"
    assert entry_of(what).what == what
    assert entry_of(f"mine@{what}").label == "mine"


def test_the_folder_of_a_sweep_is_no_file(tmp_path: Path, capsys: Console) -> None:
    suite = small_suite(tmp_path).folder
    (tmp_path / "letter.txt").write_text("dear")
    assert main(run(suite, tmp_path / "letter.txt", "--model", "median")) == 2
    assert "File exists; name another file or folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (errno.ENOSPC, FailureError, "make room, then run the same command again"),
        (errno.EROFS, FailureError, "get the right to write there"),
        (errno.EISDIR, MisuseError, "name another file or folder"),
        (errno.EIO, FailureError, "run the same command again"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_helps(code: int, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said), told(Path()):
        raise OSError(code, os.strerror(code), "there")


def test_nothing_that_a_model_raises_ends_a_sweep(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(TESTS)
    suite = small_suite(tmp_path).folder
    names = ["gives_up", "leaves", "talks", "paints_the_terminal"]
    words = [word for name in names for word in ("--model", f"{name}@misbehaving:{name}")]
    assert main(run(suite, tmp_path / "runs", *words, "--json")) == 0
    said = capsys.readouterr()
    status = json.loads(said.out)["status"]
    assert status["gives_up"] == status["leaves"] == status["paints_the_terminal"] == {"error": 12}
    assert status["talks"] == {"ok": 12}
    assert "gives_up on GaussianNoise-3/photo0: error: EverythingError: all" in said.err
    assert "error: RuntimeError: ?[31mred" in said.err
    assert "\x1b" not in said.err


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


def test_a_model_that_ends_the_process_is_told_of_by_the_next_run(tmp_path: Path, capsys: Console) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    first = started(run(suite, out, "--model", "dies@misbehaving:dies", "--no-probe"), tmp_path)
    first.communicate(timeout=60)
    assert first.returncode == 9
    assert main(run(suite, out, "--model", "median")) == 2  # the other one is still to be asked
    said = capsys.readouterr().err
    assert "the run before this was killed, or a model ended its process; it goes on. With --timeout SECONDS" in said
    assert "with --model dies@misbehaving:dies again" in said
    assert main(run(suite, out, "--model", "median")) == 2
    assert "the run before this was killed" not in capsys.readouterr().err


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


def test_a_report_says_what_it_is_not(tmp_path: Path, capsys: Console) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    assert main(run(suite, out, "--model", "median", "--no-probe")) == 0
    capsys.readouterr()
    record = json.loads((out / "run.json").read_text("utf-8"))
    (out / "run.json").write_text(json.dumps(record | {"ended": None}))
    (out / SUMMARY).unlink()
    assert main(["benchmark", "report", str(out)]) == 0
    said = capsys.readouterr().err
    assert "a later run into it has not ended; this is what came before it" in said
    assert "summary.json: missing or damaged; foxing benchmark merge" in said
    assert main(["benchmark", "merge", str(out)]) == 0  # it knows where its suite lies
    assert (out / SUMMARY).is_file()


def test_a_suite_that_is_another_by_now_is_refused(tmp_path: Path, capsys: Console) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    assert main(run(suite, out, "--model", "median", "--no-probe")) == 0
    text = (suite / "items.json").read_text("utf-8")
    other = small_suite(tmp_path / "other", replace(PLAN, seed=99)).folder
    (suite / "items.json").write_text((other / "items.json").read_text("utf-8"))
    capsys.readouterr()
    words = ["benchmark", "replay", str(out), "none/photo0", "median", "--out", str(tmp_path / "shown")]
    assert main(words) == 2
    assert "by now, the run is of" in capsys.readouterr().err
    (suite / "items.json").write_text(text)
    assert main(words) == 0


def test_a_group_of_commands_alone_shows_its_help(capsys: Console) -> None:
    assert main(["benchmark"]) == 2
    assert capsys.readouterr().err.startswith("Usage: foxing benchmark [OPTIONS] COMMAND")


def test_reading_rows_leaves_no_thread_that_could_abort_the_end_of_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    assert main(run(suite, out, "--model", "median", "--no-probe")) == 0
    seen: list[dict[str, bool]] = []
    real = pq.read_table

    def read(file: object, **options: bool) -> object:
        seen.append(options)
        return real(file, **options)

    monkeypatch.setattr(pq, "read_table", read)
    assert plain(read_rows(out / "items.parquet")).num_rows
    assert seen == [{"use_threads": False}]


def test_another_suite_of_the_same_name_is_not_written_over(tmp_path: Path, capsys: Console) -> None:
    text = 'name = "mine"\nphotos = "clean"\nmetrics = ["psnr"]\n[[damage]]\neffect = "Foxing"\nseverities = [1]\n'
    small_suite(tmp_path)
    plan, out = tmp_path / "mine.toml", tmp_path / "out"
    make = ["benchmark", "make", str(plan), str(out)]
    plan.write_text(text)
    assert main(make) == 0
    assert main(make) == 0
    plan.write_text(text.replace("[1]", "[2]"))
    assert main(make) == 2
    plan.write_text(text)
    (tmp_path / "clean" / "photo0.png").unlink()
    assert main(make) == 2
    assert capsys.readouterr().err.count("give another folder, or --overwrite") == 2
    assert main([*make, "--overwrite"]) == 0


def test_ray_that_is_not_installed_is_named_with_what_helps(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    words = ["--model", "median", "--no-probe", "--runner", "ray", "--workers", "1"]
    assert main(run(small_suite(tmp_path).folder, tmp_path / "runs", *words)) == 2
    assert "ray is not installed; pip install 'foxing[ray]'" in capsys.readouterr().err

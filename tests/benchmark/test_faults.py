"""What a hostile new user does to `foxing benchmark`: every mistake is one line with a remedy, and nothing is lost."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image as Pillow
from small_suites import PLAN, photo, small_suite, write_photos

from benchmark.attempts import Question
from benchmark.cli_make import told
from benchmark.cli_watching import noticed
from benchmark.contestants import Opening, entry_of, is_apart
from benchmark.isolated import Isolated
from benchmark.locking import locked
from benchmark.making import Making, made_suite
from benchmark.photos import found_photos
from benchmark.store import SUMMARY, Part, plain, read_rows
from benchmark.suite import SuiteError
from benchmark.suite_file import read_plan
from benchmark.sweep import opened_model
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


@pytest.mark.parametrize(
    "words",
    [
        ["--suite", "nowhere", "--model", "median"],
        ["--suite", "tiny", "--model", "no_such_package.here:model"],
        ["--suite", "tiny", "--model", "runs/no-such-model"],
        ["--suite", "tiny", "--model", "median", "--metric", "psnrr"],
        ["--suite", "ladder", "--model", "median"],
        ["--suite", "scratch-detection", "--model", "median"],
        ["--suite", "tiny", "--model", "median", "--device", "tpu"],
    ],
)
def test_a_run_that_is_refused_leaves_nothing(tmp_path: Path, capsys: Console, words: list[str]) -> None:
    assert main(["benchmark", "run", *words, "--out", str(tmp_path / "one" / "two")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine").mkdir()
    assert main(["benchmark", "run", *words, "--out", str(tmp_path / "mine")]) == 2
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_run_that_is_refused_leaves_what_was_there(tmp_path: Path) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    assert main(run(suite, out, "--model", "median", "--no-probe")) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert main(run(suite, out, "--model", "no_such_package.here:model")) == 2
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    with locked(out, Part(0, 2)):
        with pytest.raises(KeyError), locked(out, Part(1, 2)):
            raise KeyError
        with pytest.raises(SuiteError, match="another sweep is at work"), locked(out, Part()):
            pass


def test_a_suite_that_cannot_be_made_leaves_no_half_of_it(tmp_path: Path, capsys: Console) -> None:
    photos = write_photos(tmp_path / "photos")
    (photos / "photo2.png").write_bytes((photos / "photo2.png").read_bytes()[:-40])
    plan, out = tmp_path / "mine.toml", tmp_path / "out"
    plan.write_text('name = "mine"\nphotos = "photos"\n[[damage]]\neffect = "Foxing"\nseverities = [1]\n')
    assert main(["benchmark", "run", "--suite", str(plan), "--model", "median", "--out", str(out)]) == 2
    assert "photo2.png: damaged or cut short" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [["report"], ["export", "OUT.csv"], ["diff", "RUNS"], ["replay", "none/photo0", "median"], ["merge"], ["run"]],
)
def test_items_that_are_not_those_of_their_record_are_named(tmp_path: Path, capsys: Console, words: list[str]) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    assert main(run(suite, out, "--model", "median", "--no-probe")) == 0
    rows = read_rows(out / "items.parquet")
    pq.write_table(rows.slice(0, rows.num_rows - 1), out / "items.parquet")
    record = (out / "run.json").read_bytes()
    capsys.readouterr()
    rest = [str({"OUT.csv": tmp_path / "o.csv", "RUNS": out}.get(word, word)) for word in words[1:]]
    line = ["benchmark", words[0], str(out), *rest]
    assert main(run(suite, out, "--model", "telea", "--no-probe") if words == ["run"] else line) == 2
    said = capsys.readouterr().err
    assert "items.parquet: not what run.json says that the sweep left, it was edited or copied in part; copy" in said
    assert said.count("\n") == 1
    assert (out / "run.json").read_bytes() == record
    assert not (tmp_path / "o.csv").exists()


def test_a_summary_that_is_not_that_of_its_record_is_named(tmp_path: Path, capsys: Console) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    assert main(run(suite, out, "--model", "median", "--no-probe")) == 0
    (out / SUMMARY).write_text((out / SUMMARY).read_text("utf-8").replace("median", "best"))
    capsys.readouterr()
    assert main(["benchmark", "report", str(out)]) == 2
    assert "summary.json: not what run.json says that the sweep left" in capsys.readouterr().err
    assert main(["benchmark", "merge", str(out)]) == 0
    assert main(["benchmark", "report", str(out)]) == 0


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


def test_a_suite_of_other_pixels_by_the_same_names_is_not_written_over(tmp_path: Path, capsys: Console) -> None:
    photos = write_photos(tmp_path / "clean")
    plan, out = tmp_path / "mine.toml", tmp_path / "out"
    plan.write_text('name = "mine"\nphotos = "clean"\nmetrics = ["psnr"]\n[[damage]]\npreset = "mild"\n')
    make = ["benchmark", "make", str(plan), str(out)]
    assert main(make) == 0
    before = (out / "items.json").read_bytes()
    write_png(photos / "photo1.png", photo(9))
    capsys.readouterr()
    assert main(make) == 2
    said = capsys.readouterr().err
    assert "made when photo1 had other pixels; give another folder, or --overwrite" in said
    assert (out / "items.json").read_bytes() == before
    assert main([*make, "--overwrite"]) == 0
    assert main(make) == 0
    assert (out / "items.json").read_bytes() != before


def test_a_suite_of_other_drawn_masks_is_not_written_over(tmp_path: Path, capsys: Console) -> None:
    write_photos(tmp_path / "photos")
    for number in range(3):
        write_png(tmp_path / "masks" / f"photo{number}.png", np.full((40, 48), 255, np.uint8))
    make = ["benchmark", "make", "scratch-detection", str(tmp_path / "out"), "--photos", str(tmp_path / "photos")]
    make += ["--masks", str(tmp_path / "masks")]
    assert main(make) == 0
    assert main(make) == 0
    write_png(tmp_path / "masks" / "photo2.png", np.eye(40, 48, dtype=np.uint8) * np.uint8(255))
    assert main(make) == 2
    assert "made when photo2 had other pixels; give another folder, or --overwrite" in capsys.readouterr().err


def test_a_photo_that_cannot_be_opened_is_named_and_no_suite_is_made_without_it(
    tmp_path: Path, capsys: Console
) -> None:
    photos = write_photos(tmp_path / "photos")
    (photos / "photo7.png").symlink_to(tmp_path / "nowhere.png")
    make = ["benchmark", "make", "real-old", str(tmp_path / "out"), "--photos", str(photos), "--metric", "niqe-self"]
    assert main(make) == 2
    assert f"{photos}/photo7.png: a link to nothing; copy the file itself" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_photo_that_is_too_large_is_named_without_an_option_that_there_is_not(
    tmp_path: Path, capsys: Console
) -> None:
    (tmp_path / "photos").mkdir()
    Pillow.new("1", (20_000, 10_001)).save(tmp_path / "photos" / "wall.png")
    make = ["benchmark", "make", "real-old", str(tmp_path / "out"), "--photos", str(tmp_path / "photos")]
    assert main([*make, "--metric", "niqe-self"]) == 2
    assert capsys.readouterr().err.endswith("200.0 megapixels, over the limit of 200; make it smaller\n")


def test_ray_that_is_not_installed_is_named_with_what_helps(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    words = ["--model", "median", "--no-probe", "--runner", "ray", "--workers", "1"]
    assert main(run(small_suite(tmp_path).folder, tmp_path / "runs", *words)) == 2
    assert "ray is not installed; pip install 'foxing[ray]'" in capsys.readouterr().err

"""What a hostile new user does to `foxing benchmark`: every mistake is one line with a remedy, and nothing is lost."""

import errno
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_suites import PLAN, run, small_suite

from benchmark.cli_make import told
from benchmark.contestants import entry_of
from benchmark.locking import locked
from benchmark.store import SUMMARY, Part, read_rows
from benchmark.suite import SuiteError
from degrade.console import FailureError, MisuseError
from foxing import main

TESTS = Path(__file__).parents[1]

Console = pytest.CaptureFixture[str]


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


def test_ray_that_is_not_installed_is_named_with_what_helps(
    tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    words = ["--model", "median", "--no-probe", "--runner", "ray", "--workers", "1"]
    assert main(run(small_suite(tmp_path).folder, tmp_path / "runs", *words)) == 2
    assert "ray is not installed; pip install 'foxing[ray]'" in capsys.readouterr().err

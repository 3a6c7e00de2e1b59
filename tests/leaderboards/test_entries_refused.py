"""What becomes no entry: a sweep that lacks answers or was edited, and a number that is none."""

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from tampering import rewritten

from benchmark.store import ITEMS, RUN, SCHEMA, RunStore, plain, read_rows
from foxing import main

Console = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", ["identity", "pictures", "history", "people", "../x", "", "Ünï"])
def test_a_name_that_means_something_else_is_refused_and_an_empty_one_is_none(
    run: Path, tmp_path: Path, capsys: Console, name: str
) -> None:
    words = ["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]
    assert main([*words, "--name", name]) == (2 if name else 0)
    assert "--name" in capsys.readouterr().err or not name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": float("inf")}, "status ok and value inf"),
        ({"status": "error"}, "status error and value"),
        ({"seconds": -1.0}, "-1.0 seconds"),
        ({"photo": "photo9"}, "photo 'photo9', in the suite it is 'photo1'"),
        ({"region": "sky"}, "region 'sky', none of whole"),
    ],
)
def test_a_number_that_is_none_is_refused(
    run: Path, tmp_path: Path, capsys: Console, change: dict[str, object], said: str
) -> None:
    where = {"model": "median", "item": "Scratches-4/photo1", "region": "band"}
    rows = plain(read_rows(run / ITEMS)).to_pylist()
    for row in rows:
        if all(row[name] == value for name, value in where.items()):
            row.update(change)
    seal(run, rows)
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert not (tmp_path / "e").exists()


def seal(run: Path, rows: list[dict[str, object]]) -> None:
    digest = RunStore(run).finish(pa.Table.from_pylist(rows, SCHEMA))
    record = json.loads((run / RUN).read_text("utf-8"))
    (run / RUN).write_text(json.dumps(record | {"items_sha256": digest}), "utf-8")


def test_a_sweep_that_lacks_answers_is_refused(run: Path, tmp_path: Path, capsys: Console) -> None:
    rows = plain(read_rows(run / ITEMS)).to_pylist()
    seal(run, [row for row in rows if (row["model"], row["item"]) != ("median", "none/photo2")])
    words = ["leaderboard", "add", str(run), "--entries", str(tmp_path / "e"), "--model", "median"]
    assert main(words) == 2
    assert "2 answers of 1 items missing, first none/photo2 by mae" in capsys.readouterr().err


def test_a_sweep_that_was_edited_or_is_of_another_suite_is_refused(run: Path, tmp_path: Path, capsys: Console) -> None:
    words = ["leaderboard", "add", str(run), "--entries", str(tmp_path / "e")]
    record = (run / RUN).read_text("utf-8")
    (run / RUN).write_text(record.replace('"suite_id": "few:', '"suite_id": "many:'), "utf-8")
    assert main(words) == 2
    assert "the run is of many:" in capsys.readouterr().err
    (run / RUN).write_text(record, "utf-8")
    with (run / ITEMS).open("ab") as file:
        file.write(b" ")
    assert main(words) == 2
    assert "it was edited; run the sweep again" in capsys.readouterr().err
    shutil.rmtree(run)
    assert main(words) == 2
    assert "no finished sweep" in capsys.readouterr().err


def test_another_machine_s_untouched_photo_is_refused(run: Path, root: Path, capsys: Console) -> None:
    rewritten(run, {"value": 30.0}, where={"model": "identity", "item": "GaussianNoise-3/photo0", "region": "whole"})
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(root)]) == 2
    assert "the untouched photo has other scores than on the board (GaussianNoise-3/photo0" in capsys.readouterr().err

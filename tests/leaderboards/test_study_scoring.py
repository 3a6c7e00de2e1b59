"""A study that is scored: from files of answers, beside the metrics of its sweep, and every mistake in one line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_studies import NAMES, answered, handed_in
from small_suites import small_suite

from benchmark.store import RunStore
from foxing import main
from leaderboards.entry import EntryError
from leaderboards.study.answers import read_sheet, sheets
from leaderboards.study.key import read_key


def test_a_study_is_scored_from_files(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, folder = read_key(study), tmp_path / "answers"
    place = {name: number for number, name in enumerate(NAMES)}
    for rater in range(1, 7):
        choose = lambda pair: 0 if place[pair.first] < place[pair.second] else 2  # noqa: E731
        handed_in(folder, answered(key, rater, choose))
    handed_in(folder, answered(key, 1, lambda pair: 1, session="f" * 16), "second.json")
    capsys.readouterr()
    words = ["leaderboard", "study", "score", str(study), str(folder), "--out", str(tmp_path / "people.md")]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((study / "result.json").read_text("utf-8"))
    assert [each["model"] for each in found["models"]] == list(NAMES)
    assert found["raters"]["given"] == 7
    assert "| alphamodel |" in (tmp_path / "people.md").read_text("utf-8")
    assert main(words) == 0
    assert "What people prefer: 84 votes on 6 items of 6 photos" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: [data], "no answers of a study"),
        (lambda data: data | {"study": "other"}, "answers to another study"),
        (lambda data: data | {"rater": True}, "no rater number from 1 to 6"),
        (lambda data: data | {"rater": 7}, "no rater number from 1 to 6"),
        (lambda data: data | {"session": "<img src=x>"}, "no session of 16"),
        (lambda data: data | {"consent": 1}, "did not agree"),
        (lambda data: data | {"answers": data["answers"] * 2}, "not a list of at most"),
        (lambda data: data | {"answers": {"0": 1}}, "not a list of at most"),
        (lambda data: data | {"answers": data["answers"][1:]}, "answer 0 is not to the pair"),
        (lambda data: data | {"answers": [data["answers"][0] | {"pair": "x"}]}, "answer 0 is not to the pair"),
        (lambda data: data | {"answers": [data["answers"][0] | {"swapped": 2}]}, "answer 0 is not to the pair"),
        (lambda data: data | {"answers": [data["answers"][0] | {"answer": "both"}]}, "answer 0 is none of"),
        (lambda data: data | {"answers": [data["answers"][0] | {"answer": ["left"]}]}, "answer 0 is none of"),
        (lambda data: data | {"answers": [data["answers"][0] | {"seconds": -1}]}, "answer 0 is none of"),
        (lambda data: data | {"answers": [data["answers"][0] | {"seconds": float("nan")}]}, "no JSON"),
        (lambda data: data | {"answers": [data["answers"][0] | {"seconds": 10**400}]}, "answer 0 is none of"),
    ],
)
def test_spoilt_answers_are_refused_in_one_line(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Any, said: str
) -> None:
    file = handed_in(tmp_path, spoil(answered(read_key(study), 1, lambda pair: 0)), "given.json")
    capsys.readouterr()
    assert main(["leaderboard", "study", "score", str(study), str(file)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "given.json" in err
    assert err.count("\n") == 1
    assert not (study / "result.json").exists()


def test_files_that_are_no_answers_or_come_twice_are_refused(study: Path, tmp_path: Path) -> None:
    key = read_key(study)
    file = handed_in(tmp_path / "a", answered(key, 1, lambda pair: 0))
    copy = handed_in(tmp_path / "b", answered(key, 1, lambda pair: 2))
    with pytest.raises(EntryError, match="the same rater's as"):
        sheets([file, copy], key)
    for held, said in (
        (b"[" * 100_000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b" " * 4_000_001, "over 4 MB"),
        (b"", "no JSON"),
    ):
        (tmp_path / "bad.json").write_bytes(held)
        with pytest.raises(EntryError, match=said):
            read_sheet(tmp_path / "bad.json", key)
    with pytest.raises(EntryError, match="cannot be read"):
        sheets([tmp_path / "nowhere.json"], key)
    (tmp_path / "empty").mkdir()
    with pytest.raises(EntryError, match=r"holds no \.json"):
        sheets([tmp_path / "empty"], key)


def test_a_damaged_key_is_refused(study: Path) -> None:
    text = (study / "key.json").read_text("utf-8")
    for held in ("{}", "[]", text[:-50], text.replace('"pairs": [{"key": "', '"pairs": [{"key": "x')):
        (study / "key.json").write_text(held, "utf-8")
        with pytest.raises(EntryError, match=r"key\.json"):
            read_key(study)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["make", "--out", "new"], "nothing to show"),
        (["make", "nowhere", "--out", "new"], "no finished sweep"),
        (["make", "--degraded", "in/degraded", "--model", "a=in/alphamodel", "--out", "new"], "1 model; give two"),
        (["make", "--degraded", "in/degraded", "--model", "in/alphamodel", "--out", "new"], "give NAME=DIR"),
        (["make", "--degraded", "no", "--model", "a=in/a", "--model", "b=in/b", "--out", "new"], "no such folder"),
        (["score", "nowhere", "x.json"], "no study in it"),
    ],
)
def test_a_mistake_is_one_line(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    monkeypatch.chdir(study.parent)
    capsys.readouterr()
    assert main(["leaderboard", "study", *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert not Path("new").exists()


def test_metrics_of_a_sweep_are_compared_with_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite, run, study = small_suite(tmp_path).folder, tmp_path / "run", tmp_path / "study"
    words = ["benchmark", "run", "--suite", str(suite), "--model", "median", "--model", "auto-levels", "--keep"]
    assert main([*words, "--out", str(run)]) == 0
    suite.rename(suite.with_name("moved"))
    assert main(["leaderboard", "study", "make", str(run), "--out", str(study), "--raters", "5"]) == 2
    assert f"its suite is not in {run / 'suite'}" in capsys.readouterr().err
    suite.with_name("moved").rename(suite)
    assert main(["leaderboard", "study", "make", str(run), "--out", str(study), "--raters", "5", "--models", "x"]) == 2
    assert main(["leaderboard", "study", "make", str(run), "--out", str(study), "--raters", "5"]) == 0
    key = read_key(study)
    assert key.models == ("identity", "median", "auto-levels")
    assert "none/photo0" not in {pair.item for pair in key.pairs.values()}
    psnr = values_by(run, "psnr")
    for rater in range(1, 6):
        choose = lambda pair: int(np.sign(psnr[pair.second, pair.item] - psnr[pair.first, pair.item])) + 1  # noqa: E731
        handed_in(tmp_path / "answers", answered(key, rater, choose))
    capsys.readouterr()
    score = ["leaderboard", "study", "score", str(study), str(tmp_path / "answers"), "--run"]
    assert main([*score, str(run), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["metrics"]
    assert found[0]["metric"].startswith("psnr/")
    assert found[0]["pairwise"]["value"] == 1
    assert found[0]["kendall"]["value"] == pytest.approx(1)
    assert all(each["pairwise"]["low"] <= each["pairwise"]["value"] for each in found)
    published(study, run, score, capsys)
    record = RunStore(run).read_json("run.json")
    RunStore(run).write_json("run.json", record | {"suite_id": "other:0"})
    assert main([*score, str(run)]) == 2
    assert "a sweep of other:0" in capsys.readouterr().err


def published(study: Path, run: Path, score: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The result beside the entries of its suite, without who was left out, and never over another study's."""
    root = run.parent / "entries"
    more = [*score, str(run), "--publish", "spring", "--entries", str(root)]
    assert main(more) == 2
    assert "bring the models first: foxing leaderboard add RUN" in capsys.readouterr().err
    assert main(["leaderboard", "add", str(run), "--entries", str(root)]) == 0
    assert main(more) == 0
    path = next(root.glob("*/people/spring.json"))
    whole = json.loads((study / "result.json").read_text("utf-8"))
    assert json.loads(path.read_text("utf-8")) == whole | {
        "raters": {key: value for key, value in whole["raters"].items() if key != "left_out"}
    }
    assert main(["leaderboard", "build", str(run.parent / "site"), "--entries", str(root)]) == 0
    page = next((run.parent / "site").glob("*/index.html"), Path()).read_text("utf-8")
    assert "What people prefer: spring" in page
    assert f"<td>{whole['models'][0]['preferred']:.0f}</td>" in page
    assert "5 raters" in next((run.parent / "site").glob("passports/*/psnr.html")).read_text("utf-8")
    assert main([*more[:-3], "Spring 1", *more[-2:]]) == 2
    path.write_text(json.dumps(whole | {"study": "another"}), "utf-8")
    capsys.readouterr()
    assert main(more) == 2
    assert "is study another" in capsys.readouterr().err


def values_by(run: Path, metric: str) -> dict[tuple[str, str], float]:
    rows = RunStore(run).rows().to_pylist()
    return {
        (row["model"], row["item"]): row["value"]
        for row in rows
        if row["region"] == "whole" and row["metric"].startswith(f"{metric}/")
    }

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from benchmark.statistics import summary
from benchmark.store import RUN, SCHEMA, SUMMARY, RunStore
from foxing import main

PHOTOS, SEVERITIES = 12, (2, 4)
METRIC = "psnr/v1?test=1"


def sweep(folder: Path, better: float, *, suite: str = "made:1", failed: int = 0, name: str = "model") -> Path:
    """A finished sweep of a model that is so many decibels better than the untouched photo."""
    rows = []
    rng = np.random.default_rng(7)
    for photo in range(PHOTOS):
        for severity in SEVERITIES:
            floor = 25 + rng.normal() - severity
            noise = rng.normal() * 0.05
            for model, value in (("identity", floor), (name, floor + better + noise)):
                lost = model == name and photo * len(SEVERITIES) < failed
                rows.append(
                    {
                        "suite_id": suite,
                        "model": model,
                        "item": f"Foxing-{severity}/{photo}",
                        "photo": f"p{photo}",
                        "defect": "Foxing",
                        "severity": severity,
                        "region": "whole",
                        "metric": METRIC,
                        "value": None if lost else value,
                        "status": "error" if lost else "ok",
                        "error": "no luck" if lost else "",
                        "seconds": 0.1,
                        "output_sha256": "",
                        "seed": 0,
                        "tries": 1,
                    }
                )
    store = RunStore(folder)
    table = pa.Table.from_pylist(rows, SCHEMA)
    store.finish(table)
    store.write_json(SUMMARY, summary(table))
    lost_rows = sum(row["status"] == "error" for row in rows)
    status = {"identity": {"ok": 24}, name: {"ok": 24 - lost_rows} | ({"error": lost_rows} if lost_rows else {})}
    store.write_json(RUN, {"suite_id": suite, "suite": {"metrics": [METRIC]}, "models": {}, "status": status})
    return folder


@pytest.mark.parametrize(("better", "verdict", "code"), [(3.0, "same", 0), (3.5, "better", 0), (2.5, "worse", 1)])
def test_the_gate_lets_pass_what_is_the_same_or_better(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], better: float, verdict: str, code: int
) -> None:
    first, second = sweep(tmp_path / "a", 3.0), sweep(tmp_path / "b", better)
    assert main(["benchmark", "diff", str(first), str(second)]) == code
    said = capsys.readouterr()
    assert f"suite made:1: {verdict}" in said.out
    assert ("surely worse: model by psnr (whole)" in said.err) == (code == 1)
    assert main(["benchmark", "diff", str(first), str(second), "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == verdict
    assert found["changes"][0]["value"] == pytest.approx(better - 3.0, abs=1e-6)
    assert found["failures"] == []


def test_a_change_is_told_by_column_damage_and_photo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = sweep(tmp_path / "a", 3.0, name="old"), sweep(tmp_path / "b", 4.0, name="new")
    assert main(["benchmark", "diff", str(first), str(second)]) == 0
    said = capsys.readouterr().out
    assert "old -> new\tpsnr\twhole\t+1 [" in said
    assert "old -> new\tpsnr (whole)\tFoxing 2\t+1 [" in said
    assert "Photos that moved most: old -> new, psnr" in said
    assert said.count("\t+1\n") == 10


def test_failing_more_often_closes_the_gate_however_good_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = sweep(tmp_path / "a", 3.0), sweep(tmp_path / "b", 3.0, failed=2)
    assert main(["benchmark", "diff", str(first), str(second)]) == 1
    assert "model fails 2 times, 0 before" in capsys.readouterr().err
    assert main(["benchmark", "diff", str(second), str(first), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failures"] == [{"models": ["model", "model"], "before": 2, "after": 0}]


def test_what_cannot_be_compared_is_the_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, other = sweep(tmp_path / "a", 3.0), sweep(tmp_path / "b", 3.0, suite="made:2")
    assert main(["benchmark", "diff", str(first), str(other)]) == 2
    assert "sweeps of two suites, made:1 and made:2" in capsys.readouterr().err
    assert main(["benchmark", "diff", str(first), str(tmp_path / "nowhere")]) == 2
    assert "nowhere: no finished sweep" in capsys.readouterr().err


def test_the_help_says_what_the_exit_codes_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "diff", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "0 where B is the same or better, 1 where a model is surely worse" in said

"""A finished sweep for other programs: data frames, files by their suffix, and a summary that is rebuilt from items."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_suites import small_suite

import benchmark
from benchmark.materials import opened_suite
from benchmark.scoring import readings_of
from benchmark.statistics import summary
from benchmark.store import SUMMARY, RunStore
from benchmark.suite import SuiteError
from foxing import main


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frames")
    suite = small_suite(folder).folder
    asked = ["benchmark", "run", "--suite", str(suite), "--model", "median", "--model", "bad@misbehaving:raises"]
    assert main([*asked, "--no-probe", "--out", str(folder / "runs")]) == 1  # one fails on all
    return folder / "runs"


def test_the_summary_is_a_function_of_the_items_alone(runs: Path) -> None:
    store = RunStore(runs)
    kept = (runs / SUMMARY).read_bytes()
    again = summary(store.rows(), readings_of(opened_suite(runs.parent / "suite").suite))
    store.write_json("again.json", again)
    assert (runs / "again.json").read_bytes() == kept


def test_frames_hold_every_item_and_every_score(runs: Path) -> None:
    pytest.importorskip("pandas")
    items, scores, cells = benchmark.frames(runs)
    assert len(items) == json.loads((runs / "run.json").read_text("utf-8"))["rows"]
    assert items[items.model == "bad"].value.isna().all()
    psnr = scores[scores.metric.str.startswith("psnr/") & (scores.region == "whole")].set_index("model")
    assert psnr.loc["identity", "relative_error"] == pytest.approx(100)
    assert psnr.loc["bad", "failed"] == 12
    assert (psnr.score_low <= psnr.score).all()
    mine = cells[cells.metric.str.startswith("psnr/") & (cells.region == "whole") & (cells.model == "median")]
    one = items[items.metric.str.startswith("psnr/") & (items.region == "whole") & (items.model == "median")]
    noisy = one[one.defect == "GaussianNoise"].value.mean()
    assert mine[mine.defect == "GaussianNoise"].value.item() == pytest.approx(noisy)


def test_there_are_no_frames_without_a_finished_sweep(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    with pytest.raises(SuiteError, match="no finished sweep"):
        benchmark.frames(tmp_path)


def test_pandas_is_not_imported_before_it_is_wanted() -> None:
    program = "import sys, benchmark, foxing; print('pandas' in sys.modules or 'pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_export_is_what_its_suffix_says(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in ("csv", "parquet", "json", "jsonl"):
        assert main(["benchmark", "export", str(runs), str(tmp_path / f"items.{suffix}")]) == 0
    rows = json.loads((tmp_path / "items.json").read_text("utf-8"))
    lines = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text("utf-8").splitlines()]
    with (tmp_path / "items.csv").open(encoding="utf-8") as file:
        flat = [*csv.DictReader(file)]
    assert rows == lines == pq.read_table(tmp_path / "items.parquet").to_pylist()
    assert [row["item"] for row in flat] == [row["item"] for row in rows]
    assert len(rows) == json.loads((runs / "run.json").read_text("utf-8"))["rows"]
    capsys.readouterr()
    assert main(["benchmark", "export", str(runs), str(tmp_path / "items.xls")]) == 2
    assert "items.xls: nobody knows what to write; end the name in .csv, .parquet" in capsys.readouterr().err

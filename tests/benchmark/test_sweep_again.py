"""A sweep that is called again, or was killed: only what is missing is asked, and nothing is mixed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from small_suites import PLAN, small_suite
from small_sweeps import asked_again, swept

from benchmark.attempts import Question, in_process
from benchmark.contestants import FLOOR, Opening, entries_of, entry_of
from benchmark.scoring import Head, metrics_of, rows_of
from benchmark.store import Part, RunStore, plain
from benchmark.suite import SuiteError

TESTS = Path(__file__).parents[1]


def test_only_what_is_missing_or_failed_is_asked_again(tmp_path: Path) -> None:
    made, out = small_suite(tmp_path), tmp_path / "runs"
    models, count = ["good@misbehaving:good", "bad@misbehaving:raises"], len(made.suite.items)
    swept(made, models, out)
    asked = {policy: asked_again(made, models, out, retry=policy) for policy in ("failed", "missing", "none", "all")}
    assert asked["missing"] == asked["none"] == {FLOOR: 0, "good": 0, "bad": 0}
    assert asked["failed"] == {FLOOR: 0, "good": 0, "bad": count}
    assert asked["all"] == {FLOOR: count, "good": count, "bad": count}
    assert {row["tries"] for row in plain(RunStore(out).rows()).to_pylist() if row["model"] == "bad"} == {3}


def test_a_success_takes_the_place_of_an_earlier_failure(tmp_path: Path) -> None:
    made, out = small_suite(tmp_path), tmp_path / "runs"
    item = made.suite.items[0]
    store, metrics = RunStore(out), metrics_of(made.suite)
    case = made.case(item)
    for tries, model in enumerate(("misbehaving:raises", "misbehaving:good"), 1):
        attempt = in_process(entry_of(model), "restore", Opening()).attempt(Question(item.item, case.degraded, None, 0))
        store.write_shard([*rows_of(attempt, case, metrics, Head(made.suite.suite_id, "it", 0, tries))], Part())
    assert {row["status"] for row in plain(store.rows()).to_pylist()} == {"ok"}


def test_a_model_is_added_to_a_sweep_without_asking_the_others(tmp_path: Path) -> None:
    made, out = small_suite(tmp_path), tmp_path / "runs"
    swept(made, ["median"], out)
    done, rows = swept(made, ["telea"], out)
    assert set(done["models"]) == {FLOOR, "median", "telea"}
    assert {row["model"] for row in rows} == {FLOOR, "median", "telea"}
    assert {row["tries"] for row in rows} == {1}


def test_scores_of_two_suites_are_never_mixed(tmp_path: Path) -> None:
    swept(small_suite(tmp_path / "a"), ["identity"], tmp_path / "runs")
    with pytest.raises(SuiteError, match=r"holds scores of suite small:.*never mixed"):
        swept(small_suite(tmp_path / "b", replace(PLAN, seed=1)), ["identity"], tmp_path / "runs")


def test_another_model_by_the_same_name_is_refused(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    swept(made, ["it@median"], tmp_path / "runs")
    with pytest.raises(SuiteError, match="holds scores of another it"):
        swept(made, ["it@telea"], tmp_path / "runs")


def test_two_models_of_one_name_and_a_false_floor_are_refused() -> None:
    with pytest.raises(SuiteError, match="two models are called median"):
        entries_of(["median", "median"])
    with pytest.raises(SuiteError, match="identity is the name of the untouched photo"):
        entries_of(["identity@median"])


def test_a_sweep_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    made, out = small_suite(tmp_path), tmp_path / "runs"
    words = ["benchmark", "run", "--suite", str(made.folder), "--model", "slow@misbehaving:slow", "--out", str(out)]
    environment = os.environ | {"PYTHONPATH": str(TESTS), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "foxing", *words]
    with subprocess.Popen(command, env=environment, cwd=TESTS.parent, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not list(out.glob("shards/*.parquet")) or kept(out) < 1:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    there = kept(out)
    assert 0 < there < len(made.suite.items)
    assert not (out / "items.parquet").exists()
    again = asked_again(made, ["slow@misbehaving:slow"], out)
    assert again == {FLOOR: 0, "slow": len(made.suite.items) - there}
    done, _ = swept(made, ["slow@misbehaving:slow"], out)
    fresh, _ = swept(made, ["slow@misbehaving:good"], tmp_path / "fresh")
    assert done["content_sha256"] == fresh["content_sha256"]


def kept(out: Path) -> int:
    rows = plain(RunStore(out).rows()).to_pylist()
    return len({row["item"] for row in rows if row["model"] == "slow"})

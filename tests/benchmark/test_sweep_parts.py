"""A sweep in parts, on several workers: together they are the whole."""

from pathlib import Path

import pytest
from small_suites import small_suite
from small_sweeps import swept

from benchmark.contestants import entries_of
from benchmark.finishing import begun, ended, finished, merged
from benchmark.locking import locked
from benchmark.runners import RunnerName, in_parts
from benchmark.store import Part, RunStore
from benchmark.suite import SuiteError
from benchmark.sweep import Sweep, Watch, run_sweep


def test_parts_together_are_the_whole_and_a_lost_part_is_an_error(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    whole, _ = swept(made, ["median"], tmp_path / "whole")
    stores = []
    for index in range(3):
        sweep = Sweep(made, tuple(entries_of(["median"])), part=Part(index, 3))
        store = RunStore(tmp_path / f"part{index}")
        record = begun(sweep, store)
        run_sweep(sweep, store, Watch())
        ended(record, store, sweep.part)
        stores.append(store)
    with pytest.raises(SuiteError, match=r"answers missing, first identity on .*; run the jobs"):
        merged(made.suite, stores[:2], RunStore(tmp_path / "merged"))
    assert not (tmp_path / "merged" / "items.parquet").exists()
    together = merged(made.suite, stores, RunStore(tmp_path / "merged"))
    assert together["content_sha256"] == whole["content_sha256"]


def test_two_sweeps_into_one_folder_are_refused_but_for_parts(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    with (
        locked(store.root, Part()),
        pytest.raises(SuiteError, match="another sweep is at work"),
        locked(store.root, Part()),
    ):
        pass
    with locked(store.root, Part(0, 2)), locked(store.root, Part(1, 2)):
        for part in (Part(0, 2), Part()):
            with pytest.raises(SuiteError, match="another sweep is at work"), locked(store.root, part):
                pass


def test_items_are_dealt_to_parts_by_name_alone() -> None:
    names = [f"item{number}" for number in range(300)]
    dealt = [[name for name in names if Part(index, 3).has(name)] for index in range(3)]
    assert sorted(name for part in dealt for name in part) == sorted(names)
    assert min(map(len, dealt)) > 70


RAY = pytest.param("ray", marks=[pytest.mark.ray, pytest.mark.filterwarnings("ignore")])


@pytest.mark.parametrize("runner", ["processes", RAY])
def test_workers_leave_the_same_rows(tmp_path: Path, runner: RunnerName) -> None:
    made = small_suite(tmp_path)
    sweep, store = Sweep(made, tuple(entries_of(["median"]))), RunStore(tmp_path / "runs")
    record = begun(sweep, store)
    try:
        assert sorted(part.index for part in in_parts(sweep, store, runner, 2)) == [0, 1]
    finally:
        if runner == "ray":
            pytest.importorskip("ray").shutdown()
    alone, _ = swept(made, ["median"], tmp_path / "alone")
    assert finished(made.suite, record, store)["content_sha256"] == alone["content_sha256"]

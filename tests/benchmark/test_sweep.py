import json
import os
import platform
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import misbehaving
import numpy as np
import pytest
from small_suites import PLAN, small_suite, write_photos

import benchmark.suite as suite_module
from benchmark.attempts import Attempt, Question, in_process
from benchmark.contestants import FLOOR, Opening, entries_of, entry_of
from benchmark.finishing import begun, ended, finished, merged
from benchmark.freed_memory import keep_freed_memory
from benchmark.isolated import Isolated
from benchmark.locking import locked
from benchmark.making import Making, made_suite
from benchmark.materials import Materials
from benchmark.runners import RunnerName, in_parts
from benchmark.scoring import Head, metrics_named, metrics_of, output_digest, rows_of
from benchmark.store import Part, RunStore, content_digest, plain
from benchmark.suite import Damage, SuiteError
from benchmark.sweep import Rows, Sweep, Watch, run_sweep
from degrade.io import pixel_digest, read_image
from restore_models.identity import Identity
from restore_models.restorer import ModelError

TORN = (Damage("none", "none", 0), Damage("effect", "Tear", 5))

TESTS = Path(__file__).parents[1]


def swept(
    materials: Materials, models: Sequence[str], out: Path, **changes: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    sweep = replace(Sweep(materials, tuple(entries_of(models))), **changes)
    store = RunStore(out)
    record = begun(sweep, store)
    run_sweep(sweep, store, Watch())
    done = finished(sweep.suite, record, store)
    return done, plain(store.rows()).to_pylist()


def asked_again(materials: Materials, models: Sequence[str], out: Path, **changes: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    sweep = replace(Sweep(materials, tuple(entries_of(models))), **changes)
    run_sweep(sweep, RunStore(out), Watch(began=lambda entry, count: counts.update({entry.label: count})))
    return counts


def test_every_model_has_a_row_for_every_item_metric_and_region(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    done, rows = swept(made, ["median"], tmp_path / "runs")
    assert {row["model"] for row in rows} == {FLOOR, "median"}
    assert {row["suite_id"] for row in rows} == {made.suite.suite_id}
    whole = [row for row in rows if row["region"] == "whole"]
    assert len(whole) == 2 * len(made.suite.items) * 2
    assert {row["region"] for row in rows if row["defect"] == "Scratches"} == {"whole", "hole", "outside", "band"}
    assert done["status"] == {name: {"ok": len(made.suite.items)} for name in (FLOOR, "median")}
    assert (tmp_path / "runs" / "summary.json").is_file()
    assert not list((tmp_path / "runs" / "shards").glob("*"))


def test_the_untouched_photo_takes_part_unasked_and_is_perfect_without_damage(tmp_path: Path) -> None:
    _, rows = swept(small_suite(tmp_path), ["identity"], tmp_path / "runs")
    values = {row["value"] for row in rows if row["defect"] == "none" and row["metric"].startswith("mae")}
    assert values == {0.0}


def test_the_same_run_twice_gives_the_same_items(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    models = ["misbehaving:noisy", "misbehaving:raises"]
    one, _ = swept(made, models, tmp_path / "one", threads=3)
    two, _ = swept(made, models, tmp_path / "two")
    assert one["content_sha256"] == two["content_sha256"]


def test_seeds_differ_and_leave_other_peoples_generators_alone(tmp_path: Path) -> None:
    np.random.seed(5)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    _, rows = swept(small_suite(tmp_path), ["noisy@misbehaving:noisy"], tmp_path / "runs", seeds=2)
    assert np.random.random() == expected  # noqa: NPY002
    outputs = {(row["item"], row["seed"]): row["output_sha256"] for row in rows if row["model"] == "noisy"}
    items = {item for item, _ in outputs}
    assert all(outputs[item, 0] != outputs[item, 1] for item in items)


@pytest.mark.parametrize(
    ("model", "status", "said"),
    [
        ("raises", "error", "RuntimeError: no luck today"),
        ("wrong_size", "shape", "gave (39, 48, 3) for a photo of (40, 48, 3)"),
        ("floats", "error", "gave float64, not uint8"),
        ("not_numbers", "nonfinite", "values that are no numbers"),
        ("grey", "error", "gave an array of (40, 48)"),
        ("nothing", "error", "gave NoneType"),
    ],
)
def test_a_failure_is_a_status_and_never_a_number(tmp_path: Path, model: str, status: str, said: str) -> None:
    made = small_suite(tmp_path)
    done, rows = swept(made, [f"it@misbehaving:{model}"], tmp_path / "runs")
    mine = [row for row in rows if row["model"] == "it"]
    assert len(mine) == len(made.suite.items) * 2
    assert {(row["status"], row["value"], row["output_sha256"]) for row in mine} == {(status, None, "")}
    assert all(said in row["error"] and "\n" not in row["error"] for row in mine)
    assert done["status"]["it"] == {status: len(made.suite.items)}
    found = json.loads((tmp_path / "runs" / "summary.json").read_text("utf-8"))
    whole = next(column for column in found["columns"] if column["region"] == "whole")
    assert whole["models"]["it"]["failed"] == len(made.suite.items)


def test_memory_that_ran_out_once_is_tried_again_and_noted(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    misbehaving.TRIED.clear()
    _, rows = swept(made, ["it@misbehaving:short_of_memory"], tmp_path / "runs")
    mine = [row for row in rows if row["model"] == "it"]
    assert {row["status"] for row in mine} == {"ok"}
    noted = {row["item"] for row in mine if row["error"] == "out of memory once, then it went well"}
    assert noted == {made.suite.items[0].item}


def one_of_each(made: Materials) -> tuple[Materials, set[str]]:
    """Two items, of which the models that hang and die misbehave on the first, and its name."""
    by_parity = {int(made.case(item).degraded[0, 0, 0]) % 2: item for item in made.suite.items}
    return replace(made, suite=replace(made.suite, items=(by_parity[1], by_parity[0]))), {by_parity[1].item}


def test_a_model_that_hangs_is_stopped_and_goes_on_with_the_next_item(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    few, odd = one_of_each(made)
    began = time.monotonic()
    _, rows = swept(few, ["it@misbehaving:hangs"], tmp_path / "runs", opening=Opening(seconds=1.0))
    assert time.monotonic() - began < 50
    mine = {row["item"]: (row["status"], row["error"]) for row in rows if row["model"] == "it"}
    assert {item for item, (status, _) in mine.items() if status == "timeout"} == odd
    assert {error for status, error in mine.values() if status == "timeout"} == {"took over 1 seconds and was stopped"}


def test_a_model_that_dies_takes_one_item_with_it(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    few, odd = one_of_each(made)
    _, rows = swept(few, ["it@misbehaving:dies"], tmp_path / "runs", opening=Opening(seconds=30.0))
    mine = {row["item"]: (row["status"], row["error"]) for row in rows if row["model"] == "it"}
    assert {item for item, (status, _) in mine.items() if status == "error"} == odd
    assert {error for status, error in mine.values() if status == "error"} == {"its process died (exit code 9)"}


def test_a_command_that_takes_too_long_is_a_timeout(tmp_path: Path) -> None:
    entry = entry_of("slow@sh -c 'sleep 30' {in} {out}")
    model = in_process(entry, "restore", Opening(seconds=0.3))
    found = model.attempt(Question("x", np.zeros((16, 16, 3), np.uint8), None, 0))
    assert found.status == "timeout"
    assert "took over 0.3 seconds" in found.error


def test_a_model_in_a_process_of_its_own_says_why_it_cannot_be_opened() -> None:
    isolated = Isolated(entry_of("misbehaving:missing"), "restore", Opening(seconds=5.0))
    with pytest.raises(ModelError, match=r"misbehaving:missing: .*has no attribute 'missing'"):
        isolated.start()


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


def test_outputs_are_kept_as_they_were_scored(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    _, rows = swept(made, ["median"], tmp_path / "runs", outputs=tmp_path / "outputs")
    for row in rows:
        kept = read_image(tmp_path / "outputs" / row["model"] / f"{row['item']}.png")
        assert pixel_digest(kept) == row["output_sha256"]


def test_masks_are_given_only_where_the_suite_gives_them(tmp_path: Path) -> None:
    for masks, same in (("given", False), ("none", True)):
        plan = replace(PLAN, masks=masks, damages=(Damage("effect", "Scratches", 5),))  # type: ignore[arg-type]
        _, rows = swept(small_suite(tmp_path / masks, plan), ["telea"], tmp_path / f"runs-{masks}")
        outputs = {(row["model"], row["item"]): row["output_sha256"] for row in rows}
        items = {item for _, item in outputs}
        assert all((outputs[FLOOR, item] == outputs["telea", item]) == same for item in items)


def test_a_detector_is_scored_against_the_mask(tmp_path: Path) -> None:
    plan = replace(PLAN, task="detect", masks="none", metrics=("roc-auc", "best-f1"), damages=TORN)
    done, rows = swept(small_suite(tmp_path, plan), ["bright@misbehaving:bright"], tmp_path / "runs")
    values = [row["value"] for row in rows if row["metric"].startswith("roc-auc") and row["defect"] == "Tear"]
    assert len(values) == 6
    assert all(value is not None for value in values)
    assert {row["status"] for row in rows if row["defect"] == "none"} == {"unsupported"}
    assert set(done["status"]["bright"]) == {"ok"}


def test_real_old_photos_are_recorded_as_unsupported_by_metrics_that_compare(tmp_path: Path) -> None:
    plan, specs = replace(PLAN, damages=(Damage("old", "old", None),)), tuple(each.spec for each in metrics_named(PLAN))
    made = made_suite(plan, write_photos(tmp_path / "clean"), tmp_path / "suite", Making(specs, workers=1))
    done, rows = swept(made, ["median"], tmp_path / "runs")
    assert {(row["status"], row["value"]) for row in rows} == {("unsupported", None)}
    assert done["status"]["median"] == {"ok": 3}
    assert not (tmp_path / "runs" / "summary.json").exists()


def test_a_full_disk_is_an_error_that_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small_suite(tmp_path)

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("benchmark.store.write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        run_sweep(Sweep(made, tuple(entries_of(["identity"]))), RunStore(tmp_path / "runs"), Watch())


def test_a_picture_that_is_not_the_suites_stops_the_sweep_and_keeps_what_is_done(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    made.path("degraded", made.suite.items[-1].item).write_bytes(b"no picture")
    with pytest.raises(SuiteError, match="no picture that can be read"):
        run_sweep(Sweep(made, tuple(entries_of(["identity"]))), RunStore(tmp_path / "runs"), Watch())
    assert RunStore(tmp_path / "runs").rows().num_rows > 0


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


def test_items_are_dealt_to_parts_by_name_alone() -> None:
    names = [f"item{number}" for number in range(300)]
    dealt = [[name for name in names if Part(index, 3).has(name)] for index in range(3)]
    assert sorted(name for part in dealt for name in part) == sorted(names)
    assert min(map(len, dealt)) > 70


def test_watchers_hear_of_every_answer(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    heard: list[tuple[str, str]] = []

    def done(entry: Any, rows: Rows) -> None:
        heard.append((entry.label, rows[0]["item"]))

    run_sweep(Sweep(made, tuple(entries_of(["median"]))), RunStore(tmp_path / "runs"), Watch(done=done))
    assert len(heard) == len(set(heard)) == 2 * len(made.suite.items)


def test_the_digest_of_the_content_leaves_out_how_long_it_took(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    item = made.suite.items[0]
    case, metrics = made.case(item), metrics_of(made.suite)
    attempt = in_process(entry_of("identity"), "restore", Opening()).attempt(
        Question(item.item, case.degraded, None, 0)
    )
    tables = []
    for seconds in (1.0, 2.0):
        store = RunStore(tmp_path / f"{seconds}")
        rows = rows_of(replace(attempt, seconds=seconds), case, metrics, Head(made.suite.suite_id, "it", 0, 1))
        store.write_shard([*rows], Part())
        tables.append(content_digest(store.rows()))
    assert tables[0] == tables[1]
    assert Identity.name == FLOOR


def test_the_id_of_a_suite_is_no_work_for_each_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, calls = small_suite(tmp_path), list[int]()
    real = suite_module.canonical

    def counted(data: object) -> str:
        calls.append(1)
        return real(data)

    monkeypatch.setattr(suite_module, "canonical", counted)
    run_sweep(Sweep(made, tuple(entries_of(["median"]))), RunStore(tmp_path / "runs"), Watch())
    assert 0 < len(calls) < len(made.suite.items)


def test_the_digest_of_an_output_is_that_of_its_pixels_also_where_nothing_was_changed(tmp_path: Path) -> None:
    made = small_suite(tmp_path)
    case = made.case(made.suite.items[0])
    for output in (case.degraded.copy(), case.degraded[::-1], 255 - case.degraded):
        assert output_digest(Attempt("ok", 0.0, output), case) == pixel_digest(output)
    assert output_digest(Attempt("error", 0.0), case) == ""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="is about glibc")
def test_freed_memory_is_kept_for_the_next_photo() -> None:
    assert keep_freed_memory()
    np.ones(40 << 20, np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(8):
        np.ones(40 << 20, np.uint8)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < 8 * (40 << 20) / 4096 / 4


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

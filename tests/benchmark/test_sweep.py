"""A sweep: a row for every item, metric and region, what is given to models, and digests of what they gave."""

import platform
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_suites import PLAN, small_suite, write_photos
from small_sweeps import swept

import benchmark.suite as suite_module
from benchmark.attempts import Attempt, Question, in_process
from benchmark.contestants import FLOOR, Opening, entries_of, entry_of
from benchmark.freed_memory import keep_freed_memory
from benchmark.making import Making, made_suite
from benchmark.scoring import Head, metrics_named, metrics_of, output_digest, rows_of
from benchmark.store import Part, RunStore, content_digest
from benchmark.suite import Damage
from benchmark.sweep import Rows, Sweep, Watch, run_sweep
from degrade.io import pixel_digest, read_image
from restore_models.identity import Identity

TORN = (Damage("none", "none", 0), Damage("effect", "Tear", 5))


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

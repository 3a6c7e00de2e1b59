"""The statistics on simulated items of which the truth is known."""

import json
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from small_items import MAE, PSNR, SSIM, normals, table

from benchmark.metrics import DETECTION_METRICS, METRICS
from benchmark.ranks import kendall, points
from benchmark.relative import HIGHER, gain, reading, relative_error
from benchmark.statistics import summary
from degrade.seeds import stream
from restore_models.restorer import ModelError


def usual(photos: int = 8, models: int = 3) -> NDArray[np.float64]:
    """Decibels of two metrics, of which each model has one more than the last, in the second with less sureness."""
    source = stream(9, "usual", photos)
    level = np.arange(models)[None, :, None, None] + 3 * normals(source, 1, 1, photos, 1)
    spread = np.array([0.1, 3.0])[:, None, None, None]
    return np.asarray(30 + level + spread * normals(source, 2, models, photos, 4))


def column(found: dict[str, Any], metric: str) -> dict[str, Any]:
    (one,) = [each for each in found["columns"] if each["metric"] == metric]
    return dict(one)


def changed(items: pa.Table, **columns: Any) -> pa.Table:
    return pa.table({name: columns.get(name, items.column(name)) for name in items.column_names})


def test_one_photo_has_no_interval() -> None:
    found = column(summary(table(usual(1)[:1])), PSNR)
    assert found["interval"] is None
    assert found["models"]["model-1"]["score"]["low"] is None
    assert found["by_score"]["ranks"]["model-1"] == [1, 3]
    assert all(pair["p_adjusted"] is None and not pair["separable"] for pair in found["by_score"]["pairs"])


def test_kendalls_tau_counts_ties_as_its_author_did() -> None:
    assert kendall(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 4, 3])) == pytest.approx(4 / 6)
    assert kendall(np.array([1.0, 2, 2, 3]), np.array([1.0, 2, 3, 3])) == pytest.approx(4 / 5)
    assert kendall(np.array([1.0, 2]), np.array([3.0, 3])) is None


def test_points_are_the_share_of_models_beaten_and_a_tie_is_half() -> None:
    assert points(np.array([3.0, 1, 1])).tolist() == [100, 25, 25]


def test_relative_errors_are_those_of_a_pencil() -> None:
    values = np.empty((1, 3, 2, 4))
    values[0, 0] = [[8, 20, 10, 10], [12, 40, 10, 10]]  # the untouched input: Foxing 1 and 3, Tear 1 and 3
    values[0, 1] = [[4, 10, 20, 20], [8, 18, 20, 20]]  # half of it; twice as much
    values[0, 2] = 0
    found = column(summary(table(values, (MAE,))), MAE)["models"]
    assert found["identity"]["relative_error"] == {"value": 100, "low": 100, "high": 100}
    assert found["model-1"]["relative_error"]["value"] == 125
    assert {k: v["value"] for k, v in found["model-1"]["relative_error_by_defect"].items()} == {
        "Foxing": 50,
        "Tear": 200,
    }
    assert found["model-1"]["worst"] == {"defect": "Tear", "severity": 1, "relative_error": 200}
    half = (10 * math.log10(10 / 6) + 10 * math.log10(30 / 14) + 20 * math.log10(0.5)) / 4
    assert found["model-1"]["gain_db"]["value"] == pytest.approx(half)
    assert found["model-2"]["gain_db"]["value"] is None


def test_decibels_become_squared_errors_before_they_are_summed() -> None:
    values = np.empty((1, 2, 2, 4))
    values[0, 0], values[0, 1, 0], values[0, 1, 1] = 20, 30, 10
    found = column(summary(table(values)), PSNR)["models"]["model-1"]
    assert found["score"]["value"] == 20
    assert found["relative_error"]["value"] == pytest.approx(100 * (0.001 + 0.1) / 0.02)


def test_similarities_lack_what_is_short_of_one() -> None:
    values = np.empty((1, 2, 3, 4))
    values[0, 0], values[0, 1] = 0.8, 0.9
    assert column(summary(table(values, (SSIM,))), SSIM)["models"]["model-1"]["relative_error"]["value"] == 50


def test_where_nothing_was_wrong_there_is_no_relative_error() -> None:
    errors = np.ones((3, 2, 2)) * np.array([0.0, 1.0])
    shares, known = relative_error(errors, 0, [[0], [1]])
    assert known == [False, False]
    assert gain(errors, 0) is None
    assert not shares.any()


def test_undamaged_items_count_as_harm_and_not_in_the_score() -> None:
    values = np.full((1, 2, 3, 4), 20.0)
    values[0, 0, :, ::2], values[0, 1, :, ::2] = 100, 40  # severity 0
    values[0, 1, :, 1::2] = 25
    found = column(summary(table(values, severities=(0, 3))), PSNR)["models"]["model-1"]
    assert found["score"]["value"] == 25
    assert found["undamaged"]["value"] == -60
    assert found["relative_error"]["value"] == pytest.approx(100 * 10**-0.5)


def test_a_failed_item_counts_as_the_untouched_input_and_is_counted() -> None:
    values = usual()
    items = table(values[:1])
    status, numbers = np.array(items.column("status").to_pylist(), object), values[0].ravel().copy()
    start = values[0, 0].size * 2
    status[start : start + 3], numbers[start : start + 3] = ("error", "timeout", "shape"), (np.nan, 99, np.nan)
    found = column(summary(changed(items, status=status.tolist(), value=numbers)), PSNR)["models"]["model-2"]
    as_input = values.copy()
    as_input[0, 2, 0, :3] = values[0, 0, 0, :3]
    wanted = column(summary(table(as_input[:1])), PSNR)["models"]["model-2"]
    assert found == wanted | {"failed": 3}


def test_a_failed_run_counts_in_regions_of_which_it_has_no_row() -> None:
    items = table(usual()[:1])
    hole = changed(items, region=["hole"] * items.num_rows)
    lost = np.array(items.column("model")) == "model-1"
    lost &= np.array(items.column("item")) == "photo-0003/Tear/1"
    status = np.where(lost, "error", "ok").tolist()
    both = pa.concat_tables([changed(items, status=status), hole.filter(pa.array(~lost))])
    for each in summary(both)["columns"]:
        assert each["models"]["model-1"]["failed"] == 1
        assert each["models"]["model-1"]["complete"]


def test_a_model_with_missing_items_is_shown_without_score_or_rank() -> None:
    items = table(usual(), (PSNR, MAE))
    gone = (np.array(items.column("model")) == "model-2") & (np.array(items.column("item")) == "photo-0001/Tear/3")
    gone &= np.array(items.column("metric")) == MAE
    found = summary(items.filter(pa.array(~gone)))
    assert column(found, PSNR)["models"]["model-2"]["complete"]
    assert column(found, MAE)["models"]["model-2"] == {"complete": False, "missing": 1, "failed": 0}
    assert "model-2" not in column(found, MAE)["by_score"]["order"]
    assert found["borda"]["unranked"] == ["model-2"]


def test_items_that_the_untouched_input_cannot_be_scored_on_count_for_nobody() -> None:
    items = table(usual()[:1])
    out = np.array(items.column("item")) == "photo-0002/Foxing/1"
    status = np.where(out, "unsupported", "ok").tolist()
    found = column(summary(changed(items, status=status)), PSNR)
    assert (found["unscored"], found["items"]) == (1, 31)
    assert found["models"]["model-1"]["complete"]
    assert found["models"]["model-1"]["failed"] == 0


def test_the_order_of_rows_and_how_they_are_kept_change_no_byte() -> None:
    items = table(usual(), (PSNR, MAE))
    mixed = items.take(stream(1, "order").shuffled(range(items.num_rows)))
    names = ("suite_id", "model", "item", "photo", "defect", "region", "metric", "status")
    kept = changed(mixed, **{name: mixed.column(name).dictionary_encode() for name in names})
    wanted = json.dumps(summary(items), allow_nan=False)
    assert json.dumps(summary(kept), allow_nan=False) == wanted
    assert json.dumps(summary({name: mixed.column(name).to_pylist() for name in mixed.column_names})) == wanted


def test_seeds_are_averaged_first_and_their_spread_is_told_apart() -> None:
    items = table(usual()[:1])
    stochastic = items.filter(pa.array(np.array(items.column("model")) == "model-1"))
    rest = items.filter(pa.array(np.array(items.column("model")) != "model-1"))
    runs = [
        changed(stochastic, value=np.array(stochastic.column("value")) + off, seed=pa.array([seed] * 32, pa.int64()))
        for seed, off in ((3, -2.0), (4, 0.0), (11, 2.0))
    ]
    found = column(summary(pa.concat_tables([runs[2], rest, *runs[:2]])), PSNR)["models"]
    plain = column(summary(items), PSNR)["models"]
    same = ("score", "cells", "failed", "missing")
    assert {name: found["model-1"][name] for name in same} == {name: plain["model-1"][name] for name in same}
    assert (found["model-1"]["seeds"], found["model-1"]["seed_sd"]) == (3, 2)
    assert plain["model-1"]["seed_sd"] is None


def test_borda_ranks_the_model_that_is_better_everywhere_first() -> None:
    found = summary(table(usual()[[0, 0]], (PSNR, "quality/v1")), {"psnr": HIGHER, "quality": HIGHER})["borda"]
    assert found["order"] == ["model-2", "model-1", "identity"]
    assert found["models"]["model-2"] == {"points": {"value": 100, "low": 100, "high": 100}, "ranks": [1, 1]}
    assert found["models"]["model-1"]["points"]["value"] == 50


def test_metrics_that_want_opposite_things_disagree() -> None:
    values = usual()[[0, 0]]
    assert [each["tau"] for each in summary(table(values, (PSNR, MAE)))["agreement"]] == [-1]
    assert [each["tau"] for each in summary(table(values, (PSNR, SSIM)))["agreement"]] == [1]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"suite_id": ["a", "b"] * 48}, "scores of 2 suites"),
        ({"model": ["m"] * 96}, "no model named 'identity'"),
        ({"metric": ["novel/v1"] * 96}, "nobody said whether higher is better"),
        ({"item": ["i"] * 96}, "more than one photo"),
    ],
)
def test_tables_that_make_no_sense_are_refused(columns: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        summary(changed(table(usual()[:1]), **columns))


def test_rows_that_are_there_twice_or_not_at_all_are_refused() -> None:
    items = table(usual()[:1])
    with pytest.raises(ModelError, match="more than one score of 'identity' for 'photo-0000/Foxing/1'"):
        summary(pa.concat_tables([items, items.slice(0, 1)]))
    with pytest.raises(ModelError, match="identity has no score by psnr/v1"):
        summary(items.slice(1))
    with pytest.raises(ModelError, match="no column 'seed'"):
        summary(items.drop_columns(["seed"]))
    with pytest.raises(ModelError, match="there are no items"):
        summary(items.slice(0, 0))


def test_every_metric_of_ours_is_read_in_its_own_direction() -> None:
    for metric in (*METRICS.values(), *DETECTION_METRICS.values()):
        found = reading(metric.spec)
        assert found is not None, metric.name
        assert found.higher_is_better == metric.higher_is_better, metric.name

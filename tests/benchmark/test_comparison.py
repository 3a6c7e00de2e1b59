"""Two sweeps side by side, with changes that are known."""

import json

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from small_items import MAE, PSNR, normals, table

from benchmark.comparison import compared
from degrade.seeds import stream
from restore_models.restorer import ModelError


def sweep(photos: int = 10, models: int = 2) -> NDArray[np.float64]:
    source = stream(3, "sweep", photos)
    return np.asarray(30 + 3 * normals(source, 1, 1, photos, 1) + 0.5 * normals(source, 1, models, photos, 4))


def noise(seed: int, size: float, photos: int = 10) -> NDArray[np.float64]:
    return np.asarray(size * normals(stream(seed, "noise"), photos, 4))


def test_a_sweep_is_the_same_as_itself() -> None:
    found = compared(table(sweep()), table(sweep()))
    assert found["verdict"] == "same"
    (change,) = found["changes"]
    assert (change["value"], change["low"], change["high"], change["p"], change["moved"]) == (0, 0, 0, 1, [])
    assert len(change["cells"]) == 4
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize(
    ("metric", "off", "verdict"), [(PSNR, 0.5, "better"), (PSNR, -0.5, "worse"), (MAE, 0.5, "worse")]
)
def test_a_shift_far_below_the_difference_of_photos_is_seen(metric: str, off: float, verdict: str) -> None:
    after = sweep()
    after[0, 1] += off + noise(1, 0.1)
    found = compared(table(sweep(), (metric,)), table(after, (metric,)))
    assert found["verdict"] == verdict
    (change,) = found["changes"]
    assert change["verdict"] == verdict
    assert change["low"] < off < change["high"]
    assert {cell["verdict"] for cell in change["cells"]} == {verdict}


def test_one_cell_that_got_worse_is_named_though_all_else_got_better() -> None:
    after = sweep()
    after[0, 1] += 1 + noise(2, 0.1)
    after[0, 1, :, 2] -= 3
    found = compared(table(sweep()), table(after))
    assert found["verdict"] == "worse"
    worse = [(c["defect"], c["severity"]) for c in found["changes"][0]["cells"] if c["verdict"] == "worse"]
    assert worse == [("Tear", 1)]


def test_the_photo_that_moved_most_is_named_first() -> None:
    after = sweep()
    after[0, 1, 7] -= 4
    after[0, 1, 2] += 8
    found = compared(table(sweep()), table(after))
    assert found["changes"][0]["moved"] == [{"photo": "photo-0002", "change": 8}, {"photo": "photo-0007", "change": -4}]
    assert found["verdict"] == "same"  # two photos of ten, one up, one down


def test_equal_sweeps_are_called_different_in_at_most_5_of_100_cases() -> None:
    different = 0
    for seed in range(40):
        after = sweep()
        after[0, 1] += noise(100 + seed, 0.3)
        different += compared(table(sweep()), table(after))["verdict"] != "same"
    assert different <= 2


def test_one_photo_never_shows_a_change() -> None:
    after = sweep(1)
    after[0, 1] -= 5
    found = compared(table(sweep(1)), table(after))
    assert found["verdict"] == "same"
    assert found["changes"][0]["interval"] is None
    assert found["changes"][0]["value"] == -5


def test_two_names_of_one_model_are_a_pair() -> None:
    second = table(sweep())
    names = np.array(second.column("model"))
    renamed = pa.table(
        {**{n: second.column(n) for n in second.column_names}, "model": np.where(names == "model-1", "new", names)}
    )
    assert compared(table(sweep()), renamed)["changes"][0]["models"] == ["model-1", "new"]
    with pytest.raises(ModelError, match="no common model"):
        compared(table(sweep(models=3)), renamed)


def test_a_model_with_missing_items_is_left_out_and_named() -> None:
    items = table(sweep(models=3))
    found = compared(items, items.slice(0, items.num_rows - 1))
    assert [change["models"] for change in found["changes"]] == [["model-1", "model-1"]]
    assert found["left_out"] == [{"models": ["model-2", "model-2"], "metric": PSNR, "region": "whole"}]


def test_other_suites_and_other_items_are_refused() -> None:
    first = table(sweep())
    columns = {name: first.column(name) for name in first.column_names}
    with pytest.raises(ModelError, match="sweeps of two suites, simulated:1 and another:2"):
        compared(first, pa.table({**columns, "suite_id": ["another:2"] * first.num_rows}))
    with pytest.raises(ModelError, match="4 items are in one sweep alone, such as 'photo-0009/Foxing/1'"):
        compared(first, table(sweep()[:, :, :9]))
    with pytest.raises(ModelError, match="nothing to compare"):
        compared(first, table(sweep(), (MAE,)))

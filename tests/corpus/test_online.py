"""Pairs for training: the same for the same seed, epoch and place, whoever loads them."""

import importlib.util
import multiprocessing
import pickle
from functools import partial
from multiprocessing import get_all_start_methods
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from charts import chart
from small_corpus import Dictionary, built

import degrade
from degrade.corpus.online import Index, OnlinePairs, TrainingPairs, crop_pair
from degrade.io import pixel_digest, write_png
from degrade.png import png_bytes
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.seeds import stream
from degrade.sources import NoSourceError

SEVERE = PRESETS["severe"]

PHOTOS = Dictionary("folder p", {f"{n}.png": png_bytes(chart(60, 50 + n)) for n in range(6)})

PAIRS = OnlinePairs(PHOTOS, SEVERE, seed=3, size=32, columns=("clean", "degraded", "mask", "defects", "key", "recipe"))


def digests(pairs: OnlinePairs | TrainingPairs, index: Index) -> dict[str, Any]:
    return {k: pixel_digest(v) if isinstance(v, np.ndarray) else v for k, v in pairs[index].items()}


def test_crops_of_a_pair_lie_on_the_same_place() -> None:
    place = np.indices((50, 70)).transpose(1, 2, 0).astype(np.uint8)
    picture = np.dstack([place, place[..., :1]])
    cuts = [
        crop_pair({"clean": picture, "mask": place[..., 1], "key": "a"}, 20, stream(1, n), flips=True)
        for n in range(40)
    ]
    for cut in cuts:
        assert cut["clean"].shape == (20, 20, 3)
        assert cut["key"] == "a"
        assert np.array_equal(cut["clean"][..., 1], cut["mask"])
        assert cut["mask"].flags.c_contiguous
    mirrored = [cut["mask"][0, 0] > cut["mask"][0, 1] for cut in cuts]
    assert 8 < sum(mirrored) < 32
    assert len({int(cut["clean"][0, 0, 0]) for cut in cuts}) > 15


def test_pictures_smaller_than_a_crop_are_refused() -> None:
    with pytest.raises(ValueError, match="30 x 20 pixels, smaller than a crop of 24"):
        crop_pair({"clean": np.zeros((20, 30, 3), np.uint8)}, 24, stream(1))
    with pytest.raises(ValueError, match="must have one"):
        crop_pair({"a": np.zeros((20, 30, 3), np.uint8), "b": np.zeros((20, 31), np.uint8)}, 8, stream(1))


def test_training_pairs_are_cropped_anew_in_each_epoch_and_alike_in_the_same(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, shares=(1, 0, 0))
    pairs = TrainingPairs(degrade.open_corpus(tmp_path), 24, seed=5, flips=True, columns=("clean", "degraded", "key"))
    first = [digests(pairs, index) for index in range(len(pairs))]
    assert first == [digests(pairs, (0, index)) for index in range(len(pairs))]
    pairs.set_epoch(1)
    second = [digests(pairs, index) for index in range(len(pairs))]
    assert all(one["key"] == other["key"] and one != other for one, other in zip(first, second, strict=True))
    assert second == [digests(pairs, (1, index)) for index in range(len(pairs))]
    assert pairs[0]["degraded"].shape == (24, 24, 3)


def test_a_crop_and_its_pair_stay_aligned(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, shares=(1, 0, 0))
    corpus = degrade.open_corpus(tmp_path)
    cut, whole = TrainingPairs(corpus, 24)[2], TrainingPairs(corpus)[2]
    height, width = whole["mask"].shape
    places = [(t, x) for t in range(height - 23) for x in range(width - 23)]

    def fits(name: str, place: tuple[int, int]) -> bool:
        return np.array_equal(whole[name][place[0] : place[0] + 24, place[1] : place[1] + 24], cut[name])

    (place,) = [place for place in places if fits("degraded", place)]
    assert all(fits(name, place) for name in cut)


def test_a_photo_too_small_for_the_crop_is_named(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, shares=(1, 0, 0))
    with pytest.raises(ValueError, match=r"0\.png: 50 x 60 pixels, smaller than a crop of 56"):
        TrainingPairs(degrade.open_corpus(tmp_path), 56)[0]
    with pytest.raises(ValueError, match=r"0\.png: 50 x 60 pixels, smaller than a crop of 56"):
        OnlinePairs(PHOTOS, SEVERE, 1, 56)[0]


def test_an_epoch_online_is_the_variant_of_that_number_in_a_corpus(tmp_path: Path) -> None:
    built(
        tmp_path,
        PHOTOS,
        recipes=(FromPipeline(SEVERE, "preset"),),
        variants=3,
        size=32,
        crop="random",
        shares=(1, 0, 0),
    )
    corpus = degrade.open_corpus(tmp_path)
    kept = {(pair.record["variant"], pair.key): pair.arrays(PAIRS.columns) for pair in corpus}
    for epoch in range(3):
        for index, key in enumerate(PAIRS.keys):
            for name, value in PAIRS[epoch, index].items():
                assert np.array_equal(value, kept[epoch, key][name]), name


def test_each_epoch_has_recipes_of_its_own() -> None:
    recipes = [PAIRS[epoch, 2]["recipe"] for epoch in range(4)]
    assert len(set(recipes)) == 4


def test_neither_order_nor_processes_change_what_is_made_online() -> None:
    wanted = [(epoch, index) for epoch in range(2) for index in range(6)]
    here = {each: digests(PAIRS, each) for each in reversed(wanted)}
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        there = pool.map(partial(digests, PAIRS), wanted, chunksize=1)
    assert there == [here[each] for each in wanted]


def test_a_folder_of_photos_is_enough(tmp_path: Path) -> None:
    for name in ("b/x.png", "a.png"):
        write_png(tmp_path / name, chart(40, 40))
    pairs = OnlinePairs.of(tmp_path, SEVERE, seed=3, size=32)
    assert list(pairs.keys) == ["a.png", "b/x.png"]
    assert pairs[1].keys() == {"clean", "degraded", "mask"}
    assert pairs[1]["degraded"].shape == (32, 32, 3)
    assert OnlinePairs.of(tmp_path, SEVERE, seed=3)[0]["clean"].shape == (40, 40, 3)


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
@pytest.mark.parametrize("workers", [0, 2])
def test_torch_loads_the_same_with_any_number_of_workers(workers: int) -> None:
    torch = importlib.import_module("torch")
    pairs = OnlinePairs(PHOTOS, SEVERE, seed=3, size=32)
    pairs.set_epoch(1)
    batches = list(torch.utils.data.DataLoader(pairs, batch_size=3, num_workers=workers))
    assert [tuple(batch["degraded"].shape) for batch in batches] == [(3, 32, 32, 3)] * 2
    found = torch.cat([batch["degraded"] for batch in batches]).numpy()
    assert np.array_equal(found, np.stack([pairs[1, index]["degraded"] for index in range(6)]))


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
@pytest.mark.parametrize("how", sorted({*get_all_start_methods()} - {"forkserver"}))  # its server would stay for others
def test_workers_that_outlive_an_epoch_hear_of_the_next(how: str) -> None:
    torch = importlib.import_module("torch")
    pairs = OnlinePairs(PHOTOS, SEVERE, seed=3, size=32, columns=("recipe",))
    loader = torch.utils.data.DataLoader(
        pairs, batch_size=3, num_workers=2, persistent_workers=True, multiprocessing_context=how
    )
    for epoch in (0, 5, 1):
        pairs.set_epoch(epoch)
        recipes = [recipe for batch in loader for recipe in batch["recipe"]]
        assert recipes == [pairs[epoch, index]["recipe"] for index in range(6)]


def test_a_copy_of_pairs_has_an_epoch_of_its_own() -> None:
    pairs = OnlinePairs(PHOTOS, SEVERE, seed=3, size=32, columns=("recipe",))
    pairs.set_epoch(2)
    copy = pickle.loads(pickle.dumps(pairs))
    pairs.set_epoch(3)
    assert copy[0] == pairs[2, 0] != pairs[0]


def test_what_cannot_work_is_said_when_pairs_are_made_and_not_by_a_worker_in_an_epoch(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"pipeline = 'severe', not a Pipeline; degrade\.presets\.PRESETS has some"):
        OnlinePairs(PHOTOS, "severe", seed=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="size = 5, below 16 pixels"):
        OnlinePairs(PHOTOS, SEVERE, seed=3, size=5)
    with pytest.raises(ValueError, match="columns: no 'claen'; did you mean clean"):
        OnlinePairs(PHOTOS, SEVERE, seed=3, columns=("claen",))
    with pytest.raises(NoSourceError, match=f"^{tmp_path}: no photo in it; name a folder of photos$"):
        OnlinePairs.of(tmp_path, SEVERE, seed=3)
    built(tmp_path, PHOTOS, shares=(1, 0, 0))
    with pytest.raises(ValueError, match="columns: no 'masks'; did you mean mask"):
        TrainingPairs(degrade.open_corpus(tmp_path), columns=("clean", "masks"))

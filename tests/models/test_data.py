"""Batches: a pure function of the seed, the step and the process, whatever loads them."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from models.small_training import PHOTOS

import degrade
from degrade.io import write_bytes
from degrade.presets import PRESETS
from restore_models.data import Cropped, Feed, of_corpus
from restore_models.feeding import batches, checks, on_device, resident, resident_batches
from restore_models.training_data import Asked, opened

CPU = torch.device("cpu")


@pytest.mark.parametrize("world", [1, 3])
def test_all_processes_together_see_each_item_once_in_an_epoch(world: int) -> None:
    items = Cropped(lambda place: {}, 12, 8, 0, "x")
    feeds = [Feed(items, None, 2, 7, rank, world) for rank in range(world)]
    steps = 12 // (2 * world)
    first = [place for step in range(steps) for feed in feeds for place in feed.places(step, "pairs", 12)]
    second = [place for step in range(steps, 2 * steps) for feed in feeds for place in feed.places(step, "pairs", 12)]
    assert Counter(place for _, place in first) == Counter(range(12)) == Counter(place for _, place in second)
    assert {epoch for epoch, _ in first} == {0}
    assert {epoch for epoch, _ in second} == {1}
    assert [place for _, place in first] != [place for _, place in second]


def test_a_batch_may_be_larger_than_the_data() -> None:
    feed = Feed(Cropped(lambda place: {}, 3, 8, 0, "x"), None, 8, 7)
    assert Counter(epoch for epoch, _ in feed.places(0, "pairs", 3)) == {0: 3, 1: 3, 2: 2}


def test_workers_and_the_device_s_own_data_give_the_same_batches(data: Path) -> None:
    found = opened(Asked(str(data)), 24, 5)
    assert found.old is not None
    assert found.columns == {"clean", "degraded", "mask", "old"}
    feed = Feed(found.pairs, found.old, 3, 5)
    here = list(batches(feed, range(4), 0, CPU))
    for others in (
        list(batches(feed, range(4), 2, CPU)),
        list(resident_batches(Feed(held(found.pairs), held(found.old), 3, 5), range(4), CPU)),
        list(batches(feed, range(2), 0, CPU)) + list(batches(feed, range(2, 4), 0, CPU)),
    ):
        for one, other in zip(here, others, strict=True):
            for name in ("clean", "degraded", "mask", "old"):
                assert torch.equal(getattr(one, name), getattr(other, name))
    assert here[0].pair()[0].shape == (3, 3, 24, 24)
    assert here[0].mask is not None
    assert here[0].mask.shape == (3, 1, 24, 24)


def held(items: object) -> object:
    assert isinstance(items, Cropped)
    return resident(items, CPU)


def test_pairs_stay_together_under_crops_and_mirrors() -> None:
    place = np.indices((50, 70)).transpose(1, 2, 0).astype(np.uint8)
    picture = np.dstack([place, place[..., :1]])
    items = Cropped(lambda _: {"clean": picture, "degraded": picture, "mask": place[..., 1]}, 1, 20, 1, "x")
    cuts = [items[epoch, 0] for epoch in range(40)]
    assert all(np.array_equal(cut["clean"], cut["degraded"]) for cut in cuts)
    assert all(np.array_equal(cut["clean"][..., 1], cut["mask"]) for cut in cuts)
    mirrored = sum(int(cut["mask"][0, 0] > cut["mask"][0, 1]) for cut in cuts)
    assert 8 < mirrored < 32


def test_pictures_smaller_than_a_crop_are_enlarged() -> None:
    small = np.full((10, 30, 3), 77, np.uint8)
    items = Cropped(lambda _: {"clean": small, "mask": small[..., 0]}, 1, 24, 1, "x")
    assert items[0, 0]["clean"].shape == (24, 24, 3)
    assert (items[0, 0]["mask"] == 77).all()


def test_validation_always_sees_the_same_and_nothing_that_is_learned(data: Path, tmp_path: Path) -> None:
    stored = opened(Asked(str(data)), 24, 5)
    learned = {pair.key for pair in degrade.open_corpus(data, "train")}
    assert not learned & {pair.key for pair in degrade.open_corpus(data, "validation")}
    for key in list(PHOTOS.keys()):
        write_bytes(tmp_path / key, PHOTOS.read(key))
    online = opened(Asked(str(tmp_path), pipelines=(PRESETS["mild"],)), 24, 5)
    for found in (stored, online):
        assert found.checks is not None
        one, other = (list(checks(found.checks, 3, 2, 0)) for _ in range(2))
        assert all(np.array_equal(a["degraded"], b["degraded"]) for a, b in zip(one, other, strict=True))


def test_a_corpus_may_be_degraded_anew(data: Path) -> None:
    found = opened(Asked(str(data), pipelines=(PRESETS["mild"], PRESETS["severe"])), 24, 5)
    one, again, later = found.pairs[0, 0], found.pairs[0, 0], found.pairs[1, 0]
    assert np.array_equal(one["degraded"], again["degraded"])
    assert not np.array_equal(one["degraded"], later["degraded"])
    assert on_device({"mask": one["mask"][None]}, CPU).mask is not None


def test_items_of_a_corpus_are_its_rows(data: Path) -> None:
    rows = degrade.open_corpus(data, "train")
    whole = of_corpus(rows, 48, 0, flips=False)
    assert np.array_equal(whole.whole(1)["clean"], rows[1].clean)

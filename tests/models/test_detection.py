"""The scores of soft masks, and what needs no training."""

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from degrade.io import write_png
from degrade.types import Image
from restore_models.detection import Levels, detection, levels_of, pooled, top_hat
from restore_models.fine_tuning import levels_by_photo, photo_means
from restore_models.hand_labels import Labelled, labelled_crops, labelled_files, of_pair, paired
from restore_models.restorer import ModelError

SHARED = Path(__file__).parents[3] / "shared" / "data"


def drawn(seed: int, levels: int) -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(seed)
    truth = source.random((40, 50)) < 0.2
    soft = (source.random((40, 50)) * 0.7 + 0.3 * truth) * (levels - 1)
    return np.round(np.round(soft) * (255 / (levels - 1))).astype(np.uint8), truth


def of(soft: list[int], truth: list[int]) -> Levels:
    return levels_of(np.array([soft], np.uint8), np.array([truth], bool))


@pytest.mark.parametrize("levels", [3, 12, 256])
def test_scores_are_those_of_scikit_learn_ties_and_all(levels: int) -> None:
    soft, truth = drawn(levels, levels)
    found = detection(levels_of(soft, truth))
    assert found.auc == pytest.approx(roc_auc_score(truth.ravel(), soft.ravel()), abs=1e-12)
    assert found.auprc == pytest.approx(average_precision_score(truth.ravel(), soft.ravel()), abs=1e-12)
    scores = [f1_score(truth.ravel(), soft.ravel() >= level) for level in np.unique(soft) if level]
    assert found.f1 == pytest.approx(max(scores), abs=1e-12)
    assert found.f1 == pytest.approx(f1_score(truth.ravel(), (soft >= 255 * found.threshold).ravel()), abs=1e-12)
    assert found.share == truth.mean()


def test_scores_by_hand() -> None:
    found = detection(of([200, 150, 150, 10], [1, 1, 0, 0]))
    assert found.auc == pytest.approx((2 + 1.5) / 4)
    assert found.auprc == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert (found.f1, found.threshold) == (pytest.approx(0.8), pytest.approx(150 / 255))


def test_a_guess_has_half_the_area_and_the_share_of_the_defects() -> None:
    found = detection(of([7] * 10, [1, 1] + [0] * 8))
    assert (found.auc, found.auprc) == (0.5, 0.2)


def test_a_perfect_mask_has_all_scores() -> None:
    found = detection(of([255, 0, 0], [1, 0, 0]))
    assert (found.auc, found.auprc, found.f1, found.threshold) == (1, 1, 1, 1)


def test_what_nobody_knows_does_not_count() -> None:
    soft, truth = drawn(1, 256)
    counted = np.random.default_rng(2).random(truth.shape) < 0.5
    wrong = np.where(counted, soft, 255 - soft)
    one, other = (detection(levels_of(each, truth, counted)) for each in (soft, wrong))
    assert one == other
    assert one == detection(levels_of(soft[counted][None], truth[counted][None]))
    assert one != detection(levels_of(wrong, truth))


def test_pooled_photos_score_as_one_large_photo() -> None:
    pairs = [drawn(seed, 256) for seed in range(3)]
    together = levels_of(*(np.concatenate(each) for each in zip(*pairs, strict=True)))
    assert detection(pooled(levels_of(*pair) for pair in pairs)) == detection(together)


def test_no_damage_or_nothing_else_has_no_score() -> None:
    with pytest.raises(ModelError, match="0 pixels of defects and 3 intact ones"):
        detection(of([1, 2, 3], [0, 0, 0]))
    with pytest.raises(ModelError, match="3 pixels of defects and 0 intact"):
        detection(of([1, 2, 3], [1, 1, 1]))


def test_masks_of_another_size_are_refused() -> None:
    with pytest.raises(ModelError, match=r"\(4, 4\) against a true one of \(4, 5\)"):
        levels_of(np.zeros((4, 4), np.uint8), np.zeros((4, 5), bool))


def test_a_top_hat_sees_what_is_narrow_light_or_dark_and_no_slope() -> None:
    ramp = np.repeat(np.linspace(40, 200, 64).astype(np.uint8)[None], 64, axis=0)
    image = np.dstack([ramp] * 3)
    lined = image.copy()
    lined[30, 10:50], lined[45, 10:50] = 250, 0
    assert top_hat(image).max() <= 15
    found = top_hat(lined)
    assert found[30, 30] == pytest.approx(250 - int(image[30, 30, 0]), abs=15)
    assert found[45, 30] == pytest.approx(int(image[45, 30, 0]), abs=15)


def written(folder: Path, photos: list[str], masks: list[str], size: tuple[int, int] = (24, 30)) -> None:
    for name in photos:
        write_png(folder / "photos" / name, np.full((24, 30, 3), 90, np.uint8))
    for name in masks:
        levels = np.zeros(size, np.uint8)
        levels[2:5], levels[10:12] = 255, 128
        write_png(folder / "masks" / name, levels)


def test_labelled_photos_are_found_by_their_names(tmp_path: Path) -> None:
    written(tmp_path, ["b.png", "a.scan.png", "deep/c.png"], ["a.scan.png", "b.png", "deep/c.png"])
    files = labelled_files(tmp_path)
    assert [each.key for each in files] == ["a.scan", "b", "deep/c"]
    photo = files[1].read()
    assert photo.truth[3].all()
    assert not photo.truth[6].any()
    assert not photo.counted[10:12].any()
    assert photo.counted[2:5].all()
    assert photo.counted[12:].all()


def test_labelled_crops_hang_on_seed_epoch_and_place(tmp_path: Path) -> None:
    written(tmp_path, ["a.png", "b.png"], ["a.png", "b.png"])
    one, other = labelled_crops(tmp_path, 16, 5), labelled_crops(tmp_path, 16, 5)
    assert len(one) == 2
    for epoch in range(3):
        for name in ("degraded", "mask", "ignore"):
            assert np.array_equal(one[epoch, 1][name], other[epoch, 1][name])
    item = one[0, 0]
    assert {name: array.shape for name, array in item.items()} == {
        "degraded": (16, 16, 3),
        "mask": (16, 16),
        "ignore": (16, 16),
    }
    assert any(not np.array_equal(one[epoch, 0]["mask"], item["mask"]) for epoch in range(1, 6))


@pytest.mark.parametrize(
    ("photos", "masks", "words"),
    [
        (["a.png", "b.png"], ["a.png"], "no mask for 1 of the names: b"),
        (["a.png"], ["a.png", "c.png", "d.png"], "no photo for 2 of the names: c, d"),
        ([f"{n}.png" for n in range(9)], ["0.png"], r"no mask for 8 of the names: 1, 2, 3, 4, 5, \.\.\."),
        (["a.png", "a.jpg"], ["a.png"], "have one name"),
    ],
)
def test_what_has_no_partner_is_named(tmp_path: Path, photos: list[str], masks: list[str], words: str) -> None:
    written(tmp_path, photos, masks)
    with pytest.raises(ModelError, match=words):
        labelled_files(tmp_path)


def test_folders_that_are_missing_or_empty_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no folder photos/"):
        labelled_files(tmp_path)
    for name in ("photos", "masks"):
        (tmp_path / name).mkdir()
    with pytest.raises(ModelError, match="no pictures in photos/"):
        labelled_files(tmp_path)


def test_a_mask_of_another_size_is_named(tmp_path: Path) -> None:
    written(tmp_path, ["a.png"], ["a.png"], size=(24, 24))
    with pytest.raises(ModelError, match=r"a\.png: 24 x 24 pixels, its photo .*a\.png 30 x 24"):
        labelled_files(tmp_path)[0].read()


def test_photos_without_damage_take_no_part_in_the_mean() -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    hurt, whole = np.zeros((8, 8), np.uint8), np.zeros((8, 8), np.uint8)
    hurt[2] = 60
    photos = [of_pair("a", image, hurt, 0.2), of_pair("b", image, whole, 0.2), of_pair("c", image, hurt, 0.3)]

    def seen(_: Image) -> np.ndarray:
        return hurt

    assert [each.truth.sum() for each in photos] == [8, 0, 0]
    assert of_pair("d", image, hurt, 0.3, 0.05).counted.sum() == 56
    assert photo_means(levels_by_photo(seen, photos)) == (1, 1)


def old_photos() -> list[Labelled]:
    with (SHARED / "old_masks" / "index.csv").open() as file:
        rows = list(csv.DictReader(file))
    photos, masks = {}, {}
    for row in rows:
        beside = SHARED / "old_masks" / row["photo_file"]
        own = beside if row["photo_file"].endswith(".photo.png") else SHARED / "old" / row["photo_file"]
        photos[row["file"]], masks[row["file"]] = own, SHARED / "old_masks" / row["file"]
    return [each.read() for each in paired(photos, masks, SHARED)]


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development photographs are not here")
def test_the_top_hat_scores_on_real_photos_what_others_measured() -> None:
    photos = old_photos()
    assert len(photos) == 15
    auc, auprc = photo_means(levels_by_photo(top_hat, photos))
    assert auc == pytest.approx(0.86, abs=0.01)
    assert auprc == pytest.approx(0.40, abs=0.01)

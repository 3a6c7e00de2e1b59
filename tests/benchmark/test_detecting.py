"""Scores of soft masks: against scikit-learn, in streams, and with two pixels of patience."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from benchmark.detecting import DETECTION_METRICS, SCORES, detection_metrics, tally
from benchmark.metric import UnsupportedError
from degrade.types import Mask
from restore_models.restorer import ModelError


def lines(side: int = 60) -> Mask:
    truth = np.zeros((side, side), np.uint8)
    truth[20, 5:50] = 255
    truth[5:40, 33] = 200
    return truth


def guess(truth: Mask, seed: int = 0) -> Mask:
    noise = np.random.default_rng(seed).normal(60, 40, truth.shape)
    return np.clip(np.rint(noise + 0.4 * truth), 0, 255).astype(np.uint8)


TRUTH = lines()
SOFT = guess(TRUTH)


def value(name: str, soft: Mask, truth: Mask, threshold: float = 0.5) -> float:
    return detection_metrics(threshold)[name].score(soft, truth)["whole"]


def test_scores_are_those_of_scikit_learn() -> None:
    real, soft = (TRUTH > 0).ravel(), SOFT.ravel()
    assert value("roc-auc", SOFT, TRUTH) == pytest.approx(roc_auc_score(real, soft), abs=1e-12)
    assert value("auprc", SOFT, TRUTH) == pytest.approx(average_precision_score(real, soft), abs=1e-12)
    wanted = max(f1_score(real, soft >= level) for level in range(1, 256))
    assert value("best-f1", SOFT, TRUTH) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("threshold", [0.3, 0.4, 0.5, 1.0])
def test_f1_is_at_the_models_own_threshold(threshold: float) -> None:
    wanted = f1_score((TRUTH > 0).ravel(), (255 * threshold <= SOFT).ravel(), zero_division=0)
    assert value("f1", SOFT, TRUTH, threshold) == pytest.approx(wanted, abs=1e-12)


def test_a_line_two_pixels_beside_is_near_enough_and_three_is_not() -> None:
    truth, beside, beyond = (np.zeros((30, 30), np.uint8) for _ in range(3))
    truth[10, 5:25] = 255
    beside[12, 5:25] = 255
    beyond[13, 5:25] = 255
    assert value("f1", beside, truth) == 0
    assert value("tolerant-f1", beside, truth) == 1
    assert value("tolerant-f1", beyond, truth) == 0
    corner = np.zeros((30, 30), np.uint8)
    corner[12, 27] = 255  # two down and two across of the end of the line is further than two
    assert value("tolerant-f1", corner, truth) == 0


def test_patience_counts_false_alarms_and_misses() -> None:
    truth, found = (np.zeros((40, 40), np.uint8) for _ in range(2))
    truth[10, :20] = 255
    found[11, :10] = 255
    found[30, :10] = 255
    precision, recall = 10 / 20, 11 / 20  # the pixel next to the end of what was found, too: (1, 1) away
    assert value("tolerant-f1", found, truth) == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-12)


def test_tints_count_neither_way() -> None:
    truth = TRUTH.copy()
    truth[50:55] = 76
    loud = SOFT.copy()
    loud[50:55] = 255
    real, kept = (truth >= 77).ravel(), ((truth < 13) | (truth >= 77)).ravel()
    assert value("auprc", loud, truth) == pytest.approx(
        average_precision_score(real[kept], loud.ravel()[kept]), abs=1e-12
    )
    assert value("tolerant-f1", loud, truth) > value("tolerant-f1", loud, TRUTH)
    truth[50:55] = 12
    assert value("auprc", loud, truth) == value("auprc", loud, TRUTH)


def test_tallies_of_photos_add_up_to_that_of_all() -> None:
    photos = [(guess(TRUTH, seed), TRUTH) for seed in range(4)]
    summed = sum((tally(*photo, 0.4) for photo in photos[1:]), tally(*photos[0], 0.4))
    beside = np.zeros((60, 3), np.uint8)  # so that nobody looks over the fence
    pieces = [np.hstack([part for photo in photos for part in (photo[place], beside)]) for place in range(2)]
    gap = sum(levels.size for levels in (beside,) * 4)
    together = tally(*pieces, 0.4)
    for name in ("auprc", "best-f1", "f1", "tolerant-f1"):  # intact black pixels change none of these
        assert SCORES[name](summed, 0.4) == pytest.approx(SCORES[name](together, 0.4), abs=1e-12)
    assert summed.levels.intact.sum() + gap == tally(*pieces).levels.intact.sum()


def test_where_there_is_nothing_to_find_there_is_no_score() -> None:
    none = np.zeros((20, 20), np.uint8)
    for metric in DETECTION_METRICS.values():
        with pytest.raises(UnsupportedError, match="no defects"):
            metric.score(SOFT[:20, :20], none)
    everything = np.full((20, 20), 255, np.uint8)
    for name in ("roc-auc", "auprc", "best-f1"):
        with pytest.raises(UnsupportedError, match="nothing but defects"):
            value(name, SOFT[:20, :20], everything)
    assert value("f1", everything, everything) == value("tolerant-f1", everything, everything) == 1


def test_a_model_that_finds_nothing_has_no_f1_and_half_an_area() -> None:
    silent = np.zeros_like(TRUTH)
    assert value("f1", silent, TRUTH) == value("tolerant-f1", silent, TRUTH) == 0
    assert value("roc-auc", silent, TRUTH) == 0.5
    assert value("auprc", silent, TRUTH) == pytest.approx((TRUTH > 0).mean())


def test_one_pixel_is_enough() -> None:
    assert value("f1", np.array([[255]], np.uint8), np.array([[255]], np.uint8)) == 1
    assert value("tolerant-f1", np.array([[0]], np.uint8), np.array([[255]], np.uint8)) == 0


def test_masks_of_other_sizes_are_refused() -> None:
    with pytest.raises(ModelError, match="must be alike"):
        tally(SOFT, TRUTH[1:])


def test_specs_are_pinned_and_the_same_for_all_models() -> None:
    assert {name: each.spec for name, each in DETECTION_METRICS.items()} == {
        name: each.spec for name, each in detection_metrics(0.3).items()
    }
    assert DETECTION_METRICS["tolerant-f1"].spec == (
        "tolerant-f1/v1?truth=77&ignored=13-76&levels=256&threshold=own&tolerance=2"
    )

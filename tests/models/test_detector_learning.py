"""The detector learns: one batch, photos that it has not seen, and what was drawn by hand."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_detectors import STILL, TINY, fitted, made, own, photo, scratched, seeded, trained
from torch import Tensor

from degrade.io import write_png
from degrade.types import Image, Mask
from restore_models.configs import changed
from restore_models.detection import detection, levels_of, pooled
from restore_models.detector import (
    MODEL,
    PAPER,
    Detector,
    DetectorConfig,
)
from restore_models.fine_tuning import Tuning, fine_tune, with_best_threshold
from restore_models.hand_labels import Labelled
from restore_models.learning import Runtime
from restore_models.restorer import ModelError
from restore_models.varying import Variation, varied
from restore_models.weight_files import Weighed, read_weights, write_weights


def test_the_learner_overfits_one_batch() -> None:
    learner, losses, batch = fitted()
    assert float(losses[-1]["focal"]) < 0.05 * float(losses[0]["focal"])
    assert float(losses[-1]["cross_entropy"]) < 0.4 * float(losses[0]["cross_entropy"])
    assert learner.score(batch).tolist() == pytest.approx([1.0] * 8, abs=0.02)
    assert learner.network.training


def test_a_line_one_pixel_wide_is_seen_on_photos_that_were_not_learned_from() -> None:
    learner, _, _ = fitted()
    pictures, mask = scratched(4, 2)
    soft = learner.soft(pictures).round(decimals=2)
    assert float(soft[mask > 0].min()) > float(soft[mask == 0].max())


def test_a_score_without_damage_is_zero_and_shows_are_grey_pictures() -> None:
    learner, _, batch = trained(1)
    assert batch.mask is not None
    assert learner.score(replace(batch, mask=torch.zeros_like(batch.mask))).tolist() == [0.0] * 8
    shown = learner.show(batch)
    assert shown.shape == (8, 3, 32, 32)
    assert shown[:, 0].equal(shown[:, 2])
    assert 0 <= float(shown.min()) <= float(shown.max()) <= 1


def test_a_corpus_without_masks_is_refused() -> None:
    learner, _, batch = trained(0)
    with pytest.raises(ModelError, match="masks"):
        learner.step(replace(batch, mask=None))


def test_training_is_repeatable_with_its_variation() -> None:
    config = replace(TINY, variation=Variation())
    (one, first, _), (other, second, _) = trained(3, config), trained(3, config)
    assert first == second
    assert all(a.equal(b) for a, b in zip(own(one).values(), own(other).values(), strict=True))


def test_the_paper_trains_too() -> None:
    _, losses, _ = trained(12, replace(PAPER, width=4, depth=2, rate=2e-3))
    assert float(losses[-1]["focal"]) < float(losses[0]["focal"])


def test_variation_keeps_picture_and_mask_together() -> None:
    pictures = torch.rand((4, 1, 48, 48), generator=seeded(3)).expand(-1, 3, -1, -1)
    zoom = replace(STILL, zoom=3.0)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        for _ in range(8):
            found, mask = varied(pictures, pictures[:, :1], zoom)
            assert found.shape == pictures.shape
            assert (found[:, :1] - mask).abs().max() < 1e-5


def test_variation_varies_tone_and_colour_and_stays_in_range() -> None:
    pictures = torch.rand((4, 3, 32, 32), generator=seeded(3))
    with torch.random.fork_rng():
        torch.manual_seed(1)
        found, _ = varied(pictures, pictures[:, :1], Variation(grey=1.0))
        unchanged, _ = varied(pictures, pictures[:, :1], STILL)
    assert 0 <= float(found.min()) <= float(found.max()) <= 1
    assert (found[:, 0] - found[:, 2]).abs().max() < 1e-5
    assert torch.allclose(unchanged.sum(), pictures.sum())


def test_weights_survive_saving_and_loading(tmp_path: Path) -> None:
    learner, _, _ = trained(2)
    assert MODEL.assemble is not None
    detector = MODEL.assemble(TINY, {"detector": own(learner)})
    assert isinstance(detector, Detector)
    write_weights(tmp_path, Weighed("detector", asdict(TINY), detector.state_dict(), {"steps": 2}))
    read = read_weights(tmp_path)
    again = Detector(changed(DetectorConfig(), read.config, "config.json"))
    again.load_state_dict(read.weights)
    assert again.config == TINY
    assert np.array_equal(again.detect(photo(40, 33)), detector.detect(photo(40, 33)))
    assert np.ptp(again.detect(photo(40, 33))) > 0


def as_photo(pictures: Tensor, mask: Tensor, number: int) -> tuple[Image, Mask]:
    image = (pictures[number].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    return np.ascontiguousarray(image), (mask[number, 0] * 255).to(torch.uint8).numpy()


def labelled_folder(folder: Path) -> list[Labelled]:
    pictures, mask = scratched(4, 4)
    found = []
    for number in range(4):
        image, levels = as_photo(pictures, mask, number)
        write_png(folder / "photos" / f"{number}.png", image)
        write_png(folder / "masks" / f"{number}.png", levels)
        found.append(Labelled(str(number), image, levels > 0, np.ones_like(levels, bool)))
    return found


def test_fine_tuning_learns_from_hand_labels_and_leaves_the_given_detector_alone(tmp_path: Path) -> None:
    photos = labelled_folder(tmp_path)
    detector = made(replace(TINY, rate=0.05), seed=2)
    before = {name: tensor.clone() for name, tensor in detector.state_dict().items()}
    tuning = Tuning(steps=40, batch=4, size=32, seed=1)
    tuned = fine_tune(detector, tmp_path, tuning, Runtime())

    def area(of: Detector) -> float:
        return detection(pooled(levels_of(of.detect(each.image), each.truth) for each in photos)).auprc

    assert area(tuned) > area(detector) + 0.2
    assert all(tensor.equal(before[name]) for name, tensor in detector.state_dict().items())
    assert tuned.record["fine-tuned on"] == "4 hand-labelled photos, 40 steps"
    again = fine_tune(detector, tmp_path, tuning, Runtime())
    assert all(a.equal(b) for a, b in zip(tuned.state_dict().values(), again.state_dict().values(), strict=True))


def test_the_best_threshold_is_where_f1_is_best(tmp_path: Path) -> None:
    photos = labelled_folder(tmp_path)
    learner, _, _ = fitted()
    assert MODEL.assemble is not None
    detector = MODEL.assemble(TINY, {"detector": own(learner)})
    assert isinstance(detector, Detector)
    best = with_best_threshold(detector, photos)
    assert best.config == replace(TINY, threshold=best.threshold)
    soft, truth = (
        np.stack(each) for each in zip(*((best.detect(one.image), one.truth) for one in photos), strict=True)
    )

    def f1(level: int) -> float:
        found = soft >= level
        return float(2 * (found & truth).sum() / (found.sum() + truth.sum()))

    assert f1(round(255 * best.threshold)) == max(f1(level) for level in range(1, 256))
    assert np.array_equal(best.binary(soft) > 0, soft >= round(255 * best.threshold))

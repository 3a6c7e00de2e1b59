"""The defect detector: its layout, losses, tiles, learning, and its fine-tuning."""

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from degrade.io import write_png
from degrade.types import Image, Mask
from restore_models.batch import Batch
from restore_models.configs import changed
from restore_models.detection import detection, levels_of, pooled
from restore_models.detector import (
    MODEL,
    PAPER,
    Balance,
    Detector,
    DetectorConfig,
    DetectorLearner,
    UNet,
    balanced,
    cross_entropy,
    focal,
    front,
    halo_of,
    hats,
    local_mean,
    objective,
    overlap_loss,
    seg_loss,
    targets,
    toned,
)
from restore_models.detector_front import highest
from restore_models.detector_net import widths_of
from restore_models.fine_tuning import Tuning, fine_tune, with_best_threshold
from restore_models.hand_labels import Labelled
from restore_models.learning import Runtime
from restore_models.restorer import ModelError
from restore_models.tiling import Tiling
from restore_models.varying import Variation, varied
from restore_models.weight_files import Weighed, read_weights, write_weights

STILL = Variation(zoom=1.0, grey=0.0, tone=0.0, noise=0.0, blur=0.0)
TINY = DetectorConfig(width=4, depth=2, top_hats=(5,), contrasts=(9,), rate=4e-3, variation=STILL)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def made(config: DetectorConfig, seed: int = 0) -> Detector:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        detector = Detector(config)
        for part in detector.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                part.running_mean.uniform_(-0.2, 0.2)
                part.running_var.uniform_(0.5, 1.5)
    return detector.eval()


def scratched(count: int, seed: int, side: int = 32) -> tuple[Tensor, Tensor]:
    """Soft pictures with light lines on them, (B, 3, H, W) and (B, 1, H, W)."""
    source = seeded(seed)
    small = torch.rand((count, 3, 4, 4), generator=source) * 0.6
    pictures = torch.nn.functional.interpolate(small, (side, side), mode="bilinear")
    mask = torch.zeros(count, 1, side, side)
    for number in range(count):
        place = int(torch.randint(4, side - 4, (), generator=source))
        if number % 2:
            mask[number, :, place] = 1
        else:
            mask[number, :, :, place] = 1
    return pictures * (1 - mask) + 0.95 * mask, mask


def photo(height: int, width: int, seed: int = 0) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


@cache
def fitted() -> tuple[DetectorLearner, list[Mapping[str, Tensor]], Batch]:
    """Trained once for all tests that only look at it."""
    return trained(100)


def trained(steps: int, config: DetectorConfig = TINY) -> tuple[DetectorLearner, list[Mapping[str, Tensor]], Batch]:
    pictures, mask = scratched(8, 1)
    batch = Batch(degraded=pictures, mask=mask)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        learner = DetectorLearner(config, Runtime(), {})
        losses = [learner.step(batch) for _ in range(steps)]
    return learner, losses, batch


def own(learner: DetectorLearner) -> dict[str, Tensor]:
    return {f"network.{name}": tensor for name, tensor in learner.network.state_dict().items()}


def test_the_released_layout_has_its_published_size() -> None:
    with torch.device("meta"):
        network = UNet(PAPER)
    assert sum(each.numel() for each in network.parameters()) == 37_626_177  # "37.6 M"


def test_the_usual_one_is_a_fiftieth_of_it() -> None:
    with torch.device("meta"):
        network = UNet(DetectorConfig())
    assert sum(each.numel() for each in network.parameters()) < 37_626_177 / 50


LOGITS = torch.tensor([2.0, -1.0, 0.5, -3.0]).view(1, 1, 2, 2)
TRUTH = torch.tensor([1.0, 0.0, 0.0, 0.0]).view(1, 1, 2, 2)
EVERYWHERE = torch.ones_like(TRUTH)


def log_sigmoid(logit: float) -> float:
    return -math.log(1 + math.exp(-logit))


@pytest.mark.parametrize(("balance", "alpha"), [("negatives", 0.75), ("as printed", 0.25), ("none", 0.5)])
def test_cross_entropy_is_equation_11_with_the_chosen_weight(balance: Balance, alpha: float) -> None:
    positive = -alpha * log_sigmoid(2.0)
    negatives = -(1 - alpha) * sum(log_sigmoid(-logit) for logit in (-1.0, 0.5, -3.0))
    found = cross_entropy(LOGITS, TRUTH, balanced(TRUTH, EVERYWHERE, balance))
    assert float(found) == pytest.approx((positive + negatives) / 4, rel=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 0.2, 2.0])
def test_the_focal_loss_is_equation_13(gamma: float) -> None:
    right = [1 / (1 + math.exp(-logit)) for logit in (2.0, 1.0, -0.5, 3.0)]
    expected = sum(-((1 - p) ** gamma) * math.log(p) for p in right) / 4
    assert float(focal(LOGITS, TRUTH, EVERYWHERE, gamma)) == pytest.approx(expected, rel=1e-6)


def test_as_printed_the_rare_damage_weighs_less_than_the_rest() -> None:
    """Why the default is another: an equal mistake on a defect costs a third of one on the rest, not three times it."""
    wrong = torch.zeros_like(LOGITS).requires_grad_()

    def pull(balance: Balance) -> float:
        (slope,) = torch.autograd.grad(cross_entropy(wrong, TRUTH, balanced(TRUTH, EVERYWHERE, balance)), wrong)
        return float(slope.flatten()[0].abs() / slope.flatten()[1].abs())

    assert pull("as printed") == pytest.approx(1 / 3)
    assert pull("negatives") == pytest.approx(3)


def test_the_focal_slope_is_finite_where_all_is_right() -> None:
    sure = torch.full((1, 1, 2, 2), 300.0, requires_grad=True)
    (slope,) = torch.autograd.grad(focal(sure, torch.ones_like(sure), torch.ones_like(sure), 0.2), sure)
    assert torch.isfinite(slope).all()


def test_pixels_that_do_not_count_change_no_loss() -> None:
    counted = torch.tensor([1.0, 1.0, 0.0, 1.0]).view(1, 1, 2, 2)
    other = LOGITS.clone()
    other[0, 0, 1, 0] = 99.0
    for config in (DetectorConfig(), PAPER):
        assert seg_loss(other, TRUTH, counted, config) == seg_loss(LOGITS, TRUTH, counted, config)
        assert seg_loss(other, TRUTH, EVERYWHERE, config) != seg_loss(LOGITS, TRUTH, EVERYWHERE, config)


def test_defects_are_balanced_among_the_pixels_that_count() -> None:
    counted = torch.tensor([1.0, 1.0, 0.0, 1.0]).view(1, 1, 2, 2)
    assert balanced(TRUTH, counted, "negatives").flatten().tolist() == pytest.approx([2 / 3, 1 / 3, 0, 1 / 3])


def test_the_focal_loss_is_balanced_unless_it_is_the_papers() -> None:
    weight = balanced(TRUTH, EVERYWHERE, "negatives")
    assert seg_loss(LOGITS, TRUTH, EVERYWHERE, DetectorConfig())[1] == focal(LOGITS, TRUTH, weight, 2.0)
    assert seg_loss(LOGITS, TRUTH, EVERYWHERE, PAPER)[1] == focal(LOGITS, TRUTH, EVERYWHERE, 0.2)


def test_the_overlap_is_that_of_dice_over_the_pixels_that_count() -> None:
    counted = torch.tensor([1.0, 1.0, 0.0, 1.0]).view(1, 1, 2, 2)
    found = [1 / (1 + math.exp(-logit)) for logit in (2.0, -1.0, -3.0)]
    expected = 1 - 2 * found[0] / (sum(p * p for p in found) + 1 + 1)
    assert float(overlap_loss(LOGITS, TRUTH, counted)) == pytest.approx(expected, rel=1e-6)
    assert float(overlap_loss(torch.full_like(LOGITS, -50), torch.zeros_like(TRUTH), counted)) == 1


def test_the_objective_is_equation_15_and_the_overlap_only_where_it_has_a_weight() -> None:
    entropy, hard = seg_loss(LOGITS, TRUTH, EVERYWHERE, PAPER)
    whole, terms = objective(LOGITS, TRUTH, EVERYWHERE, PAPER)
    assert whole == entropy + 10 * hard
    assert list(terms) == ["cross_entropy", "focal"]
    more, named = objective(LOGITS, TRUTH, EVERYWHERE, replace(PAPER, overlap=0.5))
    apart = overlap_loss(LOGITS, TRUTH, EVERYWHERE)
    assert float(more) == pytest.approx(float(whole + 0.5 * apart), rel=1e-6)
    assert named["overlap"] == apart


def test_every_pixel_counts_where_none_is_doubtful() -> None:
    truth, counted = targets(torch.tensor([0.0, 0.06, 0.29, 0.3, 1.0]), DetectorConfig(doubtful=0.3))
    assert truth.tolist() == [0, 0, 0, 1, 1]
    assert counted.tolist() == [1] * 5


def test_faint_damage_is_none_and_doubtful_damage_does_not_count() -> None:
    truth, counted = targets(torch.tensor([0.0, 0.05, 0.06, 0.29, 0.3, 1.0]), DetectorConfig())
    assert truth.tolist() == [0, 0, 0, 0, 1, 1]
    assert counted.tolist() == [1, 1, 0, 0, 1, 1]


def test_top_hats_are_those_of_opencv() -> None:
    grey = photo(40, 52)[..., 0]
    square = np.ones((5, 5), np.uint8)
    light, dark = hats(torch.from_numpy(grey)[None, None].float(), 5)
    assert np.array_equal(light[0, 0].numpy(), cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, square))
    assert np.array_equal(dark[0, 0].numpy(), cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, square))


def test_what_the_network_sees_is_as_chosen() -> None:
    pictures = torch.rand((1, 3, 16, 16), generator=seeded(0))
    assert toned(pictures, PAPER).shape[1] == 1
    assert toned(pictures, replace(PAPER, channels="rgb")).equal(pictures * 2 - 1)
    assert not front(toned(pictures, PAPER), PAPER)
    assert [each.shape[1] for each in front(pictures, TINY)] == [1, 1, 3]
    assert UNet(TINY).first[0].in_channels == 4 * (3 + 2 + 3)
    assert UNet(replace(TINY, channels="grey", top_hats=(), contrasts=(), halved=False)).first[0].in_channels == 1


@pytest.mark.parametrize("side", [1, 5, 11, 31])
def test_squares_are_joined_as_pooling_joins_them(side: int) -> None:
    """Up to squares that are larger than the picture."""
    pictures, reach = torch.rand((2, 3, 20, 27), generator=seeded(0)), side // 2
    assert highest(pictures, side).equal(torch.nn.functional.max_pool2d(pictures, side, 1, reach))
    means = torch.nn.functional.avg_pool2d(pictures, side, 1, reach, count_include_pad=False)
    assert (local_mean(pictures, side) - means).abs().max() < 1e-6


def test_a_halved_network_still_tells_neighbouring_pixels_apart() -> None:
    """A pixel of its finest level stands for four: each of them has its own say at the end."""
    config = replace(TINY, norm="none", top_hats=(), contrasts=())
    grey = torch.full((1, 3, 32, 32), 0.5)
    dotted = grey.clone()
    dotted[..., 14, 14] = 1
    with torch.inference_mode():
        network = made(config).network
        apart = (network(dotted) - network(grey))[0, 0, 14:16, 14:16].flatten().tolist()
    assert len({round(each, 6) for each in apart}) == 4


def test_levels_are_whole_sixteens_where_they_are_as_wide() -> None:
    assert widths_of(DetectorConfig()) == [32, 32, 48, 64]
    assert widths_of(PAPER) == [64, 128, 256, 512, 1024]
    assert widths_of(TINY) == [4, 5, 6]


def test_a_local_mean_is_that_of_the_pixels_there_are() -> None:
    ramp = torch.arange(25.0).view(1, 1, 5, 5)
    found = local_mean(ramp, 3)
    assert float(found[0, 0, 2, 2]) == 12
    assert float(found[0, 0, 0, 0]) == (0 + 1 + 5 + 6) / 4


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        replace(TINY, halved=False),
        replace(TINY, norm="layer", top_hats=(), contrasts=(), depth=1),
        replace(TINY, mirrored=True),
    ],
)
def test_tiles_give_what_the_whole_photo_gives(config: DetectorConfig) -> None:
    detector, picture = made(config), photo(231, 203)
    detector.tiling = Tiling(0)
    whole = detector.computed(picture, None)
    detector.tiling = Tiling(64)
    assert whole.std() > 1e-3
    assert (detector.computed(picture, None) - whole).abs().max() < 1e-5


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        replace(TINY, halved=False),
        replace(TINY, top_hats=(), contrasts=(), first=7),
        replace(TINY, depth=3, top_hats=(11,), contrasts=(31,)),
    ],
)
def test_nothing_beyond_the_halo_is_seen(config: DetectorConfig) -> None:
    config, halo = replace(config, norm="layer"), halo_of(config)
    detector, side = made(config), 2 * halo + 64
    one = torch.rand((1, 3, side, side), generator=seeded(0))
    other = one.clone()
    other[..., : side // 2 - halo, :] = torch.rand(other[..., : side // 2 - halo, :].shape, generator=seeded(1))
    with torch.inference_mode():
        first, second = (detector(each, each[:, :1])[0, 0] for each in (one, other))
    assert (first - second)[side // 2 :].abs().max() < 1e-6
    assert (first - second)[: side // 2 - halo].abs().max() > 1e-4


def test_where_it_is_asked_for_the_mirror_images_have_their_say() -> None:
    plain, picture = made(TINY), photo(48, 64)
    mirrored = Detector(replace(TINY, mirrored=True)).eval()
    mirrored.load_state_dict(plain.state_dict())
    ways = [np.s_[:, :], np.s_[:, ::-1], np.s_[::-1], np.s_[::-1, ::-1]]
    alone = [plain.computed(np.ascontiguousarray(picture[way]), None)[0, 0].numpy()[way] for way in ways]
    assert np.ptp([each[20, 30] for each in alone]) > 1e-4
    assert np.abs(mirrored.computed(picture, None)[0, 0].numpy() - np.mean(alone, axis=0)).max() < 1e-6
    assert np.array_equal(mirrored.detect(picture), mirrored.detect(picture))


def test_weights_of_before_the_overlap_and_mirror_images_are_read_as_they_were() -> None:
    saved = {name: value for name, value in asdict(TINY).items() if name not in ("mirrored", "overlap")}
    assert changed(DetectorConfig(), saved, "config.json") == TINY


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 31), (53, 40)])
@pytest.mark.parametrize("depth", [2, 3])
def test_masks_of_any_size_fit_their_photos(height: int, width: int, depth: int) -> None:
    detector = made(replace(TINY, depth=depth))
    soft = detector.detect(photo(height, width))
    assert soft.shape == (height, width)
    assert soft.dtype == np.uint8
    assert np.array_equal(soft, detector.detect(photo(height, width)))


def test_a_photo_too_small_is_refused() -> None:
    with pytest.raises(ModelError, match="5 x 5 pixels"):
        made(TINY).detect(photo(5, 5))


def test_a_soft_mask_is_cut_at_the_threshold() -> None:
    detector = made(replace(TINY, threshold=0.4))
    assert detector.binary(np.array([[0, 101, 102, 255]], np.uint8)).tolist() == [[0, 0, 255, 255]]


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

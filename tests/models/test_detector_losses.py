"""The losses of the detector: equations 11 to 15, and the overlap."""

import math
from dataclasses import replace

import pytest
import torch

from restore_models.detector import (
    PAPER,
    Balance,
    DetectorConfig,
    balanced,
    cross_entropy,
    focal,
    objective,
    overlap_loss,
    seg_loss,
    targets,
)

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

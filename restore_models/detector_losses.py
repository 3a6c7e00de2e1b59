"""What the defect detector is to say of a mask, and what it costs to say something else."""

import torch
from torch import Tensor
from torch.nn import functional

from restore_models.detector_config import Balance, DetectorConfig


def balanced(truth: Tensor, counted: Tensor, balance: Balance) -> Tensor:
    """The weight of each pixel: alpha for the defects, 1 - alpha for the rest; 0 where the truth is not known.

    Args:
        truth: (B, 1, H, W), 1 for a defect, 0 for none.
        counted: 1 where that is known, else 0.
        balance: alpha is the share of the negatives in the batch, that of the positives (eq. 12 as printed), or 1/2.
    """
    positives = (truth * counted).sum() / counted.sum().clamp_min(1)
    alpha = {"negatives": 1 - positives, "as printed": positives, "none": torch.full_like(positives, 0.5)}[balance]
    return torch.where(truth > 0.5, alpha, 1 - alpha) * counted


def cross_entropy(logits: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """-log p of what is true, weighed, as a mean over the pixels; eq. 11."""
    right = torch.where(truth > 0.5, logits.float(), -logits.float())
    return -(weight * functional.logsigmoid(right)).mean()


def focal(logits: Tensor, truth: Tensor, weight: Tensor, gamma: float) -> Tensor:
    """Cross-entropy that dwells on what is still wrong: -(1 - p)^gamma log p, weighed, as a mean; eq. 13-14."""
    right = torch.where(truth > 0.5, logits.float(), -logits.float())
    wrong = torch.exp(gamma * functional.logsigmoid(-right))  # (1 - p)^gamma, with a slope where p is 1
    return -(weight * wrong * functional.logsigmoid(right)).mean()


def seg_loss(logits: Tensor, truth: Tensor, counted: Tensor, config: DetectorConfig) -> tuple[Tensor, Tensor]:
    """The two terms of eq. 15, whose sum it is with the weight beta: cross-entropy (eq. 11) and focal loss (eq. 13)."""
    weight = balanced(truth, counted, config.balance)
    return (
        cross_entropy(logits, truth, weight),
        focal(logits, truth, weight if config.focal_balance else counted, config.gamma),
    )


def overlap_loss(logits: Tensor, truth: Tensor, counted: Tensor) -> Tensor:
    """1 less how far what is found and what is true overlap in the whole batch, from 0 to 1: the Dice loss.

    Source: Milletari et al. 2016, "V-Net", section 3. One more in the denominator keeps it finite on intact photos.
    """
    found, true = logits.float().sigmoid() * counted, truth * counted
    return 1 - 2 * (found * true).sum() / (found.square().sum() + true.square().sum() + 1)


def objective(
    logits: Tensor, truth: Tensor, counted: Tensor, config: DetectorConfig
) -> tuple[Tensor, dict[str, Tensor]]:
    """What is learned down: eq. 15, with the overlap where that has a weight; and its terms."""
    entropy, hard = seg_loss(logits, truth, counted, config)
    whole, terms = entropy + config.beta * hard, {"cross_entropy": entropy.detach(), "focal": hard.detach()}
    if config.overlap:
        apart = overlap_loss(logits, truth, counted)
        whole, terms = whole + config.overlap * apart, terms | {"overlap": apart.detach()}
    return whole, terms


def targets(mask: Tensor, config: DetectorConfig) -> tuple[Tensor, Tensor]:
    """What the network is to say of masks in [0, 1], and where that counts: both 0 or 1."""
    truth = (mask >= config.positive).float()
    doubtful = (mask > config.doubtful) & (mask < config.positive)
    return truth, (~doubtful).float()

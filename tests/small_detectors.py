"""Detectors that are small enough for tests, and what they learn from."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import torch
from torch import Tensor

from degrade.types import Image
from restore_models.batch import Batch
from restore_models.detector import (
    Detector,
    DetectorConfig,
    DetectorLearner,
)
from restore_models.learning import Runtime
from restore_models.varying import Variation

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

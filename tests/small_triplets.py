"""Triplet networks that are small enough for tests, and what they are given."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from restore_models.batch import Batch
from restore_models.blocks import ChannelNorm
from restore_models.learning import Learner, Runtime
from restore_models.triplet import Triplet
from restore_models.triplet_flavours import Flavour
from restore_models.triplet_learning import VaeA, VaeB
from restore_models.triplet_options import TripletConfig

SMALL = TripletConfig(
    width=8, blocks=1, mapping_width=16, critic_width=8, local_blocks=1, fused_blocks=1, global_blocks=1, detects=False
)

RUNTIME = Runtime(crop=32)

flavours = pytest.mark.parametrize("flavour", get_args(Flavour))


def small(flavour: Flavour = "foxing") -> TripletConfig:
    return replace(SMALL, flavour=flavour)


def network(config: TripletConfig = SMALL) -> Triplet:
    """With random weights, larger than those that training starts with, so that there is something to see."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        found = Triplet(config)
        for part in found.modules():
            if isinstance(part, ChannelNorm):
                torch.nn.init.normal_(part.bias, 0, 0.3)
    return found.eval()


def photo(height: int, width: int) -> np.ndarray:
    """Noise on a slope."""
    chance = np.random.default_rng(6)
    slope = np.linspace(40, 200, width) + np.linspace(-30, 30, height)[:, None]
    return np.clip(slope[..., None] + chance.normal(0, 20, (height, width, 3)), 0, 255).astype(np.uint8)


def scratched(height: int, width: int) -> np.ndarray:
    """A mask of two scratches and a hole."""
    mask = np.zeros((height, width), np.uint8)
    mask[:, width // 3] = 255
    mask[height // 2] = 255
    mask[height // 5 : height // 4, -width // 4 :] = 255
    return mask


def batch() -> Batch:
    chance = torch.Generator().manual_seed(7)
    clean = torch.nn.functional.interpolate(torch.rand(2, 3, 8, 8, generator=chance), size=(32, 32), mode="bilinear")
    mask = torch.zeros(2, 1, 32, 32)
    mask[..., 9] = 1
    mask[0, :, 20:26, 4:16] = 1
    degraded = torch.where(mask > 0, 1.0, 0.6 * clean + 0.3)
    old = (degraded.flip(0) * torch.tensor([1.0, 0.85, 0.6]).view(3, 1, 1)).contiguous()
    return Batch(degraded, clean, mask, old)


def made(kind: type[Learner], config: TripletConfig, earlier: dict[str, dict[str, Tensor]]) -> Learner:
    return kind(config, RUNTIME, earlier)  # type: ignore[call-arg]


def left(learner: Learner) -> dict[str, Tensor]:
    """What a stage leaves."""
    return {
        f"{name}.{key}": tensor.detach().clone()
        for name in learner.kept
        for key, tensor in learner.networks[name].state_dict().items()
    }


def first_stages(config: TripletConfig) -> dict[str, dict[str, Tensor]]:
    return {"vae-a": left(made(VaeA, config, {})), "vae-b": left(made(VaeB, config, {}))}

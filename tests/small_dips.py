"""Deep image priors that are small enough for tests, and what they are given."""

from dataclasses import replace

import numpy as np
import torch

from restore_models.dip_config import DipConfig, Way
from restore_models.dip_nets import Hourglass

CPU = torch.device("cpu")

NET = Hourglass(input_depth=8, width=12, skip=4, scales=3)

SMALL = DipConfig(
    plain=Way(NET, 60),
    masked=Way(replace(NET, skip=12, smooth=False), 60, 0.03),
    averaging=0.9,
    window=6,
    patience=15,
    device="cpu",
)

HASTY = replace(SMALL, patience=5)

QUICK = replace(SMALL, plain=replace(SMALL.plain, iterations=3), masked=replace(SMALL.masked, iterations=3))


def smooth(height: int, width: int, turn: float = 0.0) -> np.ndarray:
    y, x = np.mgrid[:height, :width] / max(height, width)
    waves = [120 + 80 * np.sin(4 * x + 2 * y + turn), 130 + 70 * np.cos(5 * y - turn), 90 + 100 * x]
    return np.stack(waves, axis=-1).round().clip(0, 255).astype(np.uint8)


def noisy(clean: np.ndarray, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 30, clean.shape)
    return (clean + noise).round().clip(0, 255).astype(np.uint8)


def square_hole(height: int, width: int) -> np.ndarray:
    mask = np.zeros((height, width), np.uint8)
    mask[height // 3 : height * 2 // 3, width // 3 : width * 2 // 3] = 255
    return mask


def error(restored: np.ndarray, clean: np.ndarray) -> float:
    return float(np.square(restored.astype(float) - clean).mean())


CLEAN = smooth(32, 40)
NOISY = noisy(CLEAN)

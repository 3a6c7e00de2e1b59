"""Folders of small photos, and a tiny network for them."""

from pathlib import Path

import numpy as np
import torch
from charts import chart

from degrade.io import write_png
from restore_models.nafnet import NafNet, NafNetConfig

TINY = NafNetConfig(width=4, encoder=(1,), middle=1, decoder=(1,))


def photo(path: Path, size: tuple[int, int] = (40, 52)) -> Path:
    write_png(path, chart(*size))
    return path


def weights(folder: Path) -> Path:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        NafNet(TINY).save_pretrained(folder)
    return folder


def results(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))


def mask(path: Path, size: tuple[int, int] = (40, 52)) -> Path:
    drawn = np.zeros(size, np.uint8)
    drawn[10:14] = 255
    write_png(path, drawn)
    return path


IMAGE = chart(41, 52)
MASK = np.zeros((41, 52), np.uint8)
MASK[10:20] = 255

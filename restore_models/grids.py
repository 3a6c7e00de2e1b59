"""Grids of pictures: what a training makes of some photos, to look at."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from degrade.io import write_png
from restore_models.batch import Batch

ROWS, GAP = 4, 4


def write_grid(path: Path, batch: Batch, restored: Tensor) -> None:
    """Write the first pictures of a batch, a row each: clean, degraded, restored, mask, as far as there are.

    Raises:
        OSError: it cannot be written.
    """
    mask = None if batch.mask is None else batch.mask.expand(-1, 3, -1, -1)
    columns = [each for each in (batch.clean, batch.degraded, restored, mask) if each is not None]
    rows = [
        torch.cat([_framed(column[number]) for column in columns], dim=2) for number in range(min(ROWS, len(restored)))
    ]
    levels = (torch.cat(rows, dim=1).float().cpu().clamp(0, 1) * 255).round().to(torch.uint8)
    write_png(path, np.ascontiguousarray(levels[:, :-GAP, :-GAP].permute(1, 2, 0).numpy()))


def _framed(picture: Tensor) -> Tensor:
    """With a white edge to the right and below."""
    height, width = picture.shape[-2:]
    framed = torch.ones(3, height + GAP, width + GAP)
    framed[:, :height, :width] = picture.float().cpu()
    return framed

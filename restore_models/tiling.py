"""Large photos by tiles: where they lie, how much memory they take, and how they come together again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from restore_models.notes import note

AUTO_BYTES = 3 << 30
"""A photo that is forecast to need more than this is restored by tiles: a fixed number, so that the result hangs on
the photo and not on what else the machine is doing."""

NO_MEMORY = "out of memory"
"""What notes and records call it."""

LEAST = 64
"""Pixels; the smallest side of a tile without its halo."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a photo is cut."""

    side: int = -1
    """Of the tiles without their halo, in pixels; 0 is never any tiles, -1 as the forecast says."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a picture."""

    top: int
    left: int
    height: int
    width: int


class Tileable(Protocol):
    """What the planner must know of a network."""

    grid: int
    halo: int
    exact: bool
    bytes_per_pixel: int
    tiling: Tiling


def planned(size: tuple[int, int], bytes_per_pixel: int, tiling: Tiling, grid: int, halo: int) -> Tile:
    """The largest part that is computed at once, halo and all; the whole picture where it needs no tiles."""
    height, width = size
    side = tiling.side
    if side < 0:
        fits = height * width * bytes_per_pixel <= AUTO_BYTES
        side = 0 if fits else int((AUTO_BYTES / bytes_per_pixel) ** 0.5) - 2 * halo
    if side == 0:
        return Tile(0, 0, height, width)
    side = max(LEAST, grid) if side < LEAST else side
    side = -(-side // grid) * grid + 2 * halo
    return Tile(0, 0, min(height, side), min(width, side))


def in_tiles(network: Callable[[Tensor, Tensor], Tensor], degraded: Tensor, mask: Tensor, plan: Tileable) -> Tensor:
    """What a network makes of a picture (1, 3, H, W) and its mask, by tiles where the plan says so.

    Where memory runs out all the same, it is tried again with tiles of half the side, down to the smallest.

    Raises:
        MemoryError: not even the smallest tile fits.
    """
    tiling = plan.tiling
    size = (degraded.shape[-2], degraded.shape[-1])
    while True:
        tile = planned(size, plan.bytes_per_pixel, tiling, plan.grid, plan.halo)
        try:
            if (tile.height, tile.width) == size:
                return network(degraded, mask)
            return _joined(network, degraded, mask, tile, plan)
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if not ran_out(error):
                raise
        side = (max(tile.height, tile.width) - 2 * plan.halo) // 2
        if side < LEAST:
            raise MemoryError(f"a photo of {size[1]} x {size[0]} pixels needs more memory than there is")
        note(f"{NO_MEMORY}; went on with tiles of {side} pixels")
        tiling = Tiling(side)


def ran_out(error: BaseException) -> bool:
    """Whether an error means that memory ran out; on the CPU torch and OpenCV say so in words alone."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(words in str(error) for words in ("allocate memory", "Insufficient memory"))


def _joined(
    network: Callable[[Tensor, Tensor], Tensor], degraded: Tensor, mask: Tensor, tile: Tile, plan: Tileable
) -> Tensor:
    """Exact networks give the middle of each tile; others are blended where tiles overlap."""
    height, width = degraded.shape[-2:]
    weight = torch.zeros_like(degraded[:, :1], dtype=torch.float32)
    total = weight
    for each in tiles((height, width), tile, plan.halo, plan.grid):
        part = (..., slice(each.top, each.top + each.height), slice(each.left, each.left + each.width))
        restored = network(degraded[part], mask[part]).float()
        if total is weight:
            total = torch.zeros(1, restored.shape[1], height, width, device=weight.device)
        share = shares(each, (height, width), plan.halo, plan.exact).to(restored.device)
        total[part] += restored * share
        weight[part] += share
    return total / weight


def tiles(size: tuple[int, int], tile: Tile, halo: int, grid: int) -> Iterator[Tile]:
    """Tiles of that size that cover the picture, neighbours overlapping by twice the halo at least."""
    for top in starts(size[0], tile.height, halo, grid):
        for left in starts(size[1], tile.width, halo, grid):
            yield Tile(top, left, tile.height, tile.width)


def starts(length: int, side: int, halo: int, grid: int) -> list[int]:
    """Where tiles begin along one side, multiples of the grid; the last one ends where the picture ends."""
    if side >= length:
        return [0]
    step = side - 2 * halo
    found = list(range(0, length - side, step))
    return [*found, -(-(length - side) // grid) * grid]


def shares(tile: Tile, size: tuple[int, int], halo: int, exact: bool) -> Tensor:
    """(1, 1, h, w); how much each pixel of a tile counts: nothing within the halo, but at the picture's own edge.

    Tiles of networks that see further than the halo fade into each other over it instead.
    """
    ramps = []
    for start, side, length in ((tile.top, tile.height, size[0]), (tile.left, tile.width, size[1])):
        far = torch.arange(side, dtype=torch.float32)
        before = torch.full((side,), torch.inf) if start == 0 else far + 0.5
        behind = torch.full((side,), torch.inf) if start + side >= length else side - far - 0.5
        near = torch.minimum(before, behind)
        ramps.append((near > halo).float() if exact else (near / max(2 * halo, 1)).clamp(1e-3, 1))
    return ramps[0][:, None] * ramps[1][None, :][None, None]

"""The partial nonlocal block: what lies behind a hole is made of intact cells from anywhere in the photo.

Source: Wan et al. 2022, "Old photo restoration via deep latent space translation", section 3.2. With theta, phi, mu and
nu 1 x 1 convolutions of the features F, and m the mask, 1 for a hole:

    s_ij = (1 - m_j) f_ij / sum_k (1 - m_k) f_ik      (7)
    f_ij = exp(theta(F_i)^T phi(F_j))                 (8)
    O_i  = nu(sum_j s_ij mu(F_j))                     (9)

(7) and (8) together are a softmax over the intact cells, so `scaled_dot_product_attention` with a mask of the keys is
the same function, and never holds the N x N affinities that (7) speaks of: memory is linear in the photo.

Peak memory of the process below, the paper's 512 channels on the 256 x 256 cells of a photo of 1024 x 1024 pixels, on a
CPU: 1.23 GiB, of which torch itself is 0.26 (the plain form would hold 16 GiB for each copy of the affinities).

    import resource, torch
    from restore_models.nonlocal_block import PartialNonlocal
    net, features = PartialNonlocal(512), torch.rand(1, 512, 256, 256)
    with torch.inference_mode():
        net(features, net.cells(features, (features[:, :1] < 0.1).float()))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)

Where we deviate: `most` bounds how many cells are looked at, evenly spread over the photo; 0 is all of them, as in the
paper. `scaled` divides the exponent of (8) by the root of the channels, as is usual since Vaswani et al. 2017. Where
nothing at all is intact, (7) is 0 / 0; there each cell keeps its own mu(F_i).
"""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

CELL = 4
"""Pixels on a side of a cell of the latent space: two halvings."""

MaskRule = Literal["touched", "sampled"]
"""When a cell is a hole: where any of its pixels is, or where those are that the released code looks at."""


def hole_cells(holes: Tensor, rule: MaskRule) -> Tensor:
    """(B, 1, H/4, W/4); 1 where a cell is a hole, of holes (B, 1, H, W) that are 0 or 1.

    The released code shrinks the mask twice and counts what either shows: bilinear, which sees the two middle columns
    of four, and nearest, which sees the first. So the last one of four is never seen, and thin scratches are lost.
    """
    if rule == "touched":
        return functional.max_pool2d(holes, CELL)
    middle = functional.interpolate(holes, scale_factor=1 / CELL, mode="bilinear", align_corners=False)
    first = holes[..., ::CELL, ::CELL][..., : middle.shape[-2], : middle.shape[-1]]
    return ((middle > 0) | (first > 0)).to(holes.dtype)


class Cells(NamedTuple):
    """Cells of a photo that others may look at."""

    features: Tensor
    """(B, C, K, 1)"""

    intact: Tensor
    """(B, K); False for those that are holes and do not count."""


class Places(NamedTuple):
    """Where such cells lie."""

    flat: Tensor
    """(B, K); row by row, from the top left."""

    intact: Tensor
    """(B, K)"""


def places_of(holes: Tensor, most: int) -> Places:
    """The intact cells, the same ones each time; if there are too many, so many of them, evenly spread.

    Cells are ranked by the fractional part of a x + b y, with a and b of Roberts' R2 sequence: those below any
    threshold form a quasi-regular lattice. Cells that are holes come last, and are told from the others.

    Args:
        holes: (B, 1, h, w); 1 for a hole.
        most: how many are taken of a photo; 0 for all.
    """
    height, width = holes.shape[-2:]
    rows, columns = (torch.arange(side, device=holes.device) for side in (height, width))
    rank = (rows[:, None] * R2[0] + columns * R2[1]) & ALL_BITS  # whole numbers: the same on every machine
    covered = holes.flatten(1) > 0.5
    ranks = torch.where(covered, ALL_BITS + 1, rank.flatten())
    count = torch.sym_min(height * width, most) if most else height * width  # type: ignore[no-untyped-call]
    index = torch.topk(ranks, count, largest=False).indices
    return Places(index, ~covered.gather(1, index))


R2 = (3242174889, 2447445414)
"""1 / p and 1 / p^2 in units of 2^-32, with p^3 = p + 1."""

ALL_BITS = (1 << 32) - 1


class PartialNonlocal(nn.Module):
    """Eq. 7-9; the output is the O of the paper, before the global branch's residual blocks."""

    def __init__(self, channels: int, most: int = 0, scaled: bool = False, plain: bool = False) -> None:
        super().__init__()
        self.most, self.plain = most, plain
        self.scale = channels**-0.5 if scaled else 1.0
        self.theta, self.phi, self.mu, self.nu = (nn.Conv2d(channels, channels, 1) for _ in range(4))

    def cells(self, features: Tensor, holes: Tensor) -> Cells:
        """What the cells of a photo may look at: features (B, C, h, w), holes (B, 1, h, w)."""
        if not self.most:
            return Cells(features.flatten(2)[..., None], holes.flatten(1) < 0.5)
        places = places_of(holes, self.most)
        index = places.flat[:, None].expand(-1, features.shape[1], -1)
        return Cells(features.flatten(2).gather(2, index)[..., None], places.intact)

    def forward(self, features: Tensor, cells: Cells) -> Tensor:
        """(B, C, h, w); what each cell, intact or not, makes of the cells that it may look at."""
        key, value = (rows_of(layer(cells.features)) for layer in (self.phi, self.mu))
        attend = direct if self.plain else attended
        some = cells.intact.any(dim=1)[:, None]
        found = attend(rows_of(self.theta(features)), key, value, cells.intact | ~some, self.scale)
        found = found.transpose(1, 2).reshape(features.shape)
        if torch.compiler.is_compiling() or not bool(some.all()):
            found = torch.where(some[..., None, None], found, self.mu(features))
        result: Tensor = self.nu(found)
        return result


def rows_of(features: Tensor) -> Tensor:
    """(B, h w, C); the cells of features (B, C, h, w)."""
    return features.permute(0, 2, 3, 1).flatten(1, 2)


def attended(query: Tensor, key: Tensor, value: Tensor, intact: Tensor, scale: float) -> Tensor:
    """(B, N, C); the mean of the values, weighed by eq. 7 and 8.

    Channels must lie side by side in memory, or torch falls back to a kernel that holds all affinities.
    """
    query, key, value = (each[:, None].contiguous() for each in (query, key, value))  # one head
    mask = intact[:, None, None]  # (B, 1, 1, K): one row for all queries
    return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale)[:, 0]


def direct(query: Tensor, key: Tensor, value: Tensor, intact: Tensor, scale: float) -> Tensor:
    """The same as the equations have it, and as the released code computes it: with all N x K affinities."""
    affinity = torch.softmax(scale * query @ key.transpose(1, 2), dim=-1)
    affinity = affinity * intact[:, None]
    return (affinity / affinity.sum(dim=-1, keepdim=True).clamp_min(1e-30)) @ value

"""The mapping T from the codes of degraded photos to those of clean ones: a local and a global branch.

Source: Wan et al. 2022, section 3.2 and table 1. With m the mask of the cells, 1 for a hole:

    F_fuse = (1 - m) rho_local(F) + m rho_global(O)      (10)

F are the features behind the first convolutions, O what the partial nonlocal block makes of them, and both rho are
residual blocks. `Layout` holds how many of what; the paper and the released code differ in that.
"""

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from restore_models.blocks import Norm, ResBlock
from restore_models.nonlocal_block import Cells, PartialNonlocal
from restore_models.vae import Edges, convolved


@dataclass(frozen=True, slots=True)
class Layout:
    """What T is made of."""

    channels: int
    """Of a code."""

    width: int
    """Channels of the features."""

    ends: int
    """Convolutions before and behind: 3 or more, of which those beyond the third keep the width."""

    local_blocks: int
    """rho_local."""

    global_blocks: int
    """rho_global."""

    fused_blocks: int
    """Residual blocks behind the fusion."""

    norm: Norm
    edges: Edges
    attends: bool
    """False for the local branch alone."""

    most: int
    """Cells that attention looks at; 0 for all."""

    scaled: bool
    plain: bool

    def reach(self) -> int:
        """How many cells away T still sees, but for the attention."""
        beside = max(self.local_blocks, self.global_blocks if self.attends else 0)
        return 2 * self.ends + 2 * (beside + self.fused_blocks)


class Mapping(nn.Module):
    """T: (B, C, h, w) to (B, C, h, w)."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        narrow, middle, wide = layout.width // 4, layout.width // 2, layout.width
        norm, edges = layout.norm, layout.edges
        widths = [layout.channels, narrow, middle, *[wide] * (layout.ends - 2)]
        self.head = nn.Sequential(*(convolved(before, after, 3, 1, norm, edges) for before, after in pairwise(widths)))
        back = [*[wide] * (layout.ends - 2), middle, narrow]
        self.local = blocks(layout.local_blocks, wide, norm)
        self.attention = PartialNonlocal(wide, layout.most, layout.scaled, layout.plain) if layout.attends else None
        self.outside = blocks(layout.global_blocks if layout.attends else 0, wide, norm)
        self.tail = nn.Sequential(
            *blocks(layout.fused_blocks, wide, norm),
            *(convolved(before, after, 3, 1, norm, edges) for before, after in pairwise(back)),
            nn.Conv2d(narrow, layout.channels, 3, padding=1, padding_mode=edges),
        )

    def forward(self, codes: Tensor, holes: Tensor | None, cells: Cells | None = None) -> Tensor:
        """The codes of the restored pictures.

        Args:
            codes: of the degraded ones.
            holes: (B, 1, h, w), 1 for a hole; None where there is none, which spares the global branch.
            cells: what the holes are filled from, where that is not the intact cells of these codes.
        """
        features = self.head(codes)
        fused = self.local(features)
        if self.attention is not None and holes is not None:
            found = self.attention(features, cells or self.attention.cells(features, holes))
            fused = (1 - holes) * fused + holes * self.outside(found)  # eq. 10
        mapped: Tensor = self.tail(fused)
        return mapped


def blocks(count: int, width: int, norm: Norm) -> nn.Sequential:
    """So many residual blocks."""
    return nn.Sequential(*(ResBlock(width, norm) for _ in range(count)))

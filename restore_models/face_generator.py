"""The generator of `face_refiner`: SPADE's, coarse to fine, with the degraded face in place of the label map.

Source: Park et al. 2019, "Semantic image synthesis with spatially-adaptive normalization", whose equation numbers are
used. At width 64 and 256 x 256 pixels these are the 92.06 million parameters of Wan et al.'s released code. Where we
deviate: the start is the degraded face itself, as in that code, and not a latent noise, as the text has it; the
degraded face is averaged down to each scale, where the reference picks pixels and so lets noise and fine scratches
through at random.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from restore_models.configs import refuse_below, refuse_below_one
from restore_models.restorer import ModelError

GRID = 32
"""Five doublings lie between the start and the face."""


@dataclass(frozen=True, slots=True)
class FacesConfig:
    """How large and how trained; the numbers of Park et al., section 4, where nothing else is said."""

    size: int = 256
    """Side of an aligned face in pixels, a multiple of 32 from 64; the start is a 32nd of it.

    Pictures to learn from have this side too: of larger ones the loop would take crops, which are no aligned faces.
    """

    width: int = 32  # 64 in the reference; half of it is a quarter of the memory and time
    norm: Literal["batch", "instance"] = "batch"  # without parameters, either way
    spectral: bool = True  # of the generator; the critic has it always
    critic_width: int = 64
    adversarial: Literal["hinge", "lsgan"] = "hinge"
    matching_weight: float = 10.0
    perceptual_weight: float = 10.0
    rate: float = 1e-4  # two time scales (Heusel et al. 2017): the critic learns four times as fast
    critic_rate: float = 4e-4
    betas: tuple[float, float] = (0.0, 0.9)

    def __post_init__(self) -> None:
        refuse_below_one(self, "width", "critic_width")
        refuse_below(self, 0, "matching_weight", "perceptual_weight")
        if self.size % GRID or self.size < 2 * GRID:
            raise ModelError(f"faces of size = {self.size}, not a multiple of {GRID} from {2 * GRID}; 256 is usual")


class Modulation(nn.Module):
    """Spatially-adaptive normalisation: gamma(face) * norm(features) + beta(face), pixel by pixel (eq. 1)."""

    def __init__(self, channels: int, config: FacesConfig) -> None:
        super().__init__()
        hidden = 2 * config.width
        batch = config.norm == "batch"
        self.norm = nn.BatchNorm2d(channels, affine=False) if batch else nn.InstanceNorm2d(channels)
        self.shared = convolution(3, hidden, spectral=False)
        self.scale = convolution(hidden, channels, spectral=False)
        self.shift = convolution(hidden, channels, spectral=False)

    def forward(self, features: Tensor, face: Tensor) -> Tensor:
        """The same shape as the features, (B, C, h, w), of a face of (B, 3, h, w)."""
        told = functional.relu(self.shared(face))  # (B, 2 width, h, w)
        return self.norm(features) * (1 + self.scale(told)) + self.shift(told)


class ModulatedBlock(nn.Module):
    """A residual block whose norms are told by the degraded face (Park et al., figure 4)."""

    def __init__(self, before: int, after: int, config: FacesConfig) -> None:
        super().__init__()
        inside = min(before, after)
        self.first, self.second = Modulation(before, config), Modulation(inside, config)
        self.inward = convolution(before, inside, spectral=config.spectral)
        self.outward = convolution(inside, after, spectral=config.spectral)
        self.beside: nn.ModuleList | None = None
        if before != after:
            straight = convolution(before, after, spectral=config.spectral, kernel=1)
            self.beside = nn.ModuleList([Modulation(before, config), straight])

    def forward(self, features: Tensor, face: Tensor) -> Tensor:
        """(B, after, h, w) of features (B, before, h, w)."""
        straight = features
        if self.beside is not None:
            straight = self.beside[1](self.beside[0](features, face))
        features = self.inward(functional.leaky_relu(self.first(features, face), 0.2))
        return straight + self.outward(functional.leaky_relu(self.second(features, face), 0.2))


class FaceGenerator(nn.Module):
    """A face from 8 x 8 features up to 256 x 256 pixels, modulated by the degraded face at every scale."""

    def __init__(self, config: FacesConfig) -> None:
        super().__init__()
        width = config.width
        self.start = convolution(3, 16 * width, spectral=False)
        self.blocks = nn.ModuleList(
            ModulatedBlock(before * width, after * width, config) for before, after, _ in BLOCKS
        )
        self.last = convolution(width, 3, spectral=False)

    def forward(self, degraded: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1], of degraded faces alike; sides are multiples of 32."""
        faces = [degraded * 2 - 1]
        for _ in range(5):
            faces.append(functional.avg_pool2d(faces[-1], 2))  # the degraded face at each scale
        features = self.start(faces[5])  # (B, 16 width, H/32, W/32)
        for block, (_, _, scale) in zip(self.blocks, BLOCKS, strict=True):
            size = faces[scale].shape[-2:]
            if features.shape[-2:] != size:
                features = functional.interpolate(features, size=size, mode="nearest")
            features = block(features, faces[scale])
        drawn = self.last(functional.leaky_relu(features, 0.2))  # (B, 3, H, W)
        return (torch.tanh(drawn.float()) + 1) / 2


BLOCKS = ((16, 16, 5), (16, 16, 4), (16, 16, 4), (16, 8, 3), (8, 4, 2), (4, 2, 1), (2, 1, 0))
"""Of each block: channels before and after, in widths, and how many times its scale is halved."""


def convolution(before: int, after: int, *, spectral: bool, kernel: int = 3) -> nn.Module:
    """A convolution that keeps the size, drawn by Glorot's rule with a gain of 0.02 as in SPADE's released code."""
    conv = nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=kernel > 1)
    nn.init.xavier_normal_(conv.weight, 0.02)
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    return spectral_norm(conv) if spectral else conv

"""The two halves of the variational autoencoders, and the code between them.

Source: Wan et al. 2022, section 3.1 and table 1: two halvings, 64 channels, four residual blocks; 0.436 million
parameters in each half. The same network for old photos with synthetic ones (VAE-A) and for clean ones (VAE-B).
"""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from restore_models.blocks import Norm, ResBlock, norm_layer

Edges = Literal["reflect", "zeros"]
"""How pictures go on beyond their edges, for the convolutions that the paper does not say it of."""


class Codes(NamedTuple):
    """The distribution of a picture's code."""

    mean: Tensor
    """(B, C, H/4, W/4)"""

    log_variance: Tensor | None
    """None where it is 0: the variance is fixed to 1."""

    def drawn(self) -> Tensor:
        """A code from the distribution, by the reparameterisation trick."""
        noise = torch.randn_like(self.mean, dtype=torch.float32)
        if self.log_variance is None:
            return self.mean.float() + noise
        return self.mean.float() + (0.5 * self.log_variance.float()).exp() * noise


def convolved(before: int, after: int, kernel: int, stride: int, norm: Norm, edges: Edges) -> nn.Sequential:
    """A convolution with its normalisation and ReLU; the size is that of the input, divided by the stride."""
    return nn.Sequential(
        nn.Conv2d(before, after, kernel, stride, (kernel - 1) // 2, padding_mode=edges),
        norm_layer(norm, after),
        nn.ReLU(inplace=True),
    )


class Doubled(nn.Module):
    """A transposed convolution of 4 x 4 with stride 2, its normalisation and ReLU."""

    def __init__(self, channels: int, norm: Norm, edges: Edges) -> None:
        super().__init__()
        self.reflected = edges == "reflect"
        self.conv = nn.ConvTranspose2d(channels, channels, 4, 2, padding=3 if self.reflected else 1)
        self.norm = norm_layer(norm, channels)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to (B, C, 2H, 2W)."""
        if self.reflected:  # or the outermost pixels would be made of fewer cells, and darker
            features = functional.pad(features, (1, 1, 1, 1), mode="reflect")
        return functional.relu(self.norm(self.conv(features)))


class Encoder(nn.Module):
    """From pictures in [-1, 1], perhaps with their mask, to codes."""

    def __init__(self, channels: int, width: int, blocks: int, norm: Norm, edges: Edges, learned: bool) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolved(channels, width, 7, 1, norm, "reflect"),
            convolved(width, width, 4, 2, norm, edges),
            convolved(width, width, 4, 2, norm, edges),
            *(ResBlock(width, norm) for _ in range(blocks)),
        )
        self.log_variance = nn.Conv2d(width, width, 1) if learned else None

    def forward(self, pictures: Tensor) -> Codes:
        """(B, C, H, W), sides that are multiples of 4, to (B, width, H/4, W/4)."""
        mean = self.body(pictures)
        if self.log_variance is None:
            return Codes(mean, None)
        return Codes(mean, self.log_variance(mean).clamp(*LOG_VARIANCES))


LOG_VARIANCES = (-20.0, 10.0)
"""Whatever is drawn stays a number."""


class Decoder(nn.Module):
    """From codes to pictures in [-1, 1]."""

    def __init__(self, width: int, blocks: int, norm: Norm, edges: Edges) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *(ResBlock(width, norm) for _ in range(blocks)),
            Doubled(width, norm, edges),
            Doubled(width, norm, edges),
            nn.Conv2d(width, 3, 7, padding=3, padding_mode="reflect"),
            nn.Tanh(),
        )

    def forward(self, codes: Tensor) -> Tensor:
        """(B, width, h, w) to (B, 3, 4h, 4w)."""
        pictures: Tensor = self.body(codes)
        return pictures


def latent_layers(side: int) -> int:
    """Halvings in the discriminator of codes with so many cells on a side.

    Three, as published, give a patch as large as the 64 cells of a crop of 256 pixels; for smaller ones they would
    leave nothing but a verdict on the padding.
    """
    return 3 if side >= 32 else 2 if side >= 16 else 1

"""Small parts that several networks are made of."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

Norm = Literal["instance", "layer", "batch", "none"]
"""Instance norm has no parameters, as in the papers; layer norm goes over the channels of each pixel."""


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of each pixel, scaled and shifted.

    A pixel's code hangs on no other pixel, so tiles give what the whole gives, and a shift of a photo's tone is still
    told from its texture by the layers that follow; instance norm takes the mean of each channel away, and the tone.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, features: Tensor) -> Tensor:
        """The same shape, (B, C, H, W)."""
        last = features.permute(0, 2, 3, 1)
        return functional.layer_norm(last, self.weight.shape, self.weight, self.bias, 1e-6).permute(0, 3, 1, 2)


def norm_layer(norm: Norm, channels: int) -> nn.Module:
    """The normalisation of so many channels."""
    if norm == "instance":
        return nn.InstanceNorm2d(channels)
    if norm == "layer":
        return ChannelNorm(channels)
    return nn.BatchNorm2d(channels) if norm == "batch" else nn.Identity()


class ResBlock(nn.Module):
    """Two 3 x 3 convolutions beside a straight way, no activation after the sum.

    Source: He et al. 2016 as in CycleGAN (Zhu et al. 2017) and Wan et al. 2020.
    """

    def __init__(self, channels: int, norm: Norm = "instance", pad: Literal["reflect", "zeros"] = "reflect") -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, padding_mode=pad),
            norm_layer(norm, channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1, padding_mode=pad),
            norm_layer(norm, channels),
        )

    def forward(self, features: Tensor) -> Tensor:
        """The same shape."""
        return features + self.body(features)


class PatchDiscriminator(nn.Module):
    """A PatchGAN: one verdict per overlapping patch, (B, 1, h, w), without a sigmoid.

    With three layers, of stride 2, a patch is 70 x 70 pixels (Isola et al. 2017). `padding` is 1 there and 2 in
    pix2pixHD. `forward` gives the features after each layer too, for feature matching; the verdict comes last.
    """

    def __init__(
        self,
        channels: int,
        width: int = 64,
        layers: int = 3,
        norm: Norm = "batch",
        padding: int = 1,
        spectral: bool = False,
    ) -> None:
        super().__init__()
        stages: list[nn.Module] = []
        before = channels
        for number in range(layers + 1):
            after = width * min(2**number, 8)
            stride, normed = 2 if number < layers else 1, number > 0
            bias = not (normed and norm == "batch")
            conv = nn.Conv2d(before, after, 4, stride, padding, bias=bias)
            stages.append(
                nn.Sequential(
                    spectral_norm(conv) if spectral else conv,
                    norm_layer(norm if normed else "none", after),
                    nn.LeakyReLU(0.2, inplace=True),
                )
            )
            before = after
        last = nn.Conv2d(before, 1, 4, 1, padding)
        stages.append(spectral_norm(last) if spectral else last)
        self.stages = nn.ModuleList(stages)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """The features of each layer, then the verdicts."""
        found = [pictures]
        for stage in self.stages:
            found.append(stage(found[-1]))
        return found[1:]


class MultiScaleDiscriminator(nn.Module):
    """PatchGANs on the picture and on smaller and smaller copies of it.

    Source: Wang et al. 2018 (pix2pixHD), section 3.2: an average pool of 3 with stride 2 between the scales.
    """

    def __init__(
        self,
        channels: int,
        width: int = 64,
        scales: int = 2,
        layers: int = 3,
        norm: Norm = "instance",
        spectral: bool = False,
    ) -> None:
        super().__init__()
        self.scales = nn.ModuleList(
            PatchDiscriminator(channels, width, layers, norm, 2, spectral) for _ in range(scales)
        )

    def forward(self, pictures: Tensor) -> list[list[Tensor]]:
        """The features and verdicts of each scale, the largest first."""
        found = []
        for number, scale in enumerate(self.scales):
            if number:
                pictures = functional.avg_pool2d(pictures, 3, 2, 1, count_include_pad=False)
            found.append(scale(pictures))
        return found

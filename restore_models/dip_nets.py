"""The hourglass with skips of deep image prior, for several photos side by side that know nothing of each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from restore_models.configs import refuse_below_one


@dataclass(frozen=True, slots=True)
class Hourglass:
    """The shape of the network."""

    input_depth: int = 32
    """Channels of the noise that goes in."""

    width: int = 128
    """Channels at every scale."""

    skip: int = 4
    """Channels that pass by the smaller scales."""

    scales: int = 5
    """How often the side is halved; fewer where the photo is small."""

    smooth: bool = True
    """Whether the way up is bilinear; otherwise it repeats pixels."""

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        refuse_below_one(self, "input_depth", "width")


class Conv(nn.Module):
    """A convolution of each photo with weights of its own: groups of one convolution. Edges are mirrored."""

    def __init__(self, photos: int, before: int, after: int, side: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.stride = stride
        self.weight = nn.Parameter(torch.empty(photos, after, before, side, side))
        self.bias = nn.Parameter(torch.empty(photos, after))

    def forward(self, features: Tensor) -> Tensor:
        """(K, after, H / stride, W / stride) of (K, before, H, W)."""
        photos, after, _, side, _ = self.weight.shape
        if side > 1:
            features = mirrored(features)
        joined = features.reshape(1, -1, *features.shape[2:])  # (1, K * before, H, W)
        weight, bias = self.weight.flatten(0, 1), self.bias.flatten()
        found = functional.conv2d(joined, weight, bias, self.stride, groups=photos)
        return found.view(photos, after, *found.shape[2:])

    @torch.no_grad()
    def draw(self, photo: int, source: Generator) -> None:
        """Random weights for one photo, uniform within 1 / sqrt(fan in): torch's own rule, and so the paper's."""
        bound = self.weight[0, 0].numel() ** -0.5
        self.weight[photo].uniform_(-bound, bound, generator=source)
        self.bias[photo].uniform_(-bound, bound, generator=source)


class Norm(nn.Module):
    """Batch normalisation of each photo by its own statistics, which it never remembers."""

    def __init__(self, photos: int, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(photos, channels))
        self.bias = nn.Parameter(torch.zeros(photos, channels))

    def forward(self, features: Tensor) -> Tensor:
        """The same shape, (K, C, H, W)."""
        joined = features.reshape(1, -1, *features.shape[2:])  # (1, K * C, H, W)
        weight, bias = self.weight.flatten(), self.bias.flatten()
        return functional.batch_norm(joined, None, None, weight, bias, training=True).view_as(features)


def block(photos: int, before: int, after: int, side: int = 3, stride: int = 1) -> nn.Sequential:
    """A convolution, its norm and a leaky ReLU."""
    conv, norm = Conv(photos, before, after, side, stride), Norm(photos, after)
    return nn.Sequential(conv, norm, nn.LeakyReLU(0.2, inplace=True))


class Scale(nn.Module):
    """One scale: down and up again around the smaller ones, and a skip past them."""

    def __init__(self, photos: int, before: int, shape: Hourglass, inner: nn.Module) -> None:
        super().__init__()
        width = shape.width
        self.smooth = shape.smooth
        self.down = nn.Sequential(block(photos, before, width, stride=2), block(photos, width, width))
        self.inner = inner
        self.skip = block(photos, before, shape.skip, side=1) if shape.skip else None
        self.norm = Norm(photos, shape.skip + width)
        self.up = nn.Sequential(block(photos, shape.skip + width, width), block(photos, width, width, side=1))

    def forward(self, features: Tensor) -> Tensor:
        """(K, width, H, W) of (K, before, H, W), H and W even."""
        deep = doubled(self.inner(self.down(features)), smooth=self.smooth)
        if self.skip is not None:
            deep = torch.cat([self.skip(features), deep], dim=1)  # (K, skip + width, H, W)
        return self.up(self.norm(deep))


class HourglassNet(nn.Module):
    """Noise in, pictures out, each photo's by weights of its own, the first axis of every parameter.

    Source: Ulyanov, Vedaldi, Lempitsky 2018, figure 21 and the supplementary material, section 5.
    """

    def __init__(self, shape: Hourglass, photos: int = 1) -> None:
        super().__init__()
        inner: nn.Module = nn.Identity()
        for number in reversed(range(shape.scales)):
            inner = Scale(photos, shape.width if number else shape.input_depth, shape, inner)
        self.scales = inner
        self.last = Conv(photos, shape.width, 3, side=1)

    def forward(self, noise: Tensor) -> Tensor:
        """(K, 3, H, W) in [0, 1] of (K, input_depth, H, W); both sides are a multiple of 2 to the power of scales."""
        return torch.sigmoid(self.last(self.scales(noise)))

    def draw(self, sources: Sequence[Generator]) -> None:
        """Draw each photo's weights from its own source, so that they hang on no other photo."""
        convolutions = [part for part in self.modules() if isinstance(part, Conv)]
        for photo, source in enumerate(sources):
            for each in convolutions:
                each.draw(photo, source)


def mirrored(features: Tensor) -> Tensor:
    """Continued by one pixel on all sides as in a mirror.

    On a GPU the backward pass of torch's own padding adds up in any order, so there it is put together from slices.
    """
    return mirrored_by_slices(features) if features.is_cuda else functional.pad(features, (1, 1, 1, 1), mode="reflect")


def mirrored_by_slices(features: Tensor) -> Tensor:
    """The same: half as fast on a CPU, and the same on each run on a GPU."""
    tall = torch.cat([features[..., 1:2, :], features, features[..., -2:-1, :]], dim=-2)
    return torch.cat([tall[..., 1:2], tall, tall[..., -2:-1]], dim=-1)


def doubled(features: Tensor, smooth: bool) -> Tensor:
    """Twice as high and wide. As with the padding, a GPU gets a form whose backward pass is the same on each run."""
    if features.is_cuda:
        return doubled_by_slices(features, smooth)
    return functional.interpolate(features, scale_factor=2, mode="bilinear" if smooth else "nearest")


def doubled_by_slices(features: Tensor, smooth: bool) -> Tensor:
    """The same: each pixel becomes two, which lean by a quarter to the neighbour on their side where it is smooth."""
    for axis in (2, 3):
        first = second = features
        if smooth:
            length = features.shape[axis]
            before = torch.cat([features.narrow(axis, 0, 1), features.narrow(axis, 0, length - 1)], dim=axis)
            behind = torch.cat([features.narrow(axis, 1, length - 1), features.narrow(axis, length - 1, 1)], dim=axis)
            first, second = features.lerp(before, 0.25), features.lerp(behind, 0.25)
        features = torch.stack([first, second], dim=axis + 1).flatten(axis, axis + 1)
    return features

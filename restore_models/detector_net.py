"""The network of the defect detector: a U-Net, in the paper's layout or in ours."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from restore_models.blocks import norm_layer
from restore_models.detector_config import DetectorConfig
from restore_models.detector_front import front, front_channels, front_reach, toned


class Blur(nn.Module):
    """Every other pixel of a blurred picture, so that a shift by one pixel changes little.

    Source: Zhang 2019, "Making convolutional networks shift-invariant again", with the binomial filter 1 2 1.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        line = torch.tensor([0.25, 0.5, 0.25])
        self.register_buffer("kernel", (line[:, None] * line).repeat(channels, 1, 1, 1), persistent=False)
        self.kernel: Tensor

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to (B, C, H/2, W/2)."""
        around = functional.pad(features, (1, 1, 1, 1), mode="reflect")
        return functional.conv2d(around, self.kernel, stride=2, groups=features.shape[1])


def convolution(before: int, after: int, side: int = 3) -> nn.Conv2d:
    """A convolution that sees a mirror beyond the edges."""
    return nn.Conv2d(before, after, side, padding=side // 2, padding_mode="reflect")


def convolved(before: int, after: int, config: DetectorConfig) -> nn.Sequential:
    """A 3 x 3 convolution, the normalisation and LeakyReLU."""
    return nn.Sequential(convolution(before, after), norm_layer(config.norm, after), nn.LeakyReLU(0.2, inplace=True))


class Up(nn.Module):
    """Back to twice the size, and together with what was there on the way down."""

    def __init__(self, before: int, after: int, config: DetectorConfig) -> None:
        super().__init__()
        self.narrow_first = config.halved  # a 1 x 1 convolution gives the same before and after, at a quarter the cost
        self.narrow = convolution(before, after, 1 if config.halved else 3)
        self.join = nn.Sequential(convolved(2 * after, after, config), convolved(after, after, config))

    def forward(self, features: Tensor, skipped: Tensor) -> Tensor:
        """(B, 2C, H, W) and (B, C, 2H, 2W) to (B, C, 2H, 2W)."""
        wide = twice(self.narrow(features)) if self.narrow_first else self.narrow(twice(features))
        joined: Tensor = self.join(torch.cat([wide, skipped], dim=1))
        return joined


def twice(features: Tensor) -> Tensor:
    """At twice the size."""
    return functional.interpolate(features, scale_factor=2, mode="bilinear", align_corners=False)


class UNet(nn.Module):
    """From pictures (B, 3, H, W) in [0, 1] to logits (B, 1, H, W); sides are multiples of `grid_of(config)`.

    Where it is halved, every four pixels that form a square go in as the channels of one, and come out as four again:
    the widest and dearest level of all, that of the photo's own size, is left to two small convolutions at the end.
    """

    def __init__(self, config: DetectorConfig) -> None:
        super().__init__()
        self.config = config
        widths = widths_of(config)
        extra = front_channels(config)
        given = (1 if config.channels == "grey" else 3) + extra
        self.first = nn.Sequential(
            convolution(4 * given if config.halved else given, widths[0], config.first),
            nn.LeakyReLU(0.2, inplace=True),
        )
        self.downs = nn.ModuleList(
            nn.Sequential(
                convolved(fine, fine, config),
                Blur(fine),
                convolved(fine, coarse, config),
                convolved(coarse, coarse, config),
            )
            for fine, coarse in pairwise(widths)
        )
        self.ups = nn.ModuleList(Up(coarse, fine, config) for fine, coarse in reversed(list(pairwise(widths))))
        if config.halved:
            self.spread = nn.Conv2d(widths[0], 4 * SPREAD, 1)
            last = (convolution(SPREAD + given, 2 * SPREAD), nn.LeakyReLU(0.2), convolution(2 * SPREAD, 1))
            self.last: nn.Module = nn.Sequential(*last)
        else:
            self.last = convolution(widths[0] + extra, 1)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a third quicker on the CPU too

    def forward(self, pictures: Tensor) -> Tensor:
        """How surely each pixel is a defect, before the sigmoid."""
        seen = toned(pictures, self.config)
        extra = front(seen, self.config)
        given = torch.cat([seen, *extra], dim=1)
        if self.config.halved:
            features = functional.pixel_shuffle(self.spread(self._trunk(functional.pixel_unshuffle(given, 2))), 2)
            beside = [given]
        else:
            features, beside = self._trunk(given), extra
        found: Tensor = self.last(_last_channels(torch.cat([features, *beside], dim=1)))
        return found

    def _trunk(self, given: Tensor) -> Tensor:
        """Down, and up again, at the size at which it comes."""
        now: Tensor = self.first(_last_channels(given))
        skipped = []
        for down in self.downs:
            skipped.append(now)
            now = down(now)
        for up in self.ups:
            now = up(now, skipped.pop())
        return now


SPREAD = 8
"""Channels of the photo's own size that a halved network ends in."""

WHOLE = 16
"""Channels are multiples of this where there are as many: processors compute by sixteens."""


def _last_channels(features: Tensor) -> Tensor:
    return features.contiguous(memory_format=torch.channels_last)


def widths_of(config: DetectorConfig) -> list[int]:
    """The channels of each level, from the finest on."""
    unit = WHOLE if config.width >= WHOLE else 1
    return [unit * round(config.width * config.growth**level / unit) for level in range(config.depth + 1)]


def scale_of(config: DetectorConfig) -> int:
    """The size of a pixel of its finest level."""
    return 2 if config.halved else 1


def grid_of(config: DetectorConfig) -> int:
    """The sides of what the network sees are multiples of this: two pixels are left at the bottom to reflect."""
    return int(scale_of(config) * 2 ** (config.depth + 1))


def halo_of(config: DetectorConfig) -> int:
    """How far the network sees, rounded up to the grid.

    In pixels of the finest level: half the first convolution; at each scale of s pixels 2 s for the convolution and the
    blur, 4 s for the two convolutions below; 2 s for the enlargement and 3 s for the three convolutions on the way up,
    of which that of 1 x 1 sees no further. In the photo's own: what of the finest level's pixel lies beside one, and
    the last one or two convolutions. What the fixed front end looks at comes on top.
    """
    levels = sum(2**level for level in range(config.depth))
    joins = 2 if config.halved else 3
    trunk = config.first // 2 + (2 + 4 + 2 + joins) * levels
    ends = 3 if config.halved else 1
    reach = scale_of(config) * trunk + ends + front_reach(config)
    grid = grid_of(config)
    return -(-reach // grid) * grid


def bytes_per_pixel(config: DetectorConfig) -> int:
    """Peak of the activations per pixel, measured at widths of 8 to 64 and rounded up.

    Halved, what the front end computes at the photo's own size is most of it.
    """
    return 430 + 7 * config.width if config.halved else 150 + 48 * config.width

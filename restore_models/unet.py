"""The U-Net generator of Pix2Pix, which the students' CycleGAN uses too, and how generators are put to use."""

import torch
from torch import Tensor, nn

from restore_models.blocks import Norm, norm_layer
from restore_models.restorer import ModelError


class UNet(nn.Module):
    """A picture of a picture, both in [-1, 1]: halved `depth` times to a bottleneck, and back, with a skip per level.

    Source: Isola et al. 2017, section 6.1.1 and its erratum: C64-C128-C256-C512-C512-C512-C512-C512, every convolution
    4 x 4 with stride 2; no norm on the first level, nor at the bottleneck, where batch norm over a batch of one pixel
    would be zero everywhere (and is refused by torch). Dropout lies, as in the authors' released code, on the ups of
    the inner levels but the innermost: on three where the depth is 8 (the paper's text has it on the innermost three).
    """

    def __init__(self, width: int = 64, depth: int = 8, norm: Norm = "batch", dropout: float = 0.5) -> None:
        super().__init__()
        if not 2 <= depth <= 10:
            raise ModelError(
                f"depth = {depth}, outside [2, 10] of a U-Net; 8 is the paper's, 6 fits crops of 64 pixels"
            )
        channels = [min(2**level, 8) * width for level in range(depth)]
        downs, ups = [], []
        for level in range(depth):
            outermost, innermost = level == 0, level == depth - 1
            before = 3 if outermost else channels[level - 1]
            downs.append(_down(before, channels[level], "none" if outermost or innermost else norm, first=outermost))
            if not outermost:
                wide = channels[level] if innermost else 2 * channels[level]
                lossy = dropout if 3 < level < depth - 1 else 0.0
                ups.append(_up(wide, channels[level - 1], norm, lossy))
        self.downs, self.ups = nn.ModuleList(downs), nn.ModuleList(reversed(ups))
        self.last = nn.Sequential(nn.ReLU(), nn.ConvTranspose2d(2 * channels[0], 3, 4, 2, 1))

    def forward(self, picture: Tensor) -> Tensor:
        """The same shape, (B, 3, H, W); both sides are a multiple of 2^depth."""
        levels = [self.downs[0](picture)]  # (B, width, H/2, W/2)
        for down in self.downs[1:]:
            levels.append(down(levels[-1]))
        now = levels.pop()  # (B, 8 width, H/2^depth, W/2^depth)
        for up in self.ups:
            now = torch.cat((levels.pop(), up(now)), dim=1)
        found: Tensor = self.last(now).float().tanh()  # bf16 has fewer levels near white than a photo
        return found


def _down(before: int, after: int, norm: Norm, *, first: bool) -> nn.Module:
    conv = nn.Conv2d(before, after, 4, 2, 1, bias=norm != "batch")
    return nn.Sequential(nn.Identity() if first else nn.LeakyReLU(0.2), conv, norm_layer(norm, after))


def _up(before: int, after: int, norm: Norm, dropout: float) -> nn.Module:
    conv = nn.ConvTranspose2d(before, after, 4, 2, 1, bias=norm != "batch")
    return nn.Sequential(nn.ReLU(), conv, norm_layer(norm, after), nn.Dropout(dropout) if dropout else nn.Identity())


def check_crop(pictures: Tensor, halvings: int, setting: str = "") -> None:
    """Refuse crops that a network cannot halve so often.

    Args:
        pictures: the crops.
        halvings: how often the network halves them.
        setting: what its configuration calls that number, if it has one.

    Raises:
        ModelError: with the crops, and the number, that would do.
    """
    height, width = pictures.shape[-2:]
    if height % 2**halvings or width % 2**halvings:
        most = _most_halvings(height, width)
        remedy = f", or at most {most} as {setting}" if setting and most else ""
        raise ModelError(f"crops of {width} x {height} pixels, no multiple of {2**halvings}; give such crops{remedy}")


def restored_by(generator: nn.Module, degraded: Tensor) -> Tensor:
    """The restored pictures of degraded ones, both in [0, 1]; the generator itself works in [-1, 1]."""
    restored: Tensor = generator(degraded * 2 - 1)
    return (restored + 1) / 2


def _most_halvings(height: int, width: int) -> int:
    """How often both sides can be halved."""
    both = height | width
    return (both & -both).bit_length() - 1

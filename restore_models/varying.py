"""The same damage as other cameras, papers and scanners might show it: variation of a batch on its own device.

All of it is drawn from torch's own stream, which the training loop seeds before each step.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Variation:
    """How differently the same damage may come before the detector's eyes in training; all drawn anew in each step."""

    zoom: float = 2.5  # synthetic crops are small, real scans large: the same crease is then wider in pixels
    grey: float = 0.4  # share of the pictures that lose their colours
    tone: float = 0.35  # spread of exposure, contrast and gamma
    noise: float = 0.03  # largest standard deviation, of full scale
    blur: float = 1.2  # largest standard deviation in pixels


GREY = (0.299, 0.587, 0.114)
"""The weights of red, green and blue in the luma (Rec. 601)."""


def luma(pictures: Tensor) -> Tensor:
    """(B, 1, H, W); of pictures (B, 3, H, W)."""
    return (pictures * pictures.new_tensor(GREY)[:, None, None]).sum(dim=1, keepdim=True)


def varied(pictures: Tensor, mask: Tensor, variation: Variation) -> tuple[Tensor, Tensor]:
    """The same damage as other cameras, papers and scanners might show it, with its mask."""
    pictures, mask = zoomed(pictures, mask, variation.zoom)
    one = (len(pictures), 1, 1, 1)

    def drawn() -> Tensor:
        return torch.rand(one, device=pictures.device)

    pictures = torch.where(drawn() < variation.grey, luma(pictures), pictures)
    exponent, contrast, light = (((2 * drawn() - 1) * variation.tone * part) for part in (1.0, 1.0, 0.4))
    pictures = pictures.clamp_min(0).pow(exponent.exp())
    pictures = (pictures - 0.5) * contrast.exp() + 0.5 + light
    pictures = smoothed(pictures, variation.blur * float(torch.rand(())))
    noise = torch.randn_like(pictures[:, :1]) * (drawn().square() * variation.noise)
    return (pictures + noise).clamp(0, 1), mask


def zoomed(pictures: Tensor, mask: Tensor, most: float) -> tuple[Tensor, Tensor]:
    """A window of the pictures and of the masks, enlarged to their size, turned and mirrored."""
    draws = torch.rand(6).tolist()
    height, width = pictures.shape[-2:]
    scale = most ** -(draws[0] ** 2)
    tall, wide = round(height * scale), round(width * scale)
    top, left = int(draws[1] * (height - tall + 1)), int(draws[2] * (width - wide + 1))
    found = []
    for each in (pictures, mask):
        part = each[..., top : top + tall, left : left + wide]
        part = functional.interpolate(part, (height, width), mode="bilinear", align_corners=False)
        part = part.flip(-1) if draws[3] < 0.5 else part
        part = part.flip(-2) if draws[4] < 0.5 else part
        found.append(part.transpose(-1, -2) if draws[5] < 0.5 and height == width else part)
    return found[0], found[1]


def smoothed(pictures: Tensor, sigma: float) -> Tensor:
    """Pictures under a Gaussian blur of that many pixels, at most two."""
    if sigma < 0.3:
        return pictures
    places = torch.arange(-4, 5, device=pictures.device, dtype=pictures.dtype)
    line = torch.exp(-0.5 * (places / sigma).square())
    line = (line / line.sum()).expand(pictures.shape[1], 1, 1, -1)
    around = functional.pad(pictures, (4, 4, 4, 4), mode="replicate")
    across = functional.conv2d(around, line, groups=pictures.shape[1])
    return functional.conv2d(across, line.transpose(-1, -2), groups=pictures.shape[1])

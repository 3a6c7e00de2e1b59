"""What classical detectors compute of a photo, handed to the network: top-hats, and the contrast to what is nearby."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from restore_models.detector_config import DetectorConfig
from restore_models.varying import luma

FRONT_GAIN = 4.0
"""Damage stands out by a tenth of full scale; a network wants to see numbers of about one."""


def toned(pictures: Tensor, config: DetectorConfig) -> Tensor:
    """The pictures or their luma, in [-1, 1]."""
    return (luma(pictures) if config.channels == "grey" else pictures) * 2 - 1


def front(seen: Tensor, config: DetectorConfig) -> list[Tensor]:
    """What is handed to the network beside the picture, and once more to its last layers."""
    grey = luma(seen) if seen.shape[1] == 3 else seen
    narrow = [each for width in config.top_hats for each in hats(grey, width)]
    apart = [seen - local_mean(seen, width) for width in config.contrasts]
    return [FRONT_GAIN * each for each in (*narrow, *apart)]


def front_channels(config: DetectorConfig) -> int:
    """How many that is."""
    colours = 1 if config.channels == "grey" else 3
    return 2 * len(config.top_hats) + colours * len(config.contrasts)


def front_reach(config: DetectorConfig) -> int:
    """How far it looks, in pixels: top-hats look at squares of squares."""
    narrow, apart = (max(widths, default=1) for widths in (config.top_hats, config.contrasts))
    return max(narrow - 1, apart // 2)


def local_mean(pictures: Tensor, side: int) -> Tensor:
    """The mean of what of the picture lies in a square around each pixel."""
    total, count = (in_squares(each, side, torch.add, 0.0) for each in (pictures, torch.ones_like(pictures[:1, :1])))
    return total / count


def hats(grey: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """What is lighter, and what is darker, than all that is as wide as a square of that side."""
    opened = highest(-highest(-grey, side), side)
    closed = -highest(-highest(grey, side), side)
    return grey - opened, closed - grey


def highest(grey: Tensor, side: int) -> Tensor:
    """The highest value within a square around each pixel."""
    return in_squares(grey, side, torch.maximum, float("-inf"))


Join = Callable[[Tensor, Tensor], Tensor]
"""Of two values one, in whatever order: the sum, or the higher one."""


def in_squares(pictures: Tensor, side: int, join: Join, empty: float) -> Tensor:
    """All values in a square around each pixel joined to one; beyond the picture they are `empty`, which changes none.

    Along the columns, then along the rows, each from stretches of 1, 2, 4, ... pixels: twenty times as quick on a CPU
    as pooling, which looks at every pixel of every square.
    """
    around = functional.pad(pictures, [side // 2] * 4, value=empty)
    return _stretches(_stretches(around, side, join).transpose(-1, -2), side, join).transpose(-1, -2)


def _stretches(values: Tensor, length: int, join: Join) -> Tensor:
    """(..., N) to (..., N - length + 1): what is joined of so many values that lie together."""
    stretch, width, done = values, 1, 0  # `stretch` joins `width` values, and `done` of all of them are in `found`
    found: Tensor | None = None
    while True:
        if length & width:
            part = stretch[..., done : (width + done - length) or None]
            found, done = part if found is None else join(found, part), done + width
        if done == length:
            assert found is not None
            return found
        stretch, width = join(stretch[..., :-width], stretch[..., width:]), 2 * width

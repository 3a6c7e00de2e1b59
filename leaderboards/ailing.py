"""What a photo shows of damage, in numbers: noise, blur, fading, colour, blocks, marks. Nothing clean is needed."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from degrade.realism.measuring import fitted
from degrade.realism.patch import Doubles
from degrade.realism.statistics import NAMES, measured
from degrade.types import Image, Mask
from restore_models.detection import top_hat

MARK = 26
"""From this level on, of 255, a pixel of a soft mask counts as covered: as in the regions of metrics."""

STANDING_OUT = 32
"""Levels by which a pixel must stand out from its surroundings for the top-hat's share."""

LEAST = 1e-4
"""Shares below it are none."""

STATISTICS = (*NAMES, "standing_out", "mask_share")
"""What is measured, in order. The last is of a mask: the true one of a suite, a detector's of a photo. The last but one
is what stands in for it where no detector is given."""


class Sign(NamedTuple):
    """How a statistic is told to people."""

    statistic: str
    name: str
    unit: str
    scale: Callable[[float], float] = lambda value: value
    """From the statistic to the number that is shown."""


SIGNS = (
    Sign("mask_share", "masked", "% of the photo", lambda value: 100 * (10**value - LEAST)),
    Sign("standing_out", "standing out", "% of the photo", lambda value: 100 * (10**value - LEAST)),
    Sign("flat_noise", "noise in even areas", "levels", lambda value: 2**value - 0.1),
    Sign("band_2", "finest detail", "% of all detail", lambda value: 100 * 10**value),
    Sign("tone_spread", "contrast", "L* deviation"),
    Sign("tone_1", "darkest tone", "L*"),
    Sign("tone_99", "lightest tone", "L*"),
    Sign("mean_b", "cast to yellow", "b*"),
    Sign("mean_a", "cast to red", "a*"),
    Sign("chroma", "colourfulness", "C*"),
    Sign("blocks", "steps on a grid", "of the mean step"),
)
"""What people are told, in this order. Whether anything is wrong is asked of `leaderboards.symptoms`."""


class Seen(NamedTuple):
    """A sign in a photo."""

    name: str
    value: float
    unit: str
    undamaged: float | None
    """What the suite's undamaged photos have, where it has some."""


def seen(row: Doubles, undamaged: Doubles | None) -> list[Seen]:
    """The signs in a photo of known statistics.

    Args:
        row: in the order of `STATISTICS`; what is not finite was not measured.
        undamaged: the mean of undamaged photos.
    """
    found = []
    for sign in SIGNS:
        place = STATISTICS.index(sign.statistic)
        if np.isfinite(row[place]):
            usual = None if undamaged is None or not np.isfinite(undamaged[place]) else float(undamaged[place])
            value = sign.scale(float(row[place]))
            found.append(Seen(sign.name, value, sign.unit, None if usual is None else sign.scale(usual)))
    return found


def statistics_of(image: Image, side: int, mask: Mask | None = None) -> Doubles:
    """The statistics of a photo, in the order of `STATISTICS`; NaN for the mask's share where there is no mask.

    Source: the families of `degrade.realism`, over the whole photo.

    Args:
        image: the photo.
        side: its shorter side is made no longer than that, as damage is meant to look alike at every resolution.
        mask: (H, W); soft or hard, what structured damage covers.
    """
    small = fitted(image, side)
    share = float(np.mean(mask >= MARK)) if mask is not None else float("nan")
    stands = float(np.mean(top_hat(small) >= STANDING_OUT))
    return np.array([*measured(small), np.log10(stands + LEAST), np.log10(share + LEAST)])

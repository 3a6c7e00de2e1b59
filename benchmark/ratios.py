"""Relative errors as the ratios that they are: intervals and tests of their logarithms."""

import numpy as np

from benchmark.bootstrap import Means
from degrade.light import Doubles

FAULTLESS = 1e-6
"""Per cent of the untouched input's error: a model that leaves less is as good as one that leaves this, as what leaves
none at all has no logarithm."""


def logarithms(shares: Doubles) -> Doubles:
    """The natural logarithm of each mean over photos, as one number for each photo, of which it is the mean.

    Shares are products: halving an error and doubling it are as far from doing nothing. Their logarithms have intervals
    that end above nought and as much room on both sides, and a difference of two is a ratio.

    Source: Woodruff 1971, linearisation, as in `benchmark.relative`.

    Args:
        shares: (photos, ...), in per cent.
    """
    level = np.maximum(shares.mean(axis=0), FAULTLESS)
    return np.asarray(np.log(level) + (shares - shares.mean(axis=0)) / level)


def as_shares(found: Means, shares: Doubles) -> Means:
    """Means of logarithms, and their intervals, as shares again; the means are exactly those of the shares."""
    with np.errstate(over="ignore"):
        reach = [np.exp(end - found.value) for end in (found.low, found.high)]
    value = shares.mean(axis=0)
    return Means(value, value * reach[0], value * reach[1], found.p)


def as_decibels(found: Means) -> Means:
    """Differences of logarithms in decibels: how much more of the error the first of two leaves than the second."""
    scale = 10 / np.log(10)
    return Means(scale * found.value, scale * found.low, scale * found.high, found.p)

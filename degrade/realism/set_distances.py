"""How far two sets of photos lie apart, by the features that a network has of them: KID and FID."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from degrade.realism.patch import Doubles
from degrade.seeds import stream

Features = NDArray[np.floating]
"""(photos, dimensions); what a network of the user's choice makes of each photo."""

RESAMPLES = 1000

ROWS = 512
"""Of a kernel at a time."""


class Kernel(NamedTuple):
    """The kernel's distance of two sets, KID."""

    value: float
    interval: tuple[float, float] | None
    """95 %; None where there are too few photos to say."""


def kernel_distance(
    one: Features, other: Features, photos: tuple[Sequence[str], Sequence[str]] | None = None
) -> Kernel:
    """The kernel distance: around 0 for sets of one kind, whatever their size; it may be below.

    Source: Binkowski et al. 2018, "Demystifying MMD GANs", section 4, all pairs at once and not the mean over random
    subsets. The interval is ours: a bootstrap over photos in which a feature and its own copies are never compared, so
    that resamples are as unbiased. Where both sets are of one kind it is too wide.

    Args:
        one: features of one set.
        other: features of the other, by the same network.
        photos: the base photo of every row; rows of one photo, in both sets, are drawn together. Each is its own
            where None is given.

    Raises:
        ValueError: see `checked`; or the photos are not as many as the features.
    """
    sets = checked(one, other)
    unit = _units(sets, photos)
    counts = _drawn(int(unit.max()) + 1)[unit]  # (rows of both, resamples)
    weights = np.concatenate([np.ones((len(unit), 1)), counts], axis=1)
    first, second = weights[: len(one)], weights[len(one) :]
    with np.errstate(invalid="ignore", divide="ignore"):  # of very few photos a resample may hold none of a set
        values = _within(sets[0], first) + _within(sets[1], second)
        values -= 2 * _sums(sets[0], sets[1], first, second) / (first.sum(axis=0) * second.sum(axis=0))
    usual = values[1:][np.isfinite(values[1:])]
    interval = None
    if len(usual) > RESAMPLES / 2:
        low, high = np.quantile(usual, (0.025, 0.975))
        interval = float(low), float(high)
    return Kernel(float(values[0]), interval)


def _units(sets: tuple[Doubles, Doubles], photos: tuple[Sequence[str], Sequence[str]] | None) -> NDArray[np.intp]:
    rows = len(sets[0]) + len(sets[1])
    if photos is None:
        return np.arange(rows)
    if (len(photos[0]), len(photos[1])) != (len(sets[0]), len(sets[1])):
        raise ValueError(f"{len(photos[0])} and {len(photos[1])} photos for {len(sets[0])} and {len(sets[1])} features")
    return np.asarray(np.unique([*photos[0], *photos[1]], return_inverse=True)[1], np.intp)


def _drawn(photos: int) -> Doubles:
    """(photos, resamples): how often each photo is drawn."""
    picks = (stream(0, "benchmark", "kid", photos).units(RESAMPLES, photos) * photos).astype(np.intp)
    return np.stack([np.bincount(each, minlength=photos) for each in picks], axis=1).astype(np.float64)


def _within(features: Doubles, weights: Doubles) -> Doubles:
    """The mean kernel over pairs of two different rows, in every resample."""
    own = _kernel_of_each(features) @ np.square(weights)
    pairs = np.square(weights.sum(axis=0)) - np.square(weights).sum(axis=0)
    return np.asarray((_sums(features, features, weights, weights) - own) / pairs)


def _sums(one: Doubles, other: Doubles, first: Doubles, second: Doubles) -> Doubles:
    """The weighted sum of the kernel over all pairs, in every resample."""
    total = np.zeros(first.shape[1])
    for start in range(0, len(one), ROWS):
        rows = slice(start, start + ROWS)
        kernel = (one[rows] @ other.T / one.shape[1] + 1) ** 3
        total += np.einsum("ir,ir->r", first[rows], kernel @ second)
    return total


def _kernel_of_each(features: Doubles) -> Doubles:
    return np.asarray((np.square(features).sum(axis=1) / features.shape[1] + 1) ** 3)


def frechet_distance(first: Features, second: Features) -> float:
    """Fréchet's distance of two normal distributions; it is far from 0 for small sets of one kind, so mind n.

    Source: Heusel et al. 2017, "GANs trained by a two time-scale update rule", section 4. The trace of the root of the
    covariances' product is the sum of the singular values of the centred features' cross-Gram matrix: no matrix root,
    no complex numbers, nothing to steady, for ranks below the dimension, too.

    Raises:
        ValueError: see `checked`.
    """
    sets = checked(first, second)
    means = [each.mean(axis=0) for each in sets]
    one, other = (_factor((each - mean) / np.sqrt(len(each) - 1)) for each, mean in zip(sets, means, strict=True))
    shared = float(np.linalg.svd(one @ other.T, compute_uv=False).sum())
    value = float(np.square(means[0] - means[1]).sum() + np.square(one).sum() + np.square(other).sum()) - 2 * shared
    return max(value, 0.0)  # rounding may leave it just below


def _factor(centred: Doubles) -> Doubles:
    """As few rows as can be with the same covariance."""
    return np.asarray(np.linalg.qr(centred, mode="r")) if len(centred) > centred.shape[1] else centred


def checked(one: Features, other: Features) -> tuple[Doubles, Doubles]:
    """Both sets in double precision.

    Raises:
        ValueError: they are no two sets of features of one dimension, of two photos or more, all finite.
    """
    for each in (one, other):
        if each.ndim != 2 or len(each) < 2 or not each.shape[1]:
            raise ValueError(f"features are (photos, dimensions) of two photos or more, not {each.shape}")
        if not np.isfinite(each).all():
            raise ValueError("features with numbers that are not finite; leave those photos out")
    if one.shape[1] != other.shape[1]:
        raise ValueError(f"features of {one.shape[1]} and of {other.shape[1]} dimensions; take one network for both")
    return one.astype(np.float64), other.astype(np.float64)

"""How far two sets of photos lie apart, by the features that a network has of them: KID, FID, and latent codes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.metric import spec
from benchmark.pair import Doubles
from degrade.seeds import stream
from restore_models.restorer import ModelError

Features = NDArray[np.floating]
"""(photos, dimensions); what a network of the user's choice makes of each photo."""

RESAMPLES = 1000

DIRECTIONS = 128

ROWS = 512
"""Of a kernel at a time."""

KID = spec("kid", 1, {"kernel": "(x.y/d+1)^3", "estimate": "unbiased", "interval": "bootstrap-1000"})

FID = spec("fid", 1, {"estimate": "plug-in", "root": "svd"})

WASSERSTEIN = spec("wasserstein", 1, {"order": 1, "sliced": DIRECTIONS, "unit": "spread"})


@dataclass(frozen=True, slots=True)
class SetScore:
    """A distance between two sets: less is better."""

    spec: str

    value: float

    photos: tuple[int, int]
    """How many there were of each: no such number means anything without."""

    interval: tuple[float, float] | None = None
    """95 %; None where there are too few photos to say."""

    def __str__(self) -> str:
        interval = "" if self.interval is None else " [{:.4g}, {:.4g}]".format(*self.interval)
        return (
            f"{self.spec.split('/')[0].upper()} {self.value:.4g}{interval}, n = {self.photos[0]} and {self.photos[1]}"
        )


def kid(restored: Features, clean: Features, photos: tuple[Sequence[str], Sequence[str]] | None = None) -> SetScore:
    """The kernel distance: around 0 for sets of one kind, whatever their size; it may be below.

    Source: Binkowski et al. 2018, "Demystifying MMD GANs", section 4, all pairs at once and not the mean over random
    subsets. The interval is ours: a bootstrap over photos in which a feature and its own copies are never compared, so
    that resamples are as unbiased. Where both sets are of one kind it is too wide.

    Args:
        restored: features of one set.
        clean: features of the other, by the same network.
        photos: the base photo of every row; rows of one photo, in both sets, are drawn together. Each is its own
            where None is given.

    Raises:
        ModelError: see `checked`; or the photos are not as many as the features.
    """
    sets = checked(restored, clean)
    unit = _units(sets, photos)
    counts = _drawn(int(unit.max()) + 1)[unit]  # (rows of both, resamples)
    weights = np.concatenate([np.ones((len(unit), 1)), counts], axis=1)
    first, second = weights[: len(restored)], weights[len(restored) :]
    with np.errstate(invalid="ignore", divide="ignore"):  # of very few photos a resample may hold none of a set
        values = _within(sets[0], first) + _within(sets[1], second)
        values -= 2 * _sums(sets[0], sets[1], first, second) / (first.sum(axis=0) * second.sum(axis=0))
    usual = values[1:][np.isfinite(values[1:])]
    interval = None
    if len(usual) > RESAMPLES / 2:
        low, high = np.quantile(usual, (0.025, 0.975))
        interval = float(low), float(high)
    return SetScore(KID, float(values[0]), (len(restored), len(clean)), interval)


def _units(sets: tuple[Doubles, Doubles], photos: tuple[Sequence[str], Sequence[str]] | None) -> NDArray[np.intp]:
    rows = len(sets[0]) + len(sets[1])
    if photos is None:
        return np.arange(rows)
    if (len(photos[0]), len(photos[1])) != (len(sets[0]), len(sets[1])):
        raise ModelError(f"{len(photos[0])} and {len(photos[1])} photos for {len(sets[0])} and {len(sets[1])} features")
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


def fid(restored: Features, clean: Features) -> SetScore:
    """Fréchet's distance of two normal distributions; it is far from 0 for small sets of one kind, so mind n.

    Source: Heusel et al. 2017, "GANs trained by a two time-scale update rule", section 4. The trace of the root of the
    covariances' product is the sum of the singular values of the centred features' cross-Gram matrix: no matrix root,
    no complex numbers, nothing to steady, for ranks below the dimension, too.

    Raises:
        ModelError: see `checked`.
    """
    sets = checked(restored, clean)
    means = [each.mean(axis=0) for each in sets]
    one, other = (_factor((each - mean) / np.sqrt(len(each) - 1)) for each, mean in zip(sets, means, strict=True))
    shared = float(np.linalg.svd(one @ other.T, compute_uv=False).sum())
    value = float(np.square(means[0] - means[1]).sum() + np.square(one).sum() + np.square(other).sum()) - 2 * shared
    return SetScore(FID, max(value, 0.0), (len(restored), len(clean)))  # rounding may leave it just below


def _factor(centred: Doubles) -> Doubles:
    """As few rows as can be with the same covariance."""
    return np.asarray(np.linalg.qr(centred, mode="r")) if len(centred) > centred.shape[1] else centred


def wasserstein(codes: Features, clean: Features, seed: int = 0) -> SetScore:
    """The distance between two sets of latent codes, in spreads of the clean ones.

    Source: Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures": the mean over random directions
    of the distance along each, of order 1, exact for sets of any two sizes. Divided by the mean spread of the clean
    codes along the same directions, so that models with codes of other scales compare.

    Args:
        codes: of degraded, old or restored photos.
        clean: of clean ones, by the same encoder.
        seed: of the directions.

    Raises:
        ModelError: see `checked`; or all clean codes are equal.
    """
    sets = checked(codes, clean)
    normals = stream(seed, "benchmark", "directions").normals(sets[0].shape[1], DIRECTIONS).astype(np.float64)
    normals /= np.linalg.norm(normals, axis=0)
    one, other = (np.sort(each @ normals, axis=0) for each in sets)
    spread = float(other.std(axis=0).mean())
    if spread <= 1e-12 * (1 + float(np.abs(other).max())):
        raise ModelError("all clean codes are equal; there is no spread to measure a distance in")
    steps = np.unique(np.concatenate([np.arange(1, len(each) + 1) / len(each) for each in sets]))
    middles = steps - np.diff(steps, prepend=0.0) / 2
    rows = [each[np.minimum((middles * len(each)).astype(np.intp), len(each) - 1)] for each in (one, other)]
    distance = np.diff(steps, prepend=0.0) @ np.abs(rows[0] - rows[1])
    return SetScore(WASSERSTEIN, float(distance.mean()) / spread, (len(codes), len(clean)))


def checked(restored: Features, clean: Features) -> tuple[Doubles, Doubles]:
    """Both sets in double precision.

    Raises:
        ModelError: they are no two sets of features of one dimension, of two photos or more, all finite.
    """
    for each in (restored, clean):
        if each.ndim != 2 or len(each) < 2 or not each.shape[1]:
            raise ModelError(f"features are (photos, dimensions) of two photos or more, not {each.shape}")
        if not np.isfinite(each).all():
            raise ModelError("features with numbers that are not finite; leave those photos out")
    if restored.shape[1] != clean.shape[1]:
        raise ModelError(
            f"features of {restored.shape[1]} and of {clean.shape[1]} dimensions; take one network for both"
        )
    return restored.astype(np.float64), clean.astype(np.float64)

"""How far two sets of photos lie apart, by the features that a network has of them: KID, FID, and latent codes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.metric import spec
from degrade.realism.set_distances import Features, checked, frechet_distance, kernel_distance
from degrade.seeds import stream
from restore_models.restorer import ModelError

DIRECTIONS = 128

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
    """The kernel distance: around 0 for sets of one kind, whatever their size; see `kernel_distance`.

    Raises:
        ModelError: the sets cannot be compared.
    """
    try:
        found = kernel_distance(restored, clean, photos)
    except ValueError as error:
        raise ModelError(str(error)) from None
    return SetScore(KID, found.value, (len(restored), len(clean)), found.interval)


def fid(restored: Features, clean: Features) -> SetScore:
    """Fréchet's distance of two normal distributions; see `frechet_distance`.

    Raises:
        ModelError: the sets cannot be compared.
    """
    try:
        value = frechet_distance(restored, clean)
    except ValueError as error:
        raise ModelError(str(error)) from None
    return SetScore(FID, value, (len(restored), len(clean)))


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
    try:
        sets = checked(codes, clean)
    except ValueError as error:
        raise ModelError(str(error)) from None
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

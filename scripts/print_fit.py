"""The fit: ranges, chances and weights of the kinds of prints are moved until emulated photos lie as the prints do."""

from collections.abc import Sequence

import torch
from print_draws import Draws, kinds_of, recipes
from print_emulator import Emulator
from print_knobs import Knobs
from torch import Tensor

from degrade.calibration.distance import COLUMNS, DIRECTIONS, LEAST, PLACES, SPREADS

TIE = 0.03
"""What it costs to move a knob of one kind away from where it begins by one unit; what all kinds share costs half."""

COVARIANCES = 0.5
"""Weight of the differences of the families' balanced covariances, beside the distance's own parts."""

PHOTOS = 256
"""Emulated photos of a step."""

RATE = 0.03

SHARED = 0.7
"""Of the variance by which a statistic is scaled: its own among the prints; the rest is the mean of all."""

LESS = 0.7
"""Too much variety counts this much beside too little."""

FARTHEST = 3.0


def distance(made: Tensor, real: Tensor) -> Tensor:
    """As `degrade.calibration.distance` has it, of what can be differentiated, and the covariances.

    Args:
        made: (photos, statistics), normal scores of the pool, as the other.
        real: the same.
    """
    spread = (SHARED * real.var(0) + (1 - SHARED) * real.var(0).mean()).sqrt()
    ours, theirs = (real - real.mean(0)) / spread, (made - real.mean(0)) / spread
    apart = theirs.mean(0)
    places = torch.stack([(apart[columns] ** 2).mean() for columns in COLUMNS.values()])
    ratio = torch.log((theirs.var(0) + LEAST) / (ours.var(0) + LEAST))
    ratio = ratio * torch.where(ratio < 0, 1.0, LESS)
    spreads = torch.stack([(ratio[columns] ** 2).mean() for columns in COLUMNS.values()])
    ours, theirs = ours * balance(), theirs * balance()
    covariances = torch.cov(ours.T), torch.cov(theirs.T)
    pooled = (covariances[0] + covariances[1]) / 2 + torch.eye(ours.shape[1])
    means = theirs.mean(0)
    found: Tensor = (
        discrepancy(ours, theirs)
        + PLACES * (places**2).mean().sqrt()
        + SPREADS * spreads.mean()
        + DIRECTIONS * (means @ torch.linalg.solve(pooled, means))
        + COVARIANCES * ((covariances[0] - covariances[1]) ** 2).mean() * ours.shape[1] / 10
    )
    return found


def balance() -> Tensor:
    """Weights of the statistics by which each family counts alike."""
    count = sum(len(columns) for columns in COLUMNS.values())
    weights = torch.zeros(count)
    for columns in COLUMNS.values():
        weights[columns] = count / len(columns) / len(COLUMNS)
    return weights.sqrt()


def discrepancy(ours: Tensor, theirs: Tensor) -> Tensor:
    """MMD^2 under the cubic kernel, up to a constant of `ours`."""

    def kernel(first: Tensor, second: Tensor) -> Tensor:
        inside = first.clamp(-FARTHEST, FARTHEST) @ second.clamp(-FARTHEST, FARTHEST).T
        return (inside / first.shape[1] + 1) ** 3

    own, count = kernel(theirs, theirs), len(theirs)
    within: Tensor = (own.sum() - own.diag().sum()) / (count * (count - 1))
    return within - 2 * kernel(ours, theirs).mean() + kernel(ours, ours).mean()


def emulated(knobs: Knobs, emulator: Emulator, shares: Sequence[float], count: int) -> Tensor:
    """The statistics of photos of all kinds."""
    kinds = kinds_of(shares, count)
    return emulator.photos(recipes(Draws.of(knobs, kinds)), kinds)


def turned(knobs: Knobs, emulator: Emulator, real: Tensor, shares: Sequence[float], steps: int, rate: float) -> Knobs:
    """The knobs, turned further: they are changed in place."""
    torch.manual_seed(1)
    optimiser = torch.optim.Adam(knobs.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = distance(emulated(knobs, emulator, shares, PHOTOS), real) + knobs.cost(TIE)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return knobs

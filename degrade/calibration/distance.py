"""How far made photos are from real ones, as one number that goes on falling where classifiers are always right."""

from dataclasses import dataclass

import numpy as np

from degrade.realism.patch import Doubles
from degrade.realism.ranks import normal_scores
from degrade.realism.words import FAMILIES, STATISTICS

LEAST = 0.05
"""Added to variances of normal scores, whose whole is 1: a statistic that hardly varies must not decide."""

RIDGE = 1.0
"""Variance that every direction is thought to have beside its own: 20 scans do not tell 96 variances."""

PLACES, SPREADS, DIRECTIONS = 2.0, 0.5, 0.1
"""Weights of the families' means, of their variances and of the best direction, beside the discrepancy itself."""

COLUMNS = {name: [at for at, each in enumerate(STATISTICS) if each.family == name] for name in FAMILIES}


@dataclass(frozen=True, slots=True)
class Distance:
    """The parts of the distance; all are 0 for equal sets, and a little above for two draws of one kind."""

    discrepancy: float
    """MMD^2 under the cubic kernel, as the report has it."""

    places: float
    """Root mean square over families of the mean squared difference of means: the worst family counts most."""

    spreads: float
    """Mean squared logarithm of the ratio of variances: too little variety costs as much as too much."""

    direction: float
    """Squared distance of the means along the direction that tells the sets apart best (Fisher's, with a ridge)."""

    @property
    def total(self) -> float:
        """What a fit makes small."""
        return self.discrepancy + PLACES * self.places + SPREADS * self.spreads + DIRECTIONS * self.direction


def distance(real: Doubles, made: Doubles) -> Distance:
    """The distance of two sets of photo means (photos, statistics), as normal scores over both.

    Source: Gretton et al. 2012, eq. 3, with the kernel of Binkowski et al. 2018; Fisher 1936. The variances are ours:
    without them a fit gives up variety, since the middle of a set is the hardest to tell from it.
    """
    scores = normal_scores(np.concatenate([real, made]))
    ours, theirs = scores[: len(real)], scores[len(real) :]
    apart = theirs.mean(axis=0) - ours.mean(axis=0)
    ratio = np.log((theirs.var(axis=0) + LEAST) / (ours.var(axis=0) + LEAST))
    pooled = np.cov(np.concatenate([ours - ours.mean(axis=0), theirs - theirs.mean(axis=0)]).T)
    families = [float(np.mean(apart[columns] ** 2)) for columns in COLUMNS.values()]
    return Distance(
        discrepancy=_discrepancy(ours, theirs),
        places=float(np.sqrt(np.mean(np.square(families)))),
        spreads=float(np.mean([np.mean(ratio[columns] ** 2) for columns in COLUMNS.values()])),
        direction=float(apart @ np.linalg.solve(pooled + RIDGE * np.eye(len(apart)), apart)),
    )


def _discrepancy(ours: Doubles, theirs: Doubles) -> float:
    own, other, cross = (_kernel(*pair) for pair in ((ours, ours), (theirs, theirs), (ours, theirs)))
    within = sum((float(each.sum()) - float(np.trace(each))) / (len(each) * (len(each) - 1)) for each in (own, other))
    return within - 2 * float(cross.mean())


def _kernel(first: Doubles, second: Doubles) -> Doubles:
    return np.asarray((first @ second.T / first.shape[1] + 1) ** 3)

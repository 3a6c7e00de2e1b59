"""The gap: how well two sets of photos can be told apart, all in all and by family, beside what chance would give."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import NamedTuple

import numpy as np

from degrade.realism.classifier import Classes, Folds, Forest, Learner, Logistic, folds_of, one_thread_each, out_of_fold
from degrade.realism.distance import Discrepancy, discrepancy
from degrade.realism.measuring import Measured, in_pieces, stacked
from degrade.realism.patch import Doubles
from degrade.realism.ranks import Estimate, area_estimate, normal_scores
from degrade.realism.statistics import COLUMNS
from degrade.realism.tells import Tell, apart, foremost, photo_means, strongest, tells, weighed
from degrade.realism.words import FAMILIES
from degrade.seeds import stream

FEWEST = 20
"""Photos a side: with fewer, the interval of the area is wider than what there is to tell."""

HALVINGS, FAMILY_HALVINGS = 8, 3
"""How often the real photos are halved for the reference, and for its families: one halving of 40 strays by 0.12."""


class Trees(NamedTuple):
    """How many a forest has."""

    every: int
    """On all statistics."""

    family: int
    """On one family."""


TREES = Trees(120, 50)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FamilyGap:
    """How well one family of statistics tells the sets apart."""

    name: str
    forest: Estimate
    logistic: Estimate
    best: float
    """By its best single statistic."""

    apart: float
    """The means of the statistic whose means lie farthest apart, in standard deviations: it goes on where AUC is 1."""

    diversity: float
    """The variance of the second set's photos over that of the first, the median of the family, on normal scores."""


@dataclass(frozen=True, slots=True)
class Gap:
    """How well the second set can be told from the first."""

    title: str
    photos: tuple[int, int]
    logistic: Estimate
    forest: Estimate
    discrepancy: Discrepancy
    families: tuple[FamilyGap, ...]
    """The one that gives most away first; of those that do so alike, the one whose means lie farthest apart."""

    tells: tuple[Tell, ...]
    """The strongest first."""

    likeness: tuple[float, ...]
    """Of each photo of both sets: how much it looks like the second, by a forest that has not seen it."""


def gap(
    title: str,
    first: Sequence[Measured],
    second: Sequence[Measured],
    seed: int,
    trees: Trees = TREES,
    families: Iterable[str] = tuple(FAMILIES),
) -> Gap:
    """The gap between two sets of photos; photos of one key on both sides never face each other in a learner.

    Source: classifier two-sample test, Lopez-Paz and Oquab 2017; as proposed in degrade.md (d).
    """
    with one_thread_each():
        test = _Test.of(first, second, seed)
        means = photo_means(first), photo_means(second)
        forest, likeness = test.estimate(stacked((*first, *second)), Forest(trees.every), "forest")
        logistic, _ = test.estimate(stacked((*first, *second)), Logistic(), "logistic")
        found = [test.family(each, first, second, trees.family) for each in families]
        return Gap(
            title=title,
            photos=(len(first), len(second)),
            logistic=logistic,
            forest=forest,
            discrepancy=discrepancy(*means, stream(seed, "realism", "permutations", title)),
            families=_in_order(found, weighed(*means)),
            tells=tells(*means),
            likeness=tuple(float(each) for each in likeness),
        )


def _in_order(found: Sequence[FamilyGap], far: Doubles) -> tuple[FamilyGap, ...]:
    if not found:
        return ()
    farthest = np.array([far[COLUMNS[each.name]].max() for each in found])
    return tuple(found[each] for each in foremost(np.array([each.forest.value for each in found]), farthest))


@dataclass(frozen=True, slots=True, eq=False)
class _Test:
    """What all learners of a comparison share."""

    classes: Classes
    folds: Folds
    seed: int

    @classmethod
    def of(cls, first: Sequence[Measured], second: Sequence[Measured], seed: int) -> "_Test":
        """The classes and the folds."""
        classes = np.repeat([0, 1], [len(first), len(second)])
        keys = [photo.key for photo in first], [photo.key for photo in second]
        return cls(classes, folds_of(*keys, stream(seed, "realism", "folds")), seed)

    def estimate(self, table: Doubles, learner: Learner, name: str) -> tuple[Estimate, Doubles]:
        """The area under the curve of the photos out of fold, and what the learner said of each photo."""
        scores = out_of_fold(table, self.classes, self.folds, learner, self.seed)
        source = stream(self.seed, "realism", "bootstrap", name)
        return area_estimate(scores[self.classes == 0], scores[self.classes == 1], source), scores

    def family(self, name: str, first: Sequence[Measured], second: Sequence[Measured], trees: int) -> FamilyGap:
        """The gap by one family alone."""
        table = stacked((*first, *second), name)
        means = table.mean(axis=1)
        ours, theirs = means[self.classes == 0], means[self.classes == 1]
        forest, _ = self.estimate(table, Forest(trees), name)
        logistic, _ = self.estimate(table, Logistic(), name)
        far = float(apart(ours, theirs).max())
        return FamilyGap(name, forest, logistic, strongest(ours, theirs), far, diversity(ours, theirs))


def diversity(first: Doubles, second: Doubles) -> float:
    """The median ratio of variances of photo means (photos, statistics), the second's over the first's."""
    scores = normal_scores(np.concatenate([first, second]))
    ours, theirs = scores[: len(first)].var(axis=0), scores[len(first) :].var(axis=0)
    return float(np.median(theirs[ours > 1e-3] / ours[ours > 1e-3])) if (ours > 1e-3).any() else 1.0


def halves(title: str, photos: Sequence[Measured], seed: int, trees: Trees) -> Gap:
    """The gap between halves of one set: what the test says where there is nothing to tell.

    All numbers are means over several halvings (p and the diversity are medians); the intervals are those of one.
    """
    found = []
    for number in range(HALVINGS):
        order = stream(seed, "realism", "halves", number).shuffled(range(len(photos)))
        first, second = in_pieces(photos, order, 2)
        found.append(gap(title, first, second, seed, trees, FAMILIES if number < FAMILY_HALVINGS else ()))
    names = [each.name for each in found[0].families]
    families = [_mean_family([family for each in found for family in each.families if family.name == n]) for n in names]
    return Gap(
        title=title,
        photos=found[0].photos,
        logistic=_mean([each.logistic for each in found]),
        forest=_mean([each.forest for each in found]),
        discrepancy=Discrepancy(
            fmean(each.discrepancy.value for each in found), median(each.discrepancy.p for each in found)
        ),
        families=tuple(sorted(families, key=lambda each: -each.forest.value)),
        tells=(),
        likeness=(),
    )


def _mean_family(found: list[FamilyGap]) -> FamilyGap:
    return FamilyGap(
        found[0].name,
        _mean([each.forest for each in found]),
        _mean([each.logistic for each in found]),
        fmean(each.best for each in found),
        fmean(each.apart for each in found),
        median(each.diversity for each in found),
    )


def _mean(found: list[Estimate]) -> Estimate:
    return Estimate(*(fmean(values) for values in zip(*found, strict=True)))

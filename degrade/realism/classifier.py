"""Classifiers that try to tell two sets of photos apart, and are asked only about photos that they have not seen."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from degrade.realism.patch import Doubles
from degrade.seeds import Stream, stream

FOLDS = 5

SEEDS = 2**31 - 1
"""So many a tree has to choose from, as in scikit-learn's own forest."""

Classes = NDArray[np.intp]
"""0 for the first set, 1 for the second."""

Folds = NDArray[np.intp]


class Learner(Protocol):
    """Learns from patches, and judges them."""

    def judged(self, patches: Doubles, classes: Classes, others: Doubles, seed: int) -> Doubles:
        """How much each of the other patches looks like the second set, after learning from the patches."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression on standardised statistics, no further than four deviations out."""

    weight: float = 0.1
    """Of the data against the penalty: a photo's patches are far from independent."""

    def judged(self, patches: Doubles, classes: Classes, others: Doubles, seed: int) -> Doubles:
        """See `Learner`; there is no chance in it."""
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - the extra `realism`

        mean, spread = patches.mean(axis=0), patches.std(axis=0)
        spread[spread < 1e-9] = 1.0
        seen, new = (np.clip((each - mean) / spread, -4, 4) for each in (patches, others))
        model = LogisticRegression(C=self.weight, class_weight="balanced", max_iter=2000).fit(seen, classes)
        return np.asarray(model.decision_function(new), np.float64)


@dataclass(frozen=True, slots=True)
class Forest:
    """A random forest, on one core: folds are what is shared among cores.

    Source: Breiman 2001. Each tree sees half as many patches as there are, drawn with replacement, both sets alike
    often. Made of scikit-learn's trees rather than by its forest, whose own threads change Python's list of warnings to
    ignore behind each other's back, and which draws in other ways from version to version.
    """

    trees: int

    def judged(self, patches: Doubles, classes: Classes, others: Doubles, seed: int) -> Doubles:
        """See `Learner`."""
        from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - the extra `realism`
        from sklearn.utils import check_random_state  # noqa: PLC0415

        seen, new = patches.astype(np.float32), others.astype(np.float32)
        weights = (len(classes) / (2 * np.bincount(classes)))[classes]
        draws, chances = int(weights.sum() / 2), weights / weights.sum()
        source, votes = check_random_state(seed), np.zeros(len(others))
        for _ in range(self.trees):
            number = source.randint(SEEDS)
            drawn = check_random_state(number).choice(len(seen), draws, p=chances)
            model = DecisionTreeClassifier(min_samples_leaf=3, max_features="sqrt", random_state=number)
            model.fit(seen, classes, sample_weight=np.bincount(drawn, minlength=len(seen)))
            votes += model.predict_proba(new)[:, 1]
        return np.asarray(votes / self.trees, np.float64)


def is_installed() -> bool:
    """Whether scikit-learn is there."""
    return find_spec("sklearn") is not None


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Linear algebra on one thread: sums in one order, the same digits on any number of cores."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

    with threadpool_limits(1, user_api="blas"):
        yield


def folds_of(first: Sequence[str], second: Sequence[str], source: Stream) -> Folds:
    """The fold of every photo of both sets, as even as can be in each; photos of one key are in one fold."""
    ours, theirs = set(first), set(second)
    fold: dict[str, int] = {}
    for keys in (ours & theirs, ours - theirs, theirs - ours):
        for key in source.shuffled(sorted(keys)):
            fold[key] = len(fold) % FOLDS
    return np.array([fold[key] for key in (*first, *second)])


def out_of_fold(table: Doubles, classes: Classes, folds: Folds, learner: Learner, seed: int) -> Doubles:
    """How much each photo looks like the second set, by a learner that saw neither it nor another of its key.

    Args:
        table: (photos, patches, statistics).
        classes: of the photos.
        folds: of the photos.
        learner: it learns from patches; a photo gets the mean of its patches.
        seed: of the learner's own chance.
    """

    def judged(fold: int) -> Doubles:
        seen, out = table[folds != fold], table[folds == fold]
        named = np.repeat(classes[folds != fold], table.shape[1])
        number = stream(seed, "realism", "learner", fold).seed() & 0x7FFFFFFF
        each = learner.judged(seen.reshape(-1, table.shape[2]), named, out.reshape(-1, table.shape[2]), number)
        return each.reshape(-1, table.shape[1]).mean(axis=1)

    scores = np.empty(len(table))
    with ThreadPoolExecutor(min(FOLDS, os.cpu_count() or 1)) as pool:
        for fold, found in enumerate(pool.map(judged, range(FOLDS))):
            scores[folds == fold] = found
    return scores

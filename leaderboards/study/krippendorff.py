"""How far raters agree, beyond chance."""

from collections.abc import Mapping, Sequence

import numpy as np

from degrade.light import Doubles


def coincidences(units: Sequence[Mapping[int, int]], kinds: int) -> Doubles:
    """(units, kinds, kinds): how often two raters of a unit gave these two answers, each unit weighing its raters.

    Args:
        units: of each, how many raters gave each kind of answer; of one rater alone there is no pair.
        kinds: how many kinds of answers there are.
    """
    found = np.zeros((len(units), kinds, kinds))
    for place, unit in enumerate(units):
        given = np.zeros(kinds)
        for kind, count in unit.items():
            given[kind] = count
        raters = given.sum()
        if raters > 1:
            found[place] = (np.outer(given, given) - np.diag(given)) / (raters - 1)
    return found


def alpha(table: Doubles) -> float | None:
    """Krippendorff's alpha of nominal answers: 1 is full agreement, 0 what chance gives; None where all are alike.

    Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section C: nominal data, any number of
    observers, missing data.

    Args:
        table: (kinds, kinds), the sum of `coincidences` over units.
    """
    sums = table.sum(axis=1)
    values = float(sums.sum())
    expected = values**2 - float((sums**2).sum())
    if values <= 1 or expected <= 0:
        return None
    unlike = values - float(np.trace(table))
    return 1 - (values - 1) * unlike / expected

"""What gives synthetic photos away, statistic by statistic, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from degrade.realism.advice import ADVICE
from degrade.realism.measuring import Measured, stacked
from degrade.realism.patch import Doubles
from degrade.realism.ranks import area, ranked
from degrade.realism.statistics import COLUMNS
from degrade.realism.words import FAMILIES, STATISTICS, Statistic

ALIKE = 0.8
"""Rank correlation among photos of one set above which two statistics say the same."""

CERTAIN = 3.5
"""Standard errors by which a statistic must differ to be named: chance gets one of a hundred that far in 20 runs."""

CLOSE, EASY = 0.1, 0.9
"""Areas so close to the best one, and all from so high on, say little about which is the cause and which comes of it:
how far the means lie apart says more."""

GENERAL = 0.75
"""What that distance counts for statistics that answer to whatever changes a picture, as those of `mscn`, the finest
marks, and how crisp it is: what answers to one thing alone is named before them."""

ANSWERS_TO_ALL = {"light_3", "dark_3", "crispness", "slope_coarse", "colour_noise_size"}
"""Beside `mscn`: dust, scratches, clipping and sharpening, laid on clean photos, moved these as far as their own."""

WEIGHTS = np.array([GENERAL if each.family == "mscn" or each.name in ANSWERS_TO_ALL else 1 for each in STATISTICS])

NO_COLOUR = 1.0
"""Chroma under which photos are grey: noise and blocks in colour say nothing about them but that."""

ROUNDING = 0.1
"""Chroma of photos without any: CIELAB of grey is not quite 0, and differs from tone to tone."""

OF_COLOUR = tuple(
    number
    for number, each in enumerate(STATISTICS)
    if each.topic in {"colour noise", "colour noise size", "alike noise"} or each.name == "colour_blocks"
)

MOST, MOST_KIN = 8, 3
"""How many are named, and of one family."""


@dataclass(frozen=True, slots=True)
class Tell:
    """A statistic in which two sets of photos differ."""

    name: str
    family: str
    words: str
    """What is wrong with the second set."""

    advice: str
    area: float
    """By this statistic alone: 1 where the second set has always more, 0 where it has always less."""

    apart: float
    """How far the means of the sets lie apart, in standard deviations."""

    first: tuple[float, float, float]
    """Quartiles of the photos' means in the first set."""

    second: tuple[float, float, float]
    """In the second."""

    @property
    def strength(self) -> float:
        """How well it tells the sets apart, whichever has more: 0.5 to 1."""
        return max(self.area, 1 - self.area)


def photo_means(photos: Sequence[Measured]) -> Doubles:
    """(photos, statistics), in the order of `STATISTICS`; those of defects where something stands out."""
    return np.concatenate([stacked(photos, family).mean(axis=1) for family in FAMILIES], axis=1)


def tells(first: Doubles, second: Doubles, most: int = MOST) -> tuple[Tell, ...]:
    """The statistics that tell photo means (photos, statistics) apart best, none that says what a better one said.

    Those that tell about as often as the best come in the order of how far their means lie apart. What to change is
    said once: noise that is too fine along the rows is too fine down the columns, too.
    """
    areas = np.array([area(ours, theirs) for ours, theirs in zip(first.T, second.T, strict=True)])
    far = weighed(first, second)
    order = foremost(np.maximum(areas, 1 - areas), far)
    least = CERTAIN * ((len(first) + len(second) + 1) / (12 * len(first) * len(second))) ** 0.5
    scores = np.concatenate([_standard_ranks(first), _standard_ranks(second)])
    named: list[int] = []
    for column in order:
        repeats = any(
            abs(float(np.mean(scores[:, column] * scores[:, other]))) > ALIKE
            or (STATISTICS[other].topic == STATISTICS[column].topic and (areas[other] > 0.5) == (areas[column] > 0.5))
            for other in named
        )
        kin = sum(STATISTICS[other].family == STATISTICS[column].family for other in named)
        if abs(areas[column] - 0.5) > least and far[column] and not repeats and kin < MOST_KIN:
            named.append(column)
    return tuple(
        _tell(STATISTICS[column], float(areas[column]), first[:, column], second[:, column]) for column in named[:most]
    )


def foremost(areas: Doubles, far: Doubles) -> list[int]:
    """The order in which things are named: by distance those that tell alike often, then the others by area.

    Args:
        areas: how well each tells the sets apart, to 1.
        far: how far its means lie apart.
    """
    alike = areas >= min(areas.max() - CLOSE, EASY)
    return sorted(range(len(areas)), key=lambda each: (not alike[each], -far[each] if alike[each] else -areas[each]))


def weighed(first: Doubles, second: Doubles) -> Doubles:
    """What each statistic counts when the plainest is looked for: `apart`, less where it says little of the cause.

    Where most photos have none, as of what is burnt out, means lie close and yet tell: `deviations` say as much of it.
    """
    areas = (area(ours, theirs) for ours, theirs in zip(first.T, second.T, strict=True))
    far = np.maximum(apart(first, second), [deviations(each) for each in areas]) * WEIGHTS
    chroma = next(number for number, each in enumerate(STATISTICS) if each.name == "chroma")
    less, more = sorted(float(np.median(side[:, chroma])) for side in (first, second))
    if less < NO_COLOUR <= more:
        far[list(OF_COLOUR)] = 0
    elif more < ROUNDING:
        far[COLUMNS["chroma"]] = 0
    return far


def apart(first: Doubles, second: Doubles) -> Doubles:
    """How far the means of each statistic lie apart, in standard deviations; at most 100."""
    spread = np.sqrt((first.var(axis=0) + second.var(axis=0)) / 2)
    distance = np.abs(second.mean(axis=0) - first.mean(axis=0))
    return np.asarray(np.minimum(distance / np.maximum(spread, 1e-9), 100.0))


def deviations(one: float) -> float:
    """How far apart two normal distributions lie of that area; no farther than where areas say little."""
    return float(2**0.5 * NormalDist().inv_cdf(min(max(one, 1 - one), EASY)))


def strongest(first: Doubles, second: Doubles) -> float:
    """How well the best single statistic tells them apart."""
    found = (area(ours, theirs) for ours, theirs in zip(first.T, second.T, strict=True))
    return max(max(each, 1 - each) for each in found)


def _tell(statistic: Statistic, value: float, first: Doubles, second: Doubles) -> Tell:
    more = value > 0.5
    ours, theirs = (tuple(float(each) for each in np.percentile(side, (25, 50, 75))) for side in (first, second))
    assert len(ours) == 3
    assert len(theirs) == 3
    words = statistic.high if more else statistic.low
    advice = ADVICE[statistic.topic][0 if more else 1]
    far = float(apart(first[:, None], second[:, None])[0])
    return Tell(statistic.name, statistic.family, words, advice, value, far, ours, theirs)


def _standard_ranks(table: Doubles) -> Doubles:
    ranks = np.column_stack([ranked(column) for column in table.T])
    ranks -= ranks.mean(axis=0)
    spread = ranks.std(axis=0)
    return np.asarray(ranks / np.where(spread > 0, spread, 1.0))

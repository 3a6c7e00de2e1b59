"""Answers as votes: which raters count, what they said of which models, and how steady they were."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from degrade.light import Doubles
from leaderboards.entry import EntryError
from leaderboards.study.answers import Given, Sheet
from leaderboards.study.design import FEWEST_TRAPS, UNTOUCHED, Pair
from leaderboards.study.key import Key
from leaderboards.study.resampling import Whole


@dataclass(frozen=True, slots=True)
class Caught:
    """How a rater did with the traps."""

    rater: str
    answered: int
    traps: int
    right: int
    why: str
    """Why it is left out; empty where it is kept."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer to a pair of models, the first time that a rater saw it or the second."""

    rater: str
    pair: Pair
    given: Given
    again: bool


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Answers by number; all arrays are as long as there are votes."""

    models: tuple[str, ...]
    pairs: tuple[Pair, ...]
    """Of each vote."""

    rater: Whole
    photo: Whole
    duel: Whole
    """Which two models, in the order of `bradley_terry.pairs_of`."""

    outcome: Whole
    """0 where the former of the two models is better, 1 for a tie, 2 where the latter is."""

    left: Doubles
    """1 where the picture on the left was chosen, 0 where the right one was, NaN for a tie."""

    def counts(self) -> Doubles:
        """(duels, 3): how often which answer was given."""
        duels = len(self.models) * (len(self.models) - 1) // 2
        return np.bincount(self.duel * 3 + self.outcome, minlength=duels * 3).reshape(duels, 3).astype(np.float64)

    def columns(self) -> Doubles:
        """(votes, duels x 3): what each vote adds to `counts`."""
        duels = len(self.models) * (len(self.models) - 1) // 2
        found = np.zeros((len(self.duel), duels * 3))
        found[np.arange(len(found)), self.duel * 3 + self.outcome] = 1.0
        return found


def caught(sheet: Sheet, key: Key, wanted: float) -> Caught:
    """How a rater did with the traps, and whether it counts."""
    traps = [given for given in sheet.given if key.pairs[given.pair].kind == "trap"]
    right = sum(is_right(given, key.pairs[given.pair]) for given in traps)
    why = ""
    if wanted > 0 and len(traps) < FEWEST_TRAPS:
        why = f"saw {len(traps)} traps, fewer than {FEWEST_TRAPS}"
    elif right < needed(len(traps), wanted):
        why = f"{right} of {len(traps)} traps right, fewer than {needed(len(traps), wanted)}"
    return Caught(sheet.name, len(sheet.given), len(traps), right, why)


def is_right(given: Given, trap: Pair) -> bool:
    """Whether the untouched side of a trap was chosen."""
    return given.outcome == (0 if trap.first == UNTOUCHED else 2)


def needed(traps: int, wanted: float) -> int:
    """How many traps are to be right."""
    return math.ceil(wanted * traps - 1e-9)


def luck(traps: int, wanted: float) -> float:
    """How often somebody who tosses a coin for left and right has enough traps right."""
    return sum(math.comb(traps, right) for right in range(needed(traps, wanted), traps + 1)) / 2**traps


def votes_of(sheets: Sequence[Sheet], key: Key) -> list[Vote]:
    """The answers to pairs of models."""
    found = []
    for sheet in sheets:
        seen: set[str] = set()
        for given in sheet.given:
            if key.pairs[given.pair].kind == "pair":
                found.append(Vote(sheet.name, key.pairs[given.pair], given, given.pair in seen))
                seen.add(given.pair)
    return found


def by_number(votes: Sequence[Vote], models: Sequence[str]) -> Votes:
    """First answers as arrays; that one saw a pair twice makes no second vote.

    Raises:
        EntryError: there is none.
    """
    first = [vote for vote in votes if not vote.again]
    if not first:
        raise EntryError("no answer of a rater who counts; ask more people, or lower --traps")
    place = {model: number for number, model in enumerate(models)}
    duels = {two: number for number, two in enumerate(combinations(range(len(models)), 2))}
    duel, outcome = [], []
    for vote in first:
        one, other = place[vote.pair.first], place[vote.pair.second]
        duel.append(duels[min(one, other), max(one, other)])
        outcome.append(vote.given.outcome if one < other else 2 - vote.given.outcome)
    return Votes(
        models=tuple(models),
        pairs=tuple(vote.pair for vote in first),
        rater=sorted_codes([vote.rater for vote in first]),
        photo=sorted_codes([vote.pair.photo for vote in first]),
        duel=np.array(duel, np.intp),
        outcome=np.array(outcome, np.intp),
        left=np.array([{"left": 1.0, "tie": np.nan, "right": 0.0}[vote.given.answer] for vote in first]),
    )


def steadiness(votes: Sequence[Vote]) -> tuple[Doubles, Whole, Whole]:
    """Of each pair that a rater saw twice: 1 where both answers are the same, rater and photo by number."""
    before = {(vote.rater, vote.pair.key): vote.given.outcome for vote in votes if not vote.again}
    twice = [vote for vote in votes if vote.again and (vote.rater, vote.pair.key) in before]
    same = np.array([float(before[vote.rater, vote.pair.key] == vote.given.outcome) for vote in twice])
    return same, sorted_codes([vote.rater for vote in twice]), sorted_codes([vote.pair.photo for vote in twice])


def sorted_codes(labels: Sequence[str]) -> Whole:
    """The labels by number, in their order, so that the order of votes means nothing."""
    numbers = {label: place for place, label in enumerate(sorted(set(labels)))}
    return np.array([numbers[label] for label in labels], np.intp)

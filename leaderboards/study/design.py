"""Who is asked what: which pairs each rater sees, on which side, in which order; all of it can be made again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from degrade.seeds import Stream, stream

Kind = Literal["pair", "trap"]

SEED, SHUFFLES = 6, 20

UNTOUCHED, RUINED = "(the degraded photo)", "(the degraded photo, ruined)"
"""What is on the two sides of a trap."""

FEWEST_TRAPS = 3
"""A rater who saw fewer cannot be told from one who does not look."""

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures of one degraded photo that raters choose between."""

    key: str
    """Opaque: it tells nobody what is in it."""

    kind: Kind

    item: str
    photo: str
    """The base photo, a unit of statistics."""

    first: str
    """A model, or what is on one side of a trap; which of the two comes first is by lot."""

    second: str


@dataclass(frozen=True, slots=True)
class Showing:
    """One pair as a rater sees it."""

    pair: str
    swapped: bool
    """Whether the second picture is on the left."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much one rater is asked."""

    pairs: int

    @property
    def traps(self) -> int:
        """Of six, a rater who tosses a coin has five right in one of nine cases."""
        return max(6, self.pairs // 6)

    @property
    def repeats(self) -> int:
        """Pairs that come again with their sides swapped."""
        return min(max(4, self.pairs // 8), self.pairs // 2)


def plans(study: str, pairs: Sequence[Pair], raters: int, load: Load) -> list[tuple[Showing, ...]]:
    """What each rater is shown, in order; it hangs on the study's id and the rater's number alone.

    Every pair of models comes equally often, up to one, for each rater and all in all; so do photos, as far as that
    allows; every model is about as often on the left as on the right, for each rater.
    """
    asked = [pair for pair in pairs if pair.kind == "pair"]
    traps = [pair for pair in pairs if pair.kind == "trap"]
    picks = spread(asked, raters, load.pairs, stream(SEED, "study", study))
    found = []
    for number, mine in enumerate(picks, 1):
        source = stream(SEED, "study", study, "rater", number)
        main = sided([asked[place] for place in mine], source)
        caught = source.shuffled(traps)[: load.traps]
        sides = source.shuffled([bool(place % 2) for place in range(len(caught))])
        mixed = [*main, *(Showing(trap.key, side) for trap, side in zip(caught, sides, strict=True))]
        found.append(arranged(mixed, {pair.key: pair for pair in pairs}, load.repeats, source))
    return found


def spread(asked: Sequence[Pair], raters: int, count: int, source: Stream) -> list[list[int]]:
    """Which pairs each rater sees, by place: the next is always one of which there have been fewest.

    First by its two models, for this rater and then for all; then by its photo and its item, for this rater; then
    by itself, for all; then by lot.
    """
    kinds, photos, items = (
        codes([tuple(sorted((pair.first, pair.second))) for pair in asked]),
        codes([pair.photo for pair in asked]),
        codes([pair.item for pair in asked]),
    )
    size = len(asked)
    all_kinds, all_pairs = np.zeros(size, np.intp), np.zeros(size, np.intp)
    found = []
    for _ in range(raters):
        my_kinds, my_photos, my_items = (np.zeros(size, np.intp) for _ in range(3))
        lot, free, mine = source.units(size), np.ones(size, np.bool_), []
        for _ in range(min(count, size)):
            counts = (my_kinds[kinds], all_kinds[kinds], my_photos[photos], my_items[items], all_pairs)
            place = fewest(np.flatnonzero(free), counts, lot)
            mine.append(place)
            free[place] = False
            my_photos[photos[place]] += 1
            my_items[items[place]] += 1
            all_pairs[place] += 1
            for tally in (my_kinds, all_kinds):
                tally[kinds[place]] += 1
        found.append(mine)
    return found


def fewest(free: Whole, counts: Sequence[Whole], lot: NDArray[np.float64]) -> int:
    """The place at which the counts, in their order of weight, are lowest."""
    for count in counts:
        here = count[free]
        free = free[here == here.min()]
    return int(free[np.argmin(lot[free])])


def sided(pairs: Sequence[Pair], source: Stream) -> list[Showing]:
    """The pairs with their sides: on the left is the model that has been there less; by lot where both have alike."""
    excess: dict[str, int] = {}
    found = []
    for pair in source.shuffled(pairs):
        first, second = excess.get(pair.first, 0), excess.get(pair.second, 0)
        swapped = first > second if first != second else source.unit() < 0.5
        left, right = (pair.second, pair.first) if swapped else (pair.first, pair.second)
        excess[left], excess[right] = excess.get(left, 0) + 1, excess.get(right, 0) - 1
        found.append(Showing(pair.key, swapped))
    return found


def arranged(showings: Sequence[Showing], pairs: dict[str, Pair], repeats: int, source: Stream) -> tuple[Showing, ...]:
    """The order: random, one photo seldom twice in a row, and repeats of the first half's pairs in the last third."""
    deck = min((source.shuffled(showings) for _ in range(SHUFFLES)), key=lambda each: neighbours(each, pairs))
    early = [each for each in deck[: len(deck) // 2] if pairs[each.pair].kind == "pair"]
    late = 2 * len(deck) // 3
    for each in source.shuffled(early)[:repeats]:
        deck.insert(source.integer(late, len(deck)), replace(each, swapped=not each.swapped))
    return tuple(deck)


def neighbours(deck: Sequence[Showing], pairs: dict[str, Pair]) -> int:
    """How often an item comes twice in a row."""
    return sum(pairs[one.pair].item == pairs[other.pair].item for one, other in pairwise(deck))


def codes(labels: Sequence[object]) -> Whole:
    """The labels by number."""
    numbers = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    return np.array([numbers[label] for label in labels], np.intp)

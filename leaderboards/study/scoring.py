"""What a study says: of models, of raters, and of metrics."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np

from benchmark.groups import ALPHA, holm, inseparable, rank_intervals
from benchmark.standing import estimate, number
from degrade.light import Doubles
from leaderboards.entry import EntryError
from leaderboards.study.answers import Sheet
from leaderboards.study.bradley_terry import VIRTUAL, Fit, fitted, islands, pairs_of, preferred, reach
from leaderboards.study.key import Key
from leaderboards.study.krippendorff import alpha, coincidences
from leaderboards.study.metrics import Values, agreement
from leaderboards.study.resampling import drawn, grouped, of_both, resampled, share, two_way
from leaderboards.study.votes import Caught, Votes, by_number, caught, luck, steadiness, votes_of

FORMAT = "foxing-study-result/1"

FEW = 6
"""With fewer raters or photos intervals are wide, and hang on a handful of people or pictures."""

Plain = dict[str, Any]


def result(key: Key, sheets: Sequence[Sheet], traps: float, values: Values | None = None) -> Plain:
    """All that a study says, as plain data.

    Args:
        key: the study.
        sheets: what raters answered.
        traps: which share of its traps a rater must have right.
        values: what metrics say of what was shown.

    Raises:
        EntryError: no answer counts.
    """
    seen = [caught(sheet, key, traps) for sheet in sheets]
    kept = [sheet for sheet, how in zip(sheets, seen, strict=True) if not how.why]
    if not kept:
        raise EntryError(f"none of {len(sheets)} raters counts, first: {seen[0].rater} {seen[0].why}; see --traps")
    given = votes_of(kept, key)
    votes = by_number(given, key.models)
    counts = votes.counts()
    fit = fitted(counts, len(key.models))
    standing = standing_of(votes, counts, fit)
    times = [each.seconds for sheet in kept for each in sheet.given]
    untied = np.isfinite(votes.left)
    same = steadiness(given)
    found: Plain = {
        "format": FORMAT,
        "study": key.study,
        "suite_id": key.suite_id,
        **standing,
        "votes": len(votes.pairs),
        "photos": len(set(votes.photo.tolist())),
        "items": len({pair.item for pair in votes.pairs}),
        "equal_pairs": key.equal,
        "raters": raters_of(seen, traps),
        "seconds": number(median(times)),
        "repeats": len(same[0]),
        "steady": estimate(share(*same), 0),
        "left": estimate(share(votes.left[untied], votes.rater[untied], votes.photo[untied]), 0),
        **together(votes),
        "notes": notes(key, votes, counts),
    }
    if values is not None:
        again = fitted(of_both(votes.columns(), votes.rater, votes.photo).reshape(-1, *counts.shape), len(key.models))
        found["metrics"] = agreement(values, votes, fit.scores, again.scores)
    return found


def standing_of(votes: Votes, counts: Doubles, fit: Fit) -> Plain:
    """The models in order with their intervals, and every two of them."""
    models, size = votes.models, len(votes.models)
    first, second = pairs_of(size)
    ways = resampled(votes.columns(), votes.rater, votes.photo)
    again = [fitted(way.reshape(-1, *counts.shape), size).scores for way in (ways.raters, ways.photos, ways.cells)]
    own = two_way(fit.scores, (again[0], again[1], again[2]), ways.sizes)
    less = [each[:, first] - each[:, second] for each in (fit.scores[None], *again)]
    between = two_way(less[0][0], (less[1], less[2], less[3]), ways.sizes)
    known = np.isfinite(between.p)
    adjusted = np.full(len(first), np.nan)
    adjusted[known] = holm(between.p[known])
    separate = known & (adjusted <= ALPHA)
    beats = np.zeros((size, size), np.bool_)
    beats[first, second], beats[second, first] = separate & (between.value > 0), separate & (between.value < 0)
    order = sorted(range(size), key=lambda model: (-fit.scores[model], models[model]))
    ranks, liked = rank_intervals(beats), preferred(fit.scores, fit.ties)
    return {
        "models": [
            {
                "model": models[place],
                "score": estimate(own, place),
                "preferred": number(liked[place]),
                "rank": list(ranks[place]),
                **tally(counts, place, size),
            }
            for place in order
        ],
        "groups": [[models[place] for place in group] for group in inseparable(beats, order)],
        "ties_of_equals": number(float(np.exp(fit.ties) / (2 + np.exp(fit.ties)))),
        "pairs": [
            {
                "first": models[one],
                "second": models[other],
                "first_better": int(counts[place, 0]),
                "tie": int(counts[place, 1]),
                "second_better": int(counts[place, 2]),
                **estimate(between, place),
                "p": number(between.p[place]),
                "p_holm": number(adjusted[place]),
                "separable": bool(separate[place]),
            }
            for place, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True))
        ],
    }


def tally(counts: Doubles, model: int, size: int) -> dict[str, int]:
    """How a model's pairs went."""
    first, second = pairs_of(size)
    ahead, behind = counts[first == model].sum(axis=0), counts[second == model].sum(axis=0)
    return {"won": int(ahead[0] + behind[2]), "tied": int(ahead[1] + behind[1]), "lost": int(ahead[2] + behind[0])}


def raters_of(seen: Sequence[Caught], traps: float) -> Plain:
    """Who counts, and who does not and why."""
    out = [{"rater": each.rater, "answers": each.answered, "why": each.why} for each in seen if each.why]
    kept = [each for each in seen if not each.why]
    most = max(each.traps for each in kept)
    return {
        "given": len(seen),
        "kept": len(kept),
        "left_out": out,
        "traps_wanted": traps,
        "traps_of_each": most,
        "coin_passes": number(luck(most, traps)),
    }


def together(votes: Votes) -> Plain:
    """How far raters agree with one another: alpha with its interval over photos, and how often two say the same.

    The latter is among untied answers to one pair, and is what a metric can hardly surpass.
    """
    units: dict[str, Counter[int]] = {}
    photo_of: dict[str, int] = {}
    for pair, outcome, photo in zip(votes.pairs, votes.outcome.tolist(), votes.photo.tolist(), strict=True):
        units.setdefault(pair.key, Counter())[outcome] += 1
        photo_of[pair.key] = photo
    table = coincidences([*units.values()], 3)
    photos = np.array([photo_of[unit] for unit in units], np.intp)
    size = int(photos.max()) + 1
    again = (drawn(size, "photos") @ grouped(table.reshape(-1, 9), photos, size)).reshape(-1, 3, 3)
    alphas = [each for each in map(alpha, again) if each is not None] if size > 1 else []
    ends = np.quantile(alphas, [0.025, 0.975]) if alphas else (np.nan, np.nan)
    value = alpha(table.sum(axis=0))
    two = [(unit[0], unit[2]) for unit in units.values()]
    alike = sum(one * (one - 1) + other * (other - 1) for one, other in two)
    every = sum((one + other) * (one + other - 1) for one, other in two)
    return {
        "alpha": {"value": value if value is None else number(value), "low": number(ends[0]), "high": number(ends[1])},
        "alike": number(alike / every) if every else None,
    }


def notes(key: Key, votes: Votes, counts: Doubles) -> list[str]:
    """What whoever reads the scores must know."""
    size, said = len(key.models), []
    groups = islands(counts, size)
    if len(groups) > 1:
        named = "; ".join(", ".join(key.models[each] for each in group) for group in groups)
        said.append(f"not identifiable between groups that nobody compared: {named}")
    elif not reach(counts, size).all():
        said.append(
            "a model wins or loses everything against others: its score has no end, and is what virtual votes make it"
        )
    raters, photos = len(set(votes.rater.tolist())), len(set(votes.photo.tolist()))
    if min(raters, photos) < 2:
        said.append(f"{raters} rater and {photos} photo: no intervals; more of both are needed")
    elif min(raters, photos) < FEW:
        said.append(f"{raters} raters and {photos} photos: few, so that intervals are wide and hang on them")
    said.append(f"scores are natural logarithms of strength with {VIRTUAL:g} virtual votes for every two models")
    return said

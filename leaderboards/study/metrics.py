"""How far metrics agree with people: on single pairs, and in the order of models."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmark.ranks import percentiles
from benchmark.relative import reading
from benchmark.scored import scored
from benchmark.standing import estimate, number
from benchmark.store import ITEMS, RUN, RunStore, plain
from degrade.light import Doubles
from leaderboards.entry import EntryError
from leaderboards.study.bradley_terry import pairs_of
from leaderboards.study.key import Key
from leaderboards.study.resampling import drawn, share
from leaderboards.study.votes import Votes

Plain = dict[str, Any]

Values = Mapping[tuple[str, str], Mapping[tuple[str, str], float]]
"""By metric and region, by model and item."""


def values_of(run: Path, key: Key) -> Values:
    """What metrics say of what was shown.

    Raises:
        SuiteError: it is no finished sweep, or another one than the study shows.
    """
    if not (run / ITEMS).is_file():
        raise EntryError(f"{run}: no finished sweep ({ITEMS} is missing); give the one that the study was made from")
    suite_id = RunStore(run).read_json(RUN).get("suite_id")
    if not key.suite_id or suite_id != key.suite_id:
        raise EntryError(
            f"{run}: a sweep of {suite_id}, the study shows {key.suite_id or 'plain folders'}; give its own"
        )
    rows = plain(scored(run))
    items = {pair.item for pair in key.pairs.values()}
    asked: dict[str, Iterable[Any]] = {"item": items, "model": key.models, "seed": [0], "status": ["ok"]}
    for name, wanted in asked.items():
        rows = rows.filter(pc.is_in(rows[name], pa.array(sorted(wanted), rows[name].type)))
    found: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    columns = [rows[name].to_pylist() for name in ("metric", "region", "model", "item", "value")]
    for metric, region, model, item, value in zip(*columns, strict=True):
        found.setdefault((metric, region), {})[model, item] = value
    missing = set(key.models) - {model for each in found.values() for model, _ in each}
    if missing:
        raise EntryError(f"{run}: no scores of {min(missing)}, which the study shows; give the study's own sweep")
    return found


def agreement(values: Values, votes: Votes, scores: Doubles, again: Doubles) -> list[Plain]:
    """What each metric has in common with people, the most telling first.

    Args:
        values: the metrics'.
        votes: the people's.
        scores: (models), by people.
        again: (resamples, models), the same with raters and photos drawn again.
    """
    found = []
    for (metric, region), known in values.items():
        how = reading(metric)
        if how is None:  # nobody said which way it points
            continue
        sign = 1.0 if how.higher_is_better else -1.0
        table = {key: sign * value for key, value in known.items()}
        right = agrees(table, votes)
        there = np.isfinite(right)
        found.append(
            {
                "metric": metric,
                "region": region,
                "higher_is_better": how.higher_is_better,
                "votes": int(there.sum()),
                "pairwise": estimate(share(right[there], votes.rater[there], votes.photo[there]), 0),
                "kendall": kendall(by_photo(table, votes), scores, again),
            }
        )
    return sorted(found, key=lambda each: (each["region"] != "whole", -(each["pairwise"]["value"] or 0)))


def agrees(table: Mapping[tuple[str, str], float], votes: Votes) -> Doubles:
    """(votes): 1 where the metric puts the pair in the order that the rater did, a half where it sees no difference.

    NaN for ties of raters, and where the metric has no value.
    """
    first, second = pairs_of(len(votes.models))
    found = np.full(len(votes.pairs), np.nan)
    for place, (pair, duel, outcome) in enumerate(zip(votes.pairs, votes.duel, votes.outcome, strict=True)):
        one, other = (table.get((votes.models[each[duel]], pair.item)) for each in (first, second))
        if outcome != 1 and one is not None and other is not None:
            found[place] = 0.5 if one == other else float((one > other) == (outcome == 0))
    return found


def by_photo(table: Mapping[tuple[str, str], float], votes: Votes) -> Doubles:
    """(photos, models + 1): sums over the items that people saw and all models have, and how many there are."""
    photo_of = {pair.item: int(photo) for pair, photo in zip(votes.pairs, votes.photo, strict=True)}
    found = np.zeros((int(votes.photo.max()) + 1, len(votes.models) + 1))
    for item, photo in photo_of.items():
        row = [table.get((model, item)) for model in votes.models]
        if all(each is not None for each in row):
            found[photo] += np.array([*row, 1.0])
    return found


def kendall(sums: Doubles, scores: Doubles, again: Doubles) -> Plain:
    """Kendall's tau-b of the metric's order of models and the people's, with an interval.

    Source: Kendall 1945, "The treatment of ties in ranking problems". The interval is of the percentiles of resamples,
    in which the photos are the same for people and for the metric.

    Args:
        sums: see `by_photo`.
        scores: (models), by people.
        again: (resamples, models), the same with raters and photos drawn again.
    """
    total = sums.sum(axis=0)
    if not total[-1]:
        return {"value": None, "low": None, "high": None}
    value = taus(total[None, :-1] / total[-1], scores[None])[0]
    moved = drawn(len(sums), "photos") @ sums
    there = moved[:, -1] > 0
    found = taus(moved[there, :-1] / moved[there, -1:], again[there])
    found = found[np.isfinite(found)]
    if len(sums) < 2 or not len(found):
        return {"value": number(value), "low": None, "high": None}
    low, high = percentiles(found[None])[:, 0]
    return {"value": number(value), "low": number(low), "high": number(high)}


def taus(first: Doubles, second: Doubles) -> Doubles:
    """(resamples): tau-b of (resamples, models) tables, NaN where one makes no difference."""
    one, other = pairs_of(first.shape[1])
    signs = [np.sign(table[:, one] - table[:, other]) for table in (first, second)]
    untied = np.sqrt(np.abs(signs[0]).sum(axis=1) * np.abs(signs[1]).sum(axis=1))
    with np.errstate(invalid="ignore"):
        return np.asarray((signs[0] * signs[1]).sum(axis=1) / untied)

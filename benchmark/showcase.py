"""Which items of a sweep are worth a look, by rule and never by hand: the worst of each model, and some for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import pyarrow.compute as pc

from benchmark.regions import WHOLE
from benchmark.relative import NOTHING, READINGS, Reading, reading
from benchmark.scores import IDENTITY
from benchmark.store import plain

WORST = 12
"""So many of each model."""


@dataclass(frozen=True, slots=True)
class Loss:
    """An item after a model, against the same item untouched; means over seeds."""

    model: str
    item: str
    photo: str
    defect: str
    severity: int | None
    value: float
    """By the metric."""

    floor: float
    """Of the untouched photo."""

    loss: float
    """The error that the model leaves less the error that was there; above 0 the photo came out worse."""

    relative: float | None
    """100 where the model did nothing; None where there was nothing to restore."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that all models are shown on."""

    why: str
    item: str


def losses(rows: Any, metric: str, readings: Mapping[str, Reading] = READINGS) -> list[Loss]:
    """All pairs of a model and an item that both it and identity have a value for, of the whole picture.

    An error is what the metric stands for (of PSNR the squared error, so that a decibel lost on a hardly damaged photo
    counts for little, as it does in relative errors), or the score itself.

    Args:
        rows: the table of a sweep.
        metric: a spec.
        readings: how metrics are read.
    """
    how = reading(metric, readings) or Reading(higher_is_better=True)
    values = _means(rows, metric)
    items = {(row["model"], row["item"]): row for row in _rows(rows, metric)}
    found = []
    for (model, item), value in sorted(values.items()):
        floor = values.get((IDENTITY, item))
        if model == IDENTITY or floor is None:
            continue
        row, before, after = items[model, item], _error(floor, how), _error(value, how)
        relative = 100 * after / before if how.error is not None and before > NOTHING else None
        about = (row["photo"], row["defect"], row["severity"])
        found.append(Loss(model, item, *about, value, floor, after - before, relative))
    return found


def worst(found: Iterable[Loss], model: str, count: int = WORST) -> list[Loss]:
    """The items that a model made most worse, the worst first; those that it did not make worse are none of them."""
    harmed = [each for each in found if each.model == model and each.loss > 0]
    return sorted(harmed, key=lambda each: (-each.loss, each.item))[:count]


def showcase(found: Iterable[Loss]) -> list[Chosen]:
    """The damaged items on which the models together do best, middling and worst, by their mean relative error.

    Where the metric has no error that they could be relative to, by their mean loss.
    """
    by_item: dict[str, list[Loss]] = {}
    for each in found:
        if each.severity != 0:
            by_item.setdefault(each.item, []).append(each)
    full = max((len(each) for each in by_item.values()), default=0)
    level = {item: _level(each) for item, each in by_item.items() if len(each) == full}
    order = sorted(level, key=lambda item: (level[item], item))
    if not order:
        return []
    places = {"Best": 0, "Median": len(order) // 2, "Worst": len(order) - 1}
    chosen: dict[str, Chosen] = {}
    for why, place in places.items():
        chosen.setdefault(order[place], Chosen(why, order[place]))
    return [*chosen.values()]


def _level(found: Sequence[Loss]) -> float:
    known = [each.relative for each in found if each.relative is not None]
    return fmean(known) if len(known) == len(found) else fmean(each.loss for each in found)


def _error(value: float, how: Reading) -> float:
    if how.error is not None:
        return float(how.error(np.array([value]))[0])
    return -value if how.higher_is_better else value


def _rows(rows: Any, metric: str) -> list[dict[str, Any]]:
    flat = plain(rows)
    wanted = pc.and_(pc.equal(flat["metric"], metric), pc.equal(flat["region"], WHOLE))
    good = flat.filter(pc.and_(wanted, pc.and_(pc.equal(flat["status"], "ok"), pc.is_valid(flat["value"]))))
    return list(good.to_pylist())


def _means(rows: Any, metric: str) -> dict[tuple[str, str], float]:
    """The mean over seeds, by model and item."""
    held: dict[tuple[str, str], list[float]] = {}
    for row in _rows(rows, metric):
        held.setdefault((row["model"], row["item"]), []).append(row["value"])
    return {key: fmean(values) for key, values in held.items()}

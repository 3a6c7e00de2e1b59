"""Columns of text as numbers: which of the sorted labels each row has, so that the order of rows means nothing."""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from restore_models.restorer import ModelError

Whole = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Labelled(NamedTuple):
    """A column of names as numbers, and what each number stands for."""

    labels: list[Any]
    """In order; None, if there is one, is the first."""

    codes: Whole
    """Which one each row has."""


def labelled(column: Any) -> Labelled:
    """The column by number."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.combine_chunks().dictionary_encode()
    labels = encoded.dictionary.to_pylist()
    order = sorted(range(len(labels)), key=labels.__getitem__)
    place = np.empty(len(labels) + 1, np.intp)
    place[order] = np.arange(len(labels))
    place[-1] = -1  # of no label
    codes = place[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)]
    if (codes < 0).any():
        return Labelled([None, *(labels[each] for each in order)], codes + 1)
    return Labelled([labels[each] for each in order], codes)


def of_item(item: Labelled, column: Labelled, name: str) -> Whole:
    """The one label that all rows of an item have."""
    found = np.zeros(len(item.labels), np.intp)
    found[item.codes] = column.codes
    wrong = np.flatnonzero(found[item.codes] != column.codes)
    if len(wrong):
        which = item.labels[item.codes[wrong[0]]]
        raise ModelError(f"item {which!r} has more than one {name}: an item is one photo with one recipe")
    return found


def runs_of(model: Labelled, item: Labelled, seed: Labelled) -> tuple[Whole, Whole]:
    """(models, items) with how many seeds, and which of them each row has."""
    shape = (len(model.labels), len(item.labels), len(seed.labels))
    pair = np.ravel_multi_index((model.codes, item.codes), shape[:2])
    if shape[2] == 1:
        return np.bincount(pair, minlength=shape[0] * shape[1]).clip(max=1).reshape(shape[:2]), np.zeros_like(pair)
    kinds, place = np.unique(pair * shape[2] + seed.codes, return_inverse=True)
    runs = np.bincount(kinds // shape[2], minlength=shape[0] * shape[1])
    first = np.cumsum(runs) - runs
    return runs.reshape(shape[:2]), place - first[pair]


def pairs_of(metric: Labelled, region: Labelled) -> tuple[tuple[tuple[str, str], ...], Whole]:
    """The pairs of metric and region that there are, and which of them each row has."""
    kinds, place = np.unique(metric.codes * len(region.labels) + region.codes, return_inverse=True)
    names = [divmod(int(kind), len(region.labels)) for kind in kinds]
    return tuple((metric.labels[one], region.labels[other]) for one, other in names), place

"""What can be wrong with the rows of an entry: each question of its suite is answered once, by what is a number."""

import math
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, get_args

import pyarrow as pa
import pyarrow.compute as pc

from benchmark.attempts import Status
from benchmark.regions import WHOLE
from benchmark.store import ITEMS, KEY
from benchmark.suite import Item, Suite

REGIONS = (WHOLE, "hole", "outside", "band")

SAME = 1e-9
"""Relative: another order of additions makes less."""

HASH = re.compile(r"[0-9a-f]{64}")

STATUSES: tuple[str, ...] = get_args(Status)

OF_PHOTO = ("photo", "defect", "severity")

MOST = 5
"""Faults of a kind that are told; the rest goes the same way."""

Row = Mapping[str, Any]


def faults_of_rows(flat: pa.Table, suite: Suite, model: str, seeds: int) -> Iterator[str]:
    """What is wrong with a model's rows, a line each; nothing where they are as they must be.

    Args:
        flat: the rows, texts written out.
        suite: what was asked.
        model: whose they are.
        seeds: how often it was asked.
    """
    for column, wanted in (("suite_id", suite.suite_id), ("model", model)):
        others = [each for each in flat[column].unique().to_pylist() if each != wanted]
        if others:
            yield f"{ITEMS}: rows of {column} {others[0]!r}, not {wanted!r} alone"
            return
    rows = flat.to_pylist()
    yield from cover(rows, suite, seeds)
    yield from islice(two_outputs(rows), MOST)
    items = suite.by_name()
    wrong = (f"{ITEMS}: {of(row)}: {why}" for row in rows if (why := fault_of(row, items)))
    yield from islice(wrong, MOST)


def of(row: Row) -> str:
    """The words that tell which row is meant."""
    return f"{row['item']} by {str(row['metric']).partition('/')[0]} ({row['region']})"


def cover(rows: list[dict[str, Any]], suite: Suite, seeds: int) -> Iterator[str]:
    """Questions without an answer, answers without a question, and rows that come twice."""
    asked = {(each.item, seed, spec) for each in suite.items for seed in range(seeds) for spec in suite.metrics}
    there = {(row["item"], row["seed"], row["metric"]) for row in rows if row["region"] == WHOLE}
    missing, more = asked - there, {(row["item"], row["seed"], row["metric"]) for row in rows} - asked
    if missing:
        item, seed, spec = min(missing, key=str)
        count = len({each[0] for each in missing})
        yield f"{len(missing)} answers of {count} items missing, first {item} by {spec.partition('/')[0]} (seed {seed})"
    if more:
        item, seed, spec = min(more, key=str)
        yield f"{len(more)} answers to what {suite.suite_id} does not ask, first {item!r} by {spec!r} (seed {seed})"
    if len({tuple(row[name] for name in KEY) for row in rows}) < len(rows):
        yield "some rows come twice"


def two_outputs(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Answers of which some rows are of one output, and some of another or of none: all metrics look at the same."""
    found: dict[tuple[str, int], str] = {}
    told = set()
    for row in rows:
        answer, output = (row["item"], row["seed"]), row["output_sha256"]
        if found.setdefault(answer, output) != output and answer not in told:
            told.add(answer)
            yield f"{ITEMS}: {row['item']} (seed {row['seed']}): rows of more than one output"


def fault_of(row: Row, items: Mapping[str, Item]) -> str:
    """What is wrong with a row; empty where nothing is."""
    item = items.get(row["item"])
    if item is None:
        return "no item of the suite"
    for name in OF_PHOTO:
        if row[name] != getattr(item, name):
            return f"{name} {row[name]!r}, in the suite it is {getattr(item, name)!r}"
    if row["region"] not in REGIONS:
        return f"region {row['region']!r}, none of {', '.join(REGIONS)}"
    if row["status"] not in STATUSES:
        return f"status {row['status']!r}, none of {', '.join(STATUSES)}"
    return number_fault(row)


def number_fault(row: Row) -> str:
    """What is wrong with the numbers of a row; empty where nothing is."""
    value, seconds = row["value"], row["seconds"]
    if row["status"] == "ok" and (value is None or not math.isfinite(value)):
        return f"status ok and value {value}"
    if row["status"] != "ok" and value is not None:
        return f"status {row['status']} and value {value}"
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return f"{seconds} seconds"
    if row["output_sha256"] == "" and row["status"] == "ok":
        return "a value and no output_sha256"
    return "" if row["output_sha256"] == "" or HASH.fullmatch(row["output_sha256"]) else "output_sha256 is no hash"


def same_rows(there: pa.Table, here: pa.Table) -> str:
    """The first difference of two models' rows but for their names, seconds and tries; empty where there is none."""
    order = [(name, "ascending") for name in KEY if name != "model"]
    one, other = there.sort_by(order), here.sort_by(order)
    if one.num_rows != other.num_rows:
        return f"{other.num_rows} rows, not {one.num_rows}"
    for name in ("item", "seed", "metric", "region", "status", "output_sha256"):
        if not one[name].combine_chunks().equals(other[name].combine_chunks()):
            differs = pc.index(pc.fill_null(pc.not_equal(one[name], other[name]), True), True).as_py()
            return f"{name} of {one['item'][differs].as_py()}"
    for place, (first, second) in enumerate(zip(one["value"].to_pylist(), other["value"].to_pylist(), strict=True)):
        if not same_number(first, second):
            return f"{of(one.slice(place, 1).to_pylist()[0])} is {second}, not {first}"
    return ""


def same_number(first: Any, second: Any) -> bool:
    """Whether two values are one, but for rounding."""
    if first is None or second is None:
        return first is second
    return math.isclose(first, second, rel_tol=SAME, abs_tol=1e-12)


def regions_left_out(rows: list[dict[str, Any]], floor: list[dict[str, Any]]) -> Iterator[str]:
    """Items whose holes an entry says nothing of, though the untouched photo's rows do."""
    wanted = regions_by_item(floor)
    found = regions_by_item(rows)
    failed = {(row["item"], row["metric"]) for row in rows if row["status"] not in ("ok", "nonfinite")}
    for key, regions in found.items():
        if key not in failed and key in wanted and regions != wanted[key]:
            yield f"{key[0]} by {key[1].partition('/')[0]}: regions {sorted(regions)}, there are {sorted(wanted[key])}"


def regions_by_item(rows: list[dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """The regions by item and metric."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        found.setdefault((row["item"], row["metric"]), set()).add(row["region"])
    return found

"""From an attempt to rows: every metric in every region, and a failure as a failure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from benchmark.attempts import Attempt
from benchmark.cases import Case
from benchmark.detecting import SCORES, Tally, tally
from benchmark.metric import DetectionMetric, Metric, UnsupportedError
from benchmark.metrics import DETECTION_METRICS, METRICS, WITHOUT_REFERENCE
from benchmark.pair import OfPair, Pair, pair
from benchmark.pinning import BETTER, HIGHER, LOWER
from benchmark.regions import WHOLE
from benchmark.relative import READINGS, Reading, reading
from benchmark.suite import OLD, Plan, Suite, SuiteError, one_of
from degrade.console import one_line
from degrade.io import pixel_digest

AnyMetric = Metric | DetectionMetric


@dataclass(frozen=True, slots=True)
class Head:
    """What all rows of an answer share."""

    suite_id: str
    model: str
    seed: int
    tries: int


PYIQA = "pyiqa-"
"""What the names of another library's metrics begin with."""


def metrics_named(plan: Plan) -> list[AnyMetric]:
    """The metrics that a plan asks for.

    Raises:
        ModelError: there is none of a name (the nearest is proposed), or it lacks its weights.
    """
    return [metric_for(plan, name) for name in plan.metrics]


def metric_for(plan: Plan, name: str, device: str = "cpu") -> AnyMetric:
    """The metric of that name, for what a plan degrades.

    Raises:
        ModelError: as `metric_named`; or it compares with clean photos, of which the plan has none.
    """
    metric = metric_named(name, plan.task, f"suite {plan.name}", device)
    if isinstance(metric, Metric) and metric.needs_clean and all(each.kind == OLD for each in plan.damages):
        raise SuiteError(
            f"suite {plan.name}: {name} compares with a clean photo, and real old photos have none; take "
            f"{', '.join(WITHOUT_REFERENCE)}, or another metric without a reference"
        )
    return metric


def metric_named(name: str, task: str, where: str, device: str = "cpu") -> AnyMetric:
    """The metric of that name.

    Raises:
        ModelError: there is none, and the nearest is proposed; or it lacks its weights.
    """
    if name.startswith(PYIQA) and task == "restore":
        return of_pyiqa(name.removeprefix(PYIQA), device)
    known: Mapping[str, AnyMetric] = DETECTION_METRICS if task == "detect" else {**METRICS, **WITHOUT_REFERENCE}
    return known[one_of(name, known, f"{where}: no metric")]


@lru_cache(maxsize=16)
def of_pyiqa(name: str, device: str) -> Metric:
    """One of another library's metrics, built and weighed once in a process.

    Raises:
        ModelError: it cannot run here.
    """
    from benchmark.perceptual import perceptual  # noqa: PLC0415 - heavy, and of an extra

    return perceptual(name, device)


def metrics_of(suite: Suite, device: str = "cpu") -> list[AnyMetric]:
    """The metrics that a suite was made with.

    Raises:
        ModelError: it has none, this version has another definition of one, or one lacks its weights.
    """
    if not suite.metrics:
        raise SuiteError(f"suite {suite.suite_id}: has no metric; make it with --metric pyiqa-niqe or another")
    return [metric_of_spec(spec, suite, device) for spec in suite.metrics]


def metric_of_spec(spec: str, suite: Suite, device: str = "cpu") -> AnyMetric:
    """One of the metrics that a suite was made with.

    Raises:
        ModelError: this version has another definition of it, or it lacks its weights.
    """
    where, place = f"suite {suite.suite_id}", device if device != "auto" else "cpu"
    metric = metric_named(spec.partition("/")[0], suite.task, where, place)
    if metric.spec != spec:
        raise SuiteError(f"{where}: made with {spec}, here it is {metric.spec}; make the suite anew")
    return metric


def readings_of(suite: Suite) -> dict[str, Reading]:
    """How its metrics are read; of those that are other people's no error is known, and their specs say which way."""
    others = [spec for spec in suite.metrics if reading(spec) is None]
    return dict(READINGS) | {spec: Reading(is_higher_better(spec, suite)) for spec in others}


def is_higher_better(spec: str, suite: Suite) -> bool:
    """Which way a metric goes; what its spec says itself needs nothing installed."""
    for way in (HIGHER, LOWER):
        if f"{BETTER}={way}" in spec.partition("?")[2].split("&"):
            return way == HIGHER
    return metric_named(spec.partition("/")[0], suite.task, f"suite {suite.suite_id}").higher_is_better


def rows_of(attempt: Attempt, case: Case, metrics: Sequence[AnyMetric], head: Head) -> Iterator[dict[str, Any]]:
    """The rows of an answer: for every metric one for each region; of a failure one, without a value."""
    item = case.item
    shared = {
        "suite_id": head.suite_id,
        "model": head.model,
        "item": item.item,
        "photo": item.photo,
        "defect": item.defect,
        "severity": item.severity,
        "region": WHOLE,
        "value": None,
        "status": attempt.status,
        "error": attempt.error,
        "seconds": attempt.seconds,
        "output_sha256": output_digest(attempt, case),
        "seed": head.seed,
        "tries": head.tries,
    }
    if attempt.status != "ok":
        yield from (shared | {"metric": metric.spec} for metric in metrics)
        return
    shared_work = worked_out(attempt, case, metrics)
    for metric in metrics:
        for region, value, status, error in said(metric, attempt, case, shared_work):
            mine = {"metric": metric.spec, "region": region, "value": value, "status": status}
            yield shared | mine | {"error": error or attempt.error}


def output_digest(attempt: Attempt, case: Case) -> str:
    """What the output hashes to; known of one that is the photo as it was, which is quicker found than hashed."""
    if attempt.status != "ok":
        return ""
    return case.item.degraded_sha256 if np.array_equal(attempt.output, case.degraded) else pixel_digest(attempt.output)


Work = Pair | Tally | None
"""What several metrics share: each is worked out once for an answer."""


def worked_out(attempt: Attempt, case: Case, metrics: Sequence[AnyMetric]) -> Work:
    """What the metrics share: a pair of photos, or the counts of a soft mask."""
    if all(isinstance(metric, DetectionMetric) for metric in metrics):
        return tally(attempt.output, case.mask, attempt.threshold)
    if case.clean is None:
        return None
    return pair(attempt.output, case.clean, case.mask if case.mask.any() else None)


Said = tuple[str, float | None, str, str]
"""Region, value, status, error."""


def said(metric: AnyMetric, attempt: Attempt, case: Case, work: Work) -> list[Said]:
    """What a metric says by region: one that fails, or gives no number, has no value there."""
    try:
        found = values_of(metric, attempt, case, work)
    except UnsupportedError as error:
        return [(WHOLE, None, "unsupported", one_line(str(error))[:300])]
    except Exception as error:  # some metrics are other people's; each is one cell of the table
        return [(WHOLE, None, "error", f"{metric.name}: {type(error).__name__}: {one_line(str(error))}"[:300])]
    if WHOLE not in found:
        found = {WHOLE: math.nan, **found}
    return [
        (region, float(value), "ok", "")
        if math.isfinite(value)
        else (region, None, "nonfinite", f"{metric.name} gave {value}")
        for region, value in found.items()
    ]


def values_of(metric: AnyMetric, attempt: Attempt, case: Case, work: Work) -> Mapping[str, float]:
    """The values by region.

    Raises:
        UnsupportedError: the metric has none for this picture.
    """
    if isinstance(metric, DetectionMetric):
        assert isinstance(work, Tally)
        return {WHOLE: SCORES[metric.name](work, attempt.threshold)}
    if isinstance(work, Pair) and isinstance(metric.score, OfPair):
        return metric.score.compute(work)
    return metric.score(attempt.output, case.clean, case.mask if case.mask.any() else None)

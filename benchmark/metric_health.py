"""Whether the metrics of a suite can run here, how long each takes, and which weights it read."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmark.metric import DetectionMetric, Metric
from benchmark.perceptual import CHART, OfPhoto
from benchmark.scoring import AnyMetric
from degrade.console import one_line
from restore_models.restorer import ModelError


@dataclass(frozen=True, slots=True)
class Health:
    """What is to know of a metric before a sweep."""

    name: str

    spec: str
    """Empty where it cannot run."""

    problem: str
    """Why it cannot, in one line; empty where it can."""

    seconds_per_megapixel: float | None
    """Of this process, on a test picture."""

    weights: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of every file of weights that it read, by path."""


def looked_at(names: Sequence[str], found: Callable[[str], AnyMetric]) -> tuple[list[AnyMetric], list[Health]]:
    """The metrics that can run, and what is to know of all.

    Args:
        names: what `found` is asked for.
        found: gives a metric, or raises ModelError.
    """
    metrics, health = list[AnyMetric](), list[Health]()
    for name in names:
        try:
            metric = found(name)
        except ModelError as error:
            short = name.partition("/")[0]
            health.append(Health(short, "", one_line(str(error)).removeprefix(f"{short} cannot run: "), None))
        else:
            metrics.append(metric)
            weights = metric.score.weights if isinstance(metric.score, OfPhoto) else {}
            health.append(Health(metric.name, metric.spec, "", seconds_of(metric), weights))
    return metrics, health


def seconds_of(metric: Metric | DetectionMetric) -> float | None:
    """What a metric of photos takes for a megapixel, by a test picture; None where it has no value for that."""
    if isinstance(metric, DetectionMetric):
        return None
    began = time.perf_counter()
    try:
        metric.score(CHART, np.ascontiguousarray(CHART[::-1]), None)
    except ModelError:
        return None
    return (time.perf_counter() - began) * 1e6 / (CHART.shape[0] * CHART.shape[1])

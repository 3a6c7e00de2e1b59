"""Three questions before a long sweep: whether a model is well, and how long all of them will take."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmark.attempts import Attempt, Model, Question
from benchmark.contestants import Entry
from benchmark.peak_memory import used
from benchmark.scoring import AnyMetric, Head, metrics_of, rows_of
from benchmark.store import RunStore, tried
from benchmark.suite import Item
from benchmark.sweep import Sweep, open_jobs, opened_model
from degrade.console import one_line
from restore_models.memory import free_bytes
from restore_models.restorer import ModelError

PROBES = 3

WORTH = 4 * PROBES
"""Fewer questions than this are asked at once: probes would take as long."""

ENOUGH = 60.0
"""Seconds of probes after which a model is asked no further one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a model."""

    model: str
    identity: str
    well: bool
    problem: str
    probes: int
    questions: int
    """That it is still to be asked."""

    model_minutes: float
    """Forecast for all questions, of the model alone."""

    metric_minutes: float
    """Of the metrics, which run beside it, on one thread."""

    peak_bytes: int
    """The most memory that this process, or one that it started, has had so far."""

    def minutes(self, threads: int) -> float:
        """Of both, with so many threads that score."""
        return max(self.model_minutes, self.metric_minutes / max(1, threads))


def probed(sweep: Sweep, store: RunStore) -> list[Finding]:
    """What is to know of those models that have many questions before them.

    Raises:
        ModelError: a model cannot be opened, or a metric cannot run.
    """
    metrics = metrics_of(sweep.suite, sweep.opening.device)
    done = tried(store.rows())
    found = []
    for entry in sweep.entries:
        jobs = [job.item for job in open_jobs(sweep, entry, metrics, done)]
        if len(jobs) < WORTH:
            opened_model(entry, sweep.suite.task, sweep.opening).close()
        else:
            found.append(probe(entry, sweep, metrics, jobs))
    return found


def examined(entry: Entry, sweep: Sweep, metrics: Sequence[AnyMetric]) -> Finding:
    """What is to know of a model that has the whole suite before it, even where it cannot be opened."""
    items = list(sweep.suite.items)
    try:
        return probe(entry, sweep, metrics, items)
    except ModelError as error:
        return Finding(entry.label, entry.identity, False, one_line(str(error)), 0, len(items), 0.0, 0.0, used())


def probe(entry: Entry, sweep: Sweep, metrics: Sequence[AnyMetric], items: Sequence[Item]) -> Finding:
    """What is to know of a model that has these items before it, by the smallest, the middle and the largest photo.

    Raises:
        ModelError: it cannot be opened.
    """
    spent, scored, problem, asked = 0.0, 0.0, "", list[Item]()
    model = opened_model(entry, sweep.suite.task, sweep.opening)
    try:
        for item in chosen(items):
            attempt, seconds = one_probe(model, sweep, item, metrics, warm=bool(asked))
            if attempt.status != "ok" and not problem:
                problem = f"{item.item}: {attempt.status}: {attempt.error}"
            asked.append(item)
            spent, scored = spent + attempt.seconds, scored + seconds
            if spent + scored > ENOUGH:
                break
    finally:
        model.close()
    share = pixels(items) / max(pixels(asked), 1) / 60
    minutes = spent * share, scored * share
    return Finding(entry.label, entry.identity, not problem, problem, len(asked), len(items), *minutes, used())


def one_probe(
    model: Model, sweep: Sweep, item: Item, metrics: Sequence[AnyMetric], *, warm: bool
) -> tuple[Attempt, float]:
    """What came of one item, and the seconds that its metrics took; one that is not warm is asked twice."""
    case = sweep.materials.case(item)
    given = case.mask if sweep.suite.masks == "given" else None
    question = Question(item.item, case.degraded, given, 0)
    attempt = model.attempt(question)
    if not warm and attempt.status == "ok" and attempt.seconds < ENOUGH / 4:
        attempt = model.attempt(question)
    began = time.perf_counter()
    list(rows_of(attempt, case, metrics, Head(sweep.suite.suite_id, "probe", 0, 1)))
    return attempt, time.perf_counter() - began


def chosen(items: Sequence[Item]) -> list[Item]:
    """The items of the smallest, the middle and the largest photo."""
    ordered = sorted(items, key=lambda item: (item.height * item.width, item.item))
    places = sorted({round(place * (len(ordered) - 1) / (PROBES - 1)) for place in range(PROBES)})
    return [ordered[place] for place in places]


def pixels(items: Sequence[Item]) -> int:
    """Of all items together."""
    return sum(item.height * item.width for item in items)


def forecast(findings: Sequence[Finding], threads: int, workers: int = 1) -> list[str]:
    """What is said before a sweep begins: one line for each model, one for all, and what is sick."""
    lines = [
        f"{each.model}: {each.questions} questions, about {told(each.model_minutes)} of the model and "
        f"{told(each.metric_minutes)} of metrics"
        for each in findings
        if each.well
    ]
    lines += [f"{each.model}: a probe failed: {each.problem}" for each in findings if not each.well]
    if findings:
        total = sum(each.minutes(threads) for each in findings) / max(1, workers)
        free, peak = free_bytes(), max(each.peak_bytes for each in findings)
        memory = f"; {peak / 1e9:.2f} GB of memory so far" + ("" if free is None else f", {free / 1e9:.1f} GB free")
        lines.append(f"about {told(total)} in all{memory}")
    return lines


def told(minutes: float) -> str:
    """How long that is."""
    if minutes < 1:
        return f"{max(1, round(60 * minutes))} s"
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"

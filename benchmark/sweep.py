"""A sweep: every model on every item of a suite, scored beside the model, kept as it goes, resumed where it broke."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from benchmark.attempts import Model, Question, in_process
from benchmark.cases import Case
from benchmark.contestants import FLOOR, Entry, Opening, is_apart
from benchmark.freed_memory import keep_freed_memory
from benchmark.isolated import Isolated
from benchmark.materials import Kept, Materials
from benchmark.overdue import Patient
from benchmark.patience import Limits
from benchmark.scoring import AnyMetric, Head, metrics_of, rows_of
from benchmark.store import FAILED, Part, RunStore, tried
from benchmark.store import Question as Key
from benchmark.suite import Item, Suite, Task
from degrade.io import write_bytes
from degrade.png import png_bytes
from restore_models.foreign import is_command

Retry = Literal["failed", "missing", "all", "none"]
"""What is asked again of what is there already. `none` asks nothing of a model that has any row, `missing` what has no
row, `failed` that and what failed, `all` everything."""

FLUSH = 2.0
"""Seconds of work that a kill costs at most, beside the item in hand."""

Rows = list[dict[str, Any]]
Input = TypeVar("Input")
Output = TypeVar("Output")


@dataclass(frozen=True, slots=True)
class Job:
    """One item for one model, with what is still to be scored."""

    item: Item
    seed: int
    tries: int
    metrics: tuple[AnyMetric, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who wants to know."""

    began: Callable[[Entry, int], None] = lambda *_: None
    done: Callable[[Entry, Rows], None] = lambda *_: None


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is asked of whom, and how."""

    materials: Materials
    entries: tuple[Entry, ...]
    opening: Opening = field(default_factory=Opening)
    part: Part = field(default_factory=Part)
    seeds: int = 1
    retry: Retry = "failed"
    threads: int = 1
    """That score while the model runs."""

    outputs: Path | None = None
    """Where outputs are kept."""

    @property
    def suite(self) -> Suite:
        """The suite whose items are asked."""
        return self.materials.suite


def run_sweep(sweep: Sweep, store: RunStore, watch: Watch) -> None:
    """Answer what is open, model by model; rows are kept every few seconds and when it is broken off.

    Raises:
        ModelError: a model cannot be opened, or a picture of the suite is not what it was.
        OSError: the rows cannot be kept.
    """
    keep_freed_memory()
    metrics = metrics_of(sweep.suite, sweep.opening.device)
    done = tried(store.rows())
    read = Kept(sweep.materials).case if len(sweep.entries) * sweep.seeds > 1 else sweep.materials.case
    for entry in sweep.entries:
        jobs = [*open_jobs(sweep, entry, metrics, done)]
        watch.began(entry, len(jobs))
        if jobs:
            with closing(opened_model(entry, sweep.suite.task, sweep.opening)) as model:
                keep(answers(sweep, entry, model, jobs, read), store, sweep.part, partial(watch.done, entry))


def ready(sweep: Sweep) -> None:
    """Build every metric and open every model once, before anything is kept.

    Raises:
        ModelError: a metric cannot run, or a model cannot be opened.
    """
    metrics_of(sweep.suite, sweep.opening.device)
    refuse_unready(sweep.entries, sweep.suite.task, sweep.opening)


def refuse_unready(entries: Iterable[Entry], task: Task, opening: Opening) -> None:
    """Open every model once, so that one that cannot be is named before anything is kept.

    Raises:
        ModelError: it cannot be opened.
    """
    for entry in entries:
        opened_model(entry, task, opening).close()


def opened_model(entry: Entry, task: Task, opening: Opening) -> Model:
    """The model, in this process or in one of its own, as its opening says; commands have limits of their own.

    Raises:
        ModelError: it cannot be opened.
    """
    if is_apart(entry.what, opening):
        isolated = Isolated(entry, task, opening)
        isolated.start()
        return isolated
    if opening.patience and not is_command(entry.what) and entry.what != FLOOR:
        patient = Patient(entry, partial(in_process, entry, task, opening), Limits(opening.patience))
        patient.start()
        return patient
    return in_process(entry, task, opening)


def open_jobs(
    sweep: Sweep, entry: Entry, metrics: Sequence[AnyMetric], done: dict[Key, tuple[str, int]]
) -> Iterator[Job]:
    """What is to be asked of a model, after what is there and the policy."""
    if sweep.retry == "none" and any(key[0] == entry.label for key in done):
        return
    for item in sweep.suite.items:
        if not sweep.part.has(item.item):
            continue
        for seed in range(sweep.seeds):
            keys = {metric: (entry.label, item.item, seed, metric.spec) for metric in metrics}
            again = [metric for metric, key in keys.items() if is_open(done.get(key), sweep.retry)]
            tries = max((done[key][1] for key in keys.values() if key in done), default=0)
            if again:
                yield Job(item, seed, tries + 1, tuple(again))


def is_open(found: tuple[str, int] | None, retry: Retry) -> bool:
    """Whether a question is to be asked, of which these are the status and the tries, or nothing."""
    if found is None or retry == "all":
        return True
    return retry == "failed" and found[0] in FAILED


def answers(
    sweep: Sweep, entry: Entry, model: Model, jobs: Sequence[Job], read: Callable[[Item], Case]
) -> Iterator[Rows]:
    """The rows of each job: pictures are read ahead, and scored behind, while the model is at work here."""
    suite_id = sweep.suite.suite_id  # a hash of all items: once, and not for each of them
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(sweep.threads) as scorers:
        waiting: deque[Future[Rows]] = deque()
        for job, case in zip(jobs, ahead(reader, lambda each: read(each.item), jobs), strict=True):
            given = case.mask if sweep.suite.masks == "given" else None
            attempt = model.attempt(Question(job.item.item, case.degraded, given, job.seed))
            if attempt.status == "ok" and sweep.outputs is not None:
                write_bytes(output_path(sweep.outputs, entry.label, job.item.item, job.seed), png_bytes(attempt.output))
            head = Head(suite_id, entry.label, job.seed, job.tries)
            waiting.append(scorers.submit(lambda *these: [*rows_of(*these)], attempt, case, job.metrics, head))
            while waiting and (waiting[0].done() or len(waiting) > 2 * sweep.threads):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def ahead(pool: ThreadPoolExecutor, work: Callable[[Input], Output], inputs: Iterable[Input]) -> Iterator[Output]:
    """Results in order, the next two in the making."""
    waiting: deque[Future[Output]] = deque()
    try:
        for each in inputs:
            waiting.append(pool.submit(work, each))
            if len(waiting) > 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for left in waiting:
            left.cancel()


def output_path(folder: Path, label: str, item: str, seed: int) -> Path:
    """Where an output is kept."""
    return folder / label / f"{item}{f'-seed{seed}' if seed else ''}.png"


def keep(answered: Iterator[Rows], store: RunStore, part: Part, tell: Callable[[Rows], None]) -> None:
    """Write rows every few seconds, and what there is when it ends or is broken off."""
    held: Rows = []
    last = time.monotonic()
    try:
        for rows in answered:
            held.extend(rows)
            tell(rows)
            if time.monotonic() - last > FLUSH:
                store.write_shard(held, part)
                held, last = [], time.monotonic()
    finally:
        if held:
            store.write_shard(held, part)

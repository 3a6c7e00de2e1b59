"""The work behind `foxing benchmark run` and `merge`."""

import json as json_format
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from benchmark.cli_make import Folders, found_suite, tell_difference, told
from benchmark.cli_report import show_all
from benchmark.contestants import Entry, Opening, entries_of
from benchmark.finishing import begun, ended, finished, merged
from benchmark.overdue import FIRST
from benchmark.probing import forecast, probed
from benchmark.reporting import grids_of
from benchmark.runners import RunnerName, in_parts
from benchmark.store import SUMMARY, Part, RunStore, sweep_away
from benchmark.suite_of_run import suite_of_run
from benchmark.sweep import Retry, Rows, Sweep, Watch, ready, run_sweep
from degrade.console import FailureError, MisuseError, one_line, show, tell
from degrade.corpus.runners import WorkerError


@dataclass(frozen=True, slots=True)
class Run:
    """What was typed behind `foxing benchmark run`."""

    suite: str
    models: tuple[str, ...]
    out: Path
    photos: Path | None
    masks: Path | None
    metrics: tuple[str, ...]
    device: str
    tile: int
    timeout: float
    """0 for none, less for what `overdue` makes of the model's own speed."""

    seeds: int
    retry: str
    threads: int
    keep: bool
    cost: bool
    probe: bool
    part: tuple[int, int]
    runner: str
    workers: int
    json: bool


def run_run(asked: Run) -> None:
    """Ask the models what is open, with progress on stderr, and show what came of it.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: the results could not be kept.
    """
    if asked.retry not in get_args(Retry):
        raise MisuseError(f"--retry {asked.retry}: none of {', '.join(get_args(Retry))}")
    if asked.runner not in get_args(RunnerName):
        raise MisuseError(f"--runner {asked.runner}: none of {', '.join(get_args(RunnerName))}")
    if asked.runner != "here" and asked.part[1] > 1:
        raise MisuseError(f"--runner {asked.runner} makes parts of its own; leave --num-shards out")
    if asked.part[0] >= asked.part[1]:
        raise MisuseError(f"--shard-index {asked.part[0]} with --num-shards {asked.part[1]}: parts count from 0")
    part, store = Part(*asked.part), RunStore(asked.out)
    with told(asked.out), store.locked(part), noticed(asked.out, part):
        sweep_away(asked.out)
        materials = found_suite(asked.suite, Folders(asked.photos, asked.masks), asked.out, asked.metrics)
        tell_difference(materials.suite)
        sweep = Sweep(
            materials=materials,
            entries=tuple(entries_of(asked.models)),
            opening=Opening(asked.device, asked.tile, max(0.0, asked.timeout), FIRST if asked.timeout < 0 else 0.0),
            part=part,
            seeds=asked.seeds,
            retry=cast("Retry", asked.retry),
            threads=asked.threads,
            outputs=asked.out / "outputs" if asked.keep else None,
        )
        foretold(sweep, store, asked)
        record = begun(sweep, store)
        carried_out(sweep, store, cast("RunnerName", asked.runner), asked.workers)
        if asked.cost:
            add_costs(record, sweep)
        done = ended(record, store, part) if part.count > 1 else finished(sweep.suite, record, store)
    if part.count > 1 and asked.json:
        show(json_format.dumps({"folder": str(asked.out), **done}, ensure_ascii=False, indent=1))
    elif part.count > 1:
        show(f"{asked.out}: part {part.index} of {part.count} is done; foxing benchmark merge {asked.out} when all are")
    else:
        report(asked.out, done, store, asked.json)


@contextmanager
def noticed(out: Path, part: Part) -> Iterator[None]:
    """A mark in the folder while a run is at work: the next one says that this one was killed, and what helps."""
    mark = out / f".running-{part.index}-of-{part.count}"
    if mark.is_file():
        tell(
            f"{out}: the run before this was killed, or a model ended its process; it goes on. With --timeout SECONDS "
            "a model has a process of its own, and one that dies is recorded as failed"
        )
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def foretold(sweep: Sweep, store: RunStore, asked: Run) -> None:
    """Open every model, and say how long they will take, before anything is kept.

    Raises:
        ModelError: one cannot be opened, or a metric cannot run.
    """
    if not asked.probe:
        ready(sweep)
        return
    for line in forecast(probed(sweep, store), asked.threads, asked.workers if asked.runner != "here" else 1):
        tell(line)


def carried_out(sweep: Sweep, store: RunStore, runner: RunnerName, workers: int) -> None:
    """Do a sweep here, or by workers.

    Raises:
        MisuseError: Ray is not installed.
        FailureError: a worker died.
    """
    if runner == "here":
        with watched() as watch:
            run_sweep(sweep, store, watch)
        return
    try:
        for number, _ in enumerate(in_parts(sweep, store, runner, workers), 1):
            tell(f"{number} of {workers} workers are done")
    except ImportError:
        raise MisuseError(
            "--runner ray: ray is not installed; pip install 'foxing[ray]', or --runner processes"
        ) from None
    except WorkerError as error:
        raise FailureError(f"{one_line(str(error))}; run the same command again to go on") from None


def add_costs(record: dict[str, Any], sweep: Sweep) -> None:
    """Measure what every model costs, and note it."""
    from benchmark.cost import cost  # noqa: PLC0415 - heavy

    for entry in sweep.entries:
        record["models"][entry.label]["cost"] = cost(entry, sweep.suite.task, sweep.opening)


def run_merge(folders: list[Path], suite: Path | None, json: bool) -> None:
    """Bring the parts of a sweep together in the first folder.

    Raises:
        MisuseError: some answer is missing, or suites or models differ.
        FailureError: it could not be written.
    """
    into = RunStore(folders[0])
    with told(folders[0]), into.locked(Part()):
        materials = suite_of_run(folders[0], suite)
        done = merged(materials.suite, [RunStore(folder) for folder in folders], into)
    report(folders[0], done, into, json)


def report(out: Path, done: dict[str, Any], store: RunStore, json: bool) -> None:
    """Say what came of a sweep."""
    if json:
        show(json_format.dumps({"folder": str(out), **done}, ensure_ascii=False, indent=1))
        return
    for model, counts in done["status"].items():
        failed = {status: count for status, count in counts.items() if status != "ok"}
        if failed:
            said = ", ".join(f"{count} {status}" for status, count in failed.items())
            tell(
                f"{model}: {said} of {sum(counts.values())} items; they count as the untouched photo, see items.parquet"
            )
    found = store.read_json(SUMMARY)
    if found:
        show_all(grids_of(found, done)[:1])
    show(f"{out}: {done['suite_id']}, {done['rows']} rows in items.parquet")


@contextmanager
def watched() -> Iterator[Watch]:
    """A bar for every model on a terminal; elsewhere a line when a model begins. Failures are told at once."""
    from rich.console import Console  # noqa: PLC0415 - only where there is progress to show
    from rich.progress import MofNCompleteColumn, Progress, TaskID, TimeRemainingColumn  # noqa: PLC0415

    stderr = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    failures: dict[str, int] = {}
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal) as bar:

        def begin(entry: Entry, count: int) -> None:
            tasks[entry.label] = bar.add_task(entry.label, total=count)
            if not stderr.is_terminal:
                tell(f"{entry.label}: {count} items to do" if count else f"{entry.label}: all there")

        def done(entry: Entry, rows: Rows) -> None:
            bar.advance(tasks[entry.label])
            first = rows[0]
            if first["output_sha256"] == "":
                failures[entry.label] = failures.get(entry.label, 0) + 1
                if failures[entry.label] <= TOLD:
                    tell(f"{entry.label} on {first['item']}: {first['status']}: {first['error']}")

        yield Watch(begin, done)


TOLD = 5
"""Failures of a model that are told one by one; all are counted."""

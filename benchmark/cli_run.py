"""The work behind `foxing benchmark run` and `merge`."""

import json as json_format
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from benchmark.cli_make import Folders, found_suite, plan_with, tell_difference, told
from benchmark.cli_report import NO_TABLES, show_all
from benchmark.cli_watching import noticed, watched
from benchmark.contestants import Entry, Opening, entries_of
from benchmark.finishing import begun, ended, finished, merged
from benchmark.locking import locked, sweep_away
from benchmark.materials import SUITE, Materials
from benchmark.patience import opening_of
from benchmark.probing import forecast, probed
from benchmark.reporting import grids_of
from benchmark.runners import RunnerName, in_parts
from benchmark.scored import SUMMARY_DIGEST, Lost, lost
from benchmark.store import SUMMARY, Part, RunStore
from benchmark.suite_of_run import suite_of_run
from benchmark.sweep import Retry, Sweep, ready, refuse_unready, run_sweep
from degrade.console import FailureError, MisuseError, one_line, refuse_idle, show, tell
from degrade.corpus.runners import WorkerError
from restore_models.resolve import chosen_of


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
        FailureError: the results could not be kept, or a model failed on every item.
    """
    refuse_nonsense(asked)
    cores = os.cpu_count() or 1
    asked = replace(asked, threads=asked.threads or max(1, cores - 1), workers=asked.workers or cores)
    part, store = Part(*asked.part), RunStore(asked.out)
    with told(asked.out):
        entries, opening = tuple(entries_of(asked.models)), opening_of(asked.device, asked.timeout, asked.tile)
        tiled = any("tile" in chosen_of(each.what) for each in entries)
        refuse_idle(("--tile", asked.tile >= 0, tiled, "it is of networks that Foxing runs, and no model is one"))
        with locked(asked.out, part), noticed(asked.out, part) as killed:
            sweep_away(asked.out)
            opening = replace(opening, apart="all") if killed else opening
            sweep = Sweep(
                materials=materials_of(asked, entries, opening),
                entries=entries,
                opening=opening,
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
            gone = [*lost(store.rows(), [entry.label for entry in entries])]
    if part.count > 1 and asked.json:
        show(json_format.dumps({"folder": str(asked.out), **done}, ensure_ascii=False, indent=1))
    elif part.count > 1:
        show(f"{asked.out}: part {part.index} of {part.count} is done; foxing benchmark merge {asked.out} when all are")
    else:
        report(asked.out, done, store, asked.json)
    refuse_lost(gone)


def refuse_nonsense(asked: Run) -> None:
    """Refuse options that cannot be.

    Raises:
        MisuseError: one cannot.
    """
    if asked.retry not in get_args(Retry):
        raise MisuseError(f"--retry {asked.retry}: none of {', '.join(get_args(Retry))}")
    if asked.runner not in get_args(RunnerName):
        raise MisuseError(f"--runner {asked.runner}: none of {', '.join(get_args(RunnerName))}")
    if asked.runner != "here" and asked.part[1] > 1:
        raise MisuseError(f"--runner {asked.runner} makes parts of its own; leave --num-shards out")
    refuse_idle(
        ("--workers", asked.workers, asked.runner != "here", "add --runner processes or --runner ray"),
        ("--threads", asked.threads > 1, asked.runner == "here", f"--runner {asked.runner} gives each worker one"),
    )
    if asked.part[0] >= asked.part[1]:
        raise MisuseError(f"--shard-index {asked.part[0]} with --num-shards {asked.part[1]}: parts count from 0")


def materials_of(asked: Run, entries: Sequence[Entry], opening: Opening) -> Materials:
    """The suite; before one is made, which takes long and much room, every model is opened.

    Raises:
        ModelError: there is no such suite, it cannot be made, or a model cannot be opened.
    """
    folders = Folders(asked.photos, asked.masks)
    if not Path(asked.suite).is_dir() and not (asked.out / "suite" / SUITE).is_file():
        refuse_unready(entries, plan_with(asked.suite, asked.metrics, folders)[0].task, opening)
    materials = found_suite(asked.suite, folders, asked.out, asked.metrics)
    tell_difference(materials.suite)
    return materials


def refuse_lost(gone: Sequence[Lost]) -> None:
    """End with a failure where a model gave nothing at all, be it for one wrong line in it: nobody wants such scores.

    Raises:
        FailureError: one did; the first is named.
    """
    for each in gone[:1]:
        more = f"; so did {', '.join(other.model for other in gone[1:])}" if gone[1:] else ""
        raise FailureError(f"{each.model} failed on all {each.answers} items, first on {each.item}: {each.why}{more}")


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
        again = "run the same command again to go on, every model in a process of its own"
        raise FailureError(f"{one_line(str(error))}; {again}") from None


def add_costs(record: dict[str, Any], sweep: Sweep) -> None:
    """Measure what every model costs, and note it."""
    from benchmark.cost import cost  # noqa: PLC0415 - heavy

    for entry in sweep.entries:
        tell(f"{entry.label}: its cost is measured")
        record["models"][entry.label]["cost"] = cost(entry, sweep.suite.task, sweep.opening)


def run_merge(folders: list[Path], suite: Path | None, json: bool) -> None:
    """Bring the parts of a sweep together in the first folder.

    Raises:
        MisuseError: some answer is missing, or suites or models differ.
        FailureError: it could not be written.
    """
    into = RunStore(folders[0])
    with told(folders[0]), locked(folders[0], Part()):
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
    if SUMMARY_DIGEST in done:
        show_all(grids_of(store.read_json(SUMMARY), done)[:1])
    else:
        tell(NO_TABLES)
    show(f"{out}: {done['suite_id']}, {done['rows']} rows in items.parquet")

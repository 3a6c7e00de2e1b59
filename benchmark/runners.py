"""Who does a sweep: this process, several of them, or Ray tasks on a cluster; all leave the same rows."""

import logging
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import redirect_stdout
from dataclasses import replace
from multiprocessing import get_context
from typing import Any, Literal

import cv2

from benchmark.isolated import end_with_parent
from benchmark.store import Part, RunStore
from benchmark.sweep import Sweep, Watch, run_sweep
from degrade.console import one_line
from degrade.corpus.runners import ATTEMPTS, WorkerError

RunnerName = Literal["here", "processes", "ray"]


def in_parts(sweep: Sweep, store: RunStore, runner: RunnerName, workers: int) -> Iterator[Part]:
    """Do a sweep in so many parts at once; whoever calls holds the lock of the folder, which all workers must see.

    Raises:
        ImportError: the package `ray` is missing; it comes with the extra `ray`.
        WorkerError: a worker died; what it kept is kept.
        ModelError: as for `run_sweep`.
    """
    parts = [Part(index, workers) for index in range(workers)]
    yield from (by_ray if runner == "ray" else by_processes)(sweep, store, parts)


def by_processes(sweep: Sweep, store: RunStore, parts: list[Part]) -> Iterator[Part]:
    """Each part in a process."""
    pool = ProcessPoolExecutor(len(parts), get_context("spawn"), initializer=end_with_parent)
    try:
        for future in as_completed([pool.submit(part_done, sweep, store, part) for part in parts]):
            yield future.result()
    except BrokenProcessPool:
        raise WorkerError("a worker process died; use fewer workers where memory is short") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def by_ray(sweep: Sweep, store: RunStore, parts: list[Part]) -> Iterator[Part]:
    """Each part as a task of the Ray cluster at RAY_ADDRESS, or of one started here; lost ones are done again."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray  # noqa: PLC0415  (an extra)

    with redirect_stdout(sys.stderr):  # where Ray tells of dead workers; results alone go to stdout
        if not ray.is_initialized():
            quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
            if os.environ.get("RAY_ADDRESS"):
                ray.init(**quiet)
            else:
                ray.init(address="local", num_cpus=len(parts), include_dashboard=False, **quiet)
        remote = ray.remote(num_cpus=1, max_retries=ATTEMPTS)(part_done)
        running = [remote.remote(sweep, store, part) for part in parts]
        try:
            while running:
                done, running = ray.wait(running)
                yield from ray.get(done)
        except ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except ray.exceptions.RayError as error:
            raise WorkerError(f"Ray gave a part up after {ATTEMPTS} tries ({one_line(str(error))})") from None
        finally:
            for each in running:
                ray.cancel(each, force=True)


def part_done(sweep: Sweep, store: RunStore, part: Part) -> Part:
    """One part, alone on its core."""
    cv2.setNumThreads(1)
    run_sweep(replace(sweep, part=part, threads=1), store, Watch())
    return part

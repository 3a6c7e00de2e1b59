"""Who makes the shards: threads, or Ray tasks on a cluster; all make the same bytes, as worker processes do."""

import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any, Protocol

import cv2

from degrade.console import one_line
from degrade.corpus.config import OLD, Config, Shard
from degrade.corpus.rows import Photos
from degrade.corpus.shards import Made, Mapper, Work, make_shard
from degrade.corpus.store import Folder, ObjectStore

Tick = Callable[[int], None]
"""Told how many more photos are done."""

ATTEMPTS = 3
"""How often a shard is tried again when the process that made it died."""


class WorkerError(Exception):
    """A worker died again and again over the same shards."""


@dataclass(frozen=True, slots=True)
class Task:
    """All that a worker needs to make any shard; it travels to other processes."""

    config: Config
    photos: Photos
    old: Photos | None
    store: Folder | ObjectStore

    def work(self, split: str) -> Work:
        """What gives the rows of a photo in that split."""
        source = self.old if split == OLD else self.photos
        assert source is not None
        return Work(split, source, self.config)

    def make(self, shard: Shard, in_order: Mapper = map) -> Made:
        """Make one shard."""
        return make_shard(shard, self.work(shard.split).photos, self.config, self.store, in_order)

    def made(self, shard: Shard) -> tuple[Made, int]:
        """A shard, made, and how many photos it was made of."""
        return self.make(shard), len(shard.keys)


class Runner(Protocol):
    """Makes shards, in any order."""

    @property
    def said(self) -> str:
        """As people say it."""

    def run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        """Each shard as it is done."""


@dataclass(frozen=True, slots=True)
class Threads:
    """One shard after the other, its photos side by side: OpenCV and the encoders let go of Python's lock."""

    workers: int

    @property
    def said(self) -> str:
        """See `Runner`."""
        return f"{self.workers} thread{'s' * (self.workers > 1)}"

    def run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        """See `Runner`."""
        cv2.setNumThreads(1)  # one photo on each core is quicker than one operation on all
        if self.workers == 1:  # a thread beside this one would cost a twentieth and give nothing
            for shard in shards:
                yield task.make(shard, lambda work, keys: ticking(map(work, keys), tick))
            return
        pool = ThreadPoolExecutor(self.workers)
        try:
            for shard in shards:
                yield task.make(shard, lambda work, keys: ticking(ahead(pool, work, keys, 2 * self.workers), tick))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def ahead(pool: Executor, work: Callable[[str], Any], keys: Iterable[str], most: int) -> Iterator[Any]:
    """Results in order, with at most so many photos in the making: memory stays flat."""
    waiting: deque[Future[Any]] = deque()
    try:
        for key in keys:
            waiting.append(pool.submit(work, key))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for each in waiting:
            each.cancel()


def ticking(results: Iterator[Any], tick: Tick) -> Iterator[Any]:
    """The same results, each of them told."""
    for result in results:
        yield result
        tick(1)


@dataclass(frozen=True, slots=True)
class Ray:
    """Shards as tasks of a Ray cluster, started on this machine where none is running; lost ones are done again."""

    workers: int
    """How many at a time; 0 is as many as the cluster has cores."""

    @property
    def said(self) -> str:
        """See `Runner`."""
        return "tasks of Ray"

    def run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        """See `Runner`.

        Raises:
            ImportError: the package `ray` is missing; it comes with the extra `ray`.
            WorkerError: a task died again and again, or the cluster is lost.
        """
        with redirect_stdout(sys.stderr):  # where Ray tells of dead workers; results alone go to stdout
            yield from self._run(task, shards, tick)

    def _run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray  # noqa: PLC0415  (an extra)

        if not ray.is_initialized():
            quiet = {"include_dashboard": False, "log_to_driver": False, "logging_level": logging.ERROR}
            ray.init(num_cpus=self.workers or None, **quiet)
        remote = ray.remote(num_cpus=1, max_retries=ATTEMPTS)(_made_alone)
        shared = ray.put(task)
        most = self.workers or max(2, int(2 * ray.cluster_resources().get("CPU", 1)))
        queue = list(reversed(shards))
        running: list[Any] = []
        try:
            while queue or running:
                while queue and len(running) < most:
                    running.append(remote.remote(shared, queue.pop()))
                done, running = ray.wait(running)
                for made, photos in ray.get(done):
                    tick(photos)
                    yield made
        except ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except ray.exceptions.RayError as error:
            said = one_line(str(error))
            raise WorkerError(
                f"Ray gave a shard up after {ATTEMPTS} tries; see the logs of its node ({said})"
            ) from None
        finally:
            for each in running:
                ray.cancel(each, force=True)


def _made_alone(task: Task, shard: Shard) -> tuple[Made, int]:
    cv2.setNumThreads(1)
    return task.made(shard)

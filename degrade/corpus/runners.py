"""Who makes the shards: threads, processes, or Ray tasks on a cluster; all make the same bytes."""

import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from multiprocessing import active_children, connection, get_context, parent_process
from threading import Thread, current_thread, main_thread
from typing import Any, Protocol

import cv2

from degrade.console import one_line
from degrade.corpus.config import OLD, Config, Shard
from degrade.corpus.rows import Photos
from degrade.corpus.shards import Made, Mapper, make_shard
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

    def make(self, shard: Shard, in_order: Mapper = map) -> Made:
        """Make one shard."""
        source = self.old if shard.split == OLD else self.photos
        assert source is not None
        return make_shard(shard, source, self.config, self.store, in_order)


class Runner(Protocol):
    """Makes shards, in any order."""

    def run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        """Each shard as it is done."""


@dataclass(frozen=True, slots=True)
class Threads:
    """One shard after the other, its photos side by side: OpenCV and the encoders let go of Python's lock."""

    workers: int

    def run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        """See `Runner`."""
        cv2.setNumThreads(1)  # one photo on each core is quicker than one operation on all
        if self.workers == 1:  # a thread beside this one would cost a twentieth and give nothing
            for shard in shards:
                yield task.make(shard, lambda work, keys: _ticking(map(work, keys), tick))
            return
        pool = ThreadPoolExecutor(self.workers)
        try:
            for shard in shards:
                yield task.make(shard, lambda work, keys: _ticking(_ahead(pool, work, keys, 2 * self.workers), tick))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _ahead(pool: ThreadPoolExecutor, work: Callable[[str], Any], keys: Iterable[str], most: int) -> Iterator[Any]:
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


def _ticking(results: Iterator[Any], tick: Tick) -> Iterator[Any]:
    for result in results:
        yield result
        tick(1)


@dataclass(frozen=True, slots=True)
class Processes:
    """Shards side by side, each in a process; when one dies, what it had not finished is done again."""

    workers: int

    def run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        """See `Runner`.

        Raises:
            WorkerError: processes died three times over.
        """
        left = {shard.name: shard for shard in shards}
        others = set(active_children())
        for _ in range(ATTEMPTS):
            pool = ProcessPoolExecutor(self.workers, get_context("spawn"), initializer=_child)
            try:
                with _deaf():
                    futures = [pool.submit(_made, task, shard) for shard in left.values()]
                for future in as_completed(futures):
                    made, name, photos = future.result()
                    del left[name]
                    tick(photos)
                    yield made
            except BrokenProcessPool:
                continue
            except BaseException:  # as Ctrl-C: what is half-made counts for nothing, so nobody waits for it
                for each in set(active_children()) - others:
                    each.terminate()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
            return
        raise WorkerError(f"worker processes died {ATTEMPTS} times, {len(left)} shards are left; use fewer workers")


@dataclass(frozen=True, slots=True)
class Ray:
    """Shards as tasks of a Ray cluster, started on this machine where none is running; lost ones are done again."""

    workers: int
    """How many at a time; 0 is as many as the cluster has cores."""

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
                for made, _, photos in ray.get(done):
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


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that begin meanwhile do not hear Ctrl-C: it is told to their parent, who ends them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _made_alone(task: Task, shard: Shard) -> tuple[Made, str, int]:
    _alone()
    return _made(task, shard)


def _child() -> None:
    """Work alone, and end with the parent, however that ends: else workers would wait for it for ever."""
    _alone()
    parent = parent_process()
    assert parent is not None

    def follow() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def _alone() -> None:
    cv2.setNumThreads(1)


def _made(task: Task, shard: Shard) -> tuple[Made, str, int]:
    return task.make(shard), shard.name, len(shard.keys)

"""Worker processes: they make shards side by side, and the photos of the last ones; the bytes are as any others."""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, connection, get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from threading import Thread, current_thread, main_thread

import cv2

from degrade.corpus.config import Shard
from degrade.corpus.rows import Row
from degrade.corpus.runners import ATTEMPTS, Task, Tick, WorkerError, ahead, ticking
from degrade.corpus.shards import Loss, Made, Mapper


@dataclass(frozen=True, slots=True)
class Processes:
    """Shards side by side, each in a process; when one dies, what it had not finished is done again.

    As many rounds of shards as there are for all workers; of the rest, which would leave some of them idle, the
    photos are worked on side by side, and this process writes.
    """

    workers: int

    @property
    def said(self) -> str:
        """See `Runner`."""
        return f"{self.workers} process{'es' * (self.workers > 1)}"

    def run(self, task: Task, shards: Sequence[Shard], tick: Tick) -> Iterator[Made]:
        """See `Runner`.

        Raises:
            WorkerError: processes died three times over.
        """
        left = {shard.path: shard for shard in shards}
        others = set(active_children())
        for _ in range(ATTEMPTS):
            pool = ProcessPoolExecutor(self.workers, starting(), _child, (task,))
            try:
                for made in self._made(pool, task, list(left.values()), tick):
                    del left[made.path]
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

    def _made(self, pool: ProcessPoolExecutor, task: Task, shards: list[Shard], tick: Tick) -> Iterator[Made]:
        rounds = len(shards) - len(shards) % self.workers
        with _deaf():
            futures = [pool.submit(_shard, shard) for shard in shards[:rounds]]
        for future in as_completed(futures):
            made, photos = future.result()
            tick(photos)
            yield made

        def side_by_side(split: str) -> Mapper:
            return lambda _, keys: ticking(ahead(pool, partial(_photo, split), keys, 2 * self.workers), tick)

        for shard in shards[rounds:]:
            yield task.make(shard, side_by_side(shard.split))


def starting() -> BaseContext:
    """How a worker is started: by a server that has imported all it needs, once, where the system has such.

    Never by a copy of this process, which may have threads.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    from multiprocessing import forkserver  # noqa: PLC0415  (not on Windows)

    forkserver.set_forkserver_preload([__name__])
    with _deaf():
        forkserver.ensure_running()
    return get_context("forkserver")


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


_TASK: list[Task] = []
"""Of a worker; sent once, as it begins: a large pipeline takes as long to send as a small photo to make."""


def _child(task: Task) -> None:
    """Work alone, and end with the parent, however that ends: else workers would wait for it for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where a server was there already, which hears it
    cv2.setNumThreads(1)
    _TASK.append(task)
    parent = parent_process()
    assert parent is not None

    def follow() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    Thread(target=follow, daemon=True).start()


def _shard(shard: Shard) -> tuple[Made, int]:
    return _TASK[0].made(shard)


def _photo(split: str, key: str) -> list[Row] | Loss:
    return _TASK[0].work(split)(key)

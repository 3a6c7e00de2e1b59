"""What a sweep takes beside its models and its metrics: reading, checking, hashing, threads, rows and shards."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import pytest
from speed.conftest import Table

from benchmark import scoring
from benchmark.contestants import Opening, entries_of
from benchmark.making import Making, made_suite
from benchmark.materials import Materials
from benchmark.metrics import METRICS
from benchmark.scoring import metrics_named
from benchmark.store import RunStore
from benchmark.suite import Damage, Photos, Plan
from benchmark.sweep import Sweep, Watch, run_sweep
from degrade.demo import shipped_photos
from degrade.io import write_png
from restore_models.identity import Identity

pytestmark = pytest.mark.speed

DAMAGES = tuple(
    Damage("preset", name, None, draws=2)
    for name in ("mild", "medium", "severe", "albumen-1880", "gelatin-1930", "newsprint-1950", "web-scan")
)

ROUNDS = 3


def suite(folder: Path) -> Materials:
    """Two photos with 14 damages each, as large as those of Kodak."""
    for name in ("chelsea", "coffee"):
        photo = cv2.resize(shipped_photos()[name], (768, 512), interpolation=cv2.INTER_CUBIC)
        write_png(folder / "clean" / f"{name}.png", photo)
    plan = Plan("speed", "for tests", Photos("folder", {}, "any"), DAMAGES, tuple(METRICS))
    specs = tuple(metric.spec for metric in metrics_named(plan))
    return made_suite(plan, folder / "clean", folder / "suite", Making(specs, workers=1))


class Watched:
    """Adds up the CPU time that a function takes in all threads, each call by its own thread's clock."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.lock = Lock()

    def of(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            began = time.thread_time()
            try:
                return work(*given)
            finally:
                with self.lock:
                    self.seconds += time.thread_time() - began

        return timed


def test_a_sweep_takes_little_beside_its_model_and_its_metrics(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("skimage")
    made = suite(tmp_path)
    sweep = Sweep(made, tuple(entries_of(["identity"])), Opening(patience=3600.0))
    both, threads, shares = Watched(), cv2.getNumThreads(), list[float]()
    for module, name in ((scoring, "worked_out"), (scoring, "said"), (Identity, "restore")):
        monkeypatch.setattr(module, name, both.of(getattr(module, name)))
    cv2.setNumThreads(1)
    try:
        for number in range(ROUNDS):
            both.seconds, began = 0.0, time.process_time()
            run_sweep(sweep, RunStore(tmp_path / f"runs{number}"), Watch())
            shares.append((time.process_time() - began) / both.seconds - 1)
    finally:
        cv2.setNumThreads(threads)
    said = f"{100 * min(shares[1:]):.1f} %"  # the first imports what is imported late
    table.ratios.append(
        ("a sweep of identity at 768 x 512 px, beside its model and the core metrics", said, "at most 5 %")
    )

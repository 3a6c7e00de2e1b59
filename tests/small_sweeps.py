"""Sweeps of small suites, and what they leave."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmark.contestants import entries_of
from benchmark.finishing import begun, finished
from benchmark.materials import Materials
from benchmark.store import RunStore, plain
from benchmark.sweep import Sweep, Watch, run_sweep


def swept(
    materials: Materials, models: Sequence[str], out: Path, **changes: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    sweep = replace(Sweep(materials, tuple(entries_of(models))), **changes)
    store = RunStore(out)
    record = begun(sweep, store)
    run_sweep(sweep, store, Watch())
    done = finished(sweep.suite, record, store)
    return done, plain(store.rows()).to_pylist()


def asked_again(materials: Materials, models: Sequence[str], out: Path, **changes: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    sweep = replace(Sweep(materials, tuple(entries_of(models))), **changes)
    run_sweep(sweep, RunStore(out), Watch(began=lambda entry, count: counts.update({entry.label: count})))
    return counts

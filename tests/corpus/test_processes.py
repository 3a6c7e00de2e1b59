"""Worker processes: chosen where they pay, ready when they begin, made again when they die; the same bytes always."""

import ast
import hashlib
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import active_children, get_all_start_methods
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from charts import chart

import degrade
from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.choosing import suited
from degrade.corpus.config import Config, planned
from degrade.corpus.processes import Processes, starting
from degrade.corpus.runners import Runner, Threads, Tick, WorkerError
from degrade.corpus.store import Folder
from degrade.io import png, write_png
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import open_source

MILD = FromPipeline(PRESETS["mild"], "preset")


@dataclass
class Sizes:
    """Photos without content, all of one size."""

    width: int
    height: int
    read_so_far: list[str] = field(default_factory=list)

    def read(self, key: str) -> bytes:
        self.read_so_far.append(key)
        if self.width == 0:
            return b"no picture"
        return cv2.imencode(".png", np.zeros((self.height, self.width), np.uint8))[1].tobytes()


def choice(photos: Sizes, count: int, workers: int = 2, **changes: Any) -> Runner:
    config = Config(recipes=(MILD,), seed=0, **changes)
    keys = [f"{number}.png" for number in range(count)]
    return suited(workers, config, photos, planned(keys, config.shares, config.photos_per_shard))


CROPS = {"size": 256, "crop": "random"}


@pytest.mark.parametrize(
    ("expected", "size", "count", "changes"),
    [
        (Processes, (4000, 3000), 1200, CROPS),
        (Threads, (4000, 3000), 600, CROPS),
        (Processes, (4000, 3000), 100, CROPS | {"variants": 12}),
        (Processes, (4000, 3000), 10, {"size": 256, "crop": "grid"}),
        (Processes, (256, 256), 1200, {}),
        (Threads, (256, 256), 600, {}),
        (Threads, (4000, 3000), 600, {}),
        (Threads, (0, 0), 600, {}),
        (Threads, (256, 256), 0, CROPS),
    ],
)
def test_processes_are_chosen_for_many_small_samples_and_threads_else(
    expected: type, size: tuple[int, int], count: int, changes: dict[str, Any]
) -> None:
    photos = Sizes(*size)
    assert choice(photos, count, **changes) == expected(2)
    assert len(photos.read_so_far) <= 3
    assert choice(photos, count, workers=1, **changes) == Threads(1)


def test_what_is_left_decides_and_not_what_is_there() -> None:
    config = Config(recipes=(MILD,), seed=0, **CROPS, shard_photos=300)  # type: ignore[arg-type]
    shards = planned([f"{number}.png" for number in range(2000)], (1, 0, 0), 300)
    assert suited(2, config, Sizes(384, 384), shards) == Processes(2)
    assert suited(2, config, Sizes(384, 384), shards[-1:]) == Threads(2)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for number in range(11):
        write_png(folder / f"{number:02d}.png", np.roll(chart(72, 96), 5 * number, axis=1))
    (folder / "broken.png").write_bytes(png(chart(72, 96))[:200])
    return folder


def nothing(_: int) -> None:
    pass


def build(photos: Path, out: Path, runner: Runner, tick: Tick = nothing) -> dict[str, str]:
    """The hash of every file of a corpus with three shards: train of 9 photos, another of 3, and old."""
    config = Config(recipes=(MILD,), seed=3, shard_photos=9, shares=(1, 0, 0))
    plan = prepared(config, open_source(str(photos)), open_source(str(photos)), Folder(str(out)))
    list(made_all(plan, runner, tick))
    finish(plan.task.store)
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def expected(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return build(photos, tmp_path_factory.mktemp("expected") / "corpus", Threads(1))


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_any_number_of_processes_beside_any_number_of_shards_makes_the_same_bytes(
    workers: int, photos: Path, expected: dict[str, str], tmp_path: Path
) -> None:
    done: list[int] = []
    assert build(photos, tmp_path / "corpus", Processes(workers), done.append) == expected
    assert sum(done) == 24


def test_a_shard_whose_worker_dies_is_made_again(photos: Path, expected: dict[str, str], tmp_path: Path) -> None:
    before = set(active_children())
    deaths = []

    def kill(_: int) -> None:
        if len(deaths) < 2:
            deaths.append(None)
            for each in set(active_children()) - before:
                each.kill()

    assert build(photos, tmp_path / "corpus", Processes(7), kill) == expected
    assert len(deaths) == 2
    assert not set(active_children()) - before


def test_workers_that_die_again_and_again_are_a_failure(photos: Path, tmp_path: Path) -> None:
    before = set(active_children())

    def kill(_: int) -> None:
        for each in set(active_children()) - before:
            each.kill()

    with pytest.raises(WorkerError, match="worker processes died 3 times, 4 shards are left; use fewer workers"):
        build(photos, tmp_path / "corpus", Processes(7), kill)
    assert not list((tmp_path / "corpus/data").iterdir())


@pytest.mark.skipif("forkserver" not in get_all_start_methods(), reason="the system has no such server")
def test_a_worker_begins_with_all_that_it_needs_imported() -> None:
    with ProcessPoolExecutor(1, starting()) as pool:
        found = pool.submit(eval, "{'degrade.effects.foxing', 'degrade.corpus.rows'} <= set(__import__('sys').modules)")
        assert found.result()


def test_a_build_says_who_made_it_and_a_forecast_who_would(photos: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "foxing", "degrade", "build", str(photos), str(tmp_path / "corpus")]
    words += ["--preset", "mild", "--json", "--workers", "2"]
    forecast = json.loads(subprocess.run([*words, "--dry-run"], capture_output=True, check=True).stdout)
    assert forecast["runner"] == "2 threads"
    for by in ("2 threads", None):
        made = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
        assert made["made_by"] == by


UNSAFE = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}


def test_nothing_that_degrades_or_reads_unpacks_objects_or_runs_text() -> None:
    package = Path(degrade.__file__).parent
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not UNSAFE & {name.partition(".")[0] for name in names}, path
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in ("eval", "exec", "compile", "__import__"), path
                assert "allow_pickle" not in {each.arg for each in node.keywords}, path

"""How fast corpora are made: against the engine alone, and against the datasets library's own way."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import pytest
from speed.measure import picture
from speed.table import Table

from degrade.corpus.build import made_all, prepared
from degrade.corpus.config import Config
from degrade.corpus.processes import Processes
from degrade.corpus.rows import sample_key, windows
from degrade.corpus.runners import Runner, Threads
from degrade.corpus.store import Folder
from degrade.drawn import drawn_paper, drawn_scratches
from degrade.io import decode_image
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import open_source
from degrade.types import Image

pytestmark = [pytest.mark.speed, pytest.mark.filterwarnings("ignore")]

COUNT = 160

MANY, SHARD, WARM = 1600, 40, 8
"""Photos of a corpus that several workers make, in how many to a shard, and after which shard they are counted: by then
workers have begun, and have drawn their textures."""

PAPER = FromPipeline(PRESETS["wan2020-paper"], "preset")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JPEG photographs of 384 px, each a little different; textures that are drawn, and packages imported, already."""
    cv2.setNumThreads(1)
    folder = tmp_path_factory.mktemp("photos")
    for number in range(MANY):
        cv2.imwrite(str(folder / f"{number:03d}.jpg"), cv2.convertScaleAbs(picture(384)[..., ::-1], beta=number % 40))
    for number in range(40):
        drawn_scratches(number)
    for number in range(24):
        drawn_paper(number)
    cost(folder, tmp_path_factory.mktemp("first"), 1)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JPEG photographs of 256 px."""
    folder = tmp_path_factory.mktemp("small")
    for number in range(COUNT):
        cv2.imwrite(str(folder / f"{number:03d}.jpg"), cv2.convertScaleAbs(picture(256)[..., ::-1], beta=number % 40))
    return folder


def config(variants: int) -> Config:
    """Crops, so many of each photo; 0 for whole photos."""
    shape: dict[str, Any] = {"size": 256, "crop": "random"} if variants else {}
    return Config(
        recipes=(PAPER,), seed=1, variants=max(variants, 1), **shape, shares=(1.0, 0.0, 0.0), shard_photos=COUNT
    )


def cost(photos: Path, out: Path, workers: int, variants: int = 1) -> tuple[float, float]:
    """CPU seconds and seconds of a whole corpus, without its card."""
    return spent(config(variants), photos, out, Threads(workers), COUNT // max(variants, 1))


def spent(config: Config, photos: Path, out: Path, runner: Runner, count: int, warm: int = 0) -> tuple[float, float]:
    """CPU seconds, of the processes begun for it too, and seconds, from when so many shards were made."""
    plan = prepared(config, open_source(str(photos)), None, Folder(str(out)), limit=count)
    shards = made_all(plan, runner, lambda _: None)
    made = list(islice(shards, warm))
    cpu, wall = cpu_seconds(), time.perf_counter()
    for each in shards:
        made.append(each)
        end = cpu_seconds(), time.perf_counter()  # workers are there still
    assert sum(each.rows for each in made) == count * config.variants
    return end[0] - cpu, end[1] - wall


def cpu_seconds() -> float:
    """Of this process and of all that it began, and they began."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # one that has ended meanwhile
            fields = path.read_text("ascii", "replace").rpartition(")")[2].split()
            stats[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    ours = {os.getpid()}
    while more := {pid for pid, (parent, _) in stats.items() if parent in ours} - ours:
        ours |= more
    return time.process_time() + sum(stats[pid][1] for pid in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def crops(photos: Path, variants: int) -> Iterator[tuple[str, Image]]:
    """What is degraded, and its name."""
    source = open_source(str(photos))
    for key in list(source.keys())[: COUNT // max(variants, 1)]:
        image = decode_image(source.read(key), key)
        for variant in range(max(variants, 1)):
            for window in windows(image, key, variant, config(variants)):
                yield sample_key(key, variant, window), window.of(image)


def engine_alone(photos: Path, variants: int) -> float:
    """CPU seconds of degrading the same crops in memory, keeping nothing."""
    ready = list(crops(photos, variants))
    start = time.process_time()
    for name, part in ready:
        PAPER.recipe(1, name, part).apply(part)
    return time.process_time() - start


def usual_way(photos: Path, cache: Path, variants: int) -> float:
    """CPU seconds of the datasets library's generator, which gets arrays and writes PNG as Pillow does by default."""
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    kinds = {name: datasets.Image() for name in ("clean", "degraded", "mask", "defects")}

    def rows() -> Iterator[dict[str, Any]]:
        for name, part in crops(photos, variants):
            photo = PAPER.recipe(1, name, part).apply(part)
            yield {"clean": photo.clean, "degraded": photo.image, "mask": photo.mask, "defects": photo.labels}

    start = time.process_time()
    datasets.Dataset.from_generator(rows, features=datasets.Features(kinds), cache_dir=str(cache))
    return time.process_time() - start


@pytest.mark.parametrize("variants", [0, 1, 4])
def test_samples_of_256_px(photos: Path, small: Path, tmp_path: Path, table: Table, variants: int) -> None:
    source = photos if variants else small
    rounds = [
        (engine_alone(source, variants), cost(source, tmp_path / f"ours{number}", 1, variants)[0])
        for number in range(5)
    ]
    alone, ours = (min(each) for each in zip(*rounds, strict=True))
    theirs = usual_way(source, tmp_path / "cache", variants)
    share = f"{COUNT / ours:.0f} a second and core, {alone / ours:.2f} of the {COUNT / alone:.0f} of the engine alone"
    name = f"corpus of 256 px crops, {variants} of each photo" if variants else "corpus of whole photos of 256 px"
    table.ratios.append((name, share, "0.54: 350 where it makes 650"))
    ratio = f"{theirs / ours:.1f} times as fast, of {theirs / alone:.1f} were all but the engine free; "
    ratio += f"{(theirs - alone) / (ours - alone):.0f} times in all but the engine"
    table.ratios.append(("the same against Dataset.from_generator", ratio, "15 times"))


WAYS: dict[str, Runner] = {"one": Threads(1), "two threads": Threads(2), "two processes": Processes(2)}


def test_two_workers(photos: Path, tmp_path: Path, table: Table) -> None:
    """What samples cost once workers have begun, all ways by turns."""
    crops = replace(config(1), shard_photos=SHARD)
    runs: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for number in range(3):
        for way, runner in WAYS.items():
            runs[way].append(spent(crops, photos, tmp_path / f"{way}{number}", runner, MANY, WARM))
    samples = MANY - WARM * SHARD
    least = {way: [min(each) / samples for each in zip(*found, strict=True)] for way, found in runs.items()}
    cpu, wall = ({way: each[n] for way, each in least.items()} for n in (0, 1))
    for way in list(WAYS)[1:]:
        said = f"{wall['one'] / wall[way]:.2f} times as fast, {cpu[way] / cpu['one']:.2f} times the CPU time"
        table.ratios.append((f"{way} against one", said, "at least 1.8 times, or as little CPU time"))
    theirs = usual_way(photos, tmp_path / "cache", 1) / COUNT
    said = f"{theirs / wall['two processes']:.1f} times as fast by the clock as it by the CPU time of its one process"
    table.ratios.append(("two processes, the default, against Dataset.from_generator", said, "15 times"))


MEASURE = """
import json, resource, sys, time
start = time.perf_counter()
from degrade.cli import app
app(sys.argv[1:], standalone_mode=False)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": time.perf_counter() - start, "peak": peak}), file=sys.stderr)
"""


def measured(*words: str) -> dict[str, float]:
    run = subprocess.run([sys.executable, "-c", MEASURE, *words], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stderr.splitlines()[-1])
    return found


def test_a_million_photos(photos: Path, tmp_path: Path, table: Table) -> None:
    links = 1_000_000 // COUNT  # a few files under a million names
    for number in range(links):
        (tmp_path / f"{number:04d}").symlink_to(photos)
    names = (f"{link:04d}/{number:03d}.jpg\n" for link in range(links) for number in range(COUNT))
    (tmp_path / "list.txt").write_text("".join(names))
    words = (
        "build",
        str(tmp_path / "list.txt"),
        str(tmp_path / "out"),
        "--preset",
        "wan2020-paper",
        "--shard-index",
        "9",
        "--num-shards",
        "100000",
    )
    found = measured(*words)
    said = f"{found['seconds']:.1f} s, {found['peak']:.0f} MB"
    table.ratios.append(("a list of 1,000,000 photos, planned and begun", said, "10 s, 700 MB"))

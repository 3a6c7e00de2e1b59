"""How fast corpora are made: against the engine alone, and against the datasets library's own way."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from speed.measure import picture
from speed.table import Table

from degrade.corpus.build import made_all, prepared
from degrade.corpus.config import Config
from degrade.corpus.rows import sample_key, windows
from degrade.corpus.runners import Threads
from degrade.corpus.store import Folder
from degrade.drawn import drawn_paper, drawn_scratches
from degrade.io import decode_image
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import open_source
from degrade.types import Image

pytestmark = [pytest.mark.speed, pytest.mark.filterwarnings("ignore")]

COUNT = 160
PAPER = FromPipeline(PRESETS["wan2020-paper"], "preset")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JPEG photographs of 384 px, each a little different; textures that are drawn, and packages imported, already."""
    cv2.setNumThreads(1)
    folder = tmp_path_factory.mktemp("photos")
    for number in range(COUNT):
        cv2.imwrite(str(folder / f"{number:03d}.jpg"), cv2.convertScaleAbs(picture(384)[..., ::-1], beta=number % 40))
    for number in range(40):
        drawn_scratches(number)
    for number in range(24):
        drawn_paper(number)
    cost(folder, tmp_path_factory.mktemp("first"), 1)
    return folder


def config(variants: int) -> Config:
    return Config(
        recipes=(PAPER,), seed=1, variants=variants, size=256, crop="random", shares=(1.0, 0.0, 0.0), shard_photos=COUNT
    )


def cost(photos: Path, out: Path, workers: int, variants: int = 1) -> tuple[float, float]:
    """CPU seconds and seconds of a whole corpus, without its card."""
    plan = prepared(config(variants), open_source(str(photos)), None, Folder(str(out)), limit=COUNT // variants)
    cpu, wall = time.process_time(), time.perf_counter()
    made = list(made_all(plan, Threads(workers), lambda _: None))
    assert sum(each.rows for each in made) == COUNT
    return time.process_time() - cpu, time.perf_counter() - wall


def crops(photos: Path, variants: int) -> Iterator[tuple[str, Image]]:
    """What is degraded, and its name."""
    source = open_source(str(photos))
    for key in list(source.keys())[: COUNT // variants]:
        image = decode_image(source.read(key), key)
        for variant in range(variants):
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


@pytest.mark.parametrize("variants", [1, 4])
def test_samples_of_256_px(photos: Path, tmp_path: Path, table: Table, variants: int) -> None:
    rounds = [
        (engine_alone(photos, variants), cost(photos, tmp_path / f"ours{number}", 1, variants)[0])
        for number in range(5)
    ]
    alone, ours = (min(each) for each in zip(*rounds, strict=True))
    theirs = usual_way(photos, tmp_path / "cache", variants)
    share = f"{COUNT / ours:.0f} a second and core, {alone / ours:.2f} of the {COUNT / alone:.0f} of the engine alone"
    name = f"corpus of 256 px crops, {variants} of each photo"
    table.ratios.append((name, share, "0.54: 350 where it makes 650"))
    ratio = f"{theirs / ours:.1f} times as fast, of {theirs / alone:.1f} were all but the engine free; "
    ratio += f"{(theirs - alone) / (ours - alone):.0f} times in all but the engine"
    table.ratios.append(("the same against Dataset.from_generator", ratio, "15 times"))


def test_two_workers(photos: Path, tmp_path: Path, table: Table) -> None:
    rounds = [[cost(photos, tmp_path / f"{workers} {number}", workers) for workers in (1, 2)] for number in range(3)]
    (one, alone), (two, both) = ([min(each) for each in zip(*runs, strict=True)] for runs in zip(*rounds, strict=True))
    said = f"{alone / both:.2f} times as fast, {two / one:.2f} times the CPU time"
    table.ratios.append(("two threads against one", said, "at least 1.8 times, or as little CPU time"))


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


def test_memory_stays_flat(tmp_path: Path, table: Table) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(20):
        cv2.imwrite(str(folder / f"{number:02d}.jpg"), cv2.convertScaleAbs(picture(4000, 3000), beta=number))
    peaks = []
    for limit in ("8", "20"):
        out = str(tmp_path / f"out{limit}")
        peaks.append(measured("build", str(folder), out, "--preset", "wan2020-paper", "--limit", limit)["peak"])
    table.ratios.append(("12-MP photos: peak memory of 20 against 8", f"{peaks[1]:.0f} and {peaks[0]:.0f} MB", "flat"))

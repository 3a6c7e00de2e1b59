"""What Ray costs on a local cluster, its daemons included, beside one thread."""

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import cv2
import numpy as np
import pytest
from ray_cluster import two_nodes
from speed.measure import picture
from speed.table import RAY_ROW, Table

from degrade.corpus.build import made_all, prepared
from degrade.corpus.config import Config
from degrade.corpus.runners import Ray, Runner, Threads
from degrade.corpus.store import Folder
from degrade.drawn import drawn_paper, drawn_scratches
from degrade.io import write_bytes
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import open_source

pytestmark = [pytest.mark.speed, pytest.mark.filterwarnings("ignore")]

PHOTOS, SHARD, ROUNDS = 960, 80, 12

CONFIG = Config(
    recipes=(FromPipeline(PRESETS["wan2020-paper"], "preset"),),
    seed=1,
    size=256,
    crop="random",
    shares=(1.0, 0.0, 0.0),
    shard_photos=SHARD,
)


@pytest.fixture
def cluster() -> Iterator[Any]:
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    with two_nodes() as made:
        yield made


def cpu_seconds() -> float:
    """Of this process and of all of Ray's on this machine, idle ones too, and of those that they began."""
    spent = 0.0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command, stat = (path / "cmdline").read_bytes(), (path / "stat").read_text("utf-8")
        except OSError:
            continue  # it has just ended
        if int(path.name) == os.getpid() or b"ray::" in command or b"/ray/" in command:
            spent += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return spent / os.sysconf("SC_CLK_TCK")


def cost(photos: Path, out: Path, runner: Runner) -> float:
    """CPU seconds of a sample: of this process alone without Ray, of all that there is with it."""
    clock = cpu_seconds if isinstance(runner, Ray) else process_time
    plan = prepared(CONFIG, open_source(str(photos)), None, Folder(str(out)), limit=PHOTOS)
    before = clock()
    made = sum(each.rows for each in made_all(plan, runner, lambda _: None))
    return (clock() - before) / made


def test_ray_against_one_thread(cluster: Any, tmp_path: Path, table: Table) -> None:
    """By turns, each first in half of the rounds, after two rounds in which workers begin and draw their textures."""
    cv2.setNumThreads(1)
    photos = tmp_path / "photos"
    for number in range(PHOTOS):
        _, file = cv2.imencode(".jpg", cv2.convertScaleAbs(picture(384)[..., ::-1], beta=number % 40))
        write_bytes(photos / f"{number:04d}.jpg", file.tobytes())
    for number in range(40):
        drawn_scratches(number)
    for number in range(24):
        drawn_paper(number)
    ways: dict[str, Runner] = {"thread": Threads(1), "ray": Ray(0)}
    more = []
    for number in range(-2, ROUNDS):
        order = list(ways) if number % 2 else list(ways)[::-1]
        spent = {way: cost(photos, tmp_path / f"{way}{number}", ways[way]) for way in order}
        if number >= 0:
            more.append(100 * (spent["ray"] / spent["thread"] - 1))
    draw = np.random.default_rng(0)
    medians = np.median(draw.choice(more, (2000, len(more))), axis=1)
    low, high = np.percentile(medians, (2.5, 97.5))
    said = f"{median(more):.0f} % more CPU time a sample, its daemons included: the median of {ROUNDS} rounds "
    said += f"(95 % of such medians: {low:.0f} to {high:.0f} %)"
    table.ratios.append((RAY_ROW, said, "at most 15 %"))

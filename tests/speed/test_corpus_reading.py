"""Reading a corpus, against OpenCV decoding the same bytes from memory."""

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import pytest
from small_corpus import Dictionary, built
from speed.conftest import Table
from speed.measure import Work, by_turns, picture, seconds

import degrade
from degrade.corpus.online import OnlinePairs, TrainingPairs
from degrade.corpus.reading import Corpus
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sample import degraded_sample

pytestmark = pytest.mark.speed

ROWS, SIZE, STRETCH = 300, 256, 50

HOW = {"clean": cv2.IMREAD_COLOR_RGB, "degraded": cv2.IMREAD_COLOR_RGB, "mask": cv2.IMREAD_GRAYSCALE}


def photos() -> Dictionary:
    whole = cv2.cvtColor(picture(512), cv2.COLOR_RGB2BGR)
    turned = [cv2.rotate(whole, turn) for turn in (cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE)]
    files = [cv2.imencode(".jpg", each)[1].tobytes() for each in (whole, *turned)]
    return Dictionary("photos", {f"{n:03d}.jpg": files[n % 3] for n in range(ROWS)})


@pytest.fixture(scope="module", params=["png", "webp", "jpeg"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Corpus]:
    cv2.setNumThreads(1)
    where = tmp_path_factory.mktemp("corpus")
    built(
        where,
        photos(),
        None,
        recipes=(FromPipeline(PRESETS["wan2020-paper"], "preset"),),
        size=SIZE,
        crop="random",
        encoding=request.param,
        shares=(1, 0, 0),
        shard_photos=150,
    )
    return request.param, degrade.open_corpus(where)


def reading(pairs: TrainingPairs, rows: Iterable[int]) -> None:
    for row in rows:
        pairs[row]


def decoding(files: list[tuple[Any, int]]) -> None:
    for data, how in files:
        cv2.imdecode(data, how)


def ratio(pure: Callable[[list[int]], Work], other: Callable[[list[int]], Work], rows: list[int]) -> float:
    """Of the time of the first to that of the second: by turns, in short stretches, the shortest of each counts."""
    stretches = [rows[start : start + STRETCH] for start in range(0, len(rows), STRETCH)]
    times = [by_turns({"pure": pure(part), "other": other(part)}, rounds=4) for part in stretches]
    return sum(each["pure"] for each in times) / sum(each["other"] for each in times)


def test_reading_against_pure_decoding(corpus: tuple[str, Corpus], table: Table) -> None:
    encoding, rows = corpus
    pairs = TrainingPairs(rows)
    files = {
        pair.number: [(np.frombuffer(bytes(pair.file(name)), np.uint8), how) for name, how in HOW.items()]
        for pair in rows
    }

    def pure(part: list[int]) -> Work:
        mine = [each for row in part for each in files[row]]
        return lambda: decoding(mine)

    def read(part: list[int]) -> Work:
        return lambda: reading(pairs, part)

    order, mixed = list(range(ROWS)), Random(1).sample(range(ROWS), ROWS)
    rate = ROWS / sum(seconds(pure([row])) for row in order)
    found = f"{ratio(pure, read, order):.1%} in order, {ratio(pure, read, mixed):.1%} at random ({rate:.0f} pairs/s)"
    table.ratios.append((f"reading a {encoding} corpus of {SIZE} px, of the pure decode rate", found, "at least 95 %"))


def test_the_first_look_at_a_corpus(corpus: tuple[str, Corpus], table: Table) -> None:
    encoding, rows = corpus
    where, columns = rows.cells.store.where, tuple(HOW)

    def first() -> None:
        for pair in degrade.open_corpus(where).shuffled(1, 0):
            pair.arrays(columns)

    def again() -> None:
        for pair in rows.shuffled(1, 0):
            pair.arrays(columns)

    times = by_turns({"first": first, "again": again}, rounds=3)
    here = f"{1e3 * (times['first'] - times['again']) / ROWS:.3f} ms of {1e3 * times['again'] / ROWS:.2f} ms per pair"
    table.ratios.append((f"opening a {encoding} corpus and finding its pictures", here, ""))


def test_pairs_online_against_the_engine_alone(table: Table) -> None:
    cv2.setNumThreads(1)
    pipeline = PRESETS["wan2020-paper"]
    pairs = OnlinePairs(photos(), pipeline, seed=1, size=SIZE)
    image = pairs[0]["clean"]

    def online() -> None:
        for index in range(120):
            pairs[index]

    def alone() -> None:
        for index in range(120):
            degraded_sample(pipeline, 1, f"{index:03d}.jpg", image)

    times = by_turns({"online": online, "alone": alone}, rounds=3)
    here = f"{120 / times['online']:.0f} pairs/s, {times['online'] / times['alone']:.2f} times the engine's time"
    table.ratios.append((f"pairs of {SIZE} px online, from photos of 512 px", here, ""))


def test_memory_does_not_grow_with_reading(corpus: tuple[str, Corpus], table: Table) -> None:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("peak memory is read from /proc")
    _, rows = corpus
    pairs = TrainingPairs(rows)
    reading(pairs, range(ROWS))
    Path("/proc/self/clear_refs").write_text("5")
    before = kilobytes("VmRSS")
    for _ in range(3):
        reading(pairs, range(ROWS))
    table.ratios.append(("memory that reading 900 pairs takes", f"{(kilobytes('VmHWM') - before) / 1e3:.0f} MB", ""))


def kilobytes(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))

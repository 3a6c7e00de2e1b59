"""Deep image prior: what a step costs in time and memory, and what it gains to fit photos side by side."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from speed.conftest import Table
from speed.measure import by_turns, fastest, picture
from speed.test_speed import paths, python

from restore_models.dip import DEFAULTS, DeepImagePrior
from restore_models.dip_config import Way
from restore_models.dip_fitting import Job, Run, fitting

pytestmark = [pytest.mark.speed, pytest.mark.usefixtures("one_thread")]

SIDE = 256

WAYS = {"without a mask": DEFAULTS.plain, "with a mask": DEFAULTS.masked}


def run_of(way: Way, side: int, photos: int = 1) -> Run:
    return Run([Job(picture(side), None, way)] * photos, DEFAULTS, torch.device("cpu"))


@pytest.mark.parametrize("name", WAYS)
def test_a_step_of_deep_image_prior(name: str, table: Table) -> None:
    run = run_of(WAYS[name], SIDE)
    duration = fastest(run.advance, rounds=4) / SIDE**2 * 1e6
    table.ratios.append((f"a step of deep image prior {name}", f"{duration:.1f} s/MP", ""))


FRESH = """
import sys; sys.path[:0] = sys.argv[3:]
from pathlib import Path
import torch
from restore_models.dip import DEFAULTS, DeepImagePrior
from speed.test_corpus_reading import kilobytes
from speed.test_dip_speed import WAYS, run_of
name, side = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(1)
run_of(WAYS[name], 64).advance()
Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
before = kilobytes("VmRSS")
run = run_of(WAYS[name], side)
for _ in range(DEFAULTS.window):  # which takes memory only as it fills
    run.variance.seen(run.pictures.target, torch.ones(1))
run.advance()
run.advance()  # Adam has its memory after the first
print(1024 * (kilobytes("VmHWM") - before))
"""


@pytest.mark.parametrize("name", WAYS)
def test_memory_of_deep_image_prior(name: str, table: Table) -> None:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("peak memory is read from /proc")
    taken = int(python(FRESH, name, str(SIDE), *paths()))
    way = WAYS[name]
    forecast = DeepImagePrior(replace(DEFAULTS, plain=way, masked=way, device="cpu")).peak_bytes(SIDE, SIDE)
    here = f"{taken / SIDE**2 / 1000:.1f} kB per pixel, {taken / forecast:.2f} of the forecast"
    table.ratios.append((f"memory of deep image prior {name}", here, "at most the forecast"))


@pytest.mark.parametrize(("side", "width"), [(64, 128), (128, 128), (64, 32)])
def test_deep_image_prior_side_by_side_against_one_by_one(side: int, width: int, table: Table) -> None:
    way = replace(DEFAULTS.plain, net=replace(DEFAULTS.plain.net, width=width))
    together, alone = run_of(way, side, 4), [run_of(way, side) for _ in range(4)]

    def one_by_one() -> None:
        for run in alone:
            run.advance()

    times = by_turns({"groups": together.advance, "one by one": one_by_one}, rounds=3)
    here = f"{times['groups'] / times['one by one']:.2f} times the time"
    what = f"deep image prior of width {width} for 4 photos of {side} px in groups, of one by one on the CPU"
    table.ratios.append((what, here, "at most 1: else one by one"))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_deep_image_prior_side_by_side_against_one_by_one_on_a_gpu(table: Table) -> None:
    gpu, photos = torch.device("cuda"), 8

    def rate(count: int) -> float:
        """Steps of one photo in a second of the clock on the wall."""
        run = Run([Job(picture(256), None, DEFAULTS.plain)] * count, DEFAULTS, gpu)
        for steps in (10, 50):
            start = time.perf_counter()
            for _ in range(steps):
                run.advance()
            torch.cuda.synchronize()
        return 50 * count / (time.perf_counter() - start)

    with fitting():
        alone, together = rate(1), rate(photos)
    here = f"{together / alone:.1f} times as fast ({together:.0f} and {alone:.0f} steps/s)"
    table.ratios.append((f"deep image prior for {photos} photos of 256 px at once on a GPU", here, "at least 3"))

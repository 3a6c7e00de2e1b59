"""What `foxing restore` says of memory before it runs: at least what a process then takes, and not much more."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from speed.test_speed import paths, python

from restore_models.tiling import Tiling
from restore_models.zoo import models

pytestmark = pytest.mark.speed

RUNS = {256: 5, 512: 3, 1024: 2}
"""By side, how many processes are asked: the peaks of equal ones differ by tens of megabytes."""

WAYS = {
    "nafnet": {},
    "nafnet in windows": {"window": 384},
    "pix2pix": {},
    "cyclegan": {},
    "triplet": {"detects": False},
    "triplet of the paper": {"flavour": "paper", "detects": False},
    "faces": {},
}
"""Models at their usual widths, and what is chosen of them."""

GENEROUS, BY_CHANCE = 1.4, 64 << 20
"""How many times the largest peak a forecast may be, and by how many bytes it may miss that either way: equal processes
differ, by what the allocator keeps and by libraries' pages, which come and go as the system likes."""

FRESH = """
import sys; sys.path[:0] = sys.argv[3:]
from speed.test_forecast import grown
print(*grown(sys.argv[1], int(sys.argv[2])))
"""


def kept(name: str) -> int:
    """Bytes that the process has, by the name of a line of its status."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))


def grown(name: str, side: int) -> tuple[int, int]:
    """By how many bytes this process grows while it restores a photo with some damage, and what the forecast was."""
    torch.set_num_threads(1)
    model = models()[name.partition(" ")[0]]
    network = model.build(replace(model.config, **WAYS[name])).eval()
    network.tiling = Tiling(0)
    photo = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    mask = np.zeros((side, side), np.uint8)
    mask[:, ::97] = 255
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # forget the peak of making the network
    before = kept("VmRSS")
    network.restore(photo, mask)
    return kept("VmHWM") - before, network.peak_bytes(side, side)


@pytest.mark.parametrize("side", RUNS)
@pytest.mark.parametrize("name", WAYS)
def test_the_forecast_is_near_the_largest_peak(name: str, side: int) -> None:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("peak memory is read from /proc")
    runs = [python(FRESH, name, str(side), *paths()).split() for _ in range(RUNS[side])]
    peaks, forecasts = ([int(each) for each in column] for column in zip(*runs, strict=True))
    assert max(peaks) - BY_CHANCE <= forecasts[0] <= GENEROUS * max(peaks) + BY_CHANCE

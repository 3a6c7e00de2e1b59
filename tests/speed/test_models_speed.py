"""Models at their usual widths: a training step, restoring, what the partial nonlocal block gains, and memory."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from models.small_training import TINY
from pytest_benchmark.fixture import BenchmarkFixture
from small_batches import left_behind, small_batch
from speed.conftest import Table
from speed.measure import by_turns, clock, fastest, picture
from speed.test_speed import paths, python
from torch import nn

from restore_models.learning import Learner, Runtime
from restore_models.nonlocal_block import PartialNonlocal
from restore_models.restorer import Model
from restore_models.zoo import models

pytestmark = [pytest.mark.speed, pytest.mark.usefixtures("one_thread")]

CROP, BATCH = 64, 2

SIDE = 512

STAGES = [(name, stage.name) for name in TINY for stage in models()[name].stages]

RESTORERS = [name for name, model in models().items() if model.needs != "a photo's own time" and name != "detector"]


def convolution(side: int, count: int) -> float:
    """Seconds of what no network is without: 3 x 3 convolutions from 64 channels to 64 on as many pixels."""
    layer, features = nn.Conv2d(64, 64, 3, padding=1), torch.zeros(count, 64, side, side)
    with torch.inference_mode():
        layer(features)
        return fastest(partial(layer, features), 5)


FITTING: dict[str, dict[str, Any]] = {"faces": {"size": CROP}, "pix2pix": {"depth": 6}}
"""What must be otherwise for crops of this size; all else is as usual."""


def usual(name: str) -> tuple[Model, Any]:
    model = models()[name]
    return model, replace(model.config, **FITTING.get(name, {}))


def learner(name: str, stage: str) -> Learner:
    """Of a stage, behind earlier ones that learned nothing."""
    model, config = usual(name)
    earlier: dict[str, Any] = {}
    for each in model.stages:
        found = each.learner(config, Runtime(crop=CROP), earlier)
        if each.name == stage:
            return found
        earlier[each.name] = left_behind(found)
    raise AssertionError(f"{name} has no stage {stage}")


@pytest.mark.parametrize(("name", "stage"), STAGES)
@pytest.mark.benchmark(timer=clock)
def test_a_training_step(name: str, stage: str, benchmark: BenchmarkFixture, table: Table) -> None:
    batch = small_batch(CROP, BATCH)
    assert batch.degraded is not None
    batch = replace(batch, old=batch.degraded.flip(0))
    with torch.random.fork_rng():
        step = partial(learner(name, stage).step, batch)
        benchmark.pedantic(step, rounds=2, warmup_rounds=1)
    own = benchmark.stats.stats.min
    here = f"{own / BATCH:.2f} s, {own / convolution(CROP, BATCH):.0f} convolutions 64 to 64"
    what = name if name == stage else f"{name}, stage {stage}"
    table.ratios.append((f"a step of {what}, for each picture of {CROP} px", here, ""))


@pytest.mark.parametrize("name", RESTORERS)
@pytest.mark.benchmark(timer=clock)
def test_restoring(name: str, benchmark: BenchmarkFixture, table: Table) -> None:
    with torch.random.fork_rng():
        restorer, photo = models()[name].build(models()[name].config), picture(SIDE)
    mask = photo[..., 0] // 250 * 255
    benchmark.pedantic(restorer.restore, (photo, mask), rounds=1, warmup_rounds=1)
    own = benchmark.stats.stats.min
    here = f"{own / SIDE**2 * 1e6:.3g} s/MP, {own / convolution(SIDE, 1):.3g} convolutions 64 to 64"
    table.ratios.append((f"restoring {SIDE} px by {name}", here, ""))


def block(side: int, plain: bool) -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    """The paper's block with the features and the holes of a photo of that side."""
    chance = torch.Generator().manual_seed(1)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        net = PartialNonlocal(512, plain=plain)
    cells = side // 4
    holes = torch.zeros(1, 1, cells, cells)
    holes[..., cells // 4 : cells // 2, cells // 3 : cells // 2] = 1
    return net, 0.3 * torch.randn(1, 512, cells, cells, generator=chance), holes


def through(net: nn.Module, features: torch.Tensor, holes: torch.Tensor) -> torch.Tensor:
    assert isinstance(net, PartialNonlocal)
    with torch.inference_mode():
        return net(features, net.cells(features, holes))


def test_partial_nonlocal_against_the_plain_form(table: Table) -> None:
    works = {name: partial(through, *block(SIDE, name == "plain")) for name in ("ours", "plain")}
    ours, plain = (work() for work in works.values())
    apart = float((ours - plain).abs().max() / plain.abs().max())
    times = by_turns(works, rounds=1)
    here = f"{times['plain'] / times['ours']:.2f} times as fast ({times['ours']:.1f} s), equal to {apart:.0e}"
    table.ratios.append((f"partial nonlocal, 512 channels, {SIDE} px, against eq. 7", here, "1.3 times, 1e-4"))


FRESH = """
import sys; sys.path[:0] = sys.argv[3:]
import time
import torch
from speed.test_corpus_reading import kilobytes
from speed.test_models_speed import WORKS
torch.set_num_threads(1)
begun = time.thread_time()
forecast = WORKS[sys.argv[1]](*map(int, sys.argv[2].split("x")))
print(1024 * kilobytes("VmHWM"), time.thread_time() - begun, forecast)
"""


def nonlocal_of(width: int, height: int) -> int:
    through(*block(width, plain=False))
    return 0


def restored_by(name: str, width: int, height: int) -> int:
    """Restore a photo with some damage; what the model forecast, and its weights."""
    restorer, photo = models()[name].build(models()[name].config), picture(width, height)
    restorer.restore(photo, photo[..., 0] // 250 * 255)
    weights = sum(each.nbytes for each in restorer.parameters()) if isinstance(restorer, nn.Module) else 0
    return weights + int(restorer.peak_bytes(height, width)) if hasattr(restorer, "peak_bytes") else 0


WORKS = {name: partial(restored_by, name) for name in RESTORERS} | {"partial nonlocal": nonlocal_of}


def measured(name: str, size: str) -> tuple[float, float, float]:
    """Peak of a process of its own in GiB, its CPU seconds, and the forecast in GiB."""
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory is read from /proc")
    peak, seconds, forecast = map(float, python(FRESH, name, size, *paths()).split())
    return peak / 2**30, seconds, forecast / 2**30


@pytest.mark.parametrize("name", RESTORERS)
def test_memory_of_restoring(name: str, table: Table) -> None:
    bare, (peak, _, forecast) = measured("identity", "16x16")[0], measured(name, f"{SIDE}x{SIDE}")
    said = f", {(peak - bare) / forecast:.2f} of weights and forecast" if forecast else ""
    aim = "at most the forecast" if forecast else ""
    here = f"{peak:.2f} GiB, of which Python and torch {bare:.2f}{said}"
    table.ratios.append((f"peak memory of restoring {SIDE} px by {name}", here, aim))


def test_memory_of_the_partial_nonlocal_block(table: Table) -> None:
    peak, seconds, _ = measured("partial nonlocal", "1024x1024")
    here = f"{peak:.2f} GiB, {seconds:.0f} s"
    table.ratios.append(("partial nonlocal, 512 channels, 1024 px: the whole process", here, "1.6 GiB, eq. 7 takes 23"))


def test_twelve_megapixels_by_the_triplet(table: Table) -> None:
    peak, seconds, _ = measured("triplet", "4000x3000")
    table.ratios.append(("the triplet on 4000 x 3000 px: the process", f"{peak:.2f} GiB, {seconds:.0f} s", "8 GiB"))

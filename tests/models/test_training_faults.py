"""Trainings that go wrong by themselves: no bad weights are kept, and memory that runs out halves the batch."""

import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from models.small_training import PHOTOS, TRAINING, Watch, run
from torch import Tensor, nn

from degrade.io import write_bytes
from degrade.presets import PRESETS
from restore_models.batch import Batch
from restore_models.learning import Learner, Runtime, adam, descend
from restore_models.restorer import Model, ModelError, Stage, Weights
from restore_models.stage_run import TrainingError
from restore_models.train import train
from restore_models.training_data import Asked


class Line(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.ones(()))


class Faulty(Learner):
    """Learns one number, and fails as it is told to."""

    kept = ("line",)

    def __init__(self, fails: str, runtime: Runtime) -> None:
        self.fails, self.runtime, self.steps = fails, runtime, 0
        self.networks: dict[str, nn.Module] = {"line": runtime.place(Line())}
        self.optimisers = {"line": adam(self.networks.values(), 0.1, (0.9, 0.99))}

    def step(self, batch: Batch) -> dict[str, Tensor]:
        degraded, clean = batch.pair()
        self.steps += 1
        if self.fails == "memory" and len(degraded) > 1:
            raise torch.OutOfMemoryError
        if self.fails == "memory of OpenCV" and len(degraded) > 1:
            cv2.resize(np.zeros((9, 9, 3), np.uint8), (1 << 24, 1 << 24))
        loss = (self.networks["line"].get_parameter("factor") * degraded - clean).square().mean()
        descend(self.optimisers["line"], loss, self.runtime)
        if self.fails == "weights" and self.steps == 5:
            self.networks["line"].get_parameter("factor").data.fill_(float("nan"))
        return {"square": loss.detach() * (float("nan") if self.fails == "nan" and self.steps == 5 else 1)}

    def show(self, batch: Batch) -> Tensor:
        return batch.pair()[0] * self.networks["line"].get_parameter("factor")


@dataclass(frozen=True)
class Fault:
    fails: str


def faulty(fails: str, needs: frozenset[Any] = frozenset(("clean", "degraded"))) -> tuple[Model, Fault]:
    def begin(config: Fault, runtime: Runtime, earlier: Mapping[str, Weights]) -> Learner:
        return Faulty(config.fails, runtime)

    stage = Stage("line", begin, 6, needs=needs)
    return Model("line", "", "", "training", lambda _: None, Fault(fails), (stage,)), Fault(fails)


def test_a_loss_that_is_no_number_stops_it_and_keeps_the_last_good_state(data: Path, tmp_path: Path) -> None:
    model, config = faulty("nan")
    broken = replace(run(data, tmp_path / "run", training=replace(TRAINING, log_every=6)), model=model, config=config)
    with pytest.raises(
        TrainingError,
        match=r"line, step 6: .*the last good state is kept in .*line/last.pt; .* --from .*run and a lower",
    ):
        train(broken)
    assert torch.load(tmp_path / "run" / "line" / "last.pt", weights_only=True)["step"] == 3


def test_weights_that_are_no_numbers_are_not_kept_though_no_loss_has_shown_it(data: Path, tmp_path: Path) -> None:
    model, config = faulty("weights")
    often = replace(TRAINING, check_every=1, log_every=1, ema=0.0)
    broken = replace(run(data, tmp_path / "run", training=often), model=model, config=config)
    with pytest.raises(TrainingError, match=r"line, step 5: what it makes of photos is no number any more; the last"):
        train(broken)
    assert torch.load(tmp_path / "run" / "line" / "last.pt", weights_only=True)["step"] == 4


def test_an_interruption_does_not_save_weights_that_are_no_numbers(data: Path, tmp_path: Path) -> None:
    model, config = faulty("weights")
    watch = Watch({4: lambda: os.kill(os.getpid(), signal.SIGINT)})
    broken = replace(run(data, tmp_path / "run", watch=watch), model=model, config=config)
    with pytest.raises(TrainingError, match=r"line, step 5: weights are no number any more; the last good state is"):
        train(broken)
    assert torch.load(tmp_path / "run" / "line" / "last.pt", weights_only=True)["step"] == 3


@pytest.mark.parametrize("whose", ["memory", "memory of OpenCV"])
def test_where_memory_runs_out_it_goes_on_with_half_the_batch(whose: str, data: Path, tmp_path: Path) -> None:
    model, config = faulty(whose)
    watch = Watch()
    starved = replace(run(data, tmp_path / "run", watch=watch), model=model, config=config)
    with pytest.raises(AssertionError):  # there is no network to put together
        train(starved)
    assert "line: out of memory with a batch of 2; going on with 1" in watch.told
    assert json.loads((tmp_path / "run" / "line" / "final.json").read_text())["batch"] == 1


def test_data_that_lack_what_a_stage_needs_are_refused_before_anything_is_written(data: Path, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    for key in list(PHOTOS.keys()):
        write_bytes(photos / key, PHOTOS.read(key))
    model, config = faulty("", needs=frozenset(("old",)))
    asked = Asked(str(photos), pipelines=(PRESETS["mild"],))
    with pytest.raises(
        ModelError, match="stage line learns from real old photos too: give a folder of them with --old"
    ):
        train(replace(run(data, tmp_path / "run"), model=model, config=config, asked=asked))
    assert not (tmp_path / "run").exists()

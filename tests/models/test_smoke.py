"""Every stage of every model that is trained, from a corpus to a restored photo; a new model is here once listed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from charts import chart
from models.small_training import TINY, TRAINING, losses, run

from restore_models.detector import Detector
from restore_models.train import train
from restore_models.weight_files import read_weights
from restore_models.zoo import models, network_from

TRAINED = [name for name, model in models().items() if model.stages]

STEPS = 20

SMOKE = replace(TRAINING, steps=STEPS, size=64, check_every=STEPS)
"""Crops of 64 pixels: the least that faces and the triplet's discriminators of codes make sense of."""


@pytest.mark.parametrize("name", TRAINED)
def test_every_stage_learns_and_leaves_weights_that_restore(name: str, data: Path, tmp_path: Path) -> None:
    stages = [stage.name for stage in models()[name].stages]
    record = train(run(data, tmp_path / "run", name, SMOKE))
    assert {stage: note["steps"] for stage, note in record["stages"].items()} == dict.fromkeys(stages, STEPS)
    seen = [(stage, step, values) for stage, step, values in losses(tmp_path / "run") if isinstance(values, dict)]
    assert [(stage, step) for stage, step, _ in seen] == [(stage, n) for stage in stages for n in range(1, STEPS + 1)]
    assert all(np.isfinite(list(values.values())).all() and values for _, _, values in seen)
    network = network_from(read_weights(tmp_path / "run" / "weights"))
    assert network.name == name
    photo = chart(53, 71)
    if isinstance(network, Detector):
        assert network.detect(photo).shape == (53, 71)
    else:
        restored = network.restore(photo)
        assert restored.shape == photo.shape
        assert restored.dtype == np.uint8
        assert not np.array_equal(restored, photo)


def test_tiny_configurations_are_of_models_there_are() -> None:
    assert set(TINY) == set(TRAINED)

"""Trainings and weights of earlier versions, which had fewer settings, go on and load by themselves."""

import json
import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from models.small_training import TRAINING, Watch, losses, run, tiny

from restore_models.restorer import ModelError
from restore_models.train import train


def without(record: Path, table: str, *names: str) -> None:
    """The record of a training as a version wrote it that did not have some settings yet."""
    said = json.loads(record.read_text())
    for name in names:
        del said[table][name]
    record.write_text(json.dumps(said))


def test_a_training_of_a_version_with_fewer_settings_goes_on_where_they_have_their_defaults(
    data: Path, undisturbed: Path, tmp_path: Path
) -> None:
    out, watch = tmp_path / "run", Watch({4: lambda: os.kill(os.getpid(), signal.SIGTERM)})
    with pytest.raises(KeyboardInterrupt):
        train(run(data, out, watch=watch))
    without(out / "run.json", "config", "window", "betas")
    without(out / "run.json", "training", "clip")
    before = (out / "run.json").read_bytes()
    for other, said in (
        (replace(run(data, out), training=replace(TRAINING, clip=1.0)), r"training \(clip: 10.0, not 1.0\)"),
        (replace(run(data, out), config=replace(tiny("nafnet")[1], window=8)), r"config \(window: 0, not 8\)"),
    ):
        with pytest.raises(ModelError, match=f"^{re.escape(str(out))}: holds a training with another {said}; "):
            train(other)
    assert (out / "run.json").read_bytes() == before
    train(run(data, out))
    assert losses(out) == losses(undisturbed)
    watch = Watch()
    train(run(data, out, watch=watch))
    assert "trained already" in watch.told[0]


def test_what_a_setting_was_before_it_could_be_chosen_is_no_default_of_now(data: Path, tmp_path: Path) -> None:
    _, config = tiny("detector")
    old = replace(config, growth=2.0, halved=False)
    asked = replace(run(data, tmp_path / "run", "detector", replace(TRAINING, steps=1)), config=old)
    train(asked)
    without(tmp_path / "run" / "run.json", "config", "growth", "halved", "overlap", "mirrored")
    watch = Watch()
    train(replace(asked, watcher=watch))
    assert "trained already" in watch.told[0]
    with pytest.raises(ModelError, match=r"another config \(growth: 2.0, not 1.25\)"):
        train(replace(asked, config=config))


@pytest.mark.parametrize("name", ["detector", "triplet"])
def test_weights_of_before_the_detector_was_halved_load_by_themselves(name: str, tmp_path: Path) -> None:
    model, config = tiny(name)
    own = config if name == "detector" else config.detector
    old = replace(own, growth=2.0, halved=False)
    made = model.build(old if name == "detector" else replace(config, detector=old))
    made.save_pretrained(tmp_path)
    file = tmp_path / "config.json"
    said = json.loads(file.read_text())
    table = said["config"] if name == "detector" else said["config"]["detector"]
    for later in ("growth", "halved", "overlap", "mirrored"):
        del table[later]
    file.write_text(json.dumps(said))
    again = type(made).from_pretrained(tmp_path)
    assert again.config == made.config
    weights = made.state_dict()
    assert all(torch.equal(tensor, weights[each]) for each, tensor in again.state_dict().items())

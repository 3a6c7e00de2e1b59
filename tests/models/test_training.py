"""The training loop: what it makes hangs on its settings alone, and what breaks it off costs no more than time."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from models.small_training import PHOTOS, TRAINING, Watch, losses, run, tiny
from safetensors.torch import load_file
from torch import Tensor

from degrade.io import read_image, write_bytes
from degrade.presets import PRESETS
from restore_models.restorer import ModelError
from restore_models.train import forget, train
from restore_models.training_data import Asked
from restore_models.weight_files import read_weights
from restore_models.zoo import network_from


def weights(out: Path) -> dict[str, Tensor]:
    return load_file(out / "weights" / "model.safetensors")


def test_a_training_leaves_weights_metrics_grids_and_a_record(undisturbed: Path) -> None:
    network = network_from(read_weights(undisturbed / "weights"))
    assert network.restore(np.full((40, 30, 3), 90, np.uint8)).shape == (40, 30, 3)
    assert network.record["scores"]["nafnet"] > 0
    assert network.record["perceptual"] is None
    assert [step for _, step, _ in losses(undisturbed)] == [1, 2, 3, 3, 4, 5, 6, 6]
    grid = read_image(undisturbed / "grids" / "nafnet-0000006.png")
    assert grid.shape == (32, 4 * 32 + 3 * 4, 3)  # clean, degraded, restored and mask of the one photo
    card = (undisturbed / "weights" / "README.md").read_text()
    assert re.search(r"\| stage \| steps \| batch .*\n.*\n\| nafnet \| 6 \| 2 \| \S+ \| psnr \| \d+\.\d+ \|", card)
    assert "foxing restore THIS_FOLDER photos/" in card


def test_a_training_that_is_interrupted_goes_on_to_the_same_bytes(
    data: Path, undisturbed: Path, tmp_path: Path
) -> None:
    watch = Watch({4: lambda: os.kill(os.getpid(), signal.SIGTERM)})
    with pytest.raises(KeyboardInterrupt):
        train(run(data, tmp_path / "run", watch=watch))
    assert not (tmp_path / "run" / "weights").exists()
    again = Watch()
    train(run(data, tmp_path / "run", watch=again))
    assert again.told[0] == "nafnet begins at 0.83"
    assert losses(tmp_path / "run") == losses(undisturbed)
    ours, theirs = weights(tmp_path / "run"), weights(undisturbed)
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def command(data: Path, out: Path, *more: str) -> list[str]:
    words = ["-m", "foxing", "train", "nafnet", "--data", str(data), "--out", str(out), "--seed", "3", "--size", "32"]
    small = ["width=4", "encoder=[1,1]", "middle=1", "decoder=[1,1]"]
    frequent = ["log_every=1", "check_every=3", "checked=2"]
    sets = [f"--set=model.{each}" for each in small] + [f"--set=training.{each}" for each in frequent]
    return [sys.executable, *words, *sets, "--device", "cpu", *more]


def test_a_training_that_is_killed_goes_on_to_the_same_bytes(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = command(data, out, "--steps", "6", "--batch", "2")
    with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as child:
        while not (out / "nafnet" / "last.pt").exists() and child.poll() is None:
            time.sleep(0.005)
        child.kill()
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert losses(out) == losses(undisturbed)
    ours, theirs = weights(out), weights(undisturbed)
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_a_training_that_dies_before_its_first_state_leaves_no_line_twice(
    data: Path, undisturbed: Path, tmp_path: Path
) -> None:
    def die() -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        train(run(data, tmp_path / "run", watch=Watch({2: die})))
    assert len(losses(tmp_path / "run")) == 2
    train(run(data, tmp_path / "run"))
    assert losses(tmp_path / "run") == losses(undisturbed)


def test_another_training_begins_with_what_one_that_never_ended_has(data: Path, tmp_path: Path) -> None:
    lost, out = tmp_path / "lost", tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        train(run(data, lost, watch=Watch({4: lambda: os.kill(os.getpid(), signal.SIGTERM)})))
    slow = replace(tiny("nafnet")[1], rate=1e-9)
    train(replace(run(data, out, training=replace(TRAINING, steps=1)), config=slow, start=lost))
    kept = torch.load(lost / "nafnet" / "last.pt", weights_only=True)["averages"]
    ours = load_file(out / "nafnet" / "final.safetensors")
    assert kept.keys() == ours.keys()
    assert all(torch.allclose(ours[name], kept[name], atol=1e-6) for name in kept)
    with pytest.raises(ModelError, match="no weights to start from"):
        train(replace(run(data, tmp_path / "other"), start=tmp_path))


def test_two_processes_learn_what_one_learns_with_twice_the_batch(
    data: Path, undisturbed: Path, tmp_path: Path
) -> None:
    words = command(data, tmp_path / "run", "--steps", "6", "--batch", "1")
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    local = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run([*torchrun, *words[1:]], capture_output=True, text=True, check=False, timeout=120, env=local)
    assert done.returncode == 0, done.stderr
    ours, theirs = weights(tmp_path / "run"), weights(undisturbed)
    assert max(float((ours[name] - theirs[name]).abs().max()) for name in theirs) < 2e-4
    first = losses(tmp_path / "run")[0][2]
    assert first.keys() == losses(undisturbed)[0][2].keys()


def test_a_finished_training_is_left_as_it_is(data: Path, undisturbed: Path) -> None:
    before = (undisturbed / "weights" / "model.safetensors").stat().st_mtime_ns
    watch = Watch()
    train(run(data, undisturbed, watch=watch))
    assert (undisturbed / "weights" / "model.safetensors").stat().st_mtime_ns == before
    assert "trained already" in watch.told[0]


def test_another_training_into_the_same_folder_is_refused(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"another training \(seed: 3, not 4\); begin anew with --overwrite"):
        train(run(data, undisturbed, training=replace(TRAINING, seed=4)))
    (tmp_path / "mine.txt").write_text("a letter")
    with pytest.raises(ModelError, match="not empty, and no training"):
        train(run(data, tmp_path))
    with pytest.raises(ModelError, match="no training, so nothing is overwritten"):
        forget(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "a letter"


def test_a_damaged_state_is_one_line(data: Path, tmp_path: Path) -> None:
    watch = Watch({4: lambda: os.kill(os.getpid(), signal.SIGTERM)})
    with pytest.raises(KeyboardInterrupt):
        train(run(data, tmp_path / "run", watch=watch))
    last = tmp_path / "run" / "nafnet" / "last.pt"
    last.write_bytes(last.read_bytes()[:1000])
    with pytest.raises(ModelError, match="damaged, or no checkpoint of Foxing"):
        train(run(data, tmp_path / "run"))


def test_a_training_ends_when_its_time_is_up(data: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    record = train(run(data, tmp_path / "run", training=replace(TRAINING, steps=0, minutes=0.02)))
    assert 1.2 <= record["stages"]["nafnet"]["seconds"] < 1.2 + time.monotonic() - begun
    assert record["stages"]["nafnet"]["steps"] > 2


def test_a_training_may_start_from_the_weights_of_another(data: Path, undisturbed: Path, tmp_path: Path) -> None:
    short = replace(TRAINING, steps=1)
    warm = run(data, tmp_path / "warm", training=short)
    train(replace(warm, start=undisturbed))
    train(run(data, tmp_path / "cold", training=short))
    there = weights(undisturbed)
    near, far = (
        sum(float((weights(tmp_path / name)[key] - there[key]).abs().sum()) for key in there)
        for name in ("warm", "cold")
    )
    assert near < 0.5 * far


def test_photos_are_degraded_as_they_come_and_bad_ones_are_passed_over(tmp_path: Path) -> None:
    for key in list(PHOTOS.keys()):
        write_bytes(tmp_path / "photos" / key, PHOTOS.read(key))
    (tmp_path / "photos" / "broken.png").write_bytes(b"no picture")
    asked = Asked(str(tmp_path / "photos"), pipelines=(PRESETS["mild"], PRESETS["severe"]))
    record = train(replace(run(tmp_path, tmp_path / "run"), asked=asked))
    assert record["data"]["count"] == 11
    assert set(record["data"]["pipelines"]) == {"mild", "severe"}
    with pytest.raises(ModelError, match="say how they are to be degraded, as with --preset medium"):
        train(replace(run(tmp_path, tmp_path / "other"), asked=Asked(str(tmp_path / "photos"))))


def test_averages_are_what_is_kept(data: Path, tmp_path: Path) -> None:
    plain = run(data, tmp_path / "plain", training=replace(TRAINING, ema=0.0))
    train(plain)
    train(run(data, tmp_path / "averaged"))
    last = torch.load(tmp_path / "averaged" / "nafnet" / "last.pt", weights_only=True)
    name = next(iter(last["networks"]["network"]))
    kept = load_file(tmp_path / "averaged" / "nafnet" / "final.safetensors")[f"network.{name}"]
    bare = load_file(tmp_path / "plain" / "nafnet" / "final.safetensors")[f"network.{name}"]
    assert torch.equal(last["networks"]["network"][name], bare)  # averaging changes nothing that is learned
    assert not torch.equal(kept, bare)


def test_a_tiny_model_is_of_the_zoo() -> None:
    model, config = tiny("nafnet")
    assert sum(each.numel() for each in model.build(config).parameters()) < 20_000

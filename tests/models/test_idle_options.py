"""`foxing restore` and `foxing train` with an option that would change nothing: one line that says when it does."""

import json
import shutil
import warnings
from pathlib import Path

import pytest
import torch
from models.small_training import run
from small_detectors import TINY
from small_photos import mask, weights

from foxing import main
from restore_models.checkpoints import RECORD
from restore_models.detector import Detector
from restore_models.train import train

IDLE: dict[str, tuple[str, str]] = {
    "random weights of a filter": ("median --untrained", "of a model that has to be trained"),
    "random weights of a command": ("{command} --untrained", "of a model that has to be trained"),
    "random weights of deep image prior": ("dip --untrained", "of a model that has to be trained"),
    "grid of a filter": ("median --grid 8", "it is of TorchScript and ONNX files"),
    "grid of a checkpoint": ("{run} --grid 8", "it is of TorchScript and ONNX files"),
    "patience with a filter": ("median --timeout 5", "it is of commands with {in} and {out}"),
    "patience with Python": ("operator:neg --timeout 5", "it is of commands with {in} and {out}"),
    "tiles of a filter": ("median --tile 64", "it is of networks that Foxing runs, and median is none"),
    "tiles of a command": ("{command} --tile 0", "it is of networks that Foxing runs"),
    "device of a command": ("{command} --device cpu", "it is of networks that Foxing runs"),
    "device of Python": ("operator:neg --device cuda", "it is of networks that Foxing runs"),
    "mask for a filter": ("median --mask {masks}", "median looks at no mask"),
    "mask for a checkpoint": ("{run} --mask {masks}", "looks at no mask"),
    "mask for a command": ("{command} --mask {masks}", "looks at no mask"),
    "mask for Python": ("operator:neg --mask {masks}", "looks at no mask"),
    "mask for a file": ("{file} --mask {masks}", "looks at no mask"),
    "detector for a filter": ("identity --detect {detector}", "identity looks at no mask; foxing detect writes"),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("places")
    Detector(TINY).save_pretrained(folder / "detector")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.save(torch.jit.script(torch.nn.Identity()), folder / "same.pt")
    found = {name: str(folder / name) for name in ("detector", "masks")}
    mask(folder / "masks/a.png")
    return found | {"run": str(weights(folder / "run")), "file": str(folder / "same.pt"), "command": "cp {in} {out}"}


@pytest.mark.parametrize("kind", IDLE)
def test_an_option_that_would_change_nothing_is_refused_in_one_line_that_says_when_it_does(
    kind: str, photos: Path, places: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, when = IDLE[kind]
    model, option, *value = line.split()
    words = [
        model.format(**places),
        str(photos),
        str(tmp_path / "out"),
        option,
        *(each.format(**places) for each in value),
    ]
    assert main(["restore", *words]) == 2
    said, told = capsys.readouterr()
    assert said == ""
    assert told.startswith(f"foxing: {option}: would change nothing here; ")
    assert told.count("\n") == 1
    assert when in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "nafnet --data {data} --vgg {data}",
            "--vgg: would change nothing here; it is of models with a perceptual loss",
        ),
        ("detector --labels {data} --from {data} --precision bf16", "--precision: without meaning where --labels"),
        ("detector --labels {data} --from {data} --vgg {data}", "--vgg: without meaning where --labels"),
        ("detector --labels {data} --from {data} --workers 0", "--workers: without meaning where --labels"),
        ("detector --labels {data} --from {data} --resume never", "--resume: without meaning where --labels"),
    ],
)
def test_an_option_of_other_trainings_is_refused(
    words: str, said: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["train", *words.format(data=data).split(), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_a_training_without_a_perceptual_loss_goes_on_whatever_stood_for_it_elsewhere(
    data: Path, undisturbed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    shutil.copytree(undisturbed, out)
    record = json.loads((out / RECORD).read_text("utf-8"))
    assert record["perceptual"] is None
    (out / RECORD).write_text(json.dumps(record | {"perceptual": "VGG-19"}), "utf-8")
    train(run(data, out))

"""Models and checkpoints on the console: `foxing models`, `detect`, `export`, and what `restore` takes for a model."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from charts import chart
from small_photos import TINY, photo, results, weights

from degrade.io import read_image
from foxing import main
from restore_models.nafnet import NafNet
from restore_models.zoo import models


def test_every_model_is_listed_with_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--json"]) == 0
    listed = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert list(listed) == list(models())
    assert all(each["about"] and each["source"] for each in listed.values())
    assert listed["telea"]["wants_mask"]
    assert listed["telea"]["parameters"] == 0
    assert listed["pix2pix"]["parameters"] == pytest.approx(54.41e6, rel=1e-3)
    assert listed["pix2pix"]["needs"] == "training"
    assert main(["models"]) == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == list(models())


def test_of_one_model_every_setting_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "nafnet"]) == 0
    assert "\n[model]\nwidth = 32\nencoder = [2, 2, 4, 8]\n" in capsys.readouterr().out
    assert main(["models", "nafnet", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["config"]["width"] == 32
    assert main(["models", "telea"]) == 2
    assert "telea has no settings to train by" in capsys.readouterr().err
    assert main(["models", "nafnt"]) == 2
    assert "no model and no checkpoint 'nafnt'; did you mean nafnet?" in capsys.readouterr().err


def test_what_a_model_prints_is_no_part_of_the_results(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "chatty.py").write_text("def model(image):\n    print('hello')\n    return image\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert main(["restore", "chatty:model", str(photos), str(tmp_path / "out"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["made"]) == 2


def test_weights_that_are_no_numbers_restore_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network = NafNet(TINY)
    for each in network.parameters():
        each.data.fill_(float("nan"))
    network.save_pretrained(tmp_path / "run")
    source, out = photo(tmp_path / "a.png"), tmp_path / "out"
    assert main(["restore", str(tmp_path / "run"), str(source), str(out), "--device", "cpu"]) == 1
    assert "a.png: nafnet gave values that are no numbers; its weights are damaged" in capsys.readouterr().err
    assert results(out) == []


def test_a_training_that_has_not_ended_is_no_checkpoint_yet(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run" / "nafnet").mkdir(parents=True)
    (tmp_path / "run" / "run.json").write_text("{}")
    for place in (tmp_path / "run", tmp_path / "run" / "nafnet"):
        assert main(["restore", str(place), str(photos), str(tmp_path / "out")]) == 2
        assert f"foxing: {place}: a training that has not ended; run its foxing train" in capsys.readouterr().err
    weights(tmp_path / "run" / "weights")
    part = tmp_path / "run" / "nafnet"
    assert main(["restore", str(part), str(photos), str(tmp_path / "out")]) == 2
    said = f"foxing: {part}: a part of a training; name the folder of all of it, {tmp_path}/run\n"
    assert capsys.readouterr().err == said


def test_a_checkpoint_restores_from_its_folder_and_from_that_of_its_training(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = weights(tmp_path / "run/weights").parent
    assert main(["restore", str(run), str(photos), str(tmp_path / "one"), "--device", "cpu"]) == 0
    told = capsys.readouterr().err
    assert "for the largest photo, 60 x 44;" in told
    assert "random weights" not in told
    assert main(["restore", str(run / "weights"), str(photos), str(tmp_path / "two"), "--device", "cpu"]) == 0
    one, two = (read_image(tmp_path / name / "inner/b.png") for name in ("one", "two"))
    assert np.array_equal(one, two)
    assert one.shape == (44, 60, 3)


def test_other_weights_in_the_same_folder_are_another_model(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, call = weights(tmp_path / "run"), ["restore", str(tmp_path / "run"), str(photos), str(tmp_path / "out")]
    assert main(call) == 0
    NafNet(TINY).save_pretrained(run)
    assert main(call) == 2
    assert "holds results of another run, with model run (sha256" in capsys.readouterr().err


def test_random_weights_run_only_where_asked_for_and_it_is_said(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["restore", "pix2pix", str(photos / "a.png"), str(tmp_path / "out"), "--device", "cpu"]
    assert main(call) == 2
    assert "foxing train pix2pix --data CORPUS --out RUN, then foxing restore RUN" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main([*call, "--untrained"]) == 0
    assert "foxing: random weights: for measuring speed and memory only" in capsys.readouterr().err.splitlines()


def test_anybodys_command_and_its_faults_are_told_by_photo(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    halves = "import sys, cv2; i = cv2.imread(sys.argv[1]); cv2.imwrite(sys.argv[2], i[: 40 if len(i) > 40 else 99])"
    command = f'"{sys.executable}" -c "{halves}" {{in}} {{out}}'
    assert main(["restore", command, str(photos), str(tmp_path / "out")]) == 1
    said, told = capsys.readouterr()
    assert "1 made, 0 already there, 1 failed" in said
    assert "inner/b.png: python" in told
    assert "gave 60 x 40 pixels for a photo of 60 x 44; give the same size" in told


def test_a_damaged_checkpoint_is_one_line(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = weights(tmp_path / "run")
    whole = (run / "model.safetensors").read_bytes()
    (run / "model.safetensors").write_bytes(whole[:200])
    assert main(["restore", str(run), str(photos), str(tmp_path / "out")]) == 2
    (run / "model.safetensors").write_bytes(whole)
    NafNet(replace(TINY, width=6)).save_pretrained(tmp_path / "wide")
    (run / "config.json").write_bytes((tmp_path / "wide/config.json").read_bytes())
    assert main(["restore", str(run), str(photos), str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert "model.safetensors is damaged" in told[0]
    assert "config.json does not fit" in told[1]


def test_an_exported_model_gives_what_it_gave(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, file = tmp_path / "run", tmp_path / "tiny.onnx"
    bright = NafNet(TINY)
    assert bright.network.tail.bias is not None
    bright.network.tail.bias.data.fill_(0.9)  # white becomes 1.9, which a picture cannot hold
    bright.save_pretrained(run)
    assert main(["export", str(run), str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["difference"] < 1e-4
    for model, out in ((run, "ours"), (file, "theirs")):
        assert main(["restore", str(model), str(photos), str(tmp_path / out), "--device", "cpu"]) == 0
    for name in results(tmp_path / "ours"):
        ours, theirs = (read_image(tmp_path / out / name).astype(int) for out in ("ours", "theirs"))
        assert abs(ours - theirs).max() <= 1


@pytest.fixture
def detector(tmp_path: Path) -> Path:
    model = models().get("detector")
    if model is None:
        pytest.skip("the zoo has no detector")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model.build(replace(model.config, width=4, depth=1)).save_pretrained(tmp_path / "detector")
    return tmp_path / "detector"


def test_a_detector_writes_masks_of_the_photos_size_that_restore_takes(
    detector: Path, photos: Path, tmp_path: Path
) -> None:
    hard, soft = tmp_path / "hard", tmp_path / "soft"
    assert main(["detect", str(detector), str(photos), str(hard)]) == 0
    assert main(["detect", str(detector), str(photos), str(soft), "--soft"]) == 0
    assert results(hard) == results(soft) == results(photos)
    assert read_image(hard / "inner/b.png").shape == (44, 60, 3)
    assert set(np.unique(read_image(hard / "a.png"))) <= {0, 255}
    assert len(np.unique(read_image(soft / "a.png"))) > 2
    given, found = tmp_path / "given", tmp_path / "found"
    assert main(["restore", "telea", str(photos), str(given), "--mask", str(hard)]) == 0
    assert main(["restore", "telea", str(photos), str(found), "--detect", str(detector)]) == 0
    assert all(np.array_equal(read_image(given / name), read_image(found / name)) for name in results(given))


def test_a_detector_restores_nothing(detector: Path, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", str(detector), str(photos), str(photos.parent / "out")]) == 2
    assert "use it with foxing detect, or as --detect" in capsys.readouterr().err


def test_faces_are_refined_where_there_are_some(photos: Path, tmp_path: Path) -> None:
    model = models().get("faces")
    if model is None:
        pytest.skip("the zoo has no refiner of faces")
    model.build(replace(model.config, size=64, width=4)).save_pretrained(tmp_path / "faces")
    call = ["restore", "identity", str(photos), str(tmp_path / "out"), "--faces", str(tmp_path / "faces")]
    assert main(call) == 0
    assert json.loads((tmp_path / "out/restore.json").read_text("utf-8"))["faces"].startswith("faces (sha256")
    assert np.array_equal(read_image(tmp_path / "out/a.png"), chart(40, 52))  # a chart has no face


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"width": 8}, "is (1, 4, 1, 1), not (1, 8, 1, 1); config.json does not fit them"),
        ({"width": -4}, "nafnet: width = -4: must be at least 1"),
        ({"width": 10**7}, "no network can be made by its config.json ("),
        ({"widht": 4}, "nafnet.widht: no such setting; did you mean width?"),
    ],
)
def test_a_changed_configuration_is_said_of_its_folder(
    change: dict[str, int], said: str, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = weights(tmp_path / "changed")
    data = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(data | {"config": data["config"] | change}))
    assert main(["restore", str(folder), str(photos), str(tmp_path / "out")]) == 2
    problem = capsys.readouterr().err
    assert problem.startswith(f"foxing: {folder}: ")
    assert said in problem
    (folder / "config.json").write_text(json.dumps(data | {"config": 3}))
    assert main(["restore", str(folder), str(photos), str(tmp_path / "out")]) == 2
    assert "config.json is damaged or no configuration of Foxing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_device_that_networks_do_not_know_is_refused(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = weights(tmp_path / "nafnet")
    assert main(["restore", str(folder), str(photos), str(tmp_path / "out"), "--device", "meta"]) == 2
    assert capsys.readouterr().err == "foxing: --device meta: none of auto, cpu, cuda, cuda:N\n"

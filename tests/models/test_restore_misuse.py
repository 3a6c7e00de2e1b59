"""`foxing restore` and its neighbours, used wrongly: one line that helps, and nothing written."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from small_photos import results, weights

from foxing import main

MISUSES: dict[str, tuple[str, str]] = {
    "unknown model": ("restore medain {photos} {out}", "did you mean median?"),
    "missing checkpoint": ("restore {folder}/none.onnx {photos} {out}", "none.onnx: no such file"),
    "empty checkpoint": ("restore {folder}/empty {photos} {out}", "empty: no weights in it"),
    "a photo as a model": ("restore {photos}/a.png {photos} {out}", "a.png: no model"),
    "random weights of nobody": ("restore pix2pixx {photos} {out} --untrained", "did you mean pix2pix?"),
    "missing photos": ("restore median {folder}/none {out}", "none: no such file or folder"),
    "no photos": ("restore median {folder}/empty {out}", "no pictures in this folder"),
    "over the photos": ("restore median {photos} {photos}", "holds the photos"),
    "over the photo": ("restore median {photos}/a.png {photos}", "which the result would replace"),
    "two masks": ("restore telea {photos} {out} --mask {photos} --detect {folder}", "--mask or --detect, not both"),
    "missing masks": ("restore telea {photos} {out} --mask {folder}/none", "none: no such folder of masks"),
    "one mask for many": ("restore telea {photos} {out} --mask {photos}/a.png", "give a folder of masks"),
    "tile": ("restore median {photos} {out} --tile -3", "--tile -3: none of auto"),
    "device": ("restore {run} {photos} {out} --device gpu", "--device gpu: none of auto"),
    "no such GPU": ("restore {run} {photos} {out} --device cuda:99", "--device cuda:99: this machine has no such GPU"),
    "no detector": ("restore telea {photos} {out} --detect {run}", "which finds no damage"),
    "no detector alone": ("detect {run} {photos} {out}", "which finds no damage"),
    "no refiner of faces": ("restore telea {photos} {out} --faces {run}", "which refines no faces"),
    "another's refiner without weights": ("restore telea {photos} {out} --faces gfpgan:", "write gfpgan:FILE"),
    "another's refiner, missing": (
        "restore telea {photos} {out} --faces codeformer:{folder}/none.pth",
        "pip install spandrel" if find_spec("spandrel") is None else "none.pth: no such file",
    ),
    "a finder of faces alone": (
        "restore telea {photos} {out} --find-faces {folder}/none.onnx",
        "for what? give --faces too",
    ),
    "missing finder of faces": (
        "restore telea {photos} {out} --faces {run} --find-faces {folder}/none.onnx",
        "none.onnx: no such file",
    ),
    "missing detector": ("detect {folder}/none {photos} {out}", "none: no such checkpoint"),
    "command without out": ("restore {{in}} {photos} {out}", "{out} is missing"),
    "export to no ONNX": ("export {run} {out}", "name a file that ends in .onnx"),
    "detector without weights": (
        "restore median {photos} {out} --detect detector",
        "detector has no weights of its own: foxing train detector --data CORPUS --out RUN, then name RUN here",
    ),
    "export without weights": ("export nafnet {out}.onnx", "nafnet has no weights of its own: foxing train nafnet"),
    "settings of a folder": ("models {folder}", "foxing models takes a model's name, config.json has its settings"),
    "export of nothing": ("export {folder}/none {out}.onnx", "no such checkpoint"),
}


@pytest.mark.parametrize("kind", MISUSES)
def test_wrong_use_is_one_line_that_helps_and_nothing_is_written(
    kind: str, photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line, help_ = MISUSES[kind]
    (tmp_path / "empty").mkdir()
    places = {"photos": photos, "out": tmp_path / "out", "folder": tmp_path, "run": weights(tmp_path / "run")}
    assert main([word.format(**places) for word in line.split()]) == 2
    said, told = capfd.readouterr()
    assert said == ""
    assert len(told.splitlines()) == 1
    assert help_ in told
    assert not (tmp_path / "out").exists()
    assert results(photos) == ["a.png", "inner/b.png"]


@pytest.mark.parametrize("command", ["models", "restore", "detect", "export"])
def test_help_teaches_by_examples_each_on_a_line_of_its_own(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.strip() in ("Example:", "Examples:") for line in lines)
    assert any(line.startswith(f"    foxing {command}") for line in lines)


def test_where_nothing_can_be_written_another_folder_is_asked_for(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter").write_text("dear all")
    assert main(["restore", "identity", str(photos), str(tmp_path / "letter" / "out")]) == 1
    assert "nothing can be written to" in capsys.readouterr().err

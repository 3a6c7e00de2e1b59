"""`foxing restore` over folders of photos and masks: results on stdout, one line for each mistake, nothing lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from charts import chart
from small_photos import photo, results, weights

from degrade.io import read_image, write_png
from degrade.types import Image, Mask
from foxing import main
from restore_models.memory import free_in_container, free_in_machine, largest
from restore_models.nafnet import NafNet
from restore_models.restorer import ModelError
from restore_models.restoring import no_mask, planned_jobs, result_names, worked_in_groups

ROOT = Path(__file__).parents[2]


def mask(path: Path, size: tuple[int, int] = (40, 52)) -> Path:
    drawn = np.zeros(size, np.uint8)
    drawn[10:14] = 255
    write_png(path, drawn)
    return path


def test_a_folder_is_restored_into_the_same_folders(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["restore", "identity", str(photos), str(out)]) == 0
    said, told = capsys.readouterr()
    assert "2 made, 0 already there, 0 failed" in said
    assert "megapixels per second" in said
    assert told.splitlines() == ["foxing: 1/2 a.png: made", "foxing: 2/2 inner/b.png: made"]
    assert results(out) == ["a.png", "inner/b.png"]
    assert np.array_equal(read_image(out / "inner/b.png"), chart(44, 60))


def test_bad_photos_stop_no_other(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (photos / "broken.jpg").write_bytes(b"no picture")
    photo(photos / "tiny.png", (5, 5))
    assert main(["restore", "median", str(photos), str(tmp_path / "out"), "--json"]) == 1
    said, told = capsys.readouterr()
    data = json.loads(said)
    assert [each["key"] for each in data["made"]] == ["a.png", "inner/b.png"]
    problems = {each["key"]: each["problem"] for each in data["failed"]}
    assert "broken.jpg: no picture that can be read" in problems["broken.jpg"]
    assert "tiny.png: 5 x 5 pixels, smaller than 16 x 16" in problems["tiny.png"]
    assert told.splitlines()[-1] == "foxing: 2 of 4 failed"
    assert results(tmp_path / "out") == ["a.png", "inner/b.png"]


def test_one_bad_photo_alone_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny = photo(tmp_path / "tiny.png", (5, 5))
    assert main(["restore", "median", str(tiny), str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"foxing: {tiny}: 5 x 5 pixels, smaller than 16 x 16; give a larger photo"
    ]


def test_masks_are_found_by_name_and_what_is_wrong_with_them_is_said(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo(photos / "c.png")
    masks, out = tmp_path / "masks", tmp_path / "out"
    mask(masks / "a.png")
    mask(masks / "c.png", (40, 40))
    assert main(["restore", "telea", str(photos), str(out), "--mask", str(masks)]) == 1
    told = capsys.readouterr().err
    assert f"inner/b.png: no mask: {masks / 'inner/b.png'} is not there" in told
    assert f"c.png: its mask {masks / 'c.png'} has 40 x 40 pixels, not the photo's 52 x 40" in told
    changed = (read_image(out / "a.png") != chart(40, 52)).any(axis=(1, 2))
    assert changed[10:14].any()
    assert not changed[14:].any()
    assert results(out) == ["a.png"]
    mask(masks / "inner/b.png", (44, 60))
    mask(masks / "c.png")
    assert main(["restore", "telea", str(photos), str(out), "--mask", str(masks)]) == 0
    assert "2 made, 1 already there" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("level", "rows", "said"),
    [(1, 9, "no level is above 1, which is as good as intact"), (255, 39, "98% of the photo are damaged")],
)
def test_a_mask_that_looks_like_a_mistake_is_used_and_said(
    level: int, rows: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = np.zeros((40, 52), np.uint8)
    drawn[:rows] = level
    write_png(tmp_path / "mask.png", drawn)
    source = photo(tmp_path / "a.png")
    call = ["restore", "telea", str(source), str(tmp_path / "out"), "--mask", str(tmp_path / "mask.png"), "--json"]
    assert main(call) == 0
    answer, told = capsys.readouterr()
    assert told.startswith(f"foxing: {source}: {said}, in its mask {tmp_path}/mask.png; white (255) means damaged")
    assert said in json.loads(answer)["made"][0]["notes"][0]


def test_a_photo_that_took_smaller_tiles_than_asked_for_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def starved(self: NafNet, degraded: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        if degraded.shape[-1] > 300:
            raise torch.OutOfMemoryError
        return degraded

    monkeypatch.setattr(NafNet, "forward", starved)
    source = photo(tmp_path / "wide.png", (32, 320))
    call = ["restore", str(weights(tmp_path / "run")), str(source), str(tmp_path / "out"), "--device", "cpu"]
    assert main(call) == 0
    said = f"foxing: {source}: out of memory; went on with tiles of 96 pixels"
    assert said in capsys.readouterr().err.splitlines()


def test_without_masks_inpainting_says_once_that_it_does_nothing(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "navier-stokes", str(photos), str(tmp_path / "out")]) == 0
    assert sum("without --mask or --detect" in line for line in capsys.readouterr().err.splitlines()) == 1
    assert np.array_equal(read_image(tmp_path / "out/a.png"), chart(40, 52))


def test_a_second_run_makes_only_what_is_missing_or_older_than_its_photo(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    def counts(*more: str) -> list[int]:
        assert main(["restore", "identity", str(photos), str(out), "--json", *more]) == 0
        data = json.loads(capsys.readouterr().out)
        return [len(data[state]) for state in ("made", "skipped", "failed")]

    assert counts() == [2, 0, 0]
    assert counts() == [0, 2, 0]
    (out / "a.png").unlink()
    assert counts() == [1, 1, 0]
    later = (out / "inner/b.png").stat().st_mtime + 10
    os.utime(photos / "inner/b.png", (later, later))
    assert counts() == [1, 1, 0]
    assert counts("--overwrite") == [2, 0, 0]


def test_what_earlier_runs_made_and_masks_are_no_photos_though_they_lie_among_them(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask(photos / "masks/a.png")
    mask(photos / "masks/inner/b.png", (44, 60))
    call = ["restore", "telea", str(photos)]
    for out in ("one", "inner/two"):
        assert main([*call, str(photos / out), "--mask", str(photos / "masks")]) == 0
        assert results(photos / out) == ["a.png", "inner/b.png"]
    assert main(["restore", "median", str(photos / "one"), str(tmp_path / "chain")]) == 0
    assert results(tmp_path / "chain") == ["a.png", "inner/b.png"]  # results of another may well be restored further
    (photos / "inner/two/restore.json").write_text('{"of": "somebody else"}')
    assert main(["restore", "median", str(photos / "inner"), str(tmp_path / "all")]) == 0
    assert results(tmp_path / "all") == ["b.png", "two/a.png", "two/inner/b.png"]
    capsys.readouterr()
    assert main(["restore", "median", str(photos / "inner"), str(photos)]) == 2
    assert capsys.readouterr().err == f"foxing: {photos}: the photos lie in it; give another folder for the results\n"


def test_another_model_does_not_mix_its_results_into_the_folder(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["restore", "identity", str(photos), out]) == 0
    capsys.readouterr()
    assert main(["restore", "median", str(photos), out]) == 2
    assert "holds results of another run, with model identity; give another folder, or --ov" in capsys.readouterr().err
    assert np.array_equal(read_image(tmp_path / "out/a.png"), chart(40, 52))
    assert main(["restore", "median", str(photos), out, "--overwrite"]) == 0
    assert not np.array_equal(read_image(tmp_path / "out/a.png"), chart(40, 52))


def test_results_of_a_version_that_wrote_no_grid_down_are_gone_on_with(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call = ["restore", "median", str(photos), str(out)]
    assert main(call) == 0
    record = json.loads((out / "restore.json").read_text("utf-8"))
    (out / "restore.json").write_text(json.dumps({name: record[name] for name in ("model", "masks", "faces")}))
    assert main([*call, "--grid", "8"]) == 2
    (out / "a.png").unlink()
    assert main(call) == 0
    assert results(out) == ["a.png", "inner/b.png"]
    assert json.loads((out / "restore.json").read_text("utf-8")) == record


def test_the_record_says_how_photos_were_cut_and_padded(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    def record() -> dict[str, str]:
        found: dict[str, str] = json.loads((out / "restore.json").read_text("utf-8"))
        return found

    assert main(["restore", str(weights(tmp_path / "nafnet")), str(photos), str(out), "--tile", "0"]) == 0
    assert (record()["tile"], record()["grid"]) == ("0", "0")
    (out / "a.png").unlink()
    for _ in range(2):  # smaller tiles because memory ran out: the folder goes on, and says so
        assert main(["restore", str(tmp_path / "nafnet"), str(photos), str(out), "--tile", "32"]) == 0
    assert record()["tile"] == "0, 32"
    capsys.readouterr()
    assert main(["restore", str(tmp_path / "nafnet"), str(photos), str(out), "--grid", "8"]) == 2
    assert "holds results of another run, with grid 0; give another folder" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "nafnet"), str(photos), str(out), "--overwrite"]) == 0
    assert record()["tile"] == "auto"


def test_deep_image_prior_takes_no_more_steps_than_asked_for_and_others_take_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = photo(tmp_path / "a.png", (20, 24)), tmp_path / "out"
    assert main(["restore", "dip", str(source), str(out), "--steps", "1", "--device", "cpu"]) == 0
    assert json.loads((out / "restore.json").read_text("utf-8"))["model"] == "dip (at most 1 steps)"
    assert "foxing: dip learns each photo anew, which takes long" in capsys.readouterr().err
    assert main(["restore", "dip", str(source), str(out), "--steps", "2", "--device", "cpu"]) == 2
    assert "with model dip (at most 1 steps)" in capsys.readouterr().err
    assert main(["restore", "median", str(source), str(tmp_path / "other"), "--steps", "3"]) == 2
    assert "--steps: only dip takes steps for each photo, median takes none" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_a_filter_that_is_sent_to_a_gpu_says_that_it_runs_on_the_cpu(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for device, said in (("cuda", 1), ("cpu", 0), ("auto", 0)):
        assert main(["restore", "median", str(photos), str(tmp_path / device), "--device", device]) == 0
        assert capsys.readouterr().err.count("median runs on the CPU: it is no network") == said


def test_pictures_that_nobody_restored_are_not_replaced(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = photo(tmp_path / "out/a.png", (20, 20))
    assert main(["restore", "median", str(photos), str(tmp_path / "out")]) == 2
    assert "holds pictures of these names" in capsys.readouterr().err
    assert read_image(theirs).shape == (20, 20, 3)


def test_photos_of_one_stem_keep_their_suffix() -> None:
    names = result_names(["a.jpg", "a.png", "b.jpg", "in/a.jpg", "C.jpg", "c.tif", "d.png.jpg", "d.png", "d.tif"])
    assert names["b.jpg"] == "b.png"
    assert names["in/a.jpg"] == "in/a.png"
    assert [names[key] for key in ("a.jpg", "a.png")] == ["a.jpg.png", "a.png.png"]
    assert [names[key] for key in ("C.jpg", "c.tif")] == ["C.jpg.png", "c.tif.png"]
    assert [names[key] for key in ("d.png.jpg", "d.png", "d.tif")] == ["d.png.jpg.png", "d.png.png", "d.tif.png"]
    assert len({name.lower() for name in names.values()}) == len(names)


@dataclass
class Inverter:
    """Restores many at once, unless one of them is grey."""

    name = "inverter"
    groups: list[int]

    def restore(self, image: Image, mask: Mask | None = None) -> Image:
        if not np.ptp(image):
            raise ModelError("grey")
        return 255 - image

    def restore_many(self, images: Sequence[Image], masks: Sequence[Mask | None] | None = None) -> list[Image]:
        self.groups.append(len(images))
        return [self.restore(image) for image in images]


def test_many_at_once_give_what_each_alone_gives_and_a_bad_one_costs_no_other(tmp_path: Path) -> None:
    files = {f"{number:02}.png": photo(tmp_path / f"in/{number:02}.png", (40 + number, 40)) for number in range(19)}
    (tmp_path / "in/03.png").write_bytes(b"no picture")
    write_png(tmp_path / "in/17.png", np.full((20, 20, 3), 9, np.uint8))
    jobs, restorer = planned_jobs(files, tmp_path / "out"), Inverter([])
    outcomes = list(worked_in_groups(jobs, restorer, no_mask))
    assert restorer.groups == [15, 3]  # sixteen of which one cannot be read, then three, which are tried again alone
    assert [each.job.key for each in outcomes] == list(files)
    assert [each.job.key for each in outcomes if each.state == "failed"] == ["03.png", "17.png"]
    assert all(each.seconds > 0 and each.pixels > 0 for each in outcomes if each.state == "made")
    assert np.array_equal(read_image(tmp_path / "out/18.png"), 255 - chart(58, 40))
    assert all(each.state == "skipped" for each in worked_in_groups(jobs[:3], restorer, no_mask))


def test_a_photo_that_needs_more_memory_than_is_free_is_said_before_it_runs(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   1 kB\n", "ascii")
    monkeypatch.setattr("restore_models.memory.MEMINFO", tmp_path / "meminfo")
    run = weights(tmp_path / "run")
    assert main(["restore", str(run), str(photos), str(tmp_path / "out"), "--device", "cpu"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert "but only 1.02e-06 GB are free" in told[0]
    assert "--tile 256" in told[0]


def test_free_memory_is_what_linux_and_the_container_say(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   7 kB\n", "ascii")
    assert free_in_machine(tmp_path / "meminfo") == 7168
    assert free_in_machine(tmp_path / "none") is None
    for name, text in {
        "memory.max": "1000",
        "memory.current": "800",
        "memory.stat": "anon 5\ninactive_file 300",
    }.items():
        (tmp_path / name).write_text(text, "ascii")
    assert free_in_container(tmp_path) == 500
    (tmp_path / "memory.max").write_text("max\n", "ascii")
    assert free_in_container(tmp_path) is None


def test_the_largest_photo_is_told_by_the_heads_of_the_files(photos: Path) -> None:
    (photos / "broken.png").write_bytes(b"no picture")
    assert largest(photos.rglob("*.png")) == (44, 60)
    assert largest([photos / "broken.png"]) is None


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


def test_an_interrupted_run_ends_with_130_and_leaves_only_whole_results(tmp_path: Path) -> None:
    for number in range(40):
        photo(tmp_path / f"photos/{number:02}.png", (300, 400))
    call = [sys.executable, "-m", "foxing", "restore", "nlm", str(tmp_path / "photos"), str(tmp_path / "out")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        while not (tmp_path / "out" / "00.png").exists():  # the first of forty that take a quarter of a second each
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
        assert running.wait(20) == 130
    assert "Traceback" not in told
    done = results(tmp_path / "out")
    assert 0 < len(done) < 40
    assert all(read_image(tmp_path / "out" / name).shape == (300, 400, 3) for name in done)


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

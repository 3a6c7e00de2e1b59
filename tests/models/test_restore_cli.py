"""`foxing models`, `restore`, `detect` and `export`: results on stdout, one line for each mistake, nothing lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from charts import chart

from degrade.io import read_image, write_png
from degrade.types import Image, Mask
from foxing import main
from restore_models.memory import free_in_container, free_in_machine, largest
from restore_models.nafnet import NafNet, NafNetConfig
from restore_models.restorer import ModelError
from restore_models.restoring import no_mask, planned_jobs, result_names, worked_in_groups
from restore_models.zoo import models

ROOT = Path(__file__).parents[2]
TINY = NafNetConfig(width=4, encoder=(1,), middle=1, decoder=(1,))


def photo(path: Path, size: tuple[int, int] = (40, 52)) -> Path:
    write_png(path, chart(*size))
    return path


def mask(path: Path, size: tuple[int, int] = (40, 52)) -> Path:
    drawn = np.zeros(size, np.uint8)
    drawn[10:14] = 255
    write_png(path, drawn)
    return path


def weights(folder: Path) -> Path:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        NafNet(TINY).save_pretrained(folder)
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    photo(tmp_path / "photos/a.png")
    photo(tmp_path / "photos/inner/b.png", (44, 60))
    return tmp_path / "photos"


def results(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))


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
    "missing detector": ("detect {folder}/none {photos} {out}", "none: no such checkpoint"),
    "command without out": ("restore {{in}} {photos} {out}", "{out} is missing"),
    "export to no ONNX": ("export {run} {out}", "name a file that ends in .onnx"),
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


@pytest.mark.parametrize("command", ["models", "restore", "detect", "export"])
def test_help_teaches_by_examples_each_on_a_line_of_its_own(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.strip() in ("Example:", "Examples:") for line in lines)
    assert any(line.startswith(f"    foxing {command}") for line in lines)


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


def test_where_nothing_can_be_written_another_folder_is_asked_for(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter").write_text("dear all")
    assert main(["restore", "identity", str(photos), str(tmp_path / "letter" / "out")]) == 1
    assert "nothing can be written to" in capsys.readouterr().err

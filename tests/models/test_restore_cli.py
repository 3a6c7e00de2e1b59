"""`foxing restore` over folders of photos and masks: results on stdout, one line for each mistake, nothing lost."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from charts import chart
from small_photos import mask, photo, results

from degrade.io import read_image, write_png
from degrade.types import Image, Mask
from foxing import main
from restore_models.restorer import ModelError
from restore_models.restoring import no_mask, planned_jobs, result_names, worked_in_groups


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


def test_without_masks_inpainting_says_once_that_it_does_nothing(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "navier-stokes", str(photos), str(tmp_path / "out")]) == 0
    assert sum("without --mask or --detect" in line for line in capsys.readouterr().err.splitlines()) == 1
    assert np.array_equal(read_image(tmp_path / "out/a.png"), chart(40, 52))


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

"""Suites that cannot be made as asked, and suites that are there: one line each, and nothing is lost."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from small_suites import PLAN, photo, small_suite, write_photos

from benchmark.making import Making, made_suite
from benchmark.photos import found_photos
from benchmark.suite import SuiteError
from benchmark.suite_file import read_plan
from degrade.io import write_png
from foxing import main

TESTS = Path(__file__).parents[1]

Console = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('effect = "Foxing"\nseverities = [2.0]', "severity 2.0, none of 1, 2, 3, 4, 5"),
        ('effect = "Foxing"\nseverities = [true]', "severity True, none of"),
        ('preset = "medium"\nseverities = [1, 2]', "severities are of an effect"),
        ('preset = "medium"\ndraws = 99999999999', "over the limit of 1000; give fewer"),
    ],
)
def test_a_damage_that_makes_no_sense_is_refused_before_anything_is_made(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(f'name = "mine"\nphotos = "photos"\n[[damage]]\n{line}\n')
    with pytest.raises(SuiteError, match=said):
        read_plan(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('no_harm = "no"', "no_harm is 'no'; give true or false"),
        ('metrics = ["psnr", "psnr"]', "metric psnr comes twice"),
        (f'name = "{"x" * 65}"', "name of 65 letters, over the limit of 64"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(f'{line}\n[[damage]]\neffect = "Foxing"\n')
    with pytest.raises(SuiteError, match=said):
        read_plan(tmp_path / "mine.toml")


def test_a_photo_that_no_file_can_be_called_after_is_named(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", np.zeros((32, 32, 3), np.uint8))
    long = tmp_path / f"{'u' * 201}.png"
    (tmp_path / "a.png").rename(long)
    with pytest.raises(SuiteError, match="201 bytes, over the limit of 200; rename"):
        found_photos(PLAN, tmp_path)
    long.rename(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    with pytest.raises(SuiteError, match="its name is no UTF-8; rename"):
        found_photos(PLAN, tmp_path)


def test_a_photo_that_no_model_takes_is_refused_when_the_suite_is_made(tmp_path: Path) -> None:
    write_png(tmp_path / "photos" / "small.png", np.zeros((8, 40, 3), np.uint8))
    with pytest.raises(SuiteError, match="photo small: 40 x 8 pixels, smaller than 16 x 16"):
        made_suite(PLAN, tmp_path / "photos", tmp_path / "suite", Making(()))
    assert not (tmp_path / "suite").exists()


def test_a_suite_that_cannot_be_made_leaves_no_half_of_it(tmp_path: Path, capsys: Console) -> None:
    photos = write_photos(tmp_path / "photos")
    (photos / "photo2.png").write_bytes((photos / "photo2.png").read_bytes()[:-40])
    plan, out = tmp_path / "mine.toml", tmp_path / "out"
    plan.write_text('name = "mine"\nphotos = "photos"\n[[damage]]\neffect = "Foxing"\nseverities = [1]\n')
    assert main(["benchmark", "run", "--suite", str(plan), "--model", "median", "--out", str(out)]) == 2
    assert "photo2.png: damaged or cut short" in capsys.readouterr().err
    assert not out.exists()


def test_another_suite_of_the_same_name_is_not_written_over(tmp_path: Path, capsys: Console) -> None:
    text = 'name = "mine"\nphotos = "clean"\nmetrics = ["psnr"]\n[[damage]]\neffect = "Foxing"\nseverities = [1]\n'
    small_suite(tmp_path)
    plan, out = tmp_path / "mine.toml", tmp_path / "out"
    make = ["benchmark", "make", str(plan), str(out)]
    plan.write_text(text)
    assert main(make) == 0
    assert main(make) == 0
    plan.write_text(text.replace("[1]", "[2]"))
    assert main(make) == 2
    plan.write_text(text)
    (tmp_path / "clean" / "photo0.png").unlink()
    assert main(make) == 2
    assert capsys.readouterr().err.count("give another folder, or --overwrite") == 2
    assert main([*make, "--overwrite"]) == 0


def test_a_suite_of_other_pixels_by_the_same_names_is_not_written_over(tmp_path: Path, capsys: Console) -> None:
    photos = write_photos(tmp_path / "clean")
    plan, out = tmp_path / "mine.toml", tmp_path / "out"
    plan.write_text('name = "mine"\nphotos = "clean"\nmetrics = ["psnr"]\n[[damage]]\npreset = "mild"\n')
    make = ["benchmark", "make", str(plan), str(out)]
    assert main(make) == 0
    before = (out / "items.json").read_bytes()
    write_png(photos / "photo1.png", photo(9))
    capsys.readouterr()
    assert main(make) == 2
    said = capsys.readouterr().err
    assert "made when photo1 had other pixels; give another folder, or --overwrite" in said
    assert (out / "items.json").read_bytes() == before
    assert main([*make, "--overwrite"]) == 0
    assert main(make) == 0
    assert (out / "items.json").read_bytes() != before


def test_a_suite_of_other_drawn_masks_is_not_written_over(tmp_path: Path, capsys: Console) -> None:
    write_photos(tmp_path / "photos")
    for number in range(3):
        write_png(tmp_path / "masks" / f"photo{number}.png", np.full((40, 48), 255, np.uint8))
    make = ["benchmark", "make", "scratch-detection", str(tmp_path / "out"), "--photos", str(tmp_path / "photos")]
    make += ["--masks", str(tmp_path / "masks")]
    assert main(make) == 0
    assert main(make) == 0
    write_png(tmp_path / "masks" / "photo2.png", np.eye(40, 48, dtype=np.uint8) * np.uint8(255))
    assert main(make) == 2
    assert "made when photo2 had other pixels; give another folder, or --overwrite" in capsys.readouterr().err


def test_a_photo_that_cannot_be_opened_is_named_and_no_suite_is_made_without_it(
    tmp_path: Path, capsys: Console
) -> None:
    photos = write_photos(tmp_path / "photos")
    (photos / "photo7.png").symlink_to(tmp_path / "nowhere.png")
    make = ["benchmark", "make", "real-old", str(tmp_path / "out"), "--photos", str(photos), "--metric", "niqe-self"]
    assert main(make) == 2
    assert f"{photos}/photo7.png: a link to nothing; copy the file itself" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_metric_that_compares_is_refused_where_nothing_is_clean(tmp_path: Path, capsys: Console) -> None:
    photos = write_photos(tmp_path / "photos")
    make = ["benchmark", "make", "real-old", str(tmp_path / "out"), "--photos", str(photos), "--metric", "psnr"]
    assert main(make) == 2
    said = capsys.readouterr().err
    assert "suite real-old: psnr compares with a clean photo, and real old photos have none; take niqe-self" in said
    assert not (tmp_path / "out").exists()


def test_a_photo_that_is_too_large_is_named_without_an_option_that_there_is_not(
    tmp_path: Path, capsys: Console
) -> None:
    (tmp_path / "photos").mkdir()
    Pillow.new("1", (20_000, 10_001)).save(tmp_path / "photos" / "wall.png")
    make = ["benchmark", "make", "real-old", str(tmp_path / "out"), "--photos", str(tmp_path / "photos")]
    assert main([*make, "--metric", "niqe-self"]) == 2
    assert capsys.readouterr().err.endswith("200.0 megapixels, over the limit of 200; make it smaller\n")

"""`foxing train` asked for what makes no sense: one line for each mistake, before anything is written."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from charts import chart
from models.small_training import words

from degrade.io import write_png
from foxing import main

Told = Callable[..., tuple[int, str]]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--set", "model=4"], "--set: model = 4: must be a table of settings, as in model.NAME"),
        (["--max-minutes", "inf"], "minutes = inf: must be a number from 0"),
        (["--max-minutes", "1"], "--steps and --max-minutes both say how long; give one of them"),
        (["--set", "model.widht=4"], "--set: model.widht: no such setting; did you mean width?"),
        (["--device", "meta"], "--device meta: none of auto, cpu, cuda, cuda:N"),
        (["--from", "nowhere"], "nowhere: no weights to start from; give a folder that foxing train made"),
    ],
)
def test_what_makes_no_sense_is_one_line_before_anything_is_written(
    more: list[str], said: str, data: Path, tmp_path: Path, told: Told
) -> None:
    assert told(*words("nafnet", data, tmp_path / "run", *more)) == (2, f"foxing: {said}")
    assert not (tmp_path / "run").exists()


def test_an_option_without_meaning_for_the_model_is_said(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_png(tmp_path / "old" / "scan.png", chart(40, 44))
    assert main(words("nafnet", data, tmp_path / "run", "--old", str(tmp_path / "old"), "--steps", "1")) == 0
    said = "foxing: nafnet learns nothing from real old photos; --old means nothing to it"
    assert said in capsys.readouterr().err.splitlines()


def test_a_mistake_in_a_file_of_settings_is_said_of_the_file(data: Path, tmp_path: Path, told: Told) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[model]\nwidht = 3\n")
    code, said = told(*words("nafnet", data, tmp_path / "run", "--config", str(file)))
    assert (code, said) == (2, f"foxing: {file}: model.widht: no such setting; did you mean width?")
    file.write_text("training = 3\n")
    code, said = told(*words("nafnet", data, tmp_path / "run", "--config", str(file)))
    assert (code, said.startswith(f"foxing: {file}: training = 3: must be a table")) == (2, True)


def test_data_that_are_not_there_are_named(tmp_path: Path, told: Told) -> None:
    out = tmp_path / "run"
    code, said = told(*words("nafnet", tmp_path / "nowhere", out))
    assert (code, said) == (2, f"foxing: {tmp_path}/nowhere: no such file or folder; check its name")
    (tmp_path / "empty").mkdir()
    code, said = told(*words("nafnet", tmp_path / "empty", out, "--preset", "mild"))
    assert (code, said.startswith(f"foxing: {tmp_path}/empty: no pictures in it")) == (2, True)
    assert not out.exists()


def test_an_empty_folder_of_old_photos_is_named_and_a_bad_one_among_them_is_passed_over(
    data: Path, tmp_path: Path, told: Told
) -> None:
    old, out = tmp_path / "old", tmp_path / "run"
    old.mkdir()
    code, said = told(*words("triplet", data, out, "--old", str(old)))
    assert (code, said) == (2, f"foxing: {old}: no pictures in it; give real old photos with --old")
    (old / "text.jpg").write_text("a letter")
    code, said = told(*words("triplet", data, out, "--old", str(old)))
    assert code == 2
    assert said.startswith("foxing: no old photo could be used; the first one: text.jpg: no picture")
    write_png(old / "scan.png", chart(40, 44))
    assert main(words("triplet", data, tmp_path / "other", "--old", str(old), "--steps", "1")) == 0


def test_crops_that_do_not_fit_and_settings_that_make_no_network_are_one_line(
    data: Path, tmp_path: Path, told: Told
) -> None:
    out = tmp_path / "run"
    code, said = told(*words("triplet", data, out, "--size", "50"))
    assert code == 2
    assert re.fullmatch(r"foxing: crops of 50 x 50 pixels, no multiple of \d+; give such crops", said)
    code, said = told(*words("nafnet", data, tmp_path / "wide", "--set", "model.width=-4"))
    assert (code, said) == (2, "foxing: --set: model: width = -4: must be at least 1")
    code, said = told(*words("detector", data, tmp_path / "first", "--set", "model.first=-3"))
    assert code == 2
    assert said.startswith("foxing: detector: no network can be made by these settings (Trying to create tensor with")
    code, said = told(*words("pix2pix", data, tmp_path / "deep", "--set", "model.patch_layers=7"))
    assert code == 1
    assert said.startswith("foxing: pix2pix: the first step failed, with crops of 32 pixels (")
    assert said.endswith("; where sizes do not fit, give another --size or other settings")


def test_one_bad_photo_is_one_line_from_a_worker_process_too(tmp_path: Path, told: Told) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "photos").mkdir(exist_ok=True)
        (tmp_path / "photos" / name).write_text("a letter")
    code, said = told(*words("nafnet", tmp_path / "photos", tmp_path / "run", "--preset", "mild", "--workers", "1"))
    assert (code, said.startswith("foxing: no photo could be used; the last one: a.jpg: no picture")) == (2, True)

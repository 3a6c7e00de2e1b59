"""The console: results on stdout, one line for every mistake on stderr, exit codes that programs can trust."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from degrade.catalogue import at_rung, catalogue
from degrade.effects import EFFECTS
from degrade.io import read_image, write_png
from degrade.photo import Photo
from degrade.pipeline_file import from_toml
from degrade.presets import PRESETS
from degrade.recipe import Recipe
from degrade.textures import Textures
from degrade.types import Image
from foxing import main

ROOT = Path(__file__).parent.parent
FILES = ["degraded.png", "labels.png", "mask.png", "recipe.json"]
PRESET = next(iter(PRESETS))
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
FOXING = [sys.executable, "-m", "foxing"]


def photo(path: Path, seed: int = 1, size: tuple[int, int] = (40, 52)) -> Path:
    write_png(path, np.random.Generator(np.random.SFC64(seed)).integers(0, 256, (*size, 3), dtype=np.uint8))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_photo_gives_four_files_and_replay_in_another_process_the_same_bytes(tmp_path: Path) -> None:
    clean = photo(tmp_path / "Großmutter 1.png")
    assert main(["degrade", "apply", str(clean), str(tmp_path / "out"), "--preset", PRESET, "--seed", "7"]) == 0
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == FILES
    command = ["degrade", "replay", str(tmp_path / "out/recipe.json"), str(clean), str(tmp_path / "again")]
    done = subprocess.run([*FOXING, *command], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", str(tmp_path / "again"))
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def test_the_written_files_are_what_the_recipe_says_and_the_record_says_whose_they_are(tmp_path: Path) -> None:
    clean = photo(tmp_path / "a.png")
    out = tmp_path / "out"
    assert main(["degrade", "apply", str(clean), str(out), "--effect", "Foxing", "--severity", "5"]) == 0
    record = json.loads((out / "recipe.json").read_text("utf-8"))
    assert [list(step) for step in record["steps"]] == [["Foxing"]]
    assert {key: record["origin"][key] for key in ("effect", "severity", "seed", "key")} == {
        "effect": "Foxing",
        "severity": 5,
        "seed": 0,
        "key": "a.png",
    }
    assert set(record["origin"]["versions"]) == {"foxing", "numpy", "opencv", "pillow"}
    with Pillow.open(out / "mask.png") as mask, Pillow.open(out / "labels.png") as labels:
        assert (mask.mode, labels.mode) == ("L", "P")
        assert np.array_equal(np.asarray(labels) == 8, np.asarray(mask) > 0)  # 8: foxing
    assert not np.array_equal(read_image(out / "degraded.png"), read_image(clean))


def test_a_print_that_lies_askew_comes_with_the_clean_photo_moved_alike(tmp_path: Path) -> None:
    clean, out = photo(tmp_path / "a.png"), tmp_path / "out"
    assert main(["degrade", "apply", str(clean), str(out), "--effect", "Skew", "--severity", "5"]) == 0
    assert not np.array_equal(read_image(out / "clean.png"), read_image(clean))
    assert main(["degrade", "replay", str(out / "recipe.json"), str(clean), str(tmp_path / "again")]) == 0
    assert contents(tmp_path / "again") == contents(out)
    assert main(["degrade", "apply", str(clean), str(out), "--effect", "Foxing"]) == 0
    assert [path.name for path in sorted(out.iterdir())] == FILES


def test_any_number_of_workers_and_any_company_give_a_photo_the_same_files(tmp_path: Path) -> None:
    for number in range(4):
        photo(tmp_path / f"photos/inner/{number}.png", number)
    photo(tmp_path / "photos/inner/0.jpg.png", 9)
    for workers in ("1", "3"):
        out = str(tmp_path / workers)
        arguments = ["degrade", "apply", str(tmp_path / "photos"), out, "--preset", PRESET, "--workers", workers]
        assert main(arguments) == 0
    ones, threes = (
        {path.relative_to(tmp_path / workers): path.read_bytes() for path in (tmp_path / workers).rglob("*.png/*.*")}
        for workers in ("1", "3")
    )
    assert ones == threes
    assert len(ones) == 20
    assert (tmp_path / "1/inner/0.png/degraded.png").is_file()


def test_one_broken_photo_is_reported_and_stops_no_other(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    photo(tmp_path / "photos/good.png")
    (tmp_path / "photos/bad.png").write_bytes((tmp_path / "photos/good.png").read_bytes()[:300])
    code = main(["degrade", "apply", str(tmp_path / "photos"), str(tmp_path / "out"), "--preset", PRESET, "--json"])
    out, err = capfd.readouterr()
    told = json.loads(out)
    assert code == 1
    assert [each["key"] for each in told["made"]] == ["good.png"]
    assert "damaged or cut short" in told["failed"][0]["problem"]
    assert sum("bad.png" in line for line in err.splitlines()) == 1
    assert contents(tmp_path / "out/good.png").keys() == set(FILES)


def test_a_second_run_makes_only_what_is_missing_changed_or_asked_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        photo(tmp_path / f"photos/{number}.png", number)
    call = ["degrade", "apply", str(tmp_path / "photos"), str(tmp_path / "out"), "--preset", PRESET, "--json"]

    def counts(*more: str) -> list[int]:
        assert main([*call, *more]) == 0
        return [len(each) for each in json.loads(capsys.readouterr().out).values()]

    assert counts() == [3, 0, 0]
    assert counts() == [0, 3, 0]
    (tmp_path / "out/0.png/recipe.json").unlink()
    photo(tmp_path / "photos/1.png", 77)
    assert counts() == [2, 1, 0]
    assert counts("--overwrite") == [3, 0, 0]
    assert counts("--seed", "1") == [3, 0, 0]


def test_results_inside_the_folder_of_photos_are_not_degraded_again(tmp_path: Path) -> None:
    photo(tmp_path / "a.png")
    for _ in range(2):
        assert main(["degrade", "apply", str(tmp_path), str(tmp_path / "out"), "--preset", PRESET]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.png"]


def test_what_earlier_runs_made_of_photos_is_no_photo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo(tmp_path / "a.png")
    photo(tmp_path / "mask.png", 2)  # a photo of that name, with no recipe beside it
    photo(tmp_path / "corpus/assets/coverage.png", 3)
    (tmp_path / "corpus/.foxing").mkdir()
    for out in ("one", "two"):
        assert main(["degrade", "apply", str(tmp_path), str(tmp_path / out), "--preset", PRESET]) == 0
        assert {path.name for path in (tmp_path / out).iterdir()} == {"a.png", "mask.png"}
    capsys.readouterr()
    assert main(["degrade", "apply", str(tmp_path / "one"), str(tmp_path / "three"), "--preset", PRESET]) == 2
    assert "one: holds what Foxing made of photos; name the folder of the photos" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["clean.png", "degraded.png", "mask.png", "labels.png"])
def test_no_photo_and_no_picture_of_another_kind_is_written_over(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, other = photo(tmp_path / name), photo(tmp_path / "elsewhere/b.png", 2)
    before = there.read_bytes()
    call = ["degrade", "apply", str(there), str(tmp_path), "--preset", PRESET]
    assert main(call) == 1
    assert f"{there}: a result has this name, and would replace the photo" in capsys.readouterr().err
    if name != "degraded.png":  # one may be left of a run that broke off
        assert main([*call[:2], str(other), *call[3:]]) == 1
        assert f"{there}: there already, and of no sample; give another folder" in capsys.readouterr().err
    assert main([*call[:3], str(tmp_path / "out"), *call[4:]]) == 0
    assert main(["degrade", "replay", str(tmp_path / "out/recipe.json"), str(there), str(tmp_path)]) == 2
    assert there.read_bytes() == before


@pytest.mark.parametrize("words", [["", "{out}"], ["{photo}", ""]])
def test_an_empty_argument_is_not_taken_for_the_folder_one_is_in(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    clean = photo(tmp_path / "a.png")
    given = [word.format(photo=clean, out=tmp_path / "out") for word in words]
    assert main(["degrade", "apply", *given, "--preset", PRESET]) == 2
    assert capsys.readouterr().err.startswith("foxing: an argument is empty, as an unset variable makes it")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_replay_says_so_where_the_photo_or_the_pixels_are_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean, out = photo(tmp_path / "a.png"), tmp_path / "out"
    other = photo(tmp_path / "b.png", 2)
    assert main(["degrade", "apply", str(clean), str(out), "--preset", PRESET]) == 0
    capsys.readouterr()
    assert main(["degrade", "replay", str(out / "recipe.json"), str(other), str(tmp_path / "x")]) == 0
    assert "not the photo of this recipe" in capsys.readouterr().err
    record = json.loads((out / "recipe.json").read_text("utf-8"))
    record["origin"] |= {"degraded_sha256": "0", "versions": {"numpy": "1.0"}}
    (tmp_path / "old.json").write_text(json.dumps(record), "utf-8")
    assert main(["degrade", "replay", str(tmp_path / "old.json"), str(clean), str(tmp_path / "y")]) == 0
    assert "numpy 1.0 (here" in capsys.readouterr().err


MISUSES: dict[str, tuple[str, str]] = {
    "unknown option": ("degrade apply {photo} {out} --prset x", "--preset"),
    "unknown command": ("degrade aply {photo} {out}", "apply"),
    "missing argument": ("degrade apply {photo}", "OUT"),
    "unknown preset": (f"degrade apply {{photo}} {{out}} --preset {PRESET}x", f"did you mean {PRESET}?"),
    "no source": ("degrade apply {photo} {out}", "--preset NAME, --pipeline FILE"),
    "two sources": (f"degrade apply {{photo}} {{out}} --preset {PRESET} --effect Foxing", "give one of"),
    "unknown effect": ("degrade apply {photo} {out} --effect Foxng", "did you mean Foxing?"),
    "severity": ("degrade apply {photo} {out} --effect Foxing --severity 6", "severity"),
    "severity of a preset": (f"degrade apply {{photo}} {{out}} --preset {PRESET} --severity 5", "--severity is of"),
    "missing photo": (f"degrade apply {{folder}}/none.png {{out}} --preset {PRESET}", "none.png: no such file"),
    "no regular file": (f"degrade apply /dev/null {{out}} --preset {PRESET}", "neither a file nor a folder"),
    "empty folder": (f"degrade apply {{folder}}/empty {{out}} --preset {PRESET}", "no pictures in this folder"),
    "out is a file": (f"degrade apply {{photo}} {{photo}} --preset {PRESET}", "a file, not a folder"),
    "out is the folder": (f"degrade apply {{folder}} {{folder}} --preset {PRESET}", "holds the photos"),
    "missing pipeline": ("degrade apply {photo} {out} --pipeline {folder}/none.toml", "none.toml: No such file"),
    "pipeline is a folder": ("degrade apply {photo} {out} --pipeline {folder}", "a folder; name the TOML file"),
    "bad pipeline": ("degrade apply {photo} {out} --pipeline {folder}/bad.toml", "did you mean GaussianNoise?"),
    "no textures": (f"degrade apply {{photo}} {{out}} --preset {PRESET} --textures {{folder}}", "no usable picture"),
    "missing recipe": ("degrade replay {folder}/none.json {photo} {out}", "No such file"),
    "recipe is no text": ("degrade replay {photo} {photo} {out}", "no recipe: not a text"),
    "recipe is no JSON": ("degrade replay {folder}/bad.toml {photo} {out}", "no recipe: not JSON"),
    "recipe too deep": ("degrade replay {folder}/deep.json {photo} {out}", "nested too deeply"),
    "pipeline too deep": ("degrade apply {photo} {out} --pipeline {folder}/deep.toml", "nested too deeply"),
    "recipe of the future": ("degrade replay {folder}/new.json {photo} {out}", "recipe of format 99"),
    "recipe is a folder": ("degrade replay {folder} {photo} {out}", "a folder; name the recipe.json in it"),
    "replayed photo is a folder": ("degrade replay {folder}/new.json {folder} {out}", "a folder; name one photo"),
    "replayed onto a file": ("degrade replay {folder}/new.json {photo} {photo}", "a file, not a folder"),
    "texture is gone": ("degrade replay {folder}/scan.json {photo} {out}", "--textures"),
    "unknown effect to describe": ("degrade effects Foxng", "did you mean Foxing?"),
    "unknown preset to show": (f"degrade presets show {PRESET}x", f"did you mean {PRESET}?"),
    "gallery of nowhere": ("degrade gallery {out} --photos {folder}/none", "none: no such folder"),
    "gallery of nothing": ("degrade gallery {out} --photos {folder}/empty", "no picture that can be read"),
}


@pytest.mark.parametrize("kind", MISUSES)
def test_wrong_use_gives_one_line_that_helps_and_exit_code_2(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line, help_ = MISUSES[kind]
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.toml").write_text('[[steps]]\neffect = "GausianNoise"\n', "utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, "utf-8")
    (tmp_path / "deep.toml").write_text(f"steps = {'[' * 5000}{']' * 5000}", "utf-8")
    (tmp_path / "new.json").write_text('{"foxing": 99, "steps": []}', "utf-8")
    (tmp_path / "scan.json").write_text(json.dumps({"foxing": 1, "steps": [scan_step()]}), "utf-8")
    places = {"photo": photo(tmp_path / "a.png"), "out": tmp_path / "out", "folder": tmp_path}
    assert main([word.format(**places) for word in line.split()]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert help_ in err


def scan_step() -> dict[str, dict[str, float | int | str]]:
    """A step that names a user's scan of scratches."""
    (effect,) = (each for each in EFFECTS if each.__name__ == "ScratchTexture")
    values = dict(at_rung(effect, 3).numbers())
    return {"ScratchTexture": values | {"texture": "gone.png@0123456789ab"}}


@pytest.mark.parametrize("data", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_a_photo_that_cannot_be_read_gives_one_line_and_exit_code_1(
    data: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.png").write_bytes(data)
    assert main(["degrade", "apply", str(tmp_path / "a.png"), str(tmp_path / "out"), "--preset", PRESET]) == 1
    err = capfd.readouterr().err
    assert len(err.splitlines()) == 1
    assert f"{tmp_path / 'a.png'}: " in err


def test_a_picture_over_the_limit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean = photo(tmp_path / "a.png")
    call = ["degrade", "apply", str(clean), str(tmp_path / "out"), "--preset", PRESET, "--max-pixels"]
    assert main([*call, "2079"]) == 1
    assert "raise --max-pixels" in capsys.readouterr().err
    assert main([*call, "2080"]) == 0


def test_a_full_disk_gives_one_line_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    clean = photo(tmp_path / "a.png")
    monkeypatch.setattr("os.fsync", full)
    assert main(["degrade", "apply", str(clean), str(tmp_path / "out"), "--preset", PRESET]) == 1
    assert capsys.readouterr().err == f"foxing: {tmp_path / 'out/degraded.png'}: No space left on device\n"


def test_a_fault_of_the_engine_on_one_photo_is_reported_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photo(tmp_path / "photos/a.png")
    photo(tmp_path / "photos/b.png", 2, (8, 8))
    usual = Recipe.apply

    def faulty(recipe: Recipe, image: Image, textures: Textures) -> Photo:
        if image.shape[0] == 8:
            raise ZeroDivisionError("division by zero")
        return usual(recipe, image, textures)

    monkeypatch.setattr(Recipe, "apply", faulty)
    assert main(["degrade", "apply", str(tmp_path / "photos"), str(tmp_path / "out"), "--preset", PRESET]) == 1
    out, err = capsys.readouterr()
    assert "1 made, 0 already there, 1 failed" in out
    assert "b.png: a fault in Foxing (ZeroDivisionError: division by zero)" in err


def test_an_interrupted_run_ends_with_130_and_leaves_no_half_sample(tmp_path: Path) -> None:
    for number in range(60):
        photo(tmp_path / f"photos/{number}.png", number, (300, 400))
    call = ["degrade", "apply", str(tmp_path / "photos"), str(tmp_path / "out"), "--preset", PRESET, "--workers", "1"]
    with subprocess.Popen([*FOXING, *call], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        running.stderr.readline()  # the first photo is done
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        assert running.wait(20) == 130
    assert "Traceback" not in said
    records = list((tmp_path / "out").rglob("recipe.json"))
    assert 0 < len(records) < 60
    assert all(contents(path.parent).keys() == set(FILES) for path in records)


def test_every_effect_and_preset_is_listed_and_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["degrade", "effects"]) == 0
    assert [line.split("\t")[1] for line in capsys.readouterr().out.splitlines()] == [e.__name__ for e in EFFECTS]
    assert main(["degrade", "effects", "--json"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert all(each["summary"] and each["source"] for each in described)
    assert main(["degrade", "presets", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == list(PRESETS)
    assert main(["degrade", "effects", "Foxing"]) == 0
    assert "Median radius" in capsys.readouterr().out


@pytest.mark.parametrize("name", PRESETS)
def test_a_shown_preset_is_a_file_that_gives_the_same_preset(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["degrade", "presets", "show", name]) == 0
    assert from_toml(capsys.readouterr().out) == PRESETS[name]


@pytest.mark.parametrize("words", ["", "--help", "degrade", "degrade apply --help", "--version"])
def test_help_comes_on_stdout(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.split()) == 0
    out, err = capsys.readouterr()
    assert out
    assert not err


def test_every_field_of_every_effect_says_what_it_is() -> None:
    assert [(each.name, field.name) for each in catalogue().values() for field in each.fields if not field.about] == []


def test_no_name_is_cut_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "64")
    assert main(["degrade", "effects", "FilmGrain"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("strength ", "exponent ", "channels ", "0.0862 "))


def test_help_comes_without_the_engine() -> None:
    code = "import sys, foxing; foxing.main(['degrade', '--help']); sys.exit('cv2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=True, capture_output=True)

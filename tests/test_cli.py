"""Photos degraded and replayed at the console: the same bytes, and a photo that fails stops no other."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from console_runs import ENVIRONMENT, FILES, FOXING, PRESET, contents, photo
from PIL import Image as Pillow

from degrade.io import read_image
from degrade.photo import Photo
from degrade.recipe import Recipe
from degrade.textures import Textures
from degrade.types import Image
from foxing import main


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

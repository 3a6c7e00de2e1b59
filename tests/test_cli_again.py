"""Runs at the console after others, and one that is broken off: nothing twice, nothing written over."""

import json
import signal
import subprocess
from pathlib import Path

import pytest
from console_runs import ENVIRONMENT, FILES, FOXING, PRESET, contents, photo

from foxing import main


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

"""Odd photos, names and folders behind `foxing restore`: each is named in one line, and stops no other."""

from pathlib import Path

import pytest
from small_photos import photo, results, weights

from foxing import main


def test_a_link_to_itself_among_photos_is_named_and_stops_no_other(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "loop.png").symlink_to("loop.png")
    assert main(["restore", "median", str(photos), str(tmp_path / "out")]) == 1
    assert "loop.png: cannot be opened" in capsys.readouterr().err
    assert results(tmp_path / "out") == ["a.png", "inner/b.png"]


@pytest.mark.parametrize("target", ["out", "nowhere"])
def test_a_link_that_leads_to_no_folder_is_no_place_for_results(
    target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").symlink_to(target)
    assert main(["restore", "median", str(photo(tmp_path / "a.png")), str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"foxing: {tmp_path}/out: a link to nothing, not a folder; give a folder for the results"
    ]


@pytest.mark.parametrize("name", [":thing", "../pictures:thing", "two words:thing", "module:a:b"])
def test_what_is_no_name_in_python_is_said_to_be_none(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", name, str(photo(tmp_path / "a.png")), str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"foxing: {name}: no name in Python; write package.module:callable\n"


def test_weights_named_by_their_folder_or_by_their_file_are_the_same(tmp_path: Path) -> None:
    run, source, out = weights(tmp_path / "run"), photo(tmp_path / "a.png"), str(tmp_path / "out")
    for place in (run, run / "model.safetensors", run / "config.json"):
        assert main(["restore", str(place), str(source), out, "--device", "cpu"]) == 0

"""`foxing degrade` with an option that would change nothing: one line says when it does, and nothing is written."""

from pathlib import Path

import pytest
from charts import chart

from degrade.io import write_png
from foxing import main

IDLE: dict[str, tuple[str, str]] = {
    "workers on one photo": ("apply {photos}/a.png {out} --preset mild --workers 2", "it is of a folder of photos"),
    "scans for an effect": (
        "apply {photos} {out} --effect Foxing --textures {scans}",
        "it is for pipelines, and presets",
    ),
    "scans for a preset": ("apply {photos} {out} --preset mild --textures {scans}", "as marks from scratch/"),
    "scans of another kind": ("apply {photos} {out} --preset marks --textures {paper}", "as marks from scratch/"),
    "scans for no recipe": ("build {photos} {out} --effect Foxing:3 --preset mild --textures {scans}", "as marks from"),
    "a split of a folder": (
        "build {photos} {out} --preset mild --split test",
        "it is of datasets on the Hub, with --hub",
    ),
    "a column of a folder": ("build {photos} {out} --preset mild --column img", "it is of datasets on the Hub"),
    "a preset in JSON": ("presets --json show mild", "it is of the list; show prints TOML"),
}


@pytest.mark.parametrize("kind", IDLE)
def test_an_option_that_would_change_nothing_is_refused_in_one_line_that_says_when_it_does(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, when = IDLE[kind]
    places = {"photos": tmp_path / "photos", "out": tmp_path / "out"}
    places |= {"scans": tmp_path / "scans", "paper": tmp_path / "paper"}
    for file in ("photos/a.png", "scans/scratch/one.png", "paper/paper/one.png"):
        write_png(tmp_path / file, chart(40, 52))
    words = line.format(**places).split()
    assert main(["degrade", *words]) == 2
    said, told = capsys.readouterr()
    option = next(word for word in reversed(words) if word.startswith("--"))
    assert said == ""
    assert told.startswith(f"foxing: {option}: would change nothing here; ")
    assert told.count("\n") == 1
    assert when in told
    assert not (tmp_path / "out").exists()


def test_scans_of_their_kind_and_workers_for_a_folder_are_welcome(tmp_path: Path) -> None:
    for file in ("photos/a.png", "scans/scratch/one.png"):
        write_png(tmp_path / file, chart(40, 52))
    more = ["--preset", "marks", "--textures", str(tmp_path / "scans"), "--workers", "1"]
    assert main(["degrade", "apply", str(tmp_path / "photos"), str(tmp_path / "out"), *more]) == 0

"""`foxing benchmark` with an option that would change nothing: one line says when it does, and nothing is written."""

from pathlib import Path

import pytest
from small_suites import small_suite, write_photos

from foxing import main

RUN, DOCTOR = "run --model median --out {out} ", "doctor --model median "

IDLE: dict[str, tuple[str, str]] = {
    "photos of tiny": ("make tiny {out} --photos {photos}", "suite tiny has photos of its own; leave --photos out"),
    "photos of tiny in a sweep": (RUN + "--suite tiny --photos {photos}", "suite tiny has photos of its own"),
    "photos of tiny for the doctor": (DOCTOR + "--suite tiny --photos {photos}", "suite tiny has photos of its own"),
    "photos of a folder": (RUN + "--suite {suite} --photos {photos}", "is made, and has its photos"),
    "masks of a folder": (DOCTOR + "--suite {suite} --masks {photos}", "is made, and has its masks"),
    "metric of a folder": (RUN + "--suite {suite} --metric mae", "is made, and has its metrics; give it to foxing"),
    "workers here": (RUN + "--suite {suite} --workers 2", "--workers: would change nothing here; add --runner"),
    "threads of workers": (RUN + "--suite {suite} --runner processes --threads 2", "processes gives each worker one"),
    "tiles of filters": (RUN + "--suite {suite} --tile 64", "it is of networks that Foxing runs, and no model is one"),
    "suite without a page": (
        "report {out} --suite {suite}",
        "it is where the pictures of the page come from; add --html",
    ),
    "device of statistics": ("sets {out} --device cuda", "it is where a network of --features FOLDER runs"),
}


@pytest.mark.parametrize("kind", IDLE)
def test_an_option_that_would_change_nothing_is_refused_in_one_line_that_says_when_it_does(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, when = IDLE[kind]
    places = {"photos": write_photos(tmp_path / "photos"), "out": tmp_path / "out"}
    places |= {"suite": small_suite(tmp_path).folder if "{suite}" in line else tmp_path / "none"}
    assert main(["benchmark", *line.format(**places).split()]) == 2
    said, told = capsys.readouterr()
    assert said == ""
    assert told.count("\n") == 1
    assert when in told
    assert not [*(tmp_path / "out").rglob("*.*")]

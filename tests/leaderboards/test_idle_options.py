"""`foxing leaderboard` with an option that would change nothing: one line says when it does."""

from pathlib import Path

import pytest

from foxing import main

IDLE: dict[str, tuple[str, str]] = {
    "outputs": ("verify {root} --outputs {root}", "--outputs: would change nothing here; add --level 3"),
    "seed": ("verify {root} --level 1 --seed 4", "--seed: would change nothing here; add --level 3"),
    "yes": ("verify {root} --run", "--run: would change nothing here; add --level 4"),
    "model": ("verify {root} --level 3 --model median", "--model: would change nothing here; add --level 4"),
    "device": ("verify {root} --device cuda", "--device: would change nothing here; add --level 4"),
    "time": ("verify {root} --timeout 5", "--timeout: would change nothing here; add --level 4"),
    "memory": ("verify {root} --memory 4", "--memory: would change nothing here; add --level 4, on a CPU"),
    "memory of a GPU": (
        "verify {root} --level 4 --run --device cuda --memory 4",
        "--memory: would change nothing here",
    ),
    "entries of a study": (
        "study score {study} {study} --entries {root}",
        "it is where --publish NAME shows the study",
    ),
    "another's name": ("compare {entry} --model other --entries {root}", "the entry of median, not of other"),
}


@pytest.mark.parametrize("kind", IDLE)
def test_an_option_that_would_change_nothing_is_refused_in_one_line_that_says_when_it_does(
    kind: str, root: Path, entry: Path, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line, when = IDLE[kind]
    capsys.readouterr()
    assert main(["leaderboard", *line.format(root=root, entry=entry, study=study).split()]) == 2
    said, told = capsys.readouterr()
    assert said == ""
    assert told.count("\n") == 1
    assert when in told

"""Anybody's command as a model: no shell, no end without a word, nothing left running."""

import io
import os
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from small_photos import IMAGE, MASK

from restore_models.foreign import LAST_BYTES, last_of
from restore_models.resolve import opened
from restore_models.restorer import ModelError

PYTHON = shlex.quote(sys.executable)


def python(code: str, places: str = "{in} {out}") -> str:
    return f"{PYTHON} -c {shlex.quote(code)} {places}"


def test_a_command_restores_and_no_shell_reads_it(tmp_path: Path) -> None:
    copies = python("import sys, shutil; shutil.copy(*sys.argv[1:3]); assert sys.argv[3:] == ['$HOME;', '&&', 'x']")
    assert np.array_equal(opened(f"{copies} '$HOME;' && x").restore(IMAGE), IMAGE)
    assert list(tmp_path.iterdir()) == []


def test_a_command_gets_the_mask_and_a_black_one_where_there_is_none() -> None:
    shows = "import sys, cv2; cv2.imwrite(sys.argv[2], cv2.cvtColor(cv2.imread(sys.argv[1], 0), 8))"
    command = opened(python(shows, "{mask} {out} {in}"))
    assert np.array_equal(command.restore(IMAGE, MASK), np.repeat(MASK[..., None], 3, 2))
    assert not command.restore(IMAGE).any()


COMMANDS: dict[str, tuple[str, str]] = {
    "fails": (python("import sys; sys.exit('first\\nno weights')"), "ended with exit code 1: no weights"),
    "fails silently": (python("import sys; sys.exit(3)"), "ended with exit code 3, and said nothing"),
    "writes nothing": (python("pass"), "its {out} is no picture: no such file"),
    "is meant for a shell": (
        python("import sys; sys.exit(len(sys.argv) > 3)") + " && x",
        "exit code 1, and said nothing; no shell is between that knows &&, put it all in a script",
    ),
    "is not there": ("/no/such/program {in} {out}", "/no/such/program: No such file or directory"),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_that_fails_is_one_line(kind: str) -> None:
    command, said = COMMANDS[kind]
    with pytest.raises(ModelError) as caught:
        opened(command).restore(IMAGE)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "said"), [("x {in}", "{out} is missing"), ("x {out}", "{in} is missing"), ("x '{in} {out}", "quotes")]
)
def test_a_command_without_its_places_is_refused_before_it_runs(command: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        opened(command)
    assert said in str(caught.value)


def test_a_command_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    reading = os.open(held, os.O_RDONLY | os.O_NONBLOCK)  # ends when nobody is left who could write
    hangs = f"sh -c 'exec 3>{held}; echo begun >&3; sleep 60 & wait' {{in}} {{out}}"
    with pytest.raises(ModelError, match=r"sh took over 0.5 seconds and was stopped; raise --timeout"):
        opened(hangs, seconds=0.5).restore(IMAGE)
    os.set_blocking(reading, True)
    assert os.read(reading, 99) == b"begun\n"
    assert os.read(reading, 99) == b""
    os.close(reading)


def test_a_command_that_leaves_something_running_is_not_waited_for(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    reading = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    command = f"sh -c 'exec 3>{held}; echo begun >&3; cp $0 $1; sleep 60 &' {{in}} {{out}}"
    assert np.array_equal(opened(command, seconds=30).restore(IMAGE), IMAGE)
    os.set_blocking(reading, True)
    assert os.read(reading, 99) == b"begun\n"
    assert os.read(reading, 99) == b""
    os.close(reading)


def test_of_a_command_that_talks_without_end_only_the_end_is_kept() -> None:
    kept = bytearray()
    last_of(io.BufferedReader(io.BytesIO(b"x" * (5 * LAST_BYTES) + b"the end")), kept)
    assert len(kept) == LAST_BYTES
    assert kept.endswith(b"xthe end")

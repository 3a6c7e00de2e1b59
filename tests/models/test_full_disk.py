"""A disk that is full, stood for by a limit on the size of files: one line that says so, and the same call goes on."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from small_photos import photo, results

from foxing import main
from restore_models.checkpoints import read_state, save_state

Console = pytest.CaptureFixture[str]

CPU = torch.device("cpu")


@contextmanager
def full(size: int) -> Iterator[None]:
    """No file larger than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_photo_for_which_there_is_no_room_is_made_by_the_same_call_when_there_is(
    tmp_path: Path, capsys: Console
) -> None:
    call = ["restore", "median", str(photo(tmp_path / "a.png")), str(tmp_path / "out")]
    with full(400):
        assert main(call) == 1
    assert "a.png: File too large; make room, then run the same command again to go on" in capsys.readouterr().err
    assert results(tmp_path / "out") == []
    assert main(call) == 0


@pytest.mark.parametrize("count", [1000, 3000])  # torch says of the one what the system says, of the other its own
def test_a_state_for_which_there_is_no_room_says_so_and_leaves_the_one_before(count: int, tmp_path: Path) -> None:
    save_state(tmp_path / "last.pt", {"step": 1})
    with full(3000), pytest.raises(OSError, match=r"cannot be written \(File too large\)"):
        save_state(tmp_path / "last.pt", {"step": 2, "a": torch.zeros(count), "b": torch.zeros(count)})
    assert read_state(tmp_path / "last.pt", CPU)["step"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]

"""What a hostile new user does to `foxing leaderboard`: every mistake is one line with a remedy."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from foxing import main
from leaderboards.entry import CHECKED, WITHDRAWN

Console = pytest.CaptureFixture[str]


def board_of(entries: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "entries"
    shutil.copytree(entries, copy)
    return next(each for each in copy.iterdir() if each.is_dir())


def test_the_untouched_photo_cannot_be_withdrawn(small_entries: Path, tmp_path: Path, capsys: Console) -> None:
    board = board_of(small_entries, tmp_path)
    assert main(["leaderboard", "withdraw", str(board / "identity"), "--reason", "bored"]) == 2
    assert "all others are measured by the untouched photo" in capsys.readouterr().err
    assert main(["leaderboard", "build", str(tmp_path / "site"), "--entries", str(board.parent)]) == 0


def test_a_second_withdrawal_does_not_write_over_the_first(
    small_entries: Path, tmp_path: Path, capsys: Console
) -> None:
    entry = board_of(small_entries, tmp_path) / "median"
    assert main(["leaderboard", "withdraw", str(entry), "--reason", "first"]) == 0
    assert main(["leaderboard", "withdraw", str(entry), "--reason", "second"]) == 2
    assert "withdrawn already (first)" in capsys.readouterr().err
    assert "first" in (entry / WITHDRAWN).read_text("utf-8")


def test_entries_that_cannot_be_written_to_are_verified_all_the_same(
    small_entries: Path, tmp_path: Path, capsys: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = board_of(small_entries, tmp_path) / "median"

    def refused(file: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "fsync", refused)
    assert main(["leaderboard", "verify", str(entry)]) == 0
    said = capsys.readouterr()
    assert "median: consistent" in said.out
    assert f"{CHECKED}: cannot be written; what was found is shown here alone" in said.err


def test_an_address_that_is_none_is_refused(small_entries: Path, tmp_path: Path, capsys: Console) -> None:
    words = ["leaderboard", "build", str(tmp_path / "site"), "--entries", str(small_entries)]
    assert main([*words, "--home", "javascript:alert(1)"]) == 2
    assert "it begins with https://" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_an_entry_is_made_of_a_sweep_whose_suite_lies_elsewhere(small_run: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(small_run, moved, ignore=shutil.ignore_patterns("suite"))
    words = ["leaderboard", "add", str(moved), "--model", "median", "--entries", str(tmp_path / "entries")]
    assert main(words) == 0


def test_a_card_is_of_some_model(capsys: Console) -> None:
    assert main(["leaderboard", "card", " "]) == 2
    assert "MODEL is empty" in capsys.readouterr().err

"""A folder that a script is told to read, and lacks something, is one line."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setattr("sys.argv", ["scripts/fit.py"])
    return importlib.import_module("folders")


def test_a_folder_with_all_that_is_needed_is_taken(folders: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    assert folders.holding("old")(str(tmp_path)) == tmp_path


def test_what_is_missing_is_one_line_and_exit_code_2(
    folders: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for where, said in (
        (tmp_path, f"fit: {tmp_path}: no old/SOURCES.csv, clean/SOURCES.csv in it\n"),
        (
            tmp_path / "none",
            f"fit: {tmp_path}/none: no such folder; it is to hold old/SOURCES.csv, clean/SOURCES.csv\n",
        ),
    ):
        with pytest.raises(SystemExit) as ended:
            folders.photographs(str(where))
        assert ended.value.code == 2
        assert capsys.readouterr().err == said

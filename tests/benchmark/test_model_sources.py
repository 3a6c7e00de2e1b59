"""A model is known by all the files that it is written in: one that was changed is another model."""

import sys
from pathlib import Path

import pytest
from small_suites import run, small_suite

from benchmark.contestants import entry_of, source_digest
from foxing import main

Console = pytest.CaptureFixture[str]

MODEL = "from .net import strength\n\ndef restore(image):\n    return image\n"


@pytest.mark.parametrize("name", ["theirs:restore", "theirs.deep.model:restore"])
def test_a_change_anywhere_in_a_models_package_makes_another_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    deep = tmp_path / "theirs" / "deep"
    deep.mkdir(parents=True)
    for file, text in (("theirs/__init__.py", MODEL), ("theirs/deep/__init__.py", ""), ("theirs/deep/model.py", MODEL)):
        (tmp_path / file).write_text(text)
    (tmp_path / "theirs" / "net.py").write_text("strength = 1\n")
    before = entry_of(name).digest
    assert entry_of(name).digest == before
    (tmp_path / "theirs" / "net.py").write_text("strength = 2\n")
    assert entry_of(name).digest != before


def test_a_command_is_known_by_the_files_that_its_words_name(tmp_path: Path) -> None:
    script = tmp_path / "my restore.py"
    script.write_text("1")
    command = f"'{sys.executable}' '{script}' {{in}} {{out}}"
    before = entry_of(command).digest
    script.write_text("2")
    assert entry_of(command).digest != before
    assert source_digest("nothing-here {in} {out}") == ""


def test_a_sweep_is_not_gone_on_with_by_a_command_whose_script_was_changed(tmp_path: Path, capsys: Console) -> None:
    made, script = small_suite(tmp_path), tmp_path / "copy.py"
    script.write_text("import shutil, sys\nshutil.copy(*sys.argv[1:])\n")
    model = f"it@'{sys.executable}' '{script}' {{in}} {{out}}"
    words = run(made.folder, tmp_path / "runs", "--model", model, "--no-probe")
    assert main(words) == 0
    script.write_text("import shutil, sys\nshutil.copy(*sys.argv[1:])  # better\n")
    assert main(words) == 2
    assert "holds scores of another it" in capsys.readouterr().err

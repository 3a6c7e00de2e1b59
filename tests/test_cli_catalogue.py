"""What the console lists, describes and shows: effects, presets and help."""

import json
import subprocess
import sys

import pytest
from console_runs import ENVIRONMENT

from degrade.catalogue import catalogue
from degrade.effects import EFFECTS
from degrade.pipeline_file import from_toml
from degrade.presets import PRESETS
from foxing import main


def test_every_effect_and_preset_is_listed_and_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["degrade", "effects"]) == 0
    assert [line.split("\t")[1] for line in capsys.readouterr().out.splitlines()] == [e.__name__ for e in EFFECTS]
    assert main(["degrade", "effects", "--json"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert all(each["summary"] and each["source"] for each in described)
    assert main(["degrade", "presets", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == list(PRESETS)
    assert main(["degrade", "effects", "Foxing"]) == 0
    assert "Median radius" in capsys.readouterr().out


@pytest.mark.parametrize("name", PRESETS)
def test_a_shown_preset_is_a_file_that_gives_the_same_preset(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["degrade", "presets", "show", name]) == 0
    assert from_toml(capsys.readouterr().out) == PRESETS[name]


@pytest.mark.parametrize("words", ["", "--help", "degrade", "degrade apply --help", "--version"])
def test_help_comes_on_stdout(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.split()) == 0
    out, err = capsys.readouterr()
    assert out
    assert not err


def test_every_field_of_every_effect_says_what_it_is() -> None:
    assert [(each.name, field.name) for each in catalogue().values() for field in each.fields if not field.about] == []


def test_no_name_is_cut_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "64")
    assert main(["degrade", "effects", "FilmGrain"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("strength ", "exponent ", "channels ", "0.0862 "))


def test_help_comes_without_the_engine() -> None:
    code = "import sys, foxing; foxing.main(['degrade', '--help']); sys.exit('cv2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=True, capture_output=True)

"""The console used wrongly: one line for every mistake on stderr, and exit code 2."""

import json
from pathlib import Path

import pytest
from console_runs import PRESET, photo

from degrade.catalogue import at_rung
from degrade.effects import EFFECTS
from foxing import main


@pytest.mark.parametrize("words", [["", "{out}"], ["{photo}", ""]])
def test_an_empty_argument_is_not_taken_for_the_folder_one_is_in(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    clean = photo(tmp_path / "a.png")
    given = [word.format(photo=clean, out=tmp_path / "out") for word in words]
    assert main(["degrade", "apply", *given, "--preset", PRESET]) == 2
    assert capsys.readouterr().err.startswith("foxing: an argument is empty, as an unset variable makes it")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


MISUSES: dict[str, tuple[str, str]] = {
    "unknown option": ("degrade apply {photo} {out} --prset x", "--preset"),
    "unknown command": ("degrade aply {photo} {out}", "apply"),
    "missing argument": ("degrade apply {photo}", "OUT"),
    "unknown preset": (f"degrade apply {{photo}} {{out}} --preset {PRESET}x", f"did you mean {PRESET}?"),
    "no source": ("degrade apply {photo} {out}", "--preset NAME, --pipeline FILE"),
    "two sources": (f"degrade apply {{photo}} {{out}} --preset {PRESET} --effect Foxing", "give one of"),
    "unknown effect": ("degrade apply {photo} {out} --effect Foxng", "did you mean Foxing?"),
    "severity": ("degrade apply {photo} {out} --effect Foxing --severity 6", "severity"),
    "severity of a preset": (f"degrade apply {{photo}} {{out}} --preset {PRESET} --severity 5", "--severity is of"),
    "missing photo": (f"degrade apply {{folder}}/none.png {{out}} --preset {PRESET}", "none.png: no such file"),
    "no regular file": (f"degrade apply /dev/null {{out}} --preset {PRESET}", "neither a file nor a folder"),
    "empty folder": (f"degrade apply {{folder}}/empty {{out}} --preset {PRESET}", "no pictures in this folder"),
    "out is a file": (f"degrade apply {{photo}} {{photo}} --preset {PRESET}", "a file, not a folder"),
    "out is the folder": (f"degrade apply {{folder}} {{folder}} --preset {PRESET}", "holds the photos"),
    "missing pipeline": ("degrade apply {photo} {out} --pipeline {folder}/none.toml", "none.toml: No such file"),
    "pipeline is a folder": ("degrade apply {photo} {out} --pipeline {folder}", "a folder; name the TOML file"),
    "bad pipeline": ("degrade apply {photo} {out} --pipeline {folder}/bad.toml", "did you mean GaussianNoise?"),
    "no textures": (f"degrade apply {{photo}} {{out}} --preset {PRESET} --textures {{folder}}", "no usable picture"),
    "missing recipe": ("degrade replay {folder}/none.json {photo} {out}", "No such file"),
    "recipe is no text": ("degrade replay {photo} {photo} {out}", "no recipe: not a text"),
    "recipe is no JSON": ("degrade replay {folder}/bad.toml {photo} {out}", "no recipe: not JSON"),
    "recipe too deep": ("degrade replay {folder}/deep.json {photo} {out}", "nested too deeply"),
    "pipeline too deep": ("degrade apply {photo} {out} --pipeline {folder}/deep.toml", "nested too deeply"),
    "recipe of the future": ("degrade replay {folder}/new.json {photo} {out}", "recipe of format 99"),
    "recipe is a folder": ("degrade replay {folder} {photo} {out}", "a folder; name the recipe.json in it"),
    "replayed photo is a folder": ("degrade replay {folder}/new.json {folder} {out}", "a folder; name one photo"),
    "replayed onto a file": ("degrade replay {folder}/new.json {photo} {photo}", "a file, not a folder"),
    "texture is gone": ("degrade replay {folder}/scan.json {photo} {out}", "--textures"),
    "unknown effect to describe": ("degrade effects Foxng", "did you mean Foxing?"),
    "unknown preset to show": (f"degrade presets show {PRESET}x", f"did you mean {PRESET}?"),
    "gallery of nowhere": ("degrade gallery {out} --photos {folder}/none", "none: no such folder"),
    "gallery of nothing": ("degrade gallery {out} --photos {folder}/empty", "no picture that can be read"),
}


@pytest.mark.parametrize("kind", MISUSES)
def test_wrong_use_gives_one_line_that_helps_and_exit_code_2(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line, help_ = MISUSES[kind]
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.toml").write_text('[[steps]]\neffect = "GausianNoise"\n', "utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, "utf-8")
    (tmp_path / "deep.toml").write_text(f"steps = {'[' * 5000}{']' * 5000}", "utf-8")
    (tmp_path / "new.json").write_text('{"foxing": 99, "steps": []}', "utf-8")
    (tmp_path / "scan.json").write_text(json.dumps({"foxing": 1, "steps": [scan_step()]}), "utf-8")
    places = {"photo": photo(tmp_path / "a.png"), "out": tmp_path / "out", "folder": tmp_path}
    assert main([word.format(**places) for word in line.split()]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert help_ in err


def scan_step() -> dict[str, dict[str, float | int | str]]:
    """A step that names a user's scan of scratches."""
    (effect,) = (each for each in EFFECTS if each.__name__ == "ScratchTexture")
    values = dict(at_rung(effect, 3).numbers())
    return {"ScratchTexture": values | {"texture": "gone.png@0123456789ab"}}

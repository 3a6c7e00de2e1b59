"""The command in a corpus's card: it says what differs from the usual, and makes the same corpus."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from small_corpus import NASTY, PHOTOS
from typer.testing import CliRunner

from degrade.cli import app
from degrade.corpus.card_recipes import command, source_words
from degrade.corpus.plan_files import BUILD

pytest.importorskip("pyarrow")


def options(**choices: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"seed": 7, "variants": 1, "size": 0, "crop": "whole", "store": "pairs", "encoding": "png"}
    usual |= {"quality": None, "shares": [0.9, 0.05, 0.05], "photos_per_shard": 64, "max_pixels": 200_000_000}
    usual |= {"textures": {"paper": [], "scratch": []}, "old": None, "limit": 0, "source": "folder my photos"}
    return usual | {"recipes": [{"preset": "mild", "digest": "0"}]} | choices


@pytest.mark.parametrize(
    ("choices", "line"),
    [
        ({}, "'my photos' OUT --preset mild --seed 7"),
        (
            {"size": 64, "crop": "grid", "variants": 2, "photos_per_shard": 1000},
            "'my photos' OUT --preset mild --seed 7 --variants 2 --size 64 --crop grid",
        ),
        ({"shares": [0.8, 0.1, 0.1], "limit": 4}, "'my photos' OUT --preset mild --seed 7 --shares 80,10,10 --limit 4"),
        (
            {"source": "hub user/name train", "old": "zip s.zip"},
            "user/name OUT --hub --preset mild --seed 7 --old s.zip",
        ),
        ({"recipes": [{"effect": "Foxing", "severity": 4}]}, "'my photos' OUT --effect Foxing:4 --seed 7"),
        ({"encoding": "jpeg", "quality": 80}, "'my photos' OUT --preset mild --seed 7 --encoding jpeg --quality 80"),
    ],
)
def test_the_command_says_what_differs_from_the_usual(choices: dict[str, Any], line: str) -> None:
    assert command(options(**choices)) == f"foxing degrade build {line}"


def test_the_command_in_the_card_makes_the_same_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("photos").mkdir()
    for key, data in PHOTOS.files.items():
        if key != NASTY:
            Path("photos", key).write_bytes(data)
    typed = "build photos first --effect Dust:4 --effect Tape:2 --size 32 --seed 9 --shares 60,20,20 --workers 1"
    assert CliRunner().invoke(app, shlex.split(typed)).exit_code == 0
    line = command(json.loads(Path("first", BUILD).read_text()))
    again = [word.replace("OUT", "second") for word in shlex.split(line)[2:]]
    assert CliRunner().invoke(app, again).exit_code == 0
    for path in Path("first").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == Path("second", path.relative_to("first")).read_bytes()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pattern **/*.jpg in my photos", ["my photos/**/*.jpg"]),
        ("parquet name test", ["name", "--split", "test"]),
        ("parquet rows.parquet", ["rows.parquet"]),
        ("hub user/name@main train", ["user/name@main", "--hub"]),
        ("tar a b.tar.gz", ["a b.tar.gz"]),
        ("parquet data train, column thumb", ["data", "--column", "thumb"]),
        ("hub me/photos test, column b", ["me/photos", "--hub", "--split", "test", "--column", "b"]),
        ("parquet p.parquet, column thumb", ["p.parquet", "--column", "thumb"]),
        ("folder a, column b", ["a, column b"]),
    ],
)
def test_a_source_is_typed_as_it_was_named(name: str, words: list[str]) -> None:
    assert source_words(name) == words

"""Entries: what they hold and where, revisions, withdrawals and pictures."""

import json
from pathlib import Path

import pytest
from tampering import board, rewritten

from benchmark.showcase_pictures import LIMIT
from benchmark.store import ITEMS, RUN, plain
from degrade.io import read_image
from foxing import main
from leaderboards import home
from leaderboards.adding import summary_of
from leaderboards.documents import SCHEMAS, complaints, schema
from leaderboards.entry import HISTORY, PICTURES, folder_name
from leaderboards.finished_sweep import finished_sweep
from leaderboards.pictures import picture_name, picture_of_suite, shown_by
from leaderboards.reading import boards, entries, entries_root, read_entry, read_suite
from leaderboards.scrubbing import what_without_folders, without_places, word_without_folders

Console = pytest.CaptureFixture[str]


def test_an_entry_holds_what_the_sweep_says_of_one_model(small_run: Path, small_entries: Path) -> None:
    found = {each.model: each for each in entries(small_entries)}
    assert [*found] == ["auto-levels", "identity", "median"]
    median = found["median"]
    assert median.card.kind == "classical"
    assert median.badge == "self-reported"
    sweep = finished_sweep(small_run, None)
    assert plain(median.items()).equals(plain(sweep.of("median")))
    assert median.summary == summary_of(median.items(), found["identity"].items(), sweep.suite)
    assert [*median.run["models"]] == ["median"]
    assert median.run["status"] == {"median": {"ok": 9}}
    assert median.folder.parent.name == folder_name(median.suite_id)
    assert read_suite(median.folder.parent) == sweep.suite


def test_boards_are_by_suite(small_entries: Path) -> None:
    found = boards(small_entries)
    assert [[each.model for each in board] for board in found.values()] == [["auto-levels", "identity", "median"]]
    assert next(iter(found)).startswith("few:")


def test_the_root_is_that_of_the_folder_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert entries_root().is_absolute()
    (tmp_path / "leaderboards" / "entries").mkdir(parents=True)
    assert entries_root() == Path("leaderboards", "entries")


def test_what_somebody_brings_stands_among_those_that_come_with_foxing(
    small_entries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(home, "entries_root", lambda: small_entries)
    before = {path: path.stat().st_mtime_ns for path in small_entries.rglob("*")}
    told: list[str] = []
    assert home.writable_root(told.append) == Path("leaderboards", "entries")
    assert [each.model for each in entries(tmp_path / "leaderboards" / "entries")] == [
        "auto-levels",
        "identity",
        "median",
    ]
    assert told == [f"{Path('leaderboards', 'entries')}: new, with the entries of 1 suite that come with Foxing"]
    (tmp_path / "leaderboards" / "entries" / "mine.txt").write_text("mine")
    home.writable_root(told.append)
    assert len(told) == 1
    assert (tmp_path / "leaderboards" / "entries" / "mine.txt").is_file()
    assert {path: path.stat().st_mtime_ns for path in small_entries.rglob("*")} == before


def test_pictures_can_be_added_later(run: Path, tmp_path: Path, capsys: Console) -> None:
    words = ["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]
    assert main(words) == 0
    assert not [*(tmp_path / "e").rglob("*.webp")]
    capsys.readouterr()
    assert main([*words, "--pictures"]) == 0
    assert "pictures are new" in capsys.readouterr().out
    assert [*(tmp_path / "e").glob("*/median/pictures/*.webp")]
    assert read_entry(next((tmp_path / "e").glob("*/median"))).card.revision == 1


def test_what_is_published_names_no_place_of_the_machine(small_run: Path, small_entries: Path) -> None:
    for path in small_entries.rglob("*.json"):
        assert str(small_run.parent) not in path.read_text("utf-8")
    assert what_without_folders("/home/me/runs/nafnet") == "nafnet"
    assert what_without_folders("tool --weights /home/me/w.pt {in} {out}") == "tool --weights w.pt '{in}' '{out}'"
    assert what_without_folders("pkg.mod:fn") == "pkg.mod:fn"
    assert word_without_folders("mine@runs/x") == "mine@x"
    assert word_without_folders("--out=runs/x") == "--out=x"
    card = {"record": {"data": "/data/secret/corpus", "said": "read ~/photos/a and ./b", "metric": "psnr/v1?t=1/12"}}
    assert without_places(card) == {"record": {"data": "corpus", "said": "read a and b", "metric": "psnr/v1?t=1/12"}}


def test_a_second_add_of_the_same_scores_keeps_the_revision(run: Path, root: Path, capsys: Console) -> None:
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(root), "--pictures"]) == 0
    assert "the same scores are there, revision 1" in capsys.readouterr().out


def test_other_scores_are_a_new_revision_and_the_old_one_is_kept(run: Path, root: Path) -> None:
    rewritten(run, {"value": 20.0}, where={"model": "median", "region": "whole", "item": "none/photo0"})
    before = (board(root) / "median" / ITEMS).read_bytes()
    words = ["leaderboard", "add", str(run), "--model", "median", "--entries", str(root)]
    assert main(words) == 0
    rewritten(run, {"value": 21.0}, where={"model": "median", "region": "whole", "item": "none/photo0"})
    assert main(words) == 0
    entry = read_entry(board(root) / "median")
    assert entry.card.revision == 3
    assert (entry.folder / HISTORY / "1" / ITEMS).read_bytes() == before
    assert read_entry(entry.folder / HISTORY / "2").card.revision == 2
    assert not (entry.folder / HISTORY / "2" / HISTORY).exists()
    assert [path.name for path in board(root).iterdir() if path.name.startswith(".")] == []


def test_an_entry_that_was_being_replaced_when_the_process_died_is_there_again(run: Path, root: Path) -> None:
    folder = board(root) / "median"
    folder.rename(folder.with_name(".median.old"))
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(root)]) == 0
    assert read_entry(folder).card.revision == 1
    assert sorted(path.name for path in folder.parent.glob(".*")) == []


def test_a_model_gets_another_name(run: Path, root: Path) -> None:
    words = ["leaderboard", "add", str(run), "--model", "median", "--name", "Three by Three", "--entries", str(root)]
    assert main(words) == 0
    entry = read_entry(board(root) / "three-by-three")
    assert set(plain(entry.items())["model"].to_pylist()) == {"three-by-three"}
    assert [*entry.run["models"]] == ["three-by-three"]


def test_a_withdrawn_entry_stays_and_says_why(root: Path, capsys: Console) -> None:
    folder = board(root) / "median"
    assert main(["leaderboard", "withdraw", str(folder), "--reason", "it saw the test photos"]) == 0
    assert {each.model: each.withdrawn for each in entries(root)}["median"] == "it saw the test photos"
    assert main(["leaderboard", "withdraw", str(folder), "--reason", " "]) == 2
    assert "give a --reason" in capsys.readouterr().err


def test_a_withdrawn_entry_comes_back_as_a_revision(run: Path, root: Path) -> None:
    folder = board(root) / "median"
    assert main(["leaderboard", "withdraw", str(folder), "--reason", "a mistake"]) == 0
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(root)]) == 0
    assert read_entry(folder).withdrawn == ""
    assert read_entry(folder / HISTORY / "1").withdrawn == "a mistake"


def test_the_published_schemas_are_schemas_and_have_versions(small_entries: Path, capsys: Console) -> None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    for name in SCHEMAS:
        Draft202012Validator.check_schema(schema(name))
        assert schema(name)["$id"].endswith(f":{schema(name)['version']}")
    run = json.loads((board(small_entries) / "median" / RUN).read_text("utf-8"))
    assert complaints(run, "run") == []
    assert complaints(run | {"rows": "many"}, "run") == ["rows: 'many' is not of type 'integer'"]
    assert main(["leaderboard", "schema", "card"]) == 0
    assert json.loads(capsys.readouterr().out) == schema("card")
    assert main(["leaderboard", "schema", "cart"]) == 2


def test_pictures_are_few_small_and_chosen_by_rule(small_entries: Path) -> None:
    entry = read_entry(board(small_entries) / "median")
    shown = shown_by(entry)
    turns = {"GaussianNoise-3/photo0", "Scratches-4/photo1", "none/photo2"}
    assert turns <= {*shown}
    assert len(shown) <= len(turns) + 3
    for item, path in shown.items():
        assert path.stat().st_size <= LIMIT
        assert read_image(path).shape == (40, 48, 3)
        assert picture_of_suite(entry.folder.parent, item, "degraded") is not None
    assert picture_of_suite(entry.folder.parent, "Scratches-4/photo1", "mask") is not None
    assert picture_of_suite(entry.folder.parent, "none/photo2", "mask") is None
    assert picture_name("a/../../b") == "a--..--..--b.webp"


def test_photos_that_are_not_free_are_shown_to_nobody_unasked(run: Path, tmp_path: Path, capsys: Console) -> None:
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]) == 0
    assert "no pictures without --pictures" in capsys.readouterr().out
    assert not [*tmp_path.joinpath("e").rglob(PICTURES)]

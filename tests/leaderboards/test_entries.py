import json
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from benchmark.finishing import finished
from benchmark.materials import opened_suite
from benchmark.showcase_pictures import LIMIT
from benchmark.store import ITEMS, RUN, SCHEMA, RunStore, parquet_bytes, plain, read_rows
from degrade.io import read_image
from foxing import main
from leaderboards import home
from leaderboards.adding import summary_of
from leaderboards.card import card_text, read_card, template
from leaderboards.documents import SCHEMAS, complaints, schema
from leaderboards.entry import HISTORY, PICTURES, Card, EntryError, folder_name
from leaderboards.finished_sweep import finished_sweep
from leaderboards.pictures import picture_name, picture_of_suite, shown_by
from leaderboards.reading import boards, entries, entries_root, read_entry, read_suite
from leaderboards.scrubbing import what_without_folders, without_places, word_without_folders

Console = pytest.CaptureFixture[str]


@pytest.fixture
def run(small_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_run, tmp_path / "run"))


def board(root: Path) -> Path:
    return next(path for path in root.iterdir() if path.is_dir())


def rewritten(run: Path, change: dict[str, object], *, where: dict[str, object]) -> None:
    """The sweep with other values in some rows, its records made to fit."""
    rows = plain(read_rows(run / ITEMS)).to_pylist()
    for row in rows:
        if all(row[name] == value for name, value in where.items()):
            row.update(change)
    store = RunStore(run)
    (run / ITEMS).write_bytes(parquet_bytes(pa.Table.from_pylist(rows, SCHEMA)))
    finished(opened_suite(run / "suite").suite, store.read_json(RUN), store)


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


@pytest.mark.parametrize("name", ["identity", "pictures", "history", "people", "../x", "", "Ünï"])
def test_a_name_that_means_something_else_or_is_none_is_refused(
    run: Path, tmp_path: Path, capsys: Console, name: str
) -> None:
    words = ["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]
    assert main([*words, "--name", name]) == (2 if name else 0)
    assert "--name" in capsys.readouterr().err or not name


def test_a_model_gets_another_name(run: Path, root: Path) -> None:
    words = ["leaderboard", "add", str(run), "--model", "median", "--name", "Three by Three", "--entries", str(root)]
    assert main(words) == 0
    entry = read_entry(board(root) / "three-by-three")
    assert set(plain(entry.items())["model"].to_pylist()) == {"three-by-three"}
    assert [*entry.run["models"]] == ["three-by-three"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": float("inf")}, "status ok and value inf"),
        ({"status": "error"}, "status error and value"),
        ({"seconds": -1.0}, "-1.0 seconds"),
        ({"photo": "photo9"}, "photo 'photo9', in the suite it is 'photo1'"),
        ({"region": "sky"}, "region 'sky', none of whole"),
    ],
)
def test_a_number_that_is_none_is_refused(
    run: Path, tmp_path: Path, capsys: Console, change: dict[str, object], said: str
) -> None:
    where = {"model": "median", "item": "Scratches-4/photo1", "region": "band"}
    rows = plain(read_rows(run / ITEMS)).to_pylist()
    for row in rows:
        if all(row[name] == value for name, value in where.items()):
            row.update(change)
    seal(run, rows)
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert not (tmp_path / "e").exists()


def seal(run: Path, rows: list[dict[str, object]]) -> None:
    digest = RunStore(run).finish(pa.Table.from_pylist(rows, SCHEMA))
    record = json.loads((run / RUN).read_text("utf-8"))
    (run / RUN).write_text(json.dumps(record | {"items_sha256": digest}), "utf-8")


def test_a_sweep_that_lacks_answers_is_refused(run: Path, tmp_path: Path, capsys: Console) -> None:
    rows = plain(read_rows(run / ITEMS)).to_pylist()
    seal(run, [row for row in rows if (row["model"], row["item"]) != ("median", "none/photo2")])
    words = ["leaderboard", "add", str(run), "--entries", str(tmp_path / "e"), "--model", "median"]
    assert main(words) == 2
    assert "2 answers of 1 items missing, first none/photo2 by mae" in capsys.readouterr().err


def test_a_sweep_that_was_edited_or_is_of_another_suite_is_refused(run: Path, tmp_path: Path, capsys: Console) -> None:
    words = ["leaderboard", "add", str(run), "--entries", str(tmp_path / "e")]
    record = (run / RUN).read_text("utf-8")
    (run / RUN).write_text(record.replace('"suite_id": "few:', '"suite_id": "many:'), "utf-8")
    assert main(words) == 2
    assert "the run is of many:" in capsys.readouterr().err
    (run / RUN).write_text(record, "utf-8")
    with (run / ITEMS).open("ab") as file:
        file.write(b" ")
    assert main(words) == 2
    assert "it was edited; run the sweep again" in capsys.readouterr().err
    shutil.rmtree(run)
    assert main(words) == 2
    assert "no finished sweep" in capsys.readouterr().err


def test_another_machine_s_untouched_photo_is_refused(run: Path, root: Path, capsys: Console) -> None:
    rewritten(run, {"value": 30.0}, where={"model": "identity", "item": "GaussianNoise-3/photo0", "region": "whole"})
    assert main(["leaderboard", "add", str(run), "--model", "median", "--entries", str(root)]) == 2
    assert "the untouched photo has other scores than on the board (GaussianNoise-3/photo0" in capsys.readouterr().err


def test_a_learned_model_needs_a_card(run: Path, tmp_path: Path, capsys: Console) -> None:
    record = json.loads((run / RUN).read_text("utf-8"))
    record["models"]["median"]["what"] = "runs/mine"
    (run / RUN).write_text(json.dumps(record), "utf-8")
    words = ["leaderboard", "add", str(run), "--model", "median", "--entries", str(tmp_path / "e")]
    assert main(words) == 2
    assert "foxing leaderboard card median > card.toml" in capsys.readouterr().err
    assert main(["leaderboard", "card", "median"]) == 0
    (tmp_path / "card.toml").write_text(capsys.readouterr().out, "utf-8")
    assert main([*words, "--card", str(tmp_path / "card.toml")]) == 0
    assert read_entry(board(tmp_path / "e") / "median").card.about.startswith("The median")


def test_a_card_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    card = Card("Mine", "It mends.", "learned", ("A. Author",), url="https://a.org/x", open_weights=False, revision=2)
    (tmp_path / "card.toml").write_text(card_text(card), "utf-8")
    assert read_card(tmp_path / "card.toml") == card
    (tmp_path / "card.toml").write_text(template("runs/mine"), "utf-8")
    with pytest.raises(EntryError, match="about"):
        read_card(tmp_path / "card.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('name = "<img src=x onerror=alert(1)>"', "name: "),
        ('name = "a\\u202eb"', "name: "),
        ('name = "a"\nurl = "javascript:alert(1)"', "url: "),
        ('name = "a"\nsecret = 1', "Additional properties"),
        ('name = "a"\nrevision = 0', "revision: "),
        ("", "missing: name;"),
        ('name = ""', "name is empty"),
        ('name = "a"\nname = "b"', "no TOML"),
    ],
)
def test_a_card_with_markup_or_what_it_should_not_have_is_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "card.toml").write_text(f'about = "x"\nkind = "learned"\n{line}\n', "utf-8")
    with pytest.raises(EntryError, match=said):
        read_card(tmp_path / "card.toml")


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

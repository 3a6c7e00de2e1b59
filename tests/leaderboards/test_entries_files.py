"""Files of an entry that lead out of it, should not be in it, or come packed: only what belongs to it is read."""

import json
import os
import shutil
import stat
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from tampering import better, change, refused, verify

from benchmark.store import ITEMS, RUN
from leaderboards.adding import as_text
from leaderboards.entry import CARD, CHECKED, SUITE
from leaderboards.reading import read_entry, read_suite
from leaderboards.submission import unpacked

Console = pytest.CaptureFixture[str]


def test_a_zip_with_its_path_is_opened_and_results_of_studies_are_no_entries(
    root: Path, entry: Path, tmp_path: Path, capsys: Console
) -> None:
    (entry.parent / "people").mkdir()
    (entry.parent / "people" / "spring.json").write_text("{}")
    assert verify(root) == 0
    assert "people" not in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as packed:
        for path in sorted(entry.parent.rglob("*")):
            if path.is_file() and "people" not in path.parts:
                packed.write(path, Path("leaderboards", "entries", path.relative_to(root)))
    assert verify(tmp_path / "mine.zip") == 0
    assert capsys.readouterr().out.count("consistent") == 3


@pytest.mark.parametrize("name", ["../../x", "/tmp/x", "a/../../x", "none/./photo0", "a\\\\b", "C:x/y"])
def test_an_item_that_leads_out_of_its_folder_is_caught(entry: Path, capsys: Console, name: str) -> None:
    suite = read_suite(entry.parent)
    first, *others = suite.items
    hostile = replace(suite, items=(replace(first, item=name), *others))
    renamed = entry.parent.with_name(hostile.suite_id.replace(":", "-"))
    entry.parent.rename(renamed)
    (renamed / SUITE).write_text(hostile.to_json(), "utf-8")
    for model in ("median", "identity"):
        run = json.loads((renamed / model / RUN).read_text("utf-8")) | {"suite_id": hostile.suite_id}
        (renamed / model / RUN).write_text(as_text(run), "utf-8")
    refused(capsys, "leads out of the folder of the suite", renamed / "median", "--level", 3)


@pytest.mark.parametrize("name", [ITEMS, CARD, "pictures/x.webp", "outputs/none"])
def test_a_link_is_caught(entry: Path, tmp_path: Path, capsys: Console, name: str) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    path = entry / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(tmp_path / "secret")
    refused(capsys, f"level 1: {name}: a link, which may lead anywhere", entry)


def test_a_stranger_in_the_folder_is_caught(entry: Path, capsys: Console) -> None:
    (entry / "setup.py").write_text("", "utf-8")
    refused(capsys, "level 1: setup.py: no part of an entry", entry)
    (entry / "setup.py").unlink()
    (entry / CARD).unlink()
    refused(capsys, "level 1: card.toml: missing", entry)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("pictures/evil.html", b"<script>", "no part of an entry"),
        ("pictures/none--photo0.webp", b"<svg onload='alert(1)'>", "no WebP"),
        ("pictures/big.webp", bytes(70_000), "70000 bytes, over the limit of 60000"),
        ("history/1/evil.py", b"", "no part of an entry"),
        ("history/items.parquet", b"", "no part of an entry"),
        ("outputs/x.exe", b"", "no part of an entry"),
    ],
)
def test_a_file_that_others_should_not_see_is_caught(
    entry: Path, capsys: Console, name: str, data: bytes, said: str
) -> None:
    (entry / name).parent.mkdir(parents=True, exist_ok=True)
    (entry / name).write_bytes(data)
    refused(capsys, f"level 1: {name.removeprefix('history/1/')}: {said}", entry)


def test_nothing_hides_an_entry_from_being_verified(entry: Path, root: Path, capsys: Console) -> None:
    change(entry, better, honest=False)
    said = "median: level 1: items.parquet: has another SHA-256"
    (root / "decoy").mkdir()
    (root / "decoy" / ITEMS).write_bytes(b"")
    refused(capsys, said, root)
    shutil.rmtree(root / "decoy")
    (entry.parent / ITEMS).write_bytes(b"")
    refused(capsys, said, root)
    refused(capsys, said, entry.parent)
    (entry.parent / "more").symlink_to(root)
    refused(capsys, "more: a link, which may lead anywhere", root)


def test_the_folder_of_an_entry_may_be_the_current_one(entry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(entry)
    assert verify(".") == 0
    assert read_entry(entry).badge == "consistent"


def test_a_zip_is_verified_and_nothing_is_written(root: Path, tmp_path: Path, capsys: Console) -> None:
    path = Path(shutil.make_archive(str(tmp_path / "mine"), "zip", root))
    assert verify(path, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["name"].partition("/")[2], each["badge"]) for each in found] == [
        (model, "consistent") for model in ("auto-levels", "identity", "median")
    ]
    assert [*root.rglob(CHECKED)] == []


def test_an_entry_alone_is_held_against_the_board_that_is_known(
    entry: Path, small_entries: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Console
) -> None:
    path = Path(shutil.make_archive(str(tmp_path / "alone"), "zip", entry.parent, "median"))
    refused(capsys, "suite.json: No such file", path)
    (tmp_path / "leaderboards").mkdir()
    shutil.copytree(small_entries, tmp_path / "leaderboards" / "entries")
    monkeypatch.chdir(tmp_path)
    assert verify(path) == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [("../out.txt", "leads out"), ("/out.txt", "leads out"), ("a/../../out", "leads out"), ("a\\b", "leads out")],
)
def test_a_zip_that_leads_out_is_refused(tmp_path: Path, capsys: Console, name: str, said: str) -> None:
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    assert verify(path) == 1
    assert said in capsys.readouterr().err


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, capsys: Console) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("few-0/median/items.parquet", bytes(20_000_000))
    assert verify(path) == 1
    assert ": a bomb; pack the entry's folder anew" in capsys.readouterr().err


def test_a_zip_that_says_less_than_it_holds_is_refused(tmp_path: Path, capsys: Console) -> None:
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/items.parquet", bytes(3_000_000))
    said, held = struct.pack("<I", 100), struct.pack("<I", 3_000_000)
    path.write_bytes(path.read_bytes().replace(held, said))
    assert verify(path) == 1
    err = capsys.readouterr().err
    assert "holds more than it says" in err or "no .zip that can be unpacked" in err


def test_a_zip_with_a_link_a_double_or_nothing_is_refused(tmp_path: Path, capsys: Console) -> None:
    link = zipfile.ZipInfo("a/items.parquet")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert verify(tmp_path / "link.zip") == 1
    assert "is a link or a device" in capsys.readouterr().err
    with zipfile.ZipFile(tmp_path / "double.zip", "w") as archive:
        archive.writestr("a/run.json", "{}")
        archive.writestr("A/RUN.json", "{}")
    assert verify(tmp_path / "double.zip") == 1
    assert "some names come twice" in capsys.readouterr().err
    (tmp_path / "none.zip").write_bytes(b"no zip")
    assert verify(tmp_path / "none.zip") == 1
    assert "no .zip that can be unpacked" in capsys.readouterr().err


def test_a_zip_that_can_be_unpacked_is_unpacked_whole(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/b.txt", "b" * 10)
    assert (unpacked(tmp_path / "a.zip", tmp_path / "out") / "a" / "b.txt").read_text("utf-8") == "b" * 10
    assert os.listdir(tmp_path / "out") == ["a"]  # noqa: PTH208

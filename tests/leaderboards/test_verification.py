"""What an entry says is held against what it brings: its numbers, its suite and the untouched photo."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_suites import photo
from tampering import better, change, refused, store, verify

from benchmark.store import ITEMS, RUN, SUMMARY, plain, read_rows
from degrade.io import write_png
from leaderboards.adding import as_text
from leaderboards.consistency import first_difference
from leaderboards.entry import CARD, CHECKED, SUITE
from leaderboards.faults import same_rows
from leaderboards.reading import entries, read_entry

Console = pytest.CaptureFixture[str]


def test_honest_entries_are_consistent_and_say_so(root: Path, capsys: Console) -> None:
    assert verify(root) == 0
    assert capsys.readouterr().out.count(": consistent: on ") == 3
    assert {each.badge for each in entries(root)} == {"consistent"}
    before = {path: path.read_bytes() for path in root.rglob(CHECKED)}
    assert verify(root, "--level", "1") == 0
    assert {path: path.read_bytes() for path in root.rglob(CHECKED)} == before


def test_level_1_alone_earns_nothing(entry: Path) -> None:
    assert verify(entry, "--level", "1") == 0
    assert read_entry(entry).badge == "self-reported"


def test_a_badge_ends_with_the_files_that_it_was_given_for(entry: Path) -> None:
    assert verify(entry) == 0
    change(entry, better)
    assert read_entry(entry).badge == "self-reported"


def test_a_tampered_number_is_caught_by_its_digest(entry: Path, capsys: Console) -> None:
    change(entry, better, honest=False)
    refused(capsys, "level 1: items.parquet: has another SHA-256 than run.json says", entry)


def test_a_tampered_summary_is_caught_by_the_items(entry: Path, capsys: Console) -> None:
    told = json.loads((entry / SUMMARY).read_text("utf-8"))
    told["columns"][0]["models"]["median"]["score"]["value"] *= 1.0001
    (entry / SUMMARY).write_text(as_text(told), "utf-8")
    refused(capsys, "level 2: summary.json: summary.columns[0].models.median.score.value: says", entry)


def test_a_summary_of_other_statistics_is_to_be_made_anew(entry: Path, capsys: Console) -> None:
    told = json.loads((entry / SUMMARY).read_text("utf-8"))
    (entry / SUMMARY).write_text(as_text({**told, "version": 1}), "utf-8")
    refused(capsys, "level 2: summary.json: by version 1 of the statistics, here is version 2; foxing", entry)


def test_a_sweep_is_said_to_be_one_and_long_lists_are_cut(
    entry: Path, small_run: Path, tmp_path: Path, capsys: Console
) -> None:
    assert verify(small_run) == 2
    assert "is a sweep, and no entry yet; foxing leaderboard add" in capsys.readouterr().err
    (tmp_path / "empty" / "two").mkdir(parents=True)
    (tmp_path / "empty" / "three").mkdir()
    assert verify(tmp_path / "empty") == 2
    assert "no entry in it" in capsys.readouterr().err
    for number in range(9):
        (entry / f"stray-{number}").write_text("?")
    refused(capsys, "and 4 more such lines; --json has them all", entry)


def test_a_truncated_parquet_is_caught(entry: Path, capsys: Console) -> None:
    data = (entry / ITEMS).read_bytes()[:-200]
    (entry / ITEMS).write_bytes(data)
    record = json.loads((entry / RUN).read_text("utf-8"))
    record["items_sha256"] = hashlib.sha256(data).hexdigest()
    (entry / RUN).write_text(as_text(record), "utf-8")
    refused(capsys, "items.parquet: no Parquet that can be read", entry)


def test_a_wrong_suite_is_caught(entry: Path, capsys: Console) -> None:
    record = (entry / RUN).read_text("utf-8")
    suite_id = json.loads(record)["suite_id"]
    (entry / RUN).write_text(record.replace(suite_id, "few:0123456789abcdef"), "utf-8")
    refused(capsys, f"run.json: of suite few:0123456789abcdef, suite.json is {suite_id}", entry)


def test_an_edited_suite_is_caught(entry: Path, capsys: Console) -> None:
    path = entry.parent / SUITE
    text = path.read_text("utf-8")
    path.write_text(text.replace('"metrics":', '"metrics": ["mae/v9"], "metric":', 1), "utf-8")
    refused(capsys, "no suite (TypeError", entry)
    path.write_text(text.replace('"item":"none/photo0"', '"item":"../photo0"'), "utf-8")
    refused(capsys, "it was edited; make it again", entry)
    path.write_text(text.replace('"photo":"photo0"', '"photo":"photo1"'), "utf-8")  # goes into no hash
    refused(capsys, "suite.json: one photo has two names, or two have one", entry)
    path.write_text(text.replace('"severity":4', '"severity":1'), "utf-8")
    refused(capsys, "is not of photo0 with Scratches at severity 1", entry)


def test_a_status_that_the_items_do_not_come_to_is_caught(entry: Path, capsys: Console) -> None:
    record = json.loads((entry / RUN).read_text("utf-8"))
    (entry / RUN).write_text(as_text(record | {"status": {"median": {"ok": 8, "error": 1}}}), "utf-8")
    refused(capsys, "the items come to {'median': {'ok': 9}}", entry)


def test_markup_in_a_model_s_name_is_caught(entry: Path, capsys: Console) -> None:
    card = (entry / CARD).read_text("utf-8")
    (entry / CARD).write_text(card.replace('"median"', '"<img src=x onerror=alert(1)>"', 1), "utf-8")
    refused(capsys, "card.toml: name: '<img src=x onerror=alert(1)>' is not as it must be: As shown", entry)
    (entry / CARD).write_text(card, "utf-8")
    renamed = entry.rename(entry.with_name("<b>median<b>"))
    refused(capsys, "is no name of a model", renamed)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda row: row.update(value=float("nan")), "status ok and value nan"),
        (lambda row: row.update(model="other"), "rows of model 'other'"),
        (lambda row: row.update(status="great"), "status 'great', none of"),
        (lambda row: row.update(output_sha256="x"), "output_sha256 is no hash"),
        (lambda row: row.update(defect="Other"), "defect 'Other', in the suite it is"),
        (lambda row: row.update(seed=7), "answers to what few:"),
    ],
)
def test_rows_that_cannot_be_are_caught(
    entry: Path, capsys: Console, edit: Callable[[dict[str, Any]], None], said: str
) -> None:
    rows = plain(read_rows(entry / ITEMS)).to_pylist()
    for row in rows:
        edit(row)
    store(entry, rows, summary=False)
    refused(capsys, said, entry)


def test_holes_that_are_left_out_are_caught(entry: Path, capsys: Console) -> None:
    rows = plain(read_rows(entry / ITEMS)).to_pylist()
    store(entry, [row for row in rows if row["region"] != "hole"])
    refused(capsys, "by mae: regions ['band', 'outside', 'whole'], there are", entry)


def test_items_that_are_left_out_or_come_twice_are_caught(entry: Path, capsys: Console) -> None:
    rows = plain(read_rows(entry / ITEMS)).to_pylist()
    kept = [row for row in rows if row["item"] != "none/photo2"]
    store(entry, kept)
    refused(capsys, "2 answers of 1 items missing, first none/photo2", entry)
    store(entry, [*rows, rows[0]], summary=False)
    refused(capsys, "some rows come twice", entry)


def test_a_worse_untouched_photo_is_caught(entry: Path, small_entries: Path, capsys: Console) -> None:
    floor = entry.parent / "identity"
    change(floor, lambda row: row.update(output_sha256="0" * 64))
    refused(capsys, "is not the degraded photo of the suite", entry)
    shutil.copy(small_entries / entry.parent.name / "identity" / ITEMS, floor)
    assert same_rows(plain(read_rows(floor / ITEMS)), plain(read_rows(floor / ITEMS))) == ""
    shutil.rmtree(floor)
    refused(capsys, "identity/items.parquet: missing beside it", entry)


def test_the_untouched_photo_is_compared_with_the_one_that_is_known(
    entry: Path, small_entries: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Console
) -> None:
    change(entry.parent / "identity", better)
    change(entry, lambda row: None)
    assert verify(entry) == 0
    (tmp_path / "leaderboards").mkdir()
    shutil.copytree(small_entries, tmp_path / "leaderboards" / "entries")
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    refused(capsys, "identity/items.parquet: not as it is known: ", entry)


def test_a_card_sends_nobody_out_of_the_folder(
    entry: Path, small_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Console
) -> None:
    write_png(tmp_path / "outside" / "a.png", photo(0))
    shutil.copytree(tmp_path / "outside", tmp_path / "here" / "mine")
    monkeypatch.chdir(tmp_path / "here")
    card = (entry / CARD).read_text("utf-8")
    (entry / CARD).write_text(card + f'training_data = ["{tmp_path / "outside"}", "../outside", "COCO"]\n', "utf-8")
    assert verify(entry, "--suite", small_run / "suite") == 0
    (entry / CARD).write_text(card + 'training_data = ["mine"]\n', "utf-8")
    refused(capsys, "1 photos of the suite are in mine, as photo0", entry, "--suite", small_run / "suite")


def test_numbers_are_compared_as_numbers() -> None:
    assert first_difference({"a": [1.0, None]}, {"a": [1.0 + 1e-10, None]}, "x") == ""
    assert first_difference({"a": [1.0]}, {"a": [1.001]}, "x") == "x.a[0]: says 1.0, the items make 1.001"
    assert first_difference({"a": True}, {"a": 1}, "x") == "x.a: says True, the items make 1"
    assert "other names" in first_difference({"a": 1}, {"b": 1}, "x")
    assert "has 1 parts, the items make 2" in first_difference([1], [1, 2], "x")

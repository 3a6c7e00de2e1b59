import hashlib
import json
import os
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pytest
from small_suites import photo

from benchmark.materials import opened_suite
from benchmark.store import ITEMS, RUN, SCHEMA, SUMMARY, content_digest, parquet_bytes, plain, read_rows
from degrade.io import read_image, write_png
from foxing import main
from leaderboards.adding import as_text, summary_of
from leaderboards.confinement import without_network
from leaderboards.consistency import first_difference
from leaderboards.entry import CARD, CHECKED, SUITE
from leaderboards.faults import same_rows
from leaderboards.overlap import ALIKE, difference_hash, overlap
from leaderboards.reading import entries, read_entry, read_suite
from leaderboards.submission import unpacked

Console = pytest.CaptureFixture[str]


@pytest.fixture
def root(small_entries: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_entries, tmp_path / "entries"))


@pytest.fixture
def entry(root: Path) -> Path:
    return next(path for path in root.iterdir() if path.is_dir()) / "median"


def verify(*words: object) -> int:
    return main(["leaderboard", "verify", *map(str, words)])


def refused(capsys: Console, said: str, *words: object) -> None:
    """Verify, and see the reason in one line of its own."""
    assert verify(*words) == 1
    lines = capsys.readouterr().err.splitlines()
    assert any(said in line for line in lines), lines
    assert all(line.startswith("foxing: ") for line in lines)


def change(entry: Path, edit: Callable[[dict[str, Any]], None], *, honest: bool = True) -> None:
    """Edit the rows of an entry; where it is to look honest, everything that follows from them too."""
    rows = plain(read_rows(entry / ITEMS)).to_pylist()
    for row in rows:
        edit(row)
    store(entry, rows, honest=honest)


def store(entry: Path, rows: list[dict[str, Any]], *, honest: bool = True, summary: bool = True) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    data = parquet_bytes(table)
    (entry / ITEMS).write_bytes(data)
    if honest:
        record = json.loads((entry / RUN).read_text("utf-8"))
        digests = {"items_sha256": hashlib.sha256(data).hexdigest()}
        record |= digests | {"content_sha256": content_digest(table), "rows": table.num_rows}
        (entry / RUN).write_text(as_text(record), "utf-8")
    if honest and summary:
        floor = read_rows(entry.parent / "identity" / ITEMS)
        (entry / SUMMARY).write_text(as_text(summary_of(table, floor, read_suite(entry.parent))), "utf-8")


def better(row: dict[str, Any]) -> None:
    if row["metric"].startswith("psnr/"):
        row["value"] += 1


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


def test_a_tampered_number_with_all_that_follows_is_caught_by_the_outputs(
    entry: Path, small_run: Path, capsys: Console
) -> None:
    change(entry, better)
    assert verify(entry) == 0
    words = (entry, "--level", 3, "--suite", small_run / "suite", "--outputs", small_run / "outputs")
    refused(capsys, "by psnr (whole): says", *words)
    assert read_entry(entry).badge == "consistent"
    assert json.loads((entry / CHECKED).read_text("utf-8"))["failed"] != []


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


def test_honest_outputs_are_scored_again(entry: Path, small_run: Path, capsys: Console) -> None:
    shutil.copytree(small_run / "outputs" / "median", entry / "outputs")
    assert verify(entry, "--level", 3, "--suite", small_run / "suite") == 0
    assert "re-scored" in capsys.readouterr().out
    checked = json.loads((entry / CHECKED).read_text("utf-8"))
    assert len(checked["items"]) == 9
    assert read_entry(entry).badge == "re-scored"
    assert verify(entry.parent / "identity", "--level", 3, "--suite", small_run / "suite") == 0


def test_a_swapped_output_is_caught(entry: Path, small_run: Path, capsys: Console) -> None:
    outputs = Path(shutil.copytree(small_run / "outputs" / "median", entry / "outputs"))
    shutil.copy(outputs / "Scratches-4" / "photo0.png", outputs / "GaussianNoise-3" / "photo0.png")
    said = "GaussianNoise-3/photo0: the output that was handed in is not the one that was scored"
    refused(capsys, said, entry, "--level", 3, "--suite", small_run / "suite")


def test_a_missing_output_is_caught_and_no_outputs_are_nobody_s_fault(
    entry: Path, small_run: Path, capsys: Console
) -> None:
    words = (entry, "--level", 3, "--suite", small_run / "suite")
    refused(capsys, "level 3 was not checked: no outputs", *words)
    assert json.loads((entry / CHECKED).read_text("utf-8"))["failed"] == []
    outputs = Path(shutil.copytree(small_run / "outputs" / "median", entry / "outputs"))
    (outputs / "none" / "photo1.png").unlink()
    refused(capsys, "none/photo1: no output", *words)


def test_an_output_that_unpacks_to_more_than_its_photo_is_not_unpacked(
    entry: Path, small_run: Path, capsys: Console
) -> None:
    outputs = Path(shutil.copytree(small_run / "outputs" / "median", entry / "outputs"))
    (outputs / "none" / "photo1.png").write_bytes(bomb(30_000, 30_000))
    refused(capsys, "30000 x 30000 = 900.0 megapixels", entry, "--level", 3, "--suite", small_run / "suite")


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


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


def test_level_4_runs_nothing_without_a_word(entry: Path, capsys: Console) -> None:
    assert verify(entry, "--level", 4) == 2
    assert "add --run when you have looked at it" in capsys.readouterr().err


def test_a_model_that_runs_again_earns_its_badge(entry: Path, small_run: Path, capsys: Console) -> None:
    assert verify(entry, "--level", 4, "--run", "--suite", small_run / "suite") == 0
    said = capsys.readouterr()
    assert said.err.startswith("foxing: about to run median with your rights, in a process of its own: 1800 s, 16 GiB")
    checked = json.loads((entry / CHECKED).read_text("utf-8"))
    assert (checked["badge"], checked["tolerance"]) == ("re-run", "byte-equal")
    assert " s of processor, 16 GiB, n" in checked["confined"]
    assert len(checked["items"]) == 9


MODELS = """
import os, socket, subprocess, sys, time
import cv2

def median(image):
    return cv2.medianBlur(image, 3)

def one_off(image):
    found = median(image)
    found[0, 0, 0] ^= 1
    return found

def close(image):
    found = median(image)
    found[:2, :2] ^= 1
    return found

def blurred(image):
    return cv2.blur(image, (5, 5))

def hangs(image):
    os.setsid()
    time.sleep(60)

def greedy(image):
    return bytearray(64 * 2**30) and image

def dies(image):
    os._exit(3)

def curious(image):
    assert "SECRET" not in os.environ
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", os.getcwd()], start_new_session=True)
    try:
        socket.create_connection(("127.0.0.1", int(open("port").read())), 2)
    except OSError:
        return median(image)
    raise RuntimeError("reached the network")
"""


@pytest.fixture
def strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "strangers.py").write_text(MODELS, "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize(
    ("model", "outputs", "said"),
    [
        ("close", False, "0.02 dB"),
        ("one_off", True, "one-level"),
    ],
)
def test_a_model_may_come_very_near(entry: Path, small_run: Path, model: str, outputs: bool, said: str) -> None:
    words = [entry, "--level", 4, "--run", "--suite", small_run / "suite", "--model", f"strangers:{model}"]
    assert verify(*words, *(["--outputs", small_run / "outputs"] if outputs else [])) == 0
    assert json.loads((entry / CHECKED).read_text("utf-8"))["tolerance"] == said


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize(
    ("model", "said", "words"),
    [
        ("blurred", "over 0.02 dB apart", []),
        ("hangs", "took over 3 seconds and was stopped", ["--timeout", 3]),
        ("greedy", "out of memory", ["--memory", 8]),
        ("dies", "the model gave no answer: its process ended with exit code 3", []),
        ("nothing", "the model cannot be opened", []),
    ],
)
def test_a_model_that_gives_something_else_is_rejected(
    entry: Path, small_run: Path, capsys: Console, model: str, said: str, words: list[object]
) -> None:
    begun = (entry, "--level", 4, "--run", "--suite", small_run / "suite", "--model", f"strangers:{model}")
    refused(capsys, said, *begun, *words)
    assert read_entry(entry).badge == "consistent"


@pytest.mark.usefixtures("strangers")
def test_a_stranger_s_model_has_no_secrets_and_no_network(
    entry: Path, small_run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import socket  # noqa: PLC0415

    monkeypatch.setenv("SECRET", "1")
    with socket.create_server(("127.0.0.1", 0)) as server:
        (tmp_path / "port").write_text(str(server.getsockname()[1]), "utf-8")
        words = ["--suite", small_run / "suite", "--model", "strangers:curious"]
        done = verify(entry, "--level", 4, "--run", *words)
    checked = json.loads((entry / CHECKED).read_text("utf-8"))
    if "network not cut" in checked["confined"]:
        pytest.skip("this system lets no process give up its network")
    assert done == 0
    assert checked["confined"].endswith("no network")
    left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path).encode() in held(path)]
    assert left == []


def held(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_stranger_s_file_never_says_what_is_run(entry: Path, small_run: Path, capsys: Console) -> None:
    record = json.loads((entry / RUN).read_text("utf-8"))
    record["models"]["median"]["what"] = "os:system"
    (entry / RUN).write_text(as_text(record), "utf-8")
    said = "level 4 was not checked: median ran as 'os:system'; say what opens it here with --model"
    refused(capsys, said, entry, "--level", 4, "--run", "--suite", small_run / "suite")


def test_without_unshare_it_is_said_that_the_network_stays() -> None:
    class Bare:
        pass

    assert without_network(Bare()) == "network not cut: this system has no unshare"  # type: ignore[arg-type]


def test_photos_in_the_training_data_are_found(entry: Path, small_run: Path, tmp_path: Path, capsys: Console) -> None:
    training = tmp_path / "training"
    write_png(training / "a.png", photo(0))
    write_png(training / "b.png", np.ascontiguousarray(cv2.resize(photo(1), (96, 80))[:, ::-1]))
    write_png(training / "c.png", photo(77))
    found = overlap(opened_suite(small_run / "suite"), training)
    assert asdict(found) == {"pictures": 3, "equal": ("photo0",), "alike": ("photo1",)}
    said = "training data: 2 photos of the suite are in"
    refused(capsys, said, entry, "--training", training, "--suite", small_run / "suite")
    assert json.loads((entry / CHECKED).read_text("utf-8"))["overlap"] == found.noted() | {"equal": ["photo0"]}
    (training / "a.png").unlink()
    (training / "b.png").unlink()
    assert verify(entry, "--training", training, "--suite", small_run / "suite") == 0


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


@pytest.mark.data
def test_different_photos_have_hashes_far_apart() -> None:
    clean = Path(__file__).parents[3] / "shared" / "data" / "clean"
    if not clean.is_dir():
        pytest.skip("the development photographs are not there")
    photos = [read_image(path) for path in sorted(clean.glob("*.jpg"))[::6]]
    hashes = np.stack([difference_hash(each) for each in photos])
    apart = (hashes[:, None] != hashes).sum(axis=2)[np.triu_indices(len(photos), 1)]
    assert apart.min() > 1.25 * ALIKE
    halves = [cv2.resize(each, None, fx=0.5, fy=0.5) for each in photos]
    worse = [cv2.imdecode(cv2.imencode(".jpg", each, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], 1) for each in halves]
    moved = [(difference_hash(each) != bits).sum() for each, bits in zip(worse, hashes, strict=True)]
    assert max(moved) < 0.8 * ALIKE


def test_numbers_are_compared_as_numbers() -> None:
    assert first_difference({"a": [1.0, None]}, {"a": [1.0 + 1e-10, None]}, "x") == ""
    assert first_difference({"a": [1.0]}, {"a": [1.001]}, "x") == "x.a[0]: says 1.0, the items make 1.001"
    assert first_difference({"a": True}, {"a": 1}, "x") == "x.a: says True, the items make 1"
    assert "other names" in first_difference({"a": 1}, {"b": 1}, "x")
    assert "has 1 parts, the items make 2" in first_difference([1], [1, 2], "x")


def test_a_zip_that_can_be_unpacked_is_unpacked_whole(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/b.txt", "b" * 10)
    assert (unpacked(tmp_path / "a.zip", tmp_path / "out") / "a" / "b.txt").read_text("utf-8") == "b" * 10
    assert os.listdir(tmp_path / "out") == ["a"]  # noqa: PTH208

"""Entries that are damaged, or contradict the others: left out of the site alone, and named."""

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from small_boards import write_entries

from benchmark.store import ITEMS, RUN, SCHEMA, parquet_bytes, plain, read_rows
from foxing import main
from leaderboards.building import shelves_of as all_shelves_of
from leaderboards.entry import PEOPLE

Console = pytest.CaptureFixture[str]

DAMAGES = {
    "items.parquet": b"PAR1 is how it begins",
    "run.json": b'{"suite_id": ',
    "summary.json": b"[]",
    "card.toml": b"name = 3",
    "pictures/Scratches-4--small.webp": b"<svg onload='alert(1)'/>",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_an_entry_that_is_damaged_is_left_out_and_named(root: Path, tmp_path: Path, capsys: Console, name: str) -> None:
    entry = next(root.glob("*/median"))
    place = entry / name if (entry / name).is_file() else next(entry.glob("pictures/*.webp"))
    place.write_bytes(DAMAGES[name])
    out = tmp_path / "out"
    assert main(["leaderboard", "build", str(out), "--entries", str(root)]) == 0
    said = capsys.readouterr()
    assert f"foxing: left out: {entry.parent.name}/median: " in said.err
    assert place.name in said.err
    assert said.out.endswith(", 1 left out\n")
    for path in (out / "index.html", out / entry.parent.name / "index.html", out / "LEADERBOARD.md"):
        assert f"{entry.parent.name}/median" in path.read_text("utf-8").replace("\\_", "_"), path
    assert (out / entry.parent.name / "auto-levels" / "index.html").is_file()
    assert not (out / entry.parent.name / "median").exists()


def test_an_entry_with_a_link_is_left_out(root: Path, tmp_path: Path) -> None:
    entry = next(root.glob("*/median"))
    (tmp_path / "secret").write_text("secret", "utf-8")
    (entry / "pictures" / "x.webp").symlink_to(tmp_path / "secret")
    _, left_out = all_shelves_of(root)
    assert [str(each) for each in left_out] == [
        f"{entry.parent.name}/median: x.webp: a link, which may lead anywhere; add the entry again"
    ]


def test_a_study_that_is_damaged_is_left_out_alone(root: Path) -> None:
    entry = next(root.glob("*/median"))
    (entry.parent / PEOPLE).mkdir()
    (entry.parent / PEOPLE / "bad.json").write_text("{}", "utf-8")
    found, left_out = all_shelves_of(root)
    assert [each.place for each in left_out] == [f"{entry.parent.name}/{PEOPLE}/bad.json"]
    assert found[0].board.row("median") is not None
    assert found[0].left_out == tuple(left_out)


def test_with_strict_nothing_is_built_where_anything_is_damaged(root: Path, tmp_path: Path, capsys: Console) -> None:
    words = ["leaderboard", "build", str(tmp_path / "out"), "--entries", str(root), "--strict"]
    assert main(words) == 0
    shutil.rmtree(tmp_path / "out")
    (next(root.glob("*/median")) / "card.toml").unlink()
    capsys.readouterr()
    assert main(words) == 1
    assert "median: no card.toml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_the_untouched_photo_its_suite_is_left_out(root: Path, tmp_path: Path) -> None:
    entry = next(root.glob("*/identity"))
    (entry / "run.json").write_text("{}", "utf-8")
    found, left_out = all_shelves_of(root)
    assert not found
    assert [each.place for each in left_out] == [f"{entry.parent.name}/identity", entry.parent.name]
    assert main(["leaderboard", "build", str(tmp_path / "out"), "--entries", str(root), "--json"]) == 0
    assert "no entry of identity that can be read" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_rows_of_strange_items_leave_their_entry_out_alone(root: Path) -> None:
    entry = next(root.glob("*/median"))
    rows = plain(read_rows(entry / ITEMS))
    other = rows.set_column(rows.schema.get_field_index("photo"), "photo", pa.array(["b"] * rows.num_rows))
    (entry / ITEMS).write_bytes(parquet_bytes(other.cast(SCHEMA)))
    run = json.loads((entry / RUN).read_text("utf-8"))
    digest = hashlib.sha256((entry / ITEMS).read_bytes()).hexdigest()
    (entry / RUN).write_text(json.dumps({**run, "items_sha256": digest}), "utf-8")
    found, left_out = all_shelves_of(root)
    assert [row.model for row in found[0].board.rows if row.model == "median"] == []
    assert "the suite has no such item" in left_out[0].why


def test_entries_that_contradict_the_untouched_photo_are_left_out_alone(tmp_path: Path) -> None:
    write_entries(tmp_path)
    floor = next(tmp_path.glob("*/identity")) / ITEMS
    rows = plain(read_rows(floor))
    floor.write_bytes(parquet_bytes(rows.filter(pc.not_equal(rows["item"], rows["item"][0])).cast(SCHEMA)))
    fair = next(tmp_path.glob("*/fair")) / ITEMS
    shutil.copy(floor, fair)
    whole = plain(read_rows(next(tmp_path.glob("*/fair")) / ITEMS))
    names = pa.array(["fair"] * whole.num_rows)
    fair.write_bytes(
        parquet_bytes(whole.set_column(whole.schema.get_field_index("model"), "model", names).cast(SCHEMA))
    )
    found, left_out = all_shelves_of(tmp_path)
    assert {row.model for row in found[0].board.rows} == {"identity", "fair"}
    assert sorted(each.place.rpartition("/")[2] for each in left_out) == ["bad", "good"]
    assert "identity has no score" in left_out[0].why
    assert not (tmp_path / "out").exists()

"""Verification: a good corpus of any kind has no problem, and files that are damaged, lost or strange are found."""

import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
from charts import chart
from corpus_builds import foxing
from small_corpus import OLD, Dictionary
from spoilt_corpora import MILD, PHOTOS, SOME, Rows, built, picture, problems, rewritten

import degrade
from degrade.corpus.plan_files import CorpusError
from degrade.effects.skew import Skew
from degrade.png import png_bytes
from degrade.presets import PRESETS
from degrade.record import FromEffect, FromPipeline


@pytest.mark.parametrize("how", [{}, {"sample": 5}, {"photos": PHOTOS}])
def test_a_good_corpus_has_no_problem(good: Path, how: dict[str, Any]) -> None:
    assert not problems(good, **how)


@pytest.mark.parametrize(
    "choices",
    [
        {"store": "recipe"},
        {"encoding": "webp"},
        {"size": 24, "crop": "grid", "variants": 2},
        {"size": 24, "crop": "random", "store": "recipe"},
        {"recipes": (FromPipeline(PRESETS["severe"], "preset"),), "encoding": "jpeg"},
    ],
)
def test_corpora_of_every_kind_are_good(tmp_path: Path, choices: dict[str, Any]) -> None:
    built(tmp_path, PHOTOS, OLD, **({"recipes": (MILD,)} | choices))
    assert not [str(each) for each in problems(tmp_path, photos=PHOTOS)]
    assert not [str(each) for each in problems(tmp_path) if each.bad]


def test_a_truncated_shard_is_found(folder: Path) -> None:
    path = folder / SOME
    path.write_bytes(path.read_bytes()[:-2000])
    size, damaged = problems(folder)
    assert size.where == damaged.where == SOME
    assert "as the manifest says" in size.what
    assert damaged.what.startswith("is damaged")


def test_a_flipped_bit_is_found_and_its_row_named(folder: Path) -> None:
    path = folder / SOME
    data = bytearray(path.read_bytes())
    bytes_of_a_row = pq.read_table(path).to_pylist()[2]["clean"]["bytes"]
    data[data.index(bytes_of_a_row) + len(bytes_of_a_row) // 2] ^= 4
    path.write_bytes(data)
    first, *others = problems(folder, sample=1)
    assert (first.row, first.what) == (None, "other bytes than the manifest says; delete it and run the build again")
    assert {each.row for each in others} == {2}
    assert others[0].what.startswith("clean: damaged")


@pytest.mark.parametrize(
    ("lost", "what"),
    [(SOME, "missing; run the build again"), (".foxing/shards/train-00000-of-00002.json", "not in the manifest")],
)
def test_a_missing_shard_or_entry_is_found(folder: Path, lost: str, what: str) -> None:
    (folder / lost).unlink()
    (found,) = problems(folder)
    assert found.where == SOME
    assert found.what.startswith(what)


def test_a_stranger_among_the_shards_is_found(folder: Path) -> None:
    shutil.copy(folder / SOME, folder / "data/train-00007-of-00009.parquet")
    (found,) = problems(folder)
    assert found.where == "data/train-00007-of-00009.parquet"


def test_rows_that_lie_askew_are_replayed_with_the_photos_only(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, None, recipes=(FromEffect(Skew, 5),))
    (note,) = problems(tmp_path)
    assert not note.bad
    assert note.what.startswith("9 rows were not replayed: their print lies askew")
    assert not problems(tmp_path, photos=PHOTOS)
    changed = Dictionary("folder p", dict.fromkeys(PHOTOS.files, png_bytes(chart(40, 99))))
    (note,) = problems(tmp_path, photos=changed)
    assert note.what == "9 rows were not replayed: their photo is not there, or has changed since"


def test_rows_whose_clean_side_is_a_second_jpeg_are_replayed_with_the_photos_only(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, None, recipes=(MILD,), encoding="jpeg", size=24, crop="random")
    (note,) = [each for each in problems(tmp_path) if "JPEG" in each.what]
    assert not note.bad
    assert not problems(tmp_path, photos=PHOTOS)


def test_an_old_photo_that_had_to_become_a_jpeg_is_no_problem(tmp_path: Path) -> None:
    clear = cv2.imencode(".png", np.dstack([chart(30, 40), np.full((30, 40), 200, np.uint8)]))[1].tobytes()
    kept = cv2.imencode(".jpg", chart(30, 40))[1].tobytes()
    built(tmp_path, PHOTOS, Dictionary("old", {"a.png": clear, "b.jpg": kept}), recipes=(MILD,), encoding="jpeg")
    assert not problems(tmp_path, photos=PHOTOS)
    assert [pair.degraded.shape for pair in degrade.open_corpus(tmp_path, "old", check=True)] == 2 * [(30, 40, 3)]


def test_a_sample_looks_at_as_many_rows_as_asked_for(folder: Path) -> None:
    def darken(rows: Rows) -> None:
        for each in rows:
            each["degraded"] = picture(np.zeros((each["height"], each["width"], 3), np.uint8))

    for path in sorted((folder / "data").glob("*.parquet")):
        if not path.name.startswith("old"):
            rewritten(folder, darken, f"data/{path.name}")
    assert len({(each.where, each.row) for each in problems(folder)}) == 18
    assert 6 <= len({(each.where, each.row) for each in problems(folder, sample=7)}) <= 7


def test_no_corpus_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus"):
        problems(tmp_path)


def test_photos_that_are_not_where_they_are_said_to_be_are_misuse(good: Path, tmp_path: Path) -> None:
    run = foxing("verify", good, "--source", tmp_path / "photos")
    assert (run.returncode, run.stderr) == (
        2,
        f"foxing: {tmp_path / 'photos'}: no such file or folder; check its name\n",
    )

"""Verification of rows: whatever was changed in one is found, and its row and column named."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from charts import chart
from corpus_builds import foxing
from spoilt_corpora import PHOTOS, SOME, Rows, picture, problems, rewritten, row

from degrade.corpus.checking import OF_PAIRS
from degrade.corpus.export import export
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.store import Folder
from degrade.io import decode_image, png
from degrade.png import png_bytes


def test_a_tampered_pixel_is_found_in_its_row(folder: Path) -> None:
    def tamper(rows: Rows) -> None:
        image = decode_image(rows[3]["degraded"]["bytes"], "").copy()
        image[7, 5, 1] ^= 1
        rows[3]["degraded"] = picture(image)

    rewritten(folder, tamper)
    found = problems(folder)
    assert {(each.where, each.row) for each in found} == {(SOME, 3)}
    assert [each.what for each in found] == [
        "degraded: other pixels than its hash says",
        "degraded: other pixels than its recipe gives",
    ]
    assert str(found[0]).startswith(f"{SOME}, row 3 ({found[0].key}): degraded")


@pytest.mark.parametrize("column", ["clean", "mask", "defects"])
def test_a_tampered_pixel_is_found_in_every_other_picture(folder: Path, column: str) -> None:
    def tamper(rows: Rows) -> None:
        whole = np.full((rows[1]["height"], rows[1]["width"], 3), 9, np.uint8)
        rows[1][column] = picture(whole if column == "clean" else whole[..., 0])

    rewritten(folder, tamper)
    found = problems(folder, photos=PHOTOS)
    assert [each.row for each in found] == [1]
    assert found[0].what == f"{column}: other pixels than its recipe gives"


def test_swapped_recipes_are_found_in_both_rows(folder: Path) -> None:
    def swap(rows: Rows) -> None:
        rows[0]["recipe"], rows[2]["recipe"] = rows[2]["recipe"], rows[0]["recipe"]
        rows[0]["effects"], rows[2]["effects"] = rows[2]["effects"], rows[0]["effects"]

    rewritten(folder, swap)
    found = problems(folder)
    assert {each.row for each in found} == {0, 2}
    assert {each.what.partition(":")[0] for each in found} >= {
        "recipe",
        "its recipe gives other pixels than its hash says",
    }


def test_a_doubled_row_is_found(folder: Path) -> None:
    rewritten(folder, lambda rows: [*rows, rows[1]])
    (found,) = problems(folder)
    assert (found.row, found.what) == (len(pq.read_table(folder / SOME)) - 1, "the same sample is there twice")


def test_a_lost_row_is_found(folder: Path) -> None:
    rewritten(folder, lambda rows: rows[2:])
    (found,) = problems(folder)
    assert found.what == "no row of this photo"
    assert found.key in PHOTOS.files


def test_a_photo_in_two_splits_is_found(folder: Path) -> None:
    (other,) = {path.name for path in (folder / "data").glob("test-*")}
    stranger = pq.read_table(folder / "data" / other).to_pylist()[0]
    rewritten(folder, lambda rows: [*rows, stranger])
    (found,) = problems(folder)
    assert found.key == stranger["key"]
    assert found.what == "this photo belongs into another file than one of train"


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"width": 31}, "clean: "),
        ({"seed": 4}, "seed: 4, not 3"),
        ({"severity": 2}, "preset: "),
        ({"effects": ["Foxing", "Tear"]}, "effects: others than in its recipe"),
        ({"recipe": '{"foxing":1,"steps":[{"Foxin":{}}]}'}, "recipe: step 1: no effect 'Foxin'; did you mean Foxing?"),
        ({"mask": None}, "mask: missing"),
        ({"clean": {"bytes": png_bytes(chart())[:900], "path": None}}, "clean: damaged or cut short"),
        ({"coverage": 0.5}, "coverage: 0.500000, not 0.0"),
        *(({name: None}, f"{name}: missing") for name in OF_PAIRS),
    ],
)
def test_every_cell_is_checked(folder: Path, cells: dict[str, Any], what: str) -> None:
    rewritten(folder, row(0, **cells))
    found = problems(folder)
    assert {each.row for each in found} == {0}
    assert any(each.what.startswith(what) for each in found), found


def test_a_real_old_photo_with_a_recipe_is_found(folder: Path) -> None:
    recipe = pq.read_table(folder / SOME).to_pylist()[0]["recipe"]
    rewritten(folder, row(0, recipe=recipe), "data/old-00000-of-00001.parquet")
    (found,) = problems(folder)
    assert (found.row, found.what) == (0, "recipe: a real old photo has none")


@pytest.mark.parametrize(
    "cells",
    [
        {"clean": None},
        {"mask": None},
        {"mask": {"bytes": png(chart()), "path": None}},
        {"key": None, "preset": None, "degraded": {"bytes": b"no picture", "path": None}},
    ],
)
def test_a_damaged_row_stops_a_preview_in_one_line(folder: Path, tmp_path: Path, cells: dict[str, Any]) -> None:
    for path in (folder / "data").glob("t*.parquet"):
        rewritten(folder, lambda rows: [each | cells for each in rows], f"data/{path.name}")
    run = foxing("preview", folder, tmp_path / "preview.png")
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert "a damaged row" in run.stderr


@pytest.mark.parametrize("recipe", ["[1]", "{", "[" * 100_000])
def test_a_damaged_recipe_stops_an_export_in_one_line(folder: Path, tmp_path: Path, recipe: str) -> None:
    rewritten(folder, row(0, recipe=recipe))
    with pytest.raises(CorpusError, match="a damaged recipe; foxing degrade verify names its row"):
        export(Folder(str(folder)), tmp_path / "export")

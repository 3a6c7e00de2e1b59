"""Verification: a good corpus has no problem, and whatever was done to one is found and named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
from charts import chart
from corpus_builds import foxing
from small_corpus import OLD, Dictionary, Small
from small_corpus import built as unfinished

import degrade
from degrade.corpus.build import finish
from degrade.corpus.checking import OF_PAIRS, Problem, checked
from degrade.corpus.export import export
from degrade.corpus.parquet_file import write_rows
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.shards import Made
from degrade.corpus.store import Folder
from degrade.effects.foxing import Foxing
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.effects.skew import Skew
from degrade.io import decode_image, png
from degrade.pipeline import Pipeline
from degrade.png import png_bytes
from degrade.presets import PRESETS
from degrade.priors import Uniform, prior
from degrade.record import FromEffect, FromPipeline

PHOTOS = Dictionary("folder p", {f"{n:02d}.png": png_bytes(chart(40, 32 + n)) for n in range(9)})

MILD = FromPipeline(PRESETS["mild"], "preset")

NOISY = Pipeline("noisy", (prior(GaussianNoise, sigma=Uniform(5, 20), channels="three", size=1.0),))

SOME = "data/train-00000-of-00002.parquet"
"""Rows of four photos, two of each."""

Rows = list[dict[str, Any]]


def built(*where: Any, **choices: Any) -> Small:
    """A corpus with its card."""
    made = unfinished(*where, **choices)
    finish(made.store)
    return made


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("good")
    built(where, PHOTOS, recipes=(FromPipeline(NOISY, "pipeline"), FromEffect(Foxing, 3)), shard_photos=4)
    return where


@pytest.fixture
def folder(good: Path, tmp_path: Path) -> Path:
    """A corpus to spoil."""
    return shutil.copytree(good, tmp_path / "corpus")


def problems(folder: Path, **how: Any) -> list[Problem]:
    return list(checked(Folder(str(folder)), **how))


def rewritten(folder: Path, change: Callable[[Rows], Rows | None], name: str = SOME) -> None:
    """Change rows of a shard, and its entry in the manifest too, so that only the rows themselves can tell."""
    rows = pq.read_table(folder / name).to_pylist()
    rows = change(rows) or rows
    with (folder / name).open("wb") as file:
        size, sha256 = write_rows(file, rows)
    entry = folder / ".foxing/shards" / (Path(name).stem + ".json")
    data = json.loads(entry.read_text()) | {"bytes": size, "sha256": sha256}
    entry.write_text(Made.from_json(json.dumps(data | {"rows": len(rows)})).to_json())


def row(number: int, **cells: Any) -> Callable[[Rows], None]:
    return lambda rows: rows[number].update(cells)


def picture(image: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {"bytes": png(image), "path": None}


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

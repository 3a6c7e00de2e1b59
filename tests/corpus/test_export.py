"""Exports: every sample as plain files, under names that stay where they belong, the same bytes every time."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from charts import chart
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from small_corpus import OLD, Dictionary, built

import degrade
from degrade.corpus.export import Exported, export, safe
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.reading import PICTURES
from degrade.corpus.store import Folder
from degrade.effects.foxing import Foxing
from degrade.io import decode_image, pixel_digest, read_image
from degrade.png import quick_png
from degrade.presets import PRESETS
from degrade.recipe import Recipe
from degrade.record import FromEffect, FromPipeline

MILD = FromPipeline(PRESETS["mild"], "preset")

KEYS = ("a.png", "a", "b/c.png", "b/clean.png", "../../out.png", "/etc/x.png", "ü ß.png", ".hidden.png", "b/./c.png")

PHOTOS = Dictionary("folder p", {key: quick_png(chart(40, 32 + n)) for n, key in enumerate(KEYS)})


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    where = tmp_path_factory.mktemp("corpus")
    built(where, PHOTOS, OLD, recipes=(MILD, FromEffect(Foxing, 2)), variants=2)
    return Folder(str(where))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def members(folder: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Samples of all tars as the webdataset library groups them: by the name before its first dot."""
    for path in sorted(folder.glob("*.tar")):
        samples: dict[str, dict[str, bytes]] = {}
        with tarfile.open(path) as tar:
            for member in tar:
                file = tar.extractfile(member)
                assert file is not None
                key, _, end = member.name.partition(".")
                samples.setdefault(key, {})[end] = file.read()
                assert (member.mtime, member.uid, member.gid, member.uname) == (0, 0, 0, "")
        yield from samples.items()


def test_every_row_is_a_folder_of_its_pictures_and_its_recipe(corpus: Folder, tmp_path: Path) -> None:
    done = export(corpus, tmp_path / "out")
    recipes = sorted((tmp_path / "out").rglob("recipe.json"))
    assert len(recipes) == sum(each.rows for each in done) == 9 * 4 + 1
    found = {}
    for path in recipes:
        data = json.loads(path.read_text())
        origin = data["origin"]
        assert pixel_digest(read_image(path.parent / "degraded.png")) == origin["degraded_sha256"]
        if origin.get("preset"):
            Recipe.from_data(data)
            assert {each.name for each in path.parent.iterdir() if each.is_file()} == {
                "recipe.json",
                *(f"{name}.png" for name in PICTURES),
            }
            found[origin["key"], origin["preset"], origin["variant"]] = path
    assert len(found) == 9 * 4
    assert set(origin["versions"]) == {"foxing", "numpy", "opencv", "pillow"}


def test_no_key_leads_out_of_the_folder(corpus: Folder, tmp_path: Path) -> None:
    export(corpus, tmp_path / "in/out")
    assert {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*") if path.is_file()} == {("in", "out")}


def test_a_folder_holds_the_bytes_of_the_corpus(corpus: Folder, tmp_path: Path) -> None:
    export(corpus, tmp_path)
    for pair in degrade.open_corpus(corpus.where):
        if pair.key == "b/c.png" and pair.record["preset"] == "mild" and pair.record["variant"] == 1:
            for name in PICTURES:
                assert (tmp_path / "train/b/c.png+mild#1" / f"{name}.png").read_bytes() == pair.file(name)


def test_an_export_goes_on_where_it_was_broken_off(corpus: Folder, tmp_path: Path) -> None:
    export(corpus, tmp_path)
    whole = contents(tmp_path)
    broken = sorted(tmp_path.rglob("recipe.json"))[5].parent
    (broken / "recipe.json").unlink()
    (broken / "degraded.png").write_bytes(b"half")
    again = export(corpus, tmp_path)
    assert sum(each.made for each in again) == 1
    assert contents(tmp_path) == whole


def test_tars_hold_the_samples_that_the_webdataset_library_reads(corpus: Folder, tmp_path: Path) -> None:
    export(corpus, tmp_path, "webdataset")
    found = dict(members(tmp_path))
    assert len(found) == 9 * 4 + 1
    for files in found.values():
        record = json.loads(files["json"])
        degraded = decode_image(files["degraded.png"], "")
        assert pixel_digest(degraded) == record["origin"]["degraded_sha256"]
        if "steps" in record:
            assert set(files) == {*(f"{name}.png" for name in PICTURES), "json"}
            labels = np.array(Pillow.open(io.BytesIO(files["defects.png"])))
            assert labels.shape == degraded.shape[:2]


def test_tars_are_the_same_to_the_byte_and_whole_ones_stay(corpus: Folder, tmp_path: Path) -> None:
    told: list[Exported] = []
    first = export(corpus, tmp_path / "a", "webdataset", tick=told.append)
    assert first == told
    export(corpus, tmp_path / "b", "webdataset")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    lost = sorted((tmp_path / "a").glob("*.tar"))[1]
    lost.unlink()
    again = export(corpus, tmp_path / "a", "webdataset")
    assert [each.made for each in again].count(0) == len(again) - 1
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_corpus_of_recipes_is_exported_with_its_pictures(tmp_path: Path) -> None:
    built(tmp_path / "pairs", PHOTOS, OLD, recipes=(MILD,))
    built(tmp_path / "recipes", PHOTOS, OLD, recipes=(MILD,), store="recipe")
    for name in ("pairs", "recipes"):
        export(Folder(str(tmp_path / name)), tmp_path / f"{name} out")
    pairs, recipes = (contents(tmp_path / f"{name} out") for name in ("pairs", "recipes"))
    assert pairs.keys() == recipes.keys()
    pictures = [name for name in pairs if name.endswith(".png")]
    assert len(pictures) == 9 * 4 + 1
    assert all(pairs[name] == recipes[name] for name in pictures)


def test_a_folder_with_something_else_is_refused(corpus: Folder, tmp_path: Path) -> None:
    export(corpus, tmp_path / "a")
    with pytest.raises(CorpusError, match="another corpus, or in another format"):
        export(corpus, tmp_path / "a", "webdataset")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/mine.txt").write_text("mine")
    with pytest.raises(CorpusError, match="something else in it"):
        export(corpus, tmp_path / "b")
    with pytest.raises(CorpusError, match="a file, not a folder; give an empty folder"):
        export(corpus, tmp_path / "b/mine.txt")
    with pytest.raises(CorpusError, match="no corpus"):
        export(Folder(str(tmp_path / "c")), tmp_path / "d")


NAMES = st.text(st.characters(codec="utf-8"), max_size=40)


@given(NAMES, NAMES, st.booleans())
def test_a_safe_name_is_one_file_name_and_no_other_names(one: str, other: str, dots: bool) -> None:
    name = safe(one, dots=dots)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith(".")
    assert dots or "." not in name
    assert len(name.encode()) < 200
    assert name.partition(".")[0] not in (*PICTURES, "recipe") or not dots
    assert (safe(other, dots=dots) == name) == (one == other)


def test_names_of_files_stay_readable() -> None:
    assert safe("IMG 0042 (1).jpg") == "IMG 0042 (1).jpg"
    assert safe("ü.png") == "ü.png"
    assert safe("..") == "%2E."
    assert safe("a/b.png", dots=False) == "a%2Fb%2Epng"
    assert safe("x" * 400) != safe("x" * 401)


def test_no_export_lies_inside_its_corpus(corpus: Folder) -> None:
    for inside in (corpus.root / "export", corpus.root / "data" / ".." / "export"):
        with pytest.raises(
            CorpusError, match="inside the corpus, which would hold its own export; give a folder beside"
        ):
            export(corpus, inside)
    assert not (corpus.root / "export").exists()

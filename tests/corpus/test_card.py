"""The card of a corpus: its numbers are those of the rows, its pictures its own, and no text turns into mark-up."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from charts import chart
from markdown_it import MarkdownIt
from small_corpus import NASTY, Dictionary, Small, built
from typer.testing import CliRunner

from degrade.catalogue import catalogue
from degrade.cli import app
from degrade.console import MisuseError
from degrade.corpus.build import finish
from degrade.corpus.card import write_card
from degrade.corpus.card_recipes import ranges
from degrade.corpus.card_text import card_text, size
from degrade.corpus.card_words import CLASSES_SAY, COLUMNS_SAY
from degrade.corpus.columns import COLUMNS
from degrade.corpus.markdown import code, plain, table
from degrade.corpus.preview import Place, chosen, preview
from degrade.corpus.stats import corpus_stats, in_order, kind_of, statistics
from degrade.effects import EFFECTS, PaperTexture
from degrade.png import png_bytes
from degrade.recipe import Recipe
from degrade.record import FromEffect
from degrade.severity import at_severity
from degrade.textures import find_textures
from degrade.types import Defect

pytest.importorskip("pyarrow")


FILES = ("README.md", "preview.png", "assets/coverage.png", "stats.json", "croissant.json")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    made = built(tmp_path_factory.mktemp("small") / "corpus")
    finish(made.store)
    return made


def read(small: Small) -> dict[str, bytes]:
    return {name: small.store.read(name) for name in FILES}


def test_the_card_hangs_on_neither_the_order_of_the_entries_nor_the_place(small: Small) -> None:
    fsspec = pytest.importorskip("fsspec")
    elsewhere = built("memory://card/corpus")
    try:
        write_card(elsewhere.store, elsewhere.build, elsewhere.entries[::-1])
        assert read(elsewhere) == read(small)
    finally:
        fsspec.filesystem("memory").rm("/card", recursive=True)


def test_the_preview_is_read_without_threads_that_could_abort_the_end_of_the_process(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    seen: list[object] = []
    real = parquet.ParquetFile.read_row_group

    def read_group(file: Any, group: int, **options: Any) -> Any:
        seen.append(options.get("use_threads"))
        return real(file, group, **options)

    monkeypatch.setattr(parquet.ParquetFile, "read_row_group", read_group)
    preview(small.store, small.entries, 10**8)
    assert set(seen) == {False}


def test_the_numbers_are_those_of_the_rows(small: Small) -> None:
    import pyarrow.dataset as ds  # noqa: PLC0415

    stats = json.loads(small.store.read("stats.json"))
    assert stats == corpus_stats(small.store)
    data = ds.dataset(f"{small.store.where}/data").to_table(columns=["effects", "coverage", "clean"])
    rows = data.select(["effects", "coverage"]).to_pylist()
    assert stats["rows"] == len(rows) == stats["pairs"] + 1 == 10
    for effect, count in stats["effects"].items():
        assert count == sum(effect in row["effects"] for row in rows)
    bare = sum(row["coverage"] == 0 for row in rows)
    assert stats["coverage"][0]["rows"] == bare
    assert sum(each["rows"] for each in stats["coverage"]) == stats["pairs"]
    assert stats["rejected"]["photos"] == 1
    assert stats["splits"]["old"] == {"shards": 1, "photos": 1, "rows": 1, "rejected": 0} | {
        "bytes": stats["splits"]["old"]["bytes"]
    }


def test_the_card_tells_of_every_column_class_and_effect(small: Small) -> None:
    assert list(COLUMNS_SAY) == list(COLUMNS)
    assert list(CLASSES_SAY) == list(Defect)
    text = small.store.read("README.md").decode()
    told = json.loads(small.store.read("stats.json"))["effects"]
    assert all(f"| `{name}` |" in text for name in (*COLUMNS, *told))
    assert "Licence: not set yet" in text
    assert "The three domains" in text


def test_a_corpus_without_old_photos_tells_of_no_three_domains(tmp_path: Path) -> None:
    made = built(tmp_path / "corpus", old=None)
    assert "The three domains" not in card_text(made.build, statistics(in_order(made.entries)))


def rendered(text: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


@pytest.mark.parametrize("text", [NASTY, "``", "`a|b", "[x](http://y)", "![x](y)", "**b**\n# c", "a\\|b", "&lt;"])
def test_no_text_turns_into_mark_up(text: str) -> None:
    said = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    page = rendered(table(("a", "b"), [(plain(text), "end")])).replace("&quot;", '"')
    assert f"<td>{said}</td>\n<td>end</td>" in page
    page = rendered(table(("a", "b"), [(code(text), "end")])) if "\\" not in text else ""
    assert not page or f"<code>{said.strip()}</code></td>\n<td>end</td>" in page


def test_a_photo_with_a_wicked_name_is_counted_and_its_reason_shown(small: Small) -> None:
    text = small.store.read("README.md").decode()
    page = rendered(text.partition("## In numbers")[2])
    assert "1 photo was rejected" in page
    assert "<script" not in page
    assert page.count("<details>") == page.count("</details>")


def test_a_picture_in_the_card_is_a_file_of_the_corpus(small: Small) -> None:
    text = small.store.read("README.md").decode()
    for name in ("preview.png", "assets/coverage.png"):
        assert f"]({name})" in text
        picture = cv2.imdecode(np.frombuffer(small.store.read(name), np.uint8), cv2.IMREAD_COLOR)
        assert min(picture.shape[:2]) > 300


def test_a_corpus_of_recipes_shows_the_pictures_of_one_of_pairs(tmp_path: Path, small: Small) -> None:
    recipes = built(tmp_path / "corpus", store="recipe")
    finish(recipes.store)
    assert recipes.store.read("preview.png") == small.store.read("preview.png")
    assert b"clean pictures and recipes only" in recipes.store.read("README.md")


@dataclass(frozen=True)
class Papered:
    """Always the same sheet of the user's own paper."""

    name: str
    label = "papered"
    level = None

    def origin(self) -> dict[str, Any]:
        return {"pipeline": "papered", "digest": "0"}

    def recipe(self, seed: int, key: str, image: Any) -> Recipe:
        return Recipe((replace(at_severity(PaperTexture, 3, 1, 48), texture=self.name),))


def test_a_recipe_whose_textures_are_not_there_shows_its_clean_side(tmp_path: Path) -> None:
    scans = tmp_path / "scans" / "paper"
    scans.mkdir(parents=True)
    (scans / "felt.png").write_bytes(png_bytes(chart(64, 64)))
    textures = find_textures(scans.parent)[0]
    (name,) = textures.names("paper")

    made = built(tmp_path / "corpus", store="recipe", recipes=(Papered(name),), textures=textures)
    write_card(made.store, made.build, made.entries)
    assert "1 paper" in made.store.read("README.md").decode()
    assert "--textures TEXTURES" in made.store.read("README.md").decode()


def test_the_preview_shows_as_many_photos_and_draws_as_there_are() -> None:
    places = [Place("data/a", 0, 3 * photo + draw, f"{photo}") for photo in range(3) for draw in range(3)]
    assert [place.row for place in chosen(places, 3)] == [0, 4, 8]
    assert [place.row for place in chosen(places, 5)] == [0, 1, 2, 4, 8]
    assert len(chosen(places[:2], 8)) == 2


@pytest.mark.parametrize("name", ["preview.jpg", "preview", "folder.png"])
def test_a_preview_that_is_no_png_is_misuse(name: str, small: Small, tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    run = CliRunner().invoke(app, ["preview", small.store.where, str(tmp_path / name)])
    assert (type(run.exception), str(run.exception)) == (
        MisuseError,
        f"{tmp_path / name}: no name of a PNG; end it in .png",
    )


def test_a_corpus_in_which_every_photo_was_rejected_has_a_card(tmp_path: Path) -> None:
    made = built(tmp_path / "corpus", Dictionary("folder bad", {"x.png": b"", "y.png": b"no"}), old=None)
    finish(made.store)
    assert "2 photos were rejected" in made.store.read("README.md").decode()


def test_the_numbers_of_an_effect_alone_are_those_of_its_severity() -> None:
    (effect,) = (each for each in EFFECTS if each.__name__ == "Foxing")
    text = ranges(FromEffect(effect, 4).origin())
    strength = next(each for each in catalogue()["Foxing"].fields if each.name == "strength")
    assert f"{strength.severities[3]:.3g}" in text
    assert "pipeline of the maker's own" in ranges({"pipeline": "mine", "digest": "0"})
    assert "pipeline of the maker's own" in ranges({"preset": "mild", "digest": "of another version"})


def test_sizes_are_told_in_three_digits() -> None:
    assert [size(n) for n in (0, 999, 1000, 1_250_000, 999_999_999)] == ["0 B", "999 B", "1 kB", "1.25 MB", "1 GB"]


def test_photos_rejected_for_the_same_reason_count_together_whatever_their_size() -> None:
    small = "smaller than a crop of 256; choose a smaller --size"
    assert {kind_of(f"{w} x {h} pixels, {small}") for w, h in ((120, 96), (64, 64))} == {f"W x H pixels, {small}"}
    assert kind_of("60000 x 60000 = 3600.0 megapixels, over the limit of 200") == (
        "W x H = N megapixels, over the limit of 200"
    )
    assert (
        kind_of("image file is truncated (24 bytes not processed)") == "image file is truncated (N bytes not processed)"
    )

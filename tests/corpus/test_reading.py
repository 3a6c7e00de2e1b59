"""Reading: what comes out is what was made, in every order and every process."""

import multiprocessing
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.context import BaseContext
from pathlib import Path

import fsspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from charts import chart
from small_corpus import OLD, Dictionary, built

import degrade
from degrade.corpus.columns import schema
from degrade.corpus.online import TrainingPairs
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.reading import PICTURES, Corpus
from degrade.effects.foxing import Foxing
from degrade.effects.scratch_texture import ScratchTexture
from degrade.effects.skew import Skew
from degrade.io import decode_image, png
from degrade.png import png_bytes
from degrade.presets import PRESETS
from degrade.recipe import Recipe
from degrade.record import FromEffect, FromPipeline
from degrade.sample import replayed_sample
from degrade.severity import at_severity

ALL = {"shares": (1, 0, 0)}

PHOTOS = Dictionary("folder p", {f"{n:02d}.png": png_bytes(chart(40, 30 + n)) for n in range(7)})

TWO = (FromPipeline(PRESETS["severe"], "preset"), FromEffect(Skew, 3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven photos with two recipes each, in four shards."""
    where = tmp_path_factory.mktemp("corpus")
    built(where, PHOTOS, None, recipes=TWO, **ALL)
    return where


def arrays(corpus: Corpus) -> list[dict[str, object]]:
    return [pair.arrays((*PICTURES, "key", "recipe")) for pair in corpus]


def same(first: list[dict[str, object]], second: list[dict[str, object]]) -> bool:
    return len(first) == len(second) and all(
        one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
        for one, other in zip(first, second, strict=True)
    )


def test_a_pair_is_what_its_recipe_makes_of_the_photo(folder: Path) -> None:
    corpus = degrade.open_corpus(folder)
    assert len(corpus) == 14
    for pair in corpus:
        assert pair.recipe is not None
        sample = replayed_sample(pair.recipe, pair.key, decode_image(PHOTOS.read(pair.key), pair.key))
        made = {"clean": sample.clean, "degraded": sample.degraded, "mask": sample.mask, "defects": sample.labels}
        for name, array in made.items():
            found = getattr(pair, name)
            assert np.array_equal(found, array), name
            assert found.flags.writeable
            assert found.flags.c_contiguous


def test_rows_by_number_are_the_rows_in_order(folder: Path) -> None:
    corpus = degrade.open_corpus(folder)
    backwards = [corpus[number].arrays((*PICTURES, "key", "recipe")) for number in reversed(range(14))]
    assert same(arrays(corpus), backwards[::-1])
    assert corpus[-1].key == corpus[13].key == "06.png"
    assert [pair.number for pair in corpus[3:9][2:]] == [5, 6, 7, 8]
    with pytest.raises(IndexError):
        corpus[14]


def test_parts_hold_every_row_once_and_differ_by_one_at_most(folder: Path) -> None:
    corpus = degrade.open_corpus(folder)
    parts = [corpus.part(index, 4) for index in range(4)]
    assert [pair.number for part in parts for pair in part] == list(range(14))
    assert {len(part) for part in parts} == {3, 4}


def test_shuffled_gives_every_row_once_in_another_order_each_epoch(folder: Path) -> None:
    corpus = degrade.open_corpus(folder)
    orders = [[pair.number for pair in corpus.shuffled(1, epoch)] for epoch in range(3)]
    assert all(sorted(order) == list(range(14)) for order in orders)
    assert len({tuple(order) for order in orders}) == 3
    assert orders[1] == [pair.number for pair in degrade.open_corpus(folder).shuffled(1, 1)]
    assert sorted(pair.number for pair in corpus[3:12].shuffled(1, 0)) == list(range(3, 12))
    assert sorted(pair.number for pair in corpus[12:2:-3].shuffled(1, 0)) == [3, 6, 9, 12]


def test_a_corpus_of_recipes_reads_as_the_pairs_it_stands_for(folder: Path, tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, recipes=TWO, store="recipe", **ALL)
    assert same(arrays(degrade.open_corpus(folder)), arrays(degrade.open_corpus(tmp_path, check=True)))


def test_a_webp_corpus_reads_as_the_png_one(folder: Path, tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, recipes=TWO, encoding="webp", **ALL)
    assert same(arrays(degrade.open_corpus(folder)), arrays(degrade.open_corpus(tmp_path, check=True)))


def test_a_jpeg_corpus_is_read_and_its_hashes_are_of_what_came_before(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, encoding="jpeg", quality=97, **ALL)
    for pair in degrade.open_corpus(tmp_path, check=True):
        assert pair.recipe is not None
        made = replayed_sample(pair.recipe, "", decode_image(PHOTOS.read(pair.key), "")).degraded
        assert np.abs(pair.degraded.astype(int) - made).mean() < 4


def test_real_old_photos_have_no_clean_side(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, OLD, **ALL)
    (pair,) = degrade.open_corpus(tmp_path, "old", check=True)
    assert np.array_equal(pair.degraded, chart(30, 50))
    assert pair.clean is pair.mask is pair.defects is pair.recipe is None
    assert TrainingPairs(degrade.open_corpus(tmp_path, "old"))[0].keys() == {"degraded"}


def test_a_corpus_in_an_object_store_reads_as_one_on_the_disk(folder: Path) -> None:
    fsspec.filesystem("memory").put(str(folder), "/reading", recursive=True)
    remote = degrade.open_corpus("memory://reading")
    assert same(arrays(remote), arrays(degrade.open_corpus(folder)))
    assert set(remote.cells.places.values()) == {None}  # read by row groups, not cell by cell


def test_shards_that_another_program_compressed_read_the_same(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "data", tmp_path / "data")
    for path in (tmp_path / "data").iterdir():
        pq.write_table(pq.read_table(path), path, compression="zstd", use_dictionary=True, row_group_size=3)
    assert same(arrays(degrade.open_corpus(tmp_path)), arrays(degrade.open_corpus(folder)))


def test_large_row_groups_of_many_pages_are_read_cell_by_cell(tmp_path: Path) -> None:
    pictures = [np.random.default_rng(n).integers(0, 256, (150, 300, 3), np.uint8) for n in range(40)]
    rows = [
        dict.fromkeys(schema().names) | {"key": str(n), "clean": {"bytes": png(image), "path": None}}
        for n, image in enumerate(pictures)
    ]
    (tmp_path / "data").mkdir()
    table = schema().empty_table().from_pylist(rows, schema=schema())
    paged = {"data_page_size": 1 << 19, "write_batch_size": 4}
    pq.write_table(
        table, tmp_path / "data/train-00000-of-00001.parquet", compression="none", use_dictionary=["key"], **paged
    )
    corpus = degrade.open_corpus(tmp_path)
    assert all(np.array_equal(corpus[n].clean, pictures[n]) for n in (39, 0, 17, 18, 19))
    places = corpus.cells.places[0, "clean"]
    assert places is not None
    gaps = np.diff(places.offsets) - np.array(places.lengths[:-1])
    assert set(gaps[gaps != 4]), "one page only"
    with pytest.raises(CorpusError, match="neither"):
        corpus[3].degraded  # noqa: B018


def keys_of(corpus: Corpus) -> list[tuple[str, int]]:
    return [(pair.key, int(pair.degraded.sum())) for pair in corpus]


@pytest.fixture(params=["fork", "spawn"])
def context(request: pytest.FixtureRequest) -> BaseContext:
    return multiprocessing.get_context(request.param)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_and_spawned_processes_read_what_was_opened_before(folder: Path, context: BaseContext) -> None:
    corpus = degrade.open_corpus(folder)
    expected = keys_of(corpus)
    with context.Pool(2) as pool:
        assert pool.map(keys_of, [corpus.part(0, 2), corpus.part(1, 2)]) == [expected[:7], expected[7:]]


def test_several_threads_read_at_once(folder: Path) -> None:
    corpus = degrade.open_corpus(folder)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: int(corpus[number % 14].degraded.sum()), range(56)))
    assert found == 4 * [int(pair.degraded.sum()) for pair in corpus]


def test_a_pickled_corpus_is_small_and_reads_on(folder: Path) -> None:
    corpus = degrade.open_corpus(folder)
    arrays(corpus)
    data = pickle.dumps(corpus[2:5])
    assert len(data) < 1500
    assert same(arrays(pickle.loads(data)), arrays(corpus[2:5]))


def test_what_cannot_be_read_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus"):
        degrade.open_corpus(tmp_path)
    with pytest.raises(CorpusError, match="no split 'test'; it has train"):
        degrade.open_corpus(folder, "test")
    shutil.copytree(folder / "data", tmp_path / "data")
    first = tmp_path / "data/train-00000-of-00004.parquet"
    whole = first.read_bytes()
    first.write_bytes(whole[:-100])
    with pytest.raises(CorpusError, match=r"train-00000-of-00004\.parquet is damaged"):
        degrade.open_corpus(tmp_path)
    first.unlink()
    with pytest.raises(CorpusError, match="train has 3 of 4 shards"):
        degrade.open_corpus(tmp_path)


def test_a_tampered_pixel_is_refused_where_it_is_asked_for(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "data", tmp_path / "data")
    path = tmp_path / "data/train-00001-of-00004.parquet"
    rows = pq.read_table(path).to_pylist()
    image = decode_image(rows[2]["degraded"]["bytes"], "")
    image = image.copy()
    image[0, 0, 0] ^= 1
    rows[2]["degraded"]["bytes"] = png_bytes(image)
    pq.write_table(schema().empty_table().from_pylist(rows, schema=schema()), path)
    assert np.array_equal(degrade.open_corpus(tmp_path)[6].degraded, image)
    with pytest.raises(CorpusError, match=r"train-00001-of-00004.parquet, row 2 \(03.png\): other pixels"):
        degrade.open_corpus(tmp_path, check=True)[6].degraded  # noqa: B018


def test_a_recipe_of_a_lost_texture_says_which(tmp_path: Path) -> None:
    built(tmp_path, PHOTOS, recipes=(FromEffect(Foxing, 3),), store="recipe", **ALL)
    path = tmp_path / "data/train-00000-of-00004.parquet"
    rows = pq.read_table(path).to_pylist()
    lost = replace(at_severity(ScratchTexture, 3, seed=1), texture="mine.png@0123456789ab")
    rows[0]["recipe"] = Recipe((lost,)).to_json()
    pq.write_table(schema().empty_table().from_pylist(rows, schema=schema()), path)
    with pytest.raises(CorpusError, match=r"row 0 \(00.png\): no scratch texture mine.png@0123456789ab"):
        degrade.open_corpus(tmp_path)[0].degraded  # noqa: B018


def test_importing_degrade_imports_nothing_heavy() -> None:
    code = "import sys, degrade; print(sorted({'numpy', 'cv2', 'pyarrow', 'PIL', 'datasets'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_does_not_import_datasets_or_torch(folder: Path) -> None:
    code = (
        "import sys, degrade; degrade.open_corpus(sys.argv[1])[0].clean; "
        "print(sorted({'datasets', 'torch', 'pandas', 'ray', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

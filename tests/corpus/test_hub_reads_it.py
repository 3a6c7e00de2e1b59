"""What the libraries of the Hub make of a corpus: its card, its features, its Croissant."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_corpus import built

from degrade.corpus.build import finish
from degrade.corpus.columns import COLUMNS, IMAGES, features

pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("hub") / "corpus"
    finish(built(where).store)
    return where


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("home")))
        datasets = pytest.importorskip("datasets")
        datasets.disable_progress_bars()
        patch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
        yield datasets


def test_the_folder_opens_with_its_splits_and_pictures(corpus: Path, datasets: Any, tmp_path: Path) -> None:
    opened = datasets.load_dataset(str(corpus), cache_dir=str(tmp_path))
    assert set(opened) == {"train", "validation", "test", "old"}
    assert sum(map(len, opened.values())) == 10
    row = opened["train"][0]
    assert row["clean"].size == row["degraded"].size == row["mask"].size == (row["width"], row["height"])
    assert np.asarray(row["defects"]).max() <= 12
    assert opened["old"][0]["clean"] is None
    assert opened["train"].features == datasets.Features.from_dict(features())


def test_the_card_alone_says_which_columns_there_are(corpus: Path, datasets: Any) -> None:
    from huggingface_hub import DatasetCard  # noqa: PLC0415

    data = DatasetCard.load(corpus / "README.md").data.to_dict()
    info = datasets.DatasetInfo._from_yaml_dict(data["dataset_info"])
    assert info.features == datasets.Features.from_dict(features())
    assert {name: each.num_examples for name, each in info.splits.items()} == {
        name: each["rows"] for name, each in json.loads((corpus / "stats.json").read_text())["splits"].items()
    }
    assert data["task_categories"] == ["image-to-image"]
    assert data["size_categories"] == ["n<1K"]
    assert data["license"] == "unknown"


def test_a_lone_file_opens_with_pictures(corpus: Path, datasets: Any, tmp_path: Path) -> None:
    lone = tmp_path / "lone.parquet"
    lone.write_bytes(next((corpus / "data").glob("train-00000-*")).read_bytes())
    opened = datasets.load_dataset("parquet", data_files=str(lone), split="train", cache_dir=str(tmp_path / "cache"))
    assert all(isinstance(opened.features[name], datasets.Image) for name in IMAGES)
    assert opened[0]["degraded"].mode == "RGB"


def test_it_streams(corpus: Path, datasets: Any, tmp_path: Path) -> None:
    streamed = datasets.load_dataset(str(corpus), split="train", streaming=True, cache_dir=str(tmp_path))
    rows = list(streamed)
    assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)
    assert rows[0]["clean"].size == rows[0]["degraded"].size


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_croissant_validates_and_gives_the_rows(corpus: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    described = mlcroissant.Dataset(str(corpus / "croissant.json"))
    issues = described.metadata.ctx.issues
    assert not issues.errors
    fields = {field.name for each in described.metadata.record_sets for field in each.fields}
    assert fields == {"name", "split", *COLUMNS}
    rows = list(described.records("rows", filters={"rows/split": "train"}))
    assert rows
    assert all(row["rows/split"] == b"train" for row in rows)
    assert rows[0]["rows/degraded"].size == rows[0]["rows/clean"].size

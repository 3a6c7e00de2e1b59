"""Places and sources as people mistype them, and a corpus taken up with other pictures of the same rows."""

from pathlib import Path
from typing import Any

import pytest
from small_pictures import picture
from typer.testing import CliRunner

from degrade.cli import app
from degrade.console import FailureError, MisuseError
from degrade.sources import NoSourceError, open_source

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def build(*words: str | Path) -> Any:
    return CliRunner().invoke(app, ["build", *map(str, words), "--preset", "mild", "--workers", "1"])


def test_a_place_that_can_be_none_is_one_line_with_a_remedy(photos: Path, tmp_path: Path) -> None:
    for place in (tmp_path / ("n" * 300), photos / "00.png" / "corpus"):
        run = build(photos, place)
        assert isinstance(run.exception, FailureError)
        assert str(run.exception).endswith("; give another place")


@pytest.mark.parametrize("name", ["list.csv", "photos.rar", "photos.7z", "photo"])
def test_a_file_that_is_no_kind_of_source_is_refused_before_anything_is_begun(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(picture(1))
    run = build(tmp_path / name, tmp_path / "corpus")
    assert isinstance(run.exception, MisuseError)
    assert str(run.exception).endswith(
        f"{name}: no picture, and no list of paths (.txt), zip, tar or parquet; check its name"
    )
    assert not (tmp_path / "corpus").exists()
    with pytest.raises(NoSourceError):
        open_source(str(tmp_path / name))


def test_an_empty_name_is_not_taken_for_the_folder_one_is_in(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.png").write_bytes(picture(1))
    for words in (("", "corpus"), (photos, "")):
        run = build(*words)
        assert isinstance(run.exception, MisuseError)
        assert "is empty; give a folder" in str(run.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_arrow_files_are_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "disk/train").mkdir(parents=True)
    (tmp_path / "disk/train/data-00000-of-00001.arrow").write_bytes(b"")
    with pytest.raises(NoSourceError, match=r"disk: Arrow files, as of save_to_disk; write them with to_parquet"):
        open_source(str(tmp_path / "disk"))
    (tmp_path / "disk/a.png").write_bytes(picture(1))
    assert open_source(str(tmp_path / "disk")).keys() == ("a.png",)


def test_a_corpus_of_one_column_is_not_taken_up_with_another(tmp_path: Path) -> None:
    kind = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    columns = {
        name: pa.array([{"bytes": picture(first + n), "path": f"{n}.png"} for n in range(3)], kind)
        for name, first in (("image", 0), ("thumb", 4))
    }
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "data/all.parquet")
    assert build(tmp_path / "data", tmp_path / "corpus").exit_code == 0
    run = build(tmp_path / "data", tmp_path / "corpus", "--column", "thumb")
    assert isinstance(run.exception, MisuseError)
    assert 'begun with source = "parquet data train", not "parquet data train, column thumb"' in str(run.exception)
    source = open_source(str(tmp_path / "data"), column="thumb")
    assert source.read("0.png") == picture(4)

"""Parquet files give their pictures by path or by content, row by row."""

import hashlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_pictures import PEAK, picture
from small_tables import Rows, table, write

from degrade.io import ImageError
from degrade.sources import NoSourceError, SourceError, open_source

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
fsspec = pytest.importorskip("fsspec")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_rows_are_known_by_their_path_and_read_in_any_order(tmp_path: Path) -> None:
    rows: Rows = [(f"photo {n}.png", picture(n)) for n in range(100)]
    write(tmp_path / "data/train-00000-of-00002.parquet", rows[:60], 25)
    write(tmp_path / "data/train-00001-of-00002.parquet", rows[60:], 25)
    write(tmp_path / "data/test-00000-of-00001.parquet", [("t.png", picture(7))])
    (tmp_path / "preview.png").write_bytes(picture(0))
    source = open_source(str(tmp_path))
    assert list(source.keys()) == [path for path, _ in rows]
    for number in (0, 99, 3, 59, 60, 24, 25, 0, 1):
        assert source.read(f"photo {number}.png") == picture(number)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(source.read, source.keys())) == [data for _, data in rows]
    assert pickle.loads(pickle.dumps(source.reader)).read("photo 61.png") == picture(61)
    assert list(open_source(str(tmp_path), split="test").keys()) == ["t.png"]
    with pytest.raises(SourceError, match="no split 'validation'; use --split with one of: test, train"):
        open_source(str(tmp_path), split="validation")


def test_rows_without_a_path_of_their_own_are_known_by_their_content(tmp_path: Path) -> None:
    rows: Rows = [("a.png", picture(1)), (None, picture(2)), ("twice.png", picture(3)), ("twice.png", picture(4))]
    rows += [
        ("/home/me/e.png", picture(5)),
        ("../f.png", picture(6)),
        (None, picture(2)),
        (None, None),
        ("", picture(8)),
    ]
    write(tmp_path / "p.parquet", rows)
    source = open_source(str(tmp_path / "p.parquet"))
    assert list(source.keys()) == ["a.png", *(digest(picture(n)) for n in (2, 3, 4, 5, 6, 8))]
    assert source.read(digest(picture(5))) == picture(5)
    assert dict(source.rejected) == {
        "p.parquet, row 0 of group 2": f"the photo {digest(picture(2))} again",
        "p.parquet, row 1 of group 2": "without the bytes of a picture",
    }


def test_another_row_changes_no_key(tmp_path: Path) -> None:
    rows: Rows = [("a.png", picture(1)), (None, picture(2)), ("c.png", picture(3))]
    write(tmp_path / "p.parquet", rows)
    before = open_source(str(tmp_path / "p.parquet")).keys()
    write(tmp_path / "p.parquet", [(None, picture(9)), *rows, ("d.png", picture(10))])
    assert set(before) < set(open_source(str(tmp_path / "p.parquet")).keys())


def test_a_column_of_bare_bytes_will_do_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"jpg": [picture(1), picture(2)], "n": [1, 2]}), tmp_path / "p.parquet")
    source = open_source(str(tmp_path / "p.parquet"), column="jpg")
    assert list(source.keys()) == [digest(picture(1)), digest(picture(2))]
    assert source.read(digest(picture(2))) == picture(2)
    with pytest.raises(SourceError, match="no pictures in a column 'image'; use --column with one of: jpg"):
        open_source(str(tmp_path / "p.parquet"))


def test_damaged_and_vanished_tables_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [("a.png", picture(1))])
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no table PAR1")
    source = open_source(str(tmp_path))
    assert list(source.keys()) == ["a.png"]
    assert source.rejected[0][0] == "b.parquet"
    (tmp_path / "a.parquet").unlink()
    with pytest.raises(SourceError, match="gone while it was being read"):
        source.read("a.png")
    with pytest.raises(SourceError, match="no parquet file that can be read"):
        open_source(str(tmp_path / "b.parquet"))


def test_a_row_with_a_path_alone_is_one_clear_error(tmp_path: Path) -> None:
    write(tmp_path / "p.parquet", [("a.png", None), ("b.png", picture(2))])
    source = open_source(str(tmp_path / "p.parquet"))
    with pytest.raises(ImageError, match=r"^a\.png: a row without the bytes of a picture"):
        source.read("a.png")
    assert source.read("b.png") == picture(2)


def test_a_row_is_turned_away_once(tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", [("empty.png", None), (None, picture(0)), (None, None)])
    source = open_source(str(tmp_path / "t.parquet"))
    assert source.rejected == (("t.parquet, row 2 of group 0", "without the bytes of a picture"),)
    assert list(source.keys()) == ["empty.png", digest(picture(0))]  # whose turn to be rejected comes when it is read


def test_pictures_with_notes_in_parquet_beside_them_are_a_folder_of_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture(1))
    pq.write_table(pa.table({"file_name": ["a.png"]}), tmp_path / "metadata.parquet")
    assert list(open_source(str(tmp_path)).keys()) == ["a.png"]
    pq.write_table(pa.table({"embedding": [0.5]}), tmp_path / "features.parquet")
    assert list(open_source(str(tmp_path)).keys()) == ["a.png"]
    (tmp_path / "a.png").unlink()
    with pytest.raises(
        NoSourceError, match=r"features\.parquet: no column of pictures; give a dataset that embeds them"
    ):
        open_source(str(tmp_path))


STREAMED = f"""{PEAK}
import sys
from degrade.sources import open_source
source = open_source(sys.argv[1])
before = peak()
for key in source.keys():
    source.read(key)
print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_row_group_of_large_photos_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    large = os.urandom(3 << 20)
    rows: Rows = [(f"{n}.png", large[n:]) for n in range(40)]
    pages = {"use_content_defined_chunking": True, "compression": "none"}  # as the datasets library writes them
    pq.write_table(table(rows), tmp_path / "p.parquet", row_group_size=40, **pages)
    done = subprocess.run(
        [sys.executable, "-c", STREAMED, str(tmp_path / "p.parquet")], capture_output=True, text=True, check=True
    )
    print(done.stdout)  # noqa: T201
    assert float(done.stdout) < 100  # of 120, and of 200 where the group is read at once

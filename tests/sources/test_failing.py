"""What a system says of a place that fails just now is told apart from what is wrong with a photo or an archive."""

import errno
import gzip
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_pictures import picture

from degrade.io import ImageError, PassingError, UnreadError, read_image
from degrade.patience import patient
from degrade.sources import SourceError, open_source

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("degrade.patience.PAUSES", (0.0, 0.0, 0.0))


LEFT: list[OSError] = []
"""What a system says, once each."""


@pytest.fixture(autouse=True)
def _left() -> Iterator[None]:
    LEFT.clear()
    yield
    LEFT.clear()


def failing(call: Any) -> Any:
    """The same, which first fails with what is left to say."""

    def first_fails(*words: Any, **options: Any) -> Any:
        if LEFT:
            raise LEFT.pop(0)
        return call(*words, **options)

    return first_fails


def says(number: int, times: int = 1) -> list[OSError]:
    return [OSError(number, os.strerror(number)) for _ in range(times)]


@pytest.mark.parametrize("number", [errno.EIO, errno.ETIMEDOUT, errno.ESTALE, errno.ECONNRESET, errno.ENFILE])
def test_what_may_pass_is_tried_again(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(picture(1))
    source = open_source(str(tmp_path))
    monkeypatch.setattr(Path, "read_bytes", failing(Path.read_bytes))
    LEFT.extend(says(number, 3))
    assert patient(lambda: source.read("a.png")) == picture(1)
    LEFT.extend(says(number, 4))
    with pytest.raises(PassingError, match=r"^a\.png: cannot be read just now \([A-Z][^\n]*\); try again$"):
        patient(lambda: source.read("a.png"))


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOENT, errno.ELOOP])
def test_what_lasts_is_said_at_once_and_is_no_word_on_the_photo(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(picture(1))
    source = open_source(str(tmp_path))
    monkeypatch.setattr(Path, "read_bytes", failing(Path.read_bytes))
    LEFT.extend(says(number))
    with pytest.raises(UnreadError, match=r"^a\.png: [^\n]*; bring it back, or take it off the list$") as caught:
        patient(lambda: source.read("a.png"))
    assert not isinstance(caught.value, PassingError)
    LEFT.extend(says(errno.EIO))
    with pytest.raises(PassingError, match="cannot be read just now"):
        read_image(tmp_path / "a.png")


def test_a_folder_that_fails_while_it_is_listed_is_read_again_and_never_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.png", "in/b.png"):
        (tmp_path / name).write_bytes(picture(1))
    listing = os.scandir

    def scandir(place: Any) -> Any:
        return failing(listing)(place) if str(place).endswith("in") else listing(place)

    monkeypatch.setattr("os.scandir", scandir)
    LEFT.extend(says(errno.ESTALE, 3))
    source = open_source(str(tmp_path))
    assert (source.keys(), source.rejected) == (("a.png", "in/b.png"), ())
    LEFT.extend(says(errno.ESTALE, 4))
    with pytest.raises(SourceError, match=r"in: cannot be read just now \(.*\); try again, as photos may be in it"):
        open_source(str(tmp_path))


@pytest.mark.parametrize("name", ["p.tar", "p.tar.gz"])
def test_an_archive_that_fails_while_it_is_listed_is_not_taken_for_cut_short(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as file:
        for number in range(3):
            member = tarfile.TarInfo(f"{number}.png")
            member.size = len(picture(number))
            file.addfile(member, io.BytesIO(picture(number)))
    (tmp_path / name).write_bytes(gzip.compress(packed.getvalue()) if name.endswith("gz") else packed.getvalue())
    if name.endswith("gz"):
        monkeypatch.setattr(gzip.GzipFile, "read1", failing(gzip.GzipFile.read1))
    else:
        monkeypatch.setattr(tarfile.TarFile, "next", failing(tarfile.TarFile.next))
    assert len(open_source(str(tmp_path / name)).keys()) == 3
    LEFT.extend(says(errno.EIO))
    with pytest.raises(SourceError, match=r"(cannot be read just now \(Input/output error\)|Input/output error)"):
        open_source(str(tmp_path / name))


@pytest.mark.parametrize("end", ["zip", "tar"])
def test_a_member_that_fails_is_not_damaged(end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.png").write_bytes(picture(1))
    shutil.make_archive(str(tmp_path / "p"), end, tmp_path / "in")
    source = open_source(str(tmp_path / f"p.{end}"))
    key = source.keys()[0]
    monkeypatch.setattr(Path, "open", failing(Path.open))
    LEFT.extend(says(errno.ESTALE, 2))
    assert patient(lambda: source.read(key)) == picture(1)
    with pytest.raises(UnreadError, match=r"^b\.png: no such photo in its archive or table; bring it back$"):
        source.read("b.png")


def table(path: Path, names: list[str]) -> None:
    kind = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    cells = [{"bytes": picture(number), "path": name} for number, name in enumerate(names)]
    pq.write_table(pa.table({"image": pa.array(cells, kind)}), path)


def test_a_table_that_fails_is_not_damaged_and_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(tmp_path / "a.parquet", ["1.png", "2.png"])
    table(tmp_path / "b.parquet", ["", ""])
    monkeypatch.setattr(pq, "ParquetFile", failing(pq.ParquetFile))
    LEFT.extend(says(errno.EIO, 3))
    source = open_source(str(tmp_path))
    assert (len(source.keys()), source.rejected) == (4, ())
    LEFT.extend(says(errno.EIO, 4))
    with pytest.raises(SourceError, match=r"a\.parquet: cannot be read just now \(Input/output error\)"):
        open_source(str(tmp_path))
    LEFT.clear()
    LEFT.extend(says(errno.EIO, 2))
    assert patient(lambda: source.read("1.png")) == picture(0)
    fresh = open_source(str(tmp_path))
    LEFT.extend([OSError("Corrupt footer")])  # a word of Arrow's own
    with pytest.raises(ImageError, match=r"^1\.png: damaged in a\.parquet") as caught:
        fresh.read("1.png")
    assert not isinstance(caught.value, UnreadError)

"""Archives are read in place: no name leads out, no bomb goes off, and damage is named."""

import io
import lzma
import pickle
import stat
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_pictures import picture

from degrade.io import ImageError
from degrade.sources import SourceError, open_source
from degrade.sources.source import MAX_BYTES

Maker = Callable[[Path, dict[str, bytes]], None]


def zipped(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)


def tarred(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, f"w:{path.suffix[1:] if path.suffix != '.tar' else ''}") as file:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))


KINDS = [("p.zip", zipped), ("p.tar", tarred), ("p.tar.gz", tarred), ("p.tar.bz2", tarred), ("p.tar.xz", tarred)]


@pytest.mark.parametrize(("name", "make"), KINDS)
def test_every_archive_gives_its_pictures_by_member_name(name: str, make: Maker, tmp_path: Path) -> None:
    inside = {"b.png": picture(1), "ä/a.jpg": picture(2), "ä/notes.txt": b"x", ".b.png": b"x", "__MACOSX/._b.png": b"x"}
    make(tmp_path / name, inside | {"./c.png": picture(3)})
    source = open_source(str(tmp_path / name))
    assert list(source.keys()) == ["b.png", "c.png", "ä/a.jpg"]
    assert source.rejected == ()
    assert source.read("c.png") == picture(3)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(source.read, ["b.png", "ä/a.jpg"] * 20)) == [picture(1), picture(2)] * 20
    assert pickle.loads(pickle.dumps(source.reader)).read("b.png") == picture(1)
    make(tmp_path / name, inside | {"a new one.png": picture(4)})
    assert set(open_source(str(tmp_path / name)).keys()) > {"b.png", "ä/a.jpg"}


@pytest.mark.parametrize(("name", "make"), KINDS[:3])
def test_names_that_lead_out_of_an_archive_are_turned_away(name: str, make: Maker, tmp_path: Path) -> None:
    bad = ["../a.png", "in/../../a.png", "/etc/a.png", "..\\a.png", "C:\\a.png", "../passwd"]
    make(tmp_path / name, dict.fromkeys(bad, picture(1)) | {"good.png": picture(2)})
    source = open_source(str(tmp_path / name))
    assert list(source.keys()) == ["good.png"]
    assert sorted(name for name, _ in source.rejected) == sorted(bad)
    assert {why for _, why in source.rejected} == {
        "its name leads out of its folder ('..')",
        "its name is an absolute path",
    }


def test_links_and_devices_in_a_tar_are_turned_away(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "p.tar", "w") as file:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"kind {kind.decode()}.png")
            info.type, info.linkname = kind, "/etc/passwd"
            file.addfile(info)
    source = open_source(str(tmp_path / "p.tar"))
    assert list(source.keys()) == []
    assert [why for _, why in source.rejected] == ["a link or a device, not a file"] * 4


def test_links_and_locked_members_in_a_zip_are_turned_away(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
        file.writestr("rare.png", picture(1), zipfile.ZIP_LZMA)
        file.writestr("old.png", picture(2), zipfile.ZIP_BZIP2)
    source = open_source(str(tmp_path / "p.zip"))
    assert [name for name, _ in source.rejected] == ["link.png", "rare.png"]
    assert source.read("old.png") == picture(2)


@pytest.mark.parametrize("name", ["p.zip", "p.tar"])
def test_the_first_of_two_members_of_one_name_is_taken(name: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile says so too
        if name == "p.zip":
            with zipfile.ZipFile(tmp_path / name, "w") as file:
                file.writestr("a.png", picture(1))
                file.writestr("a.png", picture(2))
        else:
            with tarfile.open(tmp_path / name, "w") as tar:
                for level in (1, 2):
                    info = tarfile.TarInfo("a.png")
                    info.size = len(picture(level))
                    tar.addfile(info, io.BytesIO(picture(level)))
    source = open_source(str(tmp_path / name))
    assert source.read("a.png") == picture(1)
    assert source.rejected == (("a.png", "a second member of this name; the first is taken"),)


def lying_zip(path: Path, announced: int) -> None:
    """Ten megabytes of nothing that say they are few."""
    zipped(path, {"bomb.png": bytes(10 << 20)})
    data = path.read_bytes()
    true = struct.pack("<I", 10 << 20)
    assert data.count(true) == 2
    path.write_bytes(data.replace(true, struct.pack("<I", announced)))


def test_a_member_that_unpacks_to_more_than_it_says_is_stopped_there(tmp_path: Path) -> None:
    lying_zip(tmp_path / "p.zip", 1000)
    with pytest.raises(ImageError, match=r"^bomb\.png: unpacks to more than the 1000 bytes"):
        open_source(str(tmp_path / "p.zip")).read("bomb.png")


def test_a_member_over_the_limit_is_turned_away_unread(tmp_path: Path) -> None:
    lying_zip(tmp_path / "p.zip", MAX_BYTES + 1)
    assert "over the limit of 1024 MiB" in open_source(str(tmp_path / "p.zip")).rejected[0][1]
    info = tarfile.TarInfo("bomb.png")
    info.size = MAX_BYTES + 1
    with (tmp_path / "p.tar").open("wb") as file:
        file.write(info.tobuf())
        file.truncate(MAX_BYTES * 2)
    assert "over the limit of 1024 MiB" in open_source(str(tmp_path / "p.tar")).rejected[0][1]


def test_a_packed_tar_stops_unpacking_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("degrade.sources.tars.MAX_UNPACKED", 5 << 20)
    (tmp_path / "p.tar.xz").write_bytes(lzma.compress(bytes(20 << 20)))
    with pytest.raises(SourceError, match="unpack it, and name the folder"):
        open_source(str(tmp_path / "p.tar.xz"))


def test_a_header_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 3 << 30
    tarred(tmp_path / "p.tar", {"a.png": picture(1)})
    good = (tmp_path / "p.tar").read_bytes()[:1024]
    with (tmp_path / "p.tar").open("wb") as file:
        file.write(good + info.tobuf(tarfile.GNU_FORMAT))
        file.truncate(4 << 30)
    source = open_source(str(tmp_path / "p.tar"))
    assert list(source.keys()) == ["a.png"]
    assert "the archive is damaged" in source.rejected[0][1]


@pytest.mark.parametrize("name", ["p.tar", "p.tar.gz", "p.tar.xz"])
def test_of_a_tar_that_is_cut_short_what_lies_before_is_taken(name: str, tmp_path: Path) -> None:
    noise = {f"{n}.png": picture(n) + bytes((n * i * i + i) % 251 for i in range(9000)) for n in range(9)}
    tarred(tmp_path / name, noise)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * 0.6)])
    source = open_source(str(tmp_path / name))
    assert source.rejected[-1][0] == name
    assert "damaged" in source.rejected[-1][1]
    whole = list(source.keys())[:-1]  # the archive may end in the last
    assert len(whole) >= 3
    assert [source.read(key) for key in whole] == [noise[key] for key in whole]


def test_a_tar_with_a_damaged_head_in_its_middle_is_not_taken_for_whole(tmp_path: Path) -> None:
    tarred(tmp_path / "p.tar", {"a.png": picture(1), "b.png": picture(2)})
    data = bytearray((tmp_path / "p.tar").read_bytes())
    data[1024:1030] = b"wrong!"
    (tmp_path / "p.tar").write_bytes(data)
    source = open_source(str(tmp_path / "p.tar"))
    assert list(source.keys()) == ["a.png"]
    assert source.rejected == (("p.tar", "the archive is damaged; what lies before is taken"),)


def test_a_damaged_member_of_a_zip_is_named(tmp_path: Path) -> None:
    zipped(tmp_path / "p.zip", {"a.png": picture(1), "b.png": picture(2)})
    data = bytearray((tmp_path / "p.zip").read_bytes())
    data[60] ^= 0xFF
    (tmp_path / "p.zip").write_bytes(data)
    source = open_source(str(tmp_path / "p.zip"))
    with pytest.raises(ImageError, match=r"^a\.png: damaged"):
        source.read("a.png")
    assert source.read("b.png") == picture(2)


@pytest.mark.parametrize("name", [name for name, _ in KINDS])
def test_what_is_no_archive_is_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"no archive at all" * 99)
    with pytest.raises(SourceError, match=r"^[^\n]*that can be read[^\n]*copy it again from its source$"):
        open_source(str(tmp_path / name))


@pytest.mark.parametrize(("name", "make"), KINDS[:2])
def test_an_archive_that_changed_or_vanished_stops_the_work(name: str, make: Maker, tmp_path: Path) -> None:
    make(tmp_path / name, {"a.png": picture(1)})
    source = open_source(str(tmp_path / name))
    with (tmp_path / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(SourceError, match="has changed"):
        source.read("a.png")
    (tmp_path / name).unlink()
    with pytest.raises(SourceError, match="bring it back"):
        source.read("a.png")


def test_member_names_that_are_no_utf_8_are_turned_away(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "p.tar", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as file:
        file.addfile(tarfile.TarInfo("bäh.png"))
    assert open_source(str(tmp_path / "p.tar")).rejected == (("b\\udce4h.png", "its name is not UTF-8; rename it"),)

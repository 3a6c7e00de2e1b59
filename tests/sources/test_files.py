"""Folders, patterns and lists give every photo by its path, and name what they turn away."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from small_pictures import PEAK, picture

from degrade.io import ImageError, decode_image
from degrade.sources import NoSourceError, PhotoSource, SourceError, open_source


def folder(root: Path, *names: str) -> Path:
    for level, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(picture(level))
    return root


def test_a_folder_gives_its_pictures_by_relative_path_and_another_photo_changes_no_key(tmp_path: Path) -> None:
    folder(tmp_path / "album", "b.PNG", "1931/a.jpg", "1931/notes.txt", ".hidden/c.png", "._d.jpg")
    before = open_source(str(tmp_path / "album"))
    assert list(before.keys()) == ["1931/a.jpg", "b.PNG"]
    assert before.name == "folder album"
    assert before.read("1931/a.jpg") == picture(1)
    folder(tmp_path / "album", "1930/new.jpg")
    assert set(before.keys()) < set(open_source(str(tmp_path / "album")).keys())


def test_links_to_folders_are_followed_once_and_loops_are_named(tmp_path: Path) -> None:
    folder(tmp_path / "album", "in/a.png")
    folder(tmp_path / "elsewhere", "b.png")
    (tmp_path / "album/in/round").symlink_to(tmp_path / "album")
    (tmp_path / "album/away").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "album/itself").symlink_to("itself")
    (tmp_path / "album/nothing.png").symlink_to("gone.png")
    os.mkfifo(tmp_path / "album/pipe.png")
    source = open_source(str(tmp_path / "album"))
    assert list(source.keys()) == ["away/b.png", "in/a.png"]
    assert [name for name, _ in source.rejected] == ["in/round", "itself", "nothing.png", "pipe.png"]
    assert "read already, as '.'" in dict(source.rejected)["in/round"]


def test_what_was_made_of_photos_is_no_photo_wherever_it_lies(tmp_path: Path) -> None:
    made = ("degraded.png", "clean.png", "mask.png", "labels.png", "recipe.json")
    folder(tmp_path / "album", "a.png", "mask.png", *(f"pairs/a.png/{name}" for name in made), "pairs/b.png")
    assert list(open_source(str(tmp_path / "album")).keys()) == ["a.png", "mask.png", "pairs/b.png"]
    (tmp_path / "album/pairs/b.png").unlink()
    folder(tmp_path / "export", ".foxing-export.json", "train/a.png/degraded.jpg")
    for place in ("album/pairs", "album/pairs/a.png", "export"):
        with pytest.raises(NoSourceError, match=f"{place}: holds what Foxing made of photos; name the folder of the"):
            open_source(str(tmp_path / place))


def test_a_link_to_a_device_is_not_called_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "device.png").symlink_to("/dev/null")
    (tmp_path / "gone.png").symlink_to("nowhere.png")
    assert dict(open_source(str(tmp_path)).rejected) == {
        "device.png": "a pipe or a device",
        "gone.png": "a link to nothing",
    }


def test_names_in_unicode_stay_as_they_are_and_others_are_turned_away(tmp_path: Path) -> None:
    names = ["Großmutter 祖母.png", "caf\u00e9.png", "cafe\u0301.png", "A.png", "a.png"]
    folder(tmp_path, *names)
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe4h.png")).write_bytes(picture(1))
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    source = open_source(str(tmp_path))
    assert list(source.keys()) == sorted(names)  # composed and decomposed accents are two files, and two keys
    assert source.rejected == (("b\\udce4h.png", "its name is not UTF-8; rename it"),)


def test_a_folder_without_permission_is_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path, "a.png", "locked/b.png")
    scandir = os.scandir

    def guarded(place: Path) -> object:
        if Path(place).name == "locked":
            raise PermissionError(13, "Permission denied", str(place))
        return scandir(place)

    monkeypatch.setattr("os.scandir", guarded)  # root may read everything
    source = open_source(str(tmp_path))
    assert list(source.keys()) == ["a.png"]
    assert source.rejected == (("locked", "a folder that cannot be opened (Permission denied)"),)


def test_a_photo_that_vanishes_is_one_line_and_a_vanished_folder_another_error(tmp_path: Path) -> None:
    root = folder(tmp_path / "album", "a.png", "b.png")
    source = open_source(str(root))
    (root / "a.png").unlink()
    with pytest.raises(ImageError, match=r"^a\.png: no such file[^\n]*$"):
        source.read("a.png")
    root.rename(tmp_path / "moved")
    with pytest.raises(SourceError, match="gone while it was being read"):
        source.read("b.png")


def test_a_pattern_takes_its_matches_by_the_path_below_its_fixed_part(tmp_path: Path) -> None:
    folder(tmp_path, "p/a.jpg", "p/1/b.jpg", "p/1/2/c.jpg", "p/1/d.png", "p/1/e.txt", "q/f.jpg")
    assert list(open_source(f"{tmp_path}/p/**/*.jpg").keys()) == ["1/2/c.jpg", "1/b.jpg", "a.jpg"]
    assert list(open_source(f"{tmp_path}/p/*.jpg").keys()) == ["a.jpg"]
    assert list(open_source(f"{tmp_path}/*/[af].*").keys()) == ["p/a.jpg", "q/f.jpg"]
    assert list(open_source(f"{tmp_path}/p/1/*").keys()) == ["b.jpg", "d.png"]
    assert open_source(f"{tmp_path}/p/?/*.jpg").read("1/b.jpg") == picture(1)


def test_a_folder_with_brackets_in_its_name_is_a_folder(tmp_path: Path) -> None:
    folder(tmp_path / "Rom [1931]", "a.png")
    assert list(open_source(str(tmp_path / "Rom [1931]")).keys()) == ["a.png"]


def test_one_picture_is_known_by_its_name(tmp_path: Path) -> None:
    folder(tmp_path, "a.png")
    source = open_source(str(tmp_path / "a.png"))
    assert (list(source.keys()), source.read("a.png"), source.name) == (["a.png"], picture(0), "file a.png")


def test_a_list_names_photos_relative_to_its_folder(tmp_path: Path) -> None:
    folder(tmp_path, "lists/a.png", "b ü.png")
    text = f"\ufeff# mine\r\n\r\na.png\r\n../b ü.png\n./a.png\n{tmp_path}/b ü.png\ngone.png\n".encode() + b"\xe4.png\n"
    (tmp_path / "lists/photos.txt").write_bytes(text)
    source = open_source(str(tmp_path / "lists/photos.txt"))
    assert list(source.keys()) == ["../b ü.png", "a.png", "gone.png"]
    assert source.read("../b ü.png") == picture(1)
    assert dict(source.rejected)["a.png"] == "named a second time in line 5"
    assert dict(source.rejected)[f"{tmp_path}/b ü.png"] == "named a second time in line 6"
    assert dict(source.rejected)["photos.txt, line 8"].startswith("not UTF-8")
    with pytest.raises(ImageError, match=r"^gone\.png: no such file"):
        source.read("gone.png")


@pytest.mark.parametrize("line", ["/dev/zero", "."])
def test_a_device_or_a_folder_in_a_list_is_not_read(line: str, tmp_path: Path) -> None:
    (tmp_path / "photos.txt").write_text(line)
    with pytest.raises(ImageError, match="a folder, a pipe or a device"):
        open_source(str(tmp_path / "photos.txt")).read(line)


MILLION = f"""{PEAK}
import sys, time
from degrade.sources import open_source
start = time.perf_counter()
source = open_source(sys.argv[1])
print(len(source.keys()), time.perf_counter() - start, peak())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_list_of_a_million_photos_fits_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "photos.txt"
    with path.open("w") as file:
        file.writelines(f"photos/folder-{n % 1000:04d}/photograph-{n:07d}.jpg\n" for n in range(1_000_000))
    done = subprocess.run([sys.executable, "-c", MILLION, str(path)], capture_output=True, text=True, check=True)
    count, seconds, mebibytes = map(float, done.stdout.split())
    print(f"{seconds:.1f} s, {mebibytes:.0f} MiB")  # noqa: T201  (pytest -s shows it; time decides nothing)
    assert count == 1_000_000
    assert mebibytes < 500


def test_a_reader_for_workers_carries_no_list_of_keys(tmp_path: Path) -> None:
    folder(tmp_path, "a.png")
    (tmp_path / "photos.txt").write_text("a.png\n" + "".join(f"{n}.png\n" for n in range(10_000)))
    source = open_source(str(tmp_path / "photos.txt"))
    assert pickle.loads(pickle.dumps(source)) == source
    packed = pickle.dumps(source.reader)
    assert len(packed) < 1000
    assert pickle.loads(packed).read("a.png") == picture(0)


def test_a_reader_works_in_another_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path / "album", "a.png")
    monkeypatch.chdir(tmp_path)
    sources = [open_source(where) for where in ("album", "album/*.png", "album/a.png", "./album/../album")]
    monkeypatch.chdir("/")
    assert [source.read("a.png") for source in sources] == [picture(0)] * 4
    assert {source.name for source in sources} == {"folder album", "pattern *.png in album", "file a.png"}


def broken(kind: int, good: bytes, path: Path) -> None:
    """One file broken in one of eight ways."""
    if kind == 0:
        path.write_bytes(good[: len(good) // 2])
    elif kind == 1:
        path.write_bytes(b"")
    elif kind == 2:
        path.write_text("this is no picture")
    elif kind == 3:
        path.write_bytes(good.replace(bytes.fromhex("0000000500000004"), bytes.fromhex("0000ffff0000ffff")))  # a bomb
    elif kind == 4:
        path.symlink_to(path.name)
    elif kind == 5:
        path.symlink_to("gone.png")
    elif kind == 6:
        path.mkdir()
    else:
        path.write_bytes(good)  # it will vanish


def outcome(source: PhotoSource, key: str) -> tuple[bool, str]:
    try:
        decode_image(source.read(key), key)
    except ImageError as error:
        return False, str(error)
    return True, ""


def test_of_500_files_of_which_60_are_broken_the_440_good_ones_are_read_and_60_are_named(tmp_path: Path) -> None:
    for n in range(500):
        path = tmp_path / f"{n % 7}" / f"photo {n} ü.png"
        path.parent.mkdir(exist_ok=True)
        if n < 60:
            broken(n % 8, picture(n), path)
        else:
            path.write_bytes(picture(n))
    source = open_source(str(tmp_path))
    for n in range(7, 60, 8):
        (tmp_path / f"{n % 7}" / f"photo {n} ü.png").unlink()
    read, named = [], dict(source.rejected)
    for key in list(source.keys()):
        image, problem = outcome(source, key)
        if image:
            read.append(key)
        else:
            assert problem.startswith(f"{key}: ")
            assert "\n" not in problem
            named[key] = problem
    folders = sum(n % 8 == 6 for n in range(60))  # a folder with a picture's name is a folder, and no fault
    assert len(read) == 440
    assert len(named) == 60 - folders


def test_a_place_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    for where in (str(tmp_path / "none"), str(tmp_path / "none.zip"), f"{tmp_path}/none/*.jpg"):
        with pytest.raises(NoSourceError, match=r"^[^\n]*check its name$"):
            open_source(where)

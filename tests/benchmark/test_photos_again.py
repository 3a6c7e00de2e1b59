"""A sweep that is called again after its photos have changed says so, and does not go on with the old ones unseen."""

from collections.abc import Callable
from pathlib import Path
from shutil import copy, rmtree

import pytest
from small_suites import photo, write_photos

from degrade.io import write_png
from foxing import main

Console = pytest.CaptureFixture[str]

PLAN = 'name = "mine"\nphotos = "photos"\nmetrics = ["mae"]\n[[damage]]\neffect = "Foxing"\nseverities = [1]\n'


def words(tmp_path: Path) -> list[str]:
    return [
        *("benchmark", "run", "--suite", str(tmp_path / "mine.toml"), "--model", "median", "--no-probe"),
        *("--out", str(tmp_path / "runs"), "--threads", "1"),
    ]


CHANGES: list[tuple[Callable[[Path], object], str]] = [
    (lambda photos: write_png(photos / "photo1.png", photo(7)), "made when photo1 had other pixels"),
    (lambda photos: copy(photos / "photo1.png", photos / "new.png"), "made without new"),
    (lambda photos: (photos / "photo1.png").unlink(), "made with photo1, which is not there now"),
    (lambda photos: (photos / "photo1.png").rename(photos / "x.png"), "made with photo1, which is not there now"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_photos_that_have_changed_are_named(
    tmp_path: Path, capsys: Console, change: Callable[[Path], object], said: str
) -> None:
    photos = write_photos(tmp_path / "photos")
    (tmp_path / "mine.toml").write_text(PLAN)
    assert main(words(tmp_path)) == 0
    assert main(words(tmp_path)) == 0
    change(photos)
    capsys.readouterr()
    assert main(words(tmp_path)) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "give another --out" in err


def test_a_sweep_goes_on_where_the_photos_of_its_suite_are_gone(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos")
    (tmp_path / "mine.toml").write_text(PLAN)
    assert main(words(tmp_path)) == 0
    rmtree(photos)
    assert main([*words(tmp_path), "--model", "telea"]) == 0

"""Crops for which every photo is too small: refused before anything is made, not enlarged until memory runs out."""

from pathlib import Path

import pytest
from small_detectors import TINY, made
from small_photos import mask, photo

from foxing import main
from restore_models.training_data import Asked, opened

CALLS = {
    "a corpus": "nafnet --data {data} --size 30000",
    "its clean side": "nafnet --data {data} --preset mild --size 30000",
    "photos": "nafnet --data {photos} --preset mild --size 30000",
    "photos drawn on by hand": "detector --labels {labels} --from {detector} --size 30000",
}


@pytest.mark.parametrize("what", CALLS)
def test_crops_larger_than_every_photo_are_refused_in_one_line_with_the_largest_side(
    what: str, data: Path, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"data": data, "photos": photos, "labels": tmp_path / "labels", "detector": tmp_path / "detector"}
    made(TINY).save_pretrained(places["detector"])
    photo(tmp_path / "labels/photos/a.png", (44, 60))
    mask(tmp_path / "labels/masks/a.png", (44, 60))
    out = tmp_path / "out"
    assert main(["train", *CALLS[what].format(**places).split(), "--out", str(out), "--device", "cpu"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    side = {"a corpus": 2 * 53, "its clean side": 48, "photos": 44, "photos drawn on by hand": 2 * 60}[what]
    assert f": crops of 30000 pixels, and no picture is large enough for more than {side}; give a smaller" in told
    assert not out.exists()


def test_photos_of_a_corpus_that_are_somewhat_smaller_are_enlarged(data: Path) -> None:
    pair = opened(Asked(str(data)), 64, 3).pairs[0, 0]  # they are 48 pixels high, and 53 wide at most
    assert {each.shape[:2] for each in pair.values()} == {(64, 64)}

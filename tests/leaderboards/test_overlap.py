"""Photos of a suite in somebody's training data: the same and scaled ones are found, different ones are not."""

import json
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest
from small_suites import photo
from tampering import refused, verify

from benchmark.materials import opened_suite
from degrade.io import read_image, write_png
from leaderboards.entry import CHECKED
from leaderboards.overlap import ALIKE, difference_hash, overlap

Console = pytest.CaptureFixture[str]


def test_photos_in_the_training_data_are_found(entry: Path, small_run: Path, tmp_path: Path, capsys: Console) -> None:
    training = tmp_path / "training"
    write_png(training / "a.png", photo(0))
    write_png(training / "b.png", np.ascontiguousarray(cv2.resize(photo(1), (96, 80))[:, ::-1]))
    write_png(training / "c.png", photo(77))
    found = overlap(opened_suite(small_run / "suite"), training)
    assert asdict(found) == {"pictures": 3, "equal": ("photo0",), "alike": ("photo1",)}
    said = "training data: 2 photos of the suite are in"
    refused(capsys, said, entry, "--training", training, "--suite", small_run / "suite")
    assert json.loads((entry / CHECKED).read_text("utf-8"))["overlap"] == found.noted() | {"equal": ["photo0"]}
    (training / "a.png").unlink()
    (training / "b.png").unlink()
    assert verify(entry, "--training", training, "--suite", small_run / "suite") == 0


@pytest.mark.data
def test_different_photos_have_hashes_far_apart() -> None:
    clean = Path(__file__).parents[3] / "shared" / "data" / "clean"
    if not clean.is_dir():
        pytest.skip("the development photographs are not there")
    photos = [read_image(path) for path in sorted(clean.glob("*.jpg"))[::6]]
    hashes = np.stack([difference_hash(each) for each in photos])
    apart = (hashes[:, None] != hashes).sum(axis=2)[np.triu_indices(len(photos), 1)]
    assert apart.min() > 1.25 * ALIKE
    halves = [cv2.resize(each, None, fx=0.5, fy=0.5) for each in photos]
    worse = [cv2.imdecode(cv2.imencode(".jpg", each, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], 1) for each in halves]
    moved = [(difference_hash(each) != bits).sum() for each, bits in zip(worse, hashes, strict=True)]
    assert max(moved) < 0.8 * ALIKE

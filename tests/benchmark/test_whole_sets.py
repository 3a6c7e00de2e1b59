"""Real old photos: a value without a reference, and distances of all outputs from clean photos."""

import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from small_suites import small_suite, write_photos

from benchmark.metric import UnsupportedError
from benchmark.naturalness import NIQE_SELF, features, niqe_self
from benchmark.set_features import features_of, widest
from benchmark.sets import fid, kid
from benchmark.suites import REAL_OLD
from degrade.demo import shipped_photos
from degrade.io import write_png
from degrade.types import Image
from foxing import main
from restore_models.network import PhotoNetwork


@pytest.fixture(scope="module")
def rocket() -> Image:
    pytest.importorskip("skimage")
    return np.ascontiguousarray(shipped_photos()["rocket"][:384, :576])


def value(image: Image) -> float:
    return niqe_self(image, None, None)["whole"]


def test_noise_blur_and_blocks_are_less_natural_and_more_of_them_less_so(rocket: Image) -> None:
    noise = np.random.default_rng(0).normal(0, 1, rocket.shape)
    noisy = [value(np.clip(rocket + share * noise, 0, 255).astype(np.uint8)) for share in (25, 60)]
    blurred = [value(cv2.GaussianBlur(rocket, (0, 0), sigma)) for sigma in (1.5, 3)]
    jpeg = cv2.imdecode(cv2.imencode(".jpg", rocket, [cv2.IMWRITE_JPEG_QUALITY, 5])[1], cv2.IMREAD_COLOR)
    assert value(rocket) < noisy[0] < noisy[1]
    assert value(rocket) < blurred[0] < blurred[1]
    assert value(rocket) < value(jpeg)


def test_flat_pictures_have_a_value_and_small_ones_none() -> None:
    pytest.importorskip("skimage")
    assert math.isfinite(value(np.full((200, 200, 3), 128, np.uint8)))
    with pytest.raises(UnsupportedError, match="no value for 300 x 100 pixels; it needs 192"):
        niqe_self(np.zeros((100, 300, 3), np.uint8), None, None)


def test_blocks_have_the_36_features_of_the_paper(rocket: Image) -> None:
    values, contrast = features(rocket, 96)
    assert values.shape == (4 * 6, 36)
    assert contrast.shape == (24,)


def test_real_old_photos_are_scored_without_a_reference() -> None:
    assert REAL_OLD.metrics == (NIQE_SELF.name,)
    assert not NIQE_SELF.higher_is_better


@pytest.fixture
def runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    suite = small_suite(tmp_path).folder
    asked = ["benchmark", "run", "--suite", str(suite), "--model", "median", "--model", "bad@misbehaving:raises"]
    assert main([*asked, "--keep", "--no-probe", "--out", str(tmp_path / "runs")]) == 1, (
        "one model fails on every photo"
    )
    capsys.readouterr()
    return tmp_path / "runs"


def test_distances_are_of_the_outputs_and_stand_beside_the_run(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = str(runs.parent / "suite")
    asked = ["benchmark", "sets", str(runs), "--suite", suite, "--features", "misbehaving:tones", "--json"]
    assert main(asked) == 0
    data = json.loads(capsys.readouterr().out)
    assert data == json.loads((runs / "sets.json").read_text("utf-8"))
    by = {(each["model"], each["spec"].partition("/")[0]): each for each in data["scores"]}
    assert by["bad", "kid"]["failed"] == by["bad", "kid"]["restored"] == 12
    assert by["bad", "kid"]["value"] == by["identity", "kid"]["value"], "a failure counts as the untouched photo"
    assert all("features=misbehaving:tones@" in each["spec"] for each in data["scores"])
    from misbehaving import tones  # noqa: PLC0415

    from benchmark.materials import opened_suite  # noqa: PLC0415

    made = opened_suite(Path(suite))
    items = sorted(made.suite.items, key=lambda item: item.item)
    ours = np.array([tones(made.case(item).degraded) for item in items])
    theirs = np.array(
        [tones(made.photo(next(i for i in items if i.photo == name))) for name in sorted(made.suite.photos)]
    )
    expected = kid(ours, theirs, ([item.photo for item in items], sorted(made.suite.photos)))
    mine = by["identity", "kid"]
    assert mine["value"] == pytest.approx(expected.value)
    assert (mine["low"], mine["high"]) == pytest.approx(expected.interval)
    assert by["identity", "fid"]["value"] == pytest.approx(fid(ours, theirs).value)
    assert (mine["restored"], mine["clean"]) == (12, 3)


def test_a_report_shows_what_was_measured_of_all_together(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = str(runs.parent / "suite")
    assert main(["benchmark", "sets", str(runs), "--suite", suite, "--features", "misbehaving:tones"]) == 0
    data = json.loads((runs / "sets.json").read_text("utf-8"))
    capsys.readouterr()
    assert main(["benchmark", "report", str(runs), "--html", str(runs / "page"), "--suite", suite]) == 0
    said = capsys.readouterr().out
    assert "All outputs together against clean photos" in said
    assert "median\t" in said.partition("All outputs together")[2]
    assert "All outputs together</h3>" in (runs / "page" / "report.html").read_text("utf-8")
    (runs / "sets.json").write_text(json.dumps(data | {"scores": [{"model": "median"}]}), "utf-8")
    assert main(["benchmark", "report", str(runs)]) == 2
    assert "sets.json: damaged (KeyError); foxing benchmark sets writes it anew" in capsys.readouterr().err
    (runs / "sets.json").write_text(json.dumps(data | {"suite_id": "other:1"}), "utf-8")
    assert main(["benchmark", "report", str(runs)]) == 0
    assert "All outputs together" not in capsys.readouterr().out


def test_outputs_that_are_gone_or_changed_are_named(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["benchmark", "sets", str(runs), "--suite", str(runs.parent / "suite"), "--features", "misbehaving:tones"]
    path = runs / "outputs" / "median" / "none" / "photo1.png"
    write_png(path, np.zeros((40, 48, 3), np.uint8))
    assert main(asked) == 2
    assert "photo1.png: not the output that was scored" in capsys.readouterr().err
    path.unlink()
    assert main(asked) == 2
    assert "run the sweep with --keep" in capsys.readouterr().err


def test_photos_smaller_than_a_patch_have_no_statistics(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "sets", str(runs), "--suite", str(runs.parent / "suite")]) == 2
    assert "smaller than a patch" in capsys.readouterr().err


def test_real_old_photos_need_clean_ones_to_lie_apart_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("skimage")
    for number in range(3):
        rng = np.random.default_rng(number)
        picture = cv2.resize(rng.integers(0, 256, (20, 20, 3), np.uint8), (200, 200), interpolation=cv2.INTER_CUBIC)
        write_png(tmp_path / "old" / f"{number}.png", picture)
        write_png(tmp_path / "clean" / f"{number}.png", cv2.GaussianBlur(picture, (0, 0), 3))
    runs = str(tmp_path / "runs")
    asked = ["benchmark", "run", "--suite", "real-old", "--photos", str(tmp_path / "old"), "--model", "median"]
    assert main([*asked, "--keep", "--out", runs]) == 0
    assert "Standings by niqe-self, 3 items of 3 photos" in capsys.readouterr().out
    assert main(["benchmark", "sets", runs]) == 2
    assert "has no clean photos; give a folder of some: --clean DIR" in capsys.readouterr().err
    assert main(["benchmark", "sets", runs, "--clean", str(tmp_path / "clean")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split("\t") == ["model", "kid", "fid", "n outputs", "n clean", "failed"]
    assert [line.split("\t")[3:] for line in lines[2:4]] == [["3", "3", "0"]] * 2


def test_features_of_a_network_are_those_of_its_widest_layer() -> None:
    import threading  # noqa: PLC0415

    class Network(PhotoNetwork):
        grid = 2

        def __init__(self) -> None:
            super().__init__(None)
            self.first = torch.nn.Conv2d(3, 8, 3, padding=1)
            self.second = torch.nn.Conv2d(8, 3, 1)

        def forward(self, degraded: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.second(self.first(degraded))
            return found

    network, image = Network(), np.random.default_rng(0).integers(0, 256, (20, 24, 3), np.uint8)
    found = widest(network, image, threading.Lock())
    with torch.no_grad():
        expected = network.first(torch.from_numpy(image.transpose(2, 0, 1)[None] / np.float32(255)))[0].flatten(1)
    assert found == pytest.approx(np.concatenate([expected.mean(1), expected.std(1, correction=0)]), rel=1e-4, abs=1e-6)


def test_unknown_features_are_named(tmp_path: Path) -> None:
    write_photos(tmp_path / "photos")
    with pytest.raises(ValueError, match="no features 'inception': give statistics"):
        features_of("inception")

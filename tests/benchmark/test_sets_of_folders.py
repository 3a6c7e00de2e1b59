"""Whole sets by the features of a network, and by another library's metrics that judge folders."""

import json
import sys
from pathlib import Path

import pytest
from pyiqa_stand_in import stand_in
from small_suites import small_suite

from benchmark import perceptual
from foxing import main

Console = pytest.CaptureFixture[str]


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Console) -> list[str]:
    monkeypatch.setitem(sys.modules, "pyiqa", stand_in(tmp_path))
    monkeypatch.setattr(perceptual, "_library", perceptual._library.__wrapped__)
    suite, runs = str(small_suite(tmp_path).folder), str(tmp_path / "runs")
    made = ["benchmark", "run", "--suite", suite, "--model", "median", "--keep", "--no-probe", "--out", runs]
    assert main(made) == 0
    capsys.readouterr()
    return ["benchmark", "sets", runs, "--suite", suite, "--features", "misbehaving:tones"]


def test_sets_have_a_distance_of_their_codes_and_of_their_folders(words: list[str], capsys: Console) -> None:
    asked = [*words, "--metric", "pyiqa-fid", "--metric", "pyiqa-inception_score"]
    assert main([*asked, "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)["scores"]
    by = {(each["model"], each["spec"].partition("/")[0]): each for each in scores}
    assert by["identity", "wasserstein"]["value"] > by["identity", "wasserstein"]["failed"] == 0
    assert "features=misbehaving:tones@" in by["median", "wasserstein"]["spec"]
    assert by["median", "pyiqa-fid"]["value"] == 12 + 3, "the stand-in counts the pictures of both folders"
    assert (by["median", "pyiqa-fid"]["restored"], by["median", "pyiqa-fid"]["clean"]) == (12, 3)
    assert main(asked) == 0
    head = capsys.readouterr().out.splitlines()[1].split("\t")
    assert head[1:6] == ["kid", "fid", "wasserstein", "pyiqa-fid", "pyiqa-inception_score, more is nearer"]


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("psnr", "--metric psnr: sets are measured by metrics of folders alone, as pyiqa-fid"),
        ("pyiqa-lpips", "lpips judges photos and not folders; foxing benchmark run --metric pyiqa-lpips"),
    ],
)
def test_a_metric_of_photos_is_none_of_sets(words: list[str], capsys: Console, metric: str, said: str) -> None:
    assert main([*words, "--metric", metric]) == 2
    assert said in capsys.readouterr().err

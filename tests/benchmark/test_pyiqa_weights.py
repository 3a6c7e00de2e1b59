"""Weights of the real pyiqa, which nobody fetches here: what is missing is said at once, what is there is hashed."""

import importlib.util
import json
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from charts import chart
from small_suites import write_photos

from benchmark.perceptual import probes
from foxing import main

if importlib.util.find_spec("pyiqa") is None:
    pytest.skip("pyiqa is not installed", allow_module_level=True)

pytestmark = [
    pytest.mark.filterwarnings(r"ignore:(?s).*default_dataset_configs"),  # a file that pyiqa leaves open
    pytest.mark.usefixtures("one_thread"),
]


@pytest.fixture
def nothing_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for weights that holds none, and no network."""
    import pyiqa.utils.download_util as download  # noqa: PLC0415 - an extra

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(download, "DEFAULT_CACHE_DIR", str(tmp_path / "hub" / "pyiqa"))  # as TORCH_HOME would set it
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hf"))
    return tmp_path / "hub"


def refuse(seconds: float) -> None:
    raise AssertionError(f"somebody waits for {seconds} s")


def test_what_lacks_its_weights_says_at_once_which_and_how_to_get_them(
    nothing_fetched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", refuse)  # by itself pyiqa tries and waits for a minute to get the last alone
    errors = {each.name: each.error for each in probes(["niqe", "lpips", "topiq_nr"])}
    forbidden = "is not here, and HF_HUB_OFFLINE=1 forbids the network"
    assert errors["niqe"] == (
        f"niqe_modelparameters.mat {forbidden}; get "
        "https://huggingface.co/chaofengc/IQA-PyTorch-Weights/resolve/main/niqe_modelparameters.mat and put it at "
        f"{nothing_fetched}/pyiqa/niqe_modelparameters.mat"
    )
    assert errors["lpips"].startswith(f"alexnet-owt-7be5be79.pth {forbidden}; get https://download.pytorch.org/")
    assert errors["lpips"].endswith(f"put it at {nothing_fetched}/checkpoints/alexnet-owt-7be5be79.pth")
    assert errors["topiq_nr"].endswith("hf download timm/resnet50.a1_in1k")


def test_weights_that_were_put_there_are_used_and_hashed(nothing_fetched: Path) -> None:
    from scipy.io import savemat  # noqa: PLC0415

    file = nothing_fetched / "pyiqa" / "niqe_modelparameters.mat"
    file.parent.mkdir(parents=True)
    savemat(file, {"mu_prisparam": np.ones((1, 36)), "cov_prisparam": np.eye(36)})
    (probe,) = probes(["niqe"])
    assert probe.metric is not None, probe.error
    assert probe.weights is not None
    assert list(probe.weights) == [str(file)]
    picture = chart(200, 200)
    value = probe.metric.score(picture, None, None)["whole"]
    assert value > 0
    savemat(file, {"mu_prisparam": np.full((1, 36), 2.0), "cov_prisparam": np.eye(36)})
    (other,) = probes(["niqe"])
    assert other.metric is not None, other.error
    assert other.metric.spec != probe.metric.spec
    assert other.metric.score(picture, None, None)["whole"] != value


SUITE = """
metrics = ["psnr"]
[[damage]]
effect = "GaussianNoise"
severity = 3
"""


@pytest.mark.usefixtures("nothing_fetched")
def test_a_sweep_has_their_scores_and_a_doctor_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, plan = write_photos(tmp_path / "clean"), tmp_path / "plan.toml"
    plan.write_text(SUITE, "utf-8")
    shared = ["--suite", str(plan), "--photos", str(photos), "--model", "identity", "--json"]
    asked = ["--metric", "pyiqa-psnr", "--metric", "pyiqa-ms_ssim", "--metric", "pyiqa-entropy"]
    assert main(["benchmark", "run", *shared, *asked, "--out", str(tmp_path / "runs")]) == 0
    rows = pq.read_table(tmp_path / "runs" / "items.parquet").to_pylist()
    by_metric = {name: [row for row in rows if row["metric"].startswith(name)] for name in asked[1::2]}
    assert {row["status"] for row in by_metric["pyiqa-psnr"]} == {"ok"}
    assert {row["status"] for row in by_metric["pyiqa-ms_ssim"]} == {"unsupported"}  # the photos are small
    assert all(0 < row["value"] < 8 for row in by_metric["pyiqa-entropy"])
    capsys.readouterr()
    assert main(["benchmark", "doctor", *shared, *asked[:2], "--metric", "pyiqa-niqe"]) == 1
    said = capsys.readouterr()
    found = {each["name"]: each for each in json.loads(said.out)["metrics"]}
    assert found["pyiqa-psnr"]["problem"] == ""
    assert found["pyiqa-niqe"]["problem"].startswith("niqe_modelparameters.mat is not here")
    assert said.err.count("niqe_modelparameters.mat is not here") == 1

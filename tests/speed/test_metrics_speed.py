"""Metrics of one pair: similarity against a dense window and against pyiqa, and the whole core with all regions."""

import importlib.util

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture
from speed.conftest import Table
from speed.measure import Work, by_turns, fastest, picture, seconds
from speed.table import PYIQA_ROW
from torch import Tensor
from torch.nn.functional import conv2d

from benchmark.metrics import METRICS, scores

pytestmark = [pytest.mark.speed, pytest.mark.usefixtures("one_thread")]

Picture = NDArray[np.uint8]


def restored(clean: Picture) -> Picture:
    noise = np.random.default_rng(1).normal(0, 8, clean.shape)
    return np.clip(np.rint(cv2.GaussianBlur(clean, (0, 0), 0.8) + noise), 0, 255).astype(np.uint8)


def scratched(side: int) -> Picture:
    mask = np.zeros((side, side), np.uint8)
    for place in range(0, side, 64):
        cv2.line(mask, (place, 0), (side - place, side - 1), 255, 3)
    return mask


def dense_ssim(one: Picture, other: Picture) -> float:
    """The usual way: five moments in double precision under a window not taken apart into rows and columns."""
    window = cv2.getGaussianKernel(11, 1.5, cv2.CV_64F)
    weights = torch.from_numpy(window @ window.T).expand(3, 1, 11, 11)

    def mean(values: Tensor) -> Tensor:
        return conv2d(values, weights, groups=3)

    x, y = (
        torch.from_numpy(np.ascontiguousarray(each.transpose(2, 0, 1)))[None].double() / 255 for each in (one, other)
    )
    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    luminance = (2 * mx * my + 0.01**2) / (mx * mx + my * my + 0.01**2)
    return float((luminance * (2 * cov + 0.03**2) / (vx + vy + 0.03**2)).mean())


def test_similarity_of_a_megapixel_is_far_faster_than_with_a_dense_window(table: Table) -> None:
    clean = picture(1024)
    other = restored(clean)
    ssim, found = METRICS["ssim"], list[float]()
    with torch.inference_mode():
        dense_ssim(other[:64], clean[:64])
        dense = seconds(lambda: found.append(dense_ssim(other, clean)))  # once: it takes many seconds
    ours = fastest(lambda: found.append(ssim.score(other, clean, None)["whole"]), 5)
    assert found == pytest.approx([found[0]] * 6, abs=1e-9)
    table.ratios.append(
        ("SSIM of 1024 x 1024 px against a dense window", f"{dense / ours:.0f} times as fast", "at least 50 times")
    )


@pytest.mark.skipif(importlib.util.find_spec("pyiqa") is None, reason="pyiqa is not installed")
@pytest.mark.filterwarnings(r"ignore:(?s).*default_dataset_configs")  # a file that pyiqa leaves open
def test_similarity_of_a_megapixel_is_that_of_pyiqa_and_far_faster(table: Table) -> None:
    pyiqa = pytest.importorskip("pyiqa")
    clean = picture(1024)
    other = restored(clean)
    x, y = (torch.from_numpy(np.ascontiguousarray(e.transpose(2, 0, 1)))[None].float() / 255 for e in (other, clean))
    theirs, ssim, found = pyiqa.create_metric("ssimc", device="cpu"), METRICS["ssim"], list[float]()
    works: dict[str, Work] = {
        "ours": lambda: found.append(ssim.score(other, clean, None)["whole"]),
        "theirs": lambda: found.append(float(theirs(x, y))),
    }
    took = by_turns(works, rounds=2)
    assert found == pytest.approx([found[0]] * len(found), abs=1e-6)
    ratio, seconds_each = took["theirs"] / took["ours"], f"{took['ours']:.3f} and {took['theirs']:.1f} s"
    table.ratios.append((PYIQA_ROW, f"{ratio:.0f} times as fast ({seconds_each})", "at least 50 times"))


def test_the_core_with_all_regions(table: Table, benchmark: BenchmarkFixture) -> None:
    clean = picture(512)
    other, mask = restored(clean), scratched(512)
    assert set(scores(other, clean, mask)) == set(METRICS)
    benchmark.pedantic(lambda: scores(other, clean, mask), rounds=1)
    took = by_turns({"core": lambda: scores(other, clean, mask)}, rounds=9)["core"]
    table.ratios.append(("core metrics, all regions, 512 x 512 px", f"{1000 * took:.0f} ms", "at most 100 ms"))

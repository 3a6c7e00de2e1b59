"""Metrics in the hole, outside of it and in the band between."""

import math

import cv2
import numpy as np
import pytest
from charts import chart
from skimage import metrics as reference
from small_pairs import CLEAN, HOLE, RESTORED, noisy

from benchmark.metrics import METRICS
from benchmark.regions import regions


def test_ssim_in_a_region_is_the_mean_of_the_map_there() -> None:
    _, full = reference.structural_similarity(
        CLEAN,
        RESTORED,
        channel_axis=2,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        full=True,
    )
    inner = (HOLE >= 26)[5:-5, 5:-5]
    seen = full.mean(axis=2)[5:-5, 5:-5]
    found = METRICS["ssim"].score(RESTORED, CLEAN, HOLE)
    assert found["hole"] == pytest.approx(seen[inner].mean(), abs=1e-9)
    assert found["outside"] == pytest.approx(seen[~inner].mean(), abs=1e-9)


def test_ms_ssim_of_damage_in_a_hole_is_low_there_and_one_outside() -> None:
    clean = noisy(chart(400, 400), 3, seed=2)
    hole = np.zeros((400, 400), np.uint8)
    hole[180:200, 180:200] = 255
    other = clean.copy()
    other[hole > 0] = noisy(other, 60)[hole > 0]
    found = METRICS["ms-ssim"].score(other, clean, hole)
    assert found["hole"] < 0.9 * found["outside"]
    assert found["hole"] < found["band"] < found["outside"]


def test_regions_are_the_hole_all_else_and_a_band_to_both_sides_of_its_edge() -> None:
    mask = np.zeros((30, 30), np.uint8)
    mask[10:20, 10:20] = 26
    mask[0, 0] = 25
    parts = dict(regions(mask))
    assert {name: None if each is None else int((each > 0).sum()) for name, each in parts.items()} == {
        "whole": None,
        "hole": 100,
        "outside": 800,
        "band": 16**2 - 4**2,
    }


def test_regions_without_pixels_are_absent() -> None:
    assert list(dict(regions(None))) == ["whole"]
    assert list(dict(regions(np.zeros((20, 20), np.uint8)))) == ["whole", "outside"]
    assert list(dict(regions(np.full((20, 20), 255, np.uint8)))) == ["whole", "hole"]
    corner = np.zeros((40, 40), np.uint8)
    corner[:3, :3] = 255
    assert set(METRICS["psnr"].score(RESTORED[:40, :40], CLEAN[:40, :40], corner)) == {
        "whole",
        "hole",
        "outside",
        "band",
    }
    assert "hole" not in METRICS["ssim"].score(RESTORED[:40, :40], CLEAN[:40, :40], corner)  # no whole window there


def test_squared_error_is_pooled_in_each_region() -> None:
    inside = HOLE >= 26
    squares = (RESTORED.astype(float) - CLEAN) ** 2
    found = METRICS["psnr"].score(RESTORED, CLEAN, HOLE)
    for name, where in (("hole", inside), ("outside", ~inside)):
        assert found[name] == pytest.approx(10 * math.log10(255**2 / squares[where].mean()), abs=1e-9)
    distance = np.abs(RESTORED.astype(float) - CLEAN)
    assert METRICS["mae"].score(RESTORED, CLEAN, HOLE)["hole"] == pytest.approx(distance[inside].mean(), abs=1e-9)


def test_repair_and_harm_are_told_apart() -> None:
    clean = noisy(chart(128, 128), 4)
    mask = np.zeros((128, 128), np.uint8)
    mask[60:63] = 255
    repaired = clean.copy()
    repaired[mask > 0] = noisy(clean, 20)[mask > 0]
    blurred = cv2.GaussianBlur(clean, (0, 0), 1.5)
    blurred[mask > 0] = repaired[mask > 0]
    good, bad = (METRICS["psnr"].score(each, clean, mask) for each in (repaired, blurred))
    assert good["hole"] == bad["hole"]
    assert good["outside"] == 100 > bad["outside"] + 50

"""Pictures of a report: the part that is shown, how wide, how large, and maps of what is left of the error."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from small_suites import photo, small_suite

from benchmark.cases import Case
from benchmark.materials import Materials
from benchmark.showcase_pictures import FULL, error_map, panel, webp, window


def case_of(mask: np.ndarray, degraded: np.ndarray, clean: np.ndarray, materials: Materials) -> Case:
    return Case(materials.suite.items[0], degraded, clean, mask)


def test_the_part_is_where_the_mask_is_or_else_where_most_changed(tmp_path: Path) -> None:
    materials = small_suite(tmp_path)
    clean = cv2.resize(photo(1), (400, 300))
    mask = np.zeros((300, 400), np.uint8)
    mask[200:260, 300:390] = 255
    left, top, wide, tall = window(case_of(mask, clean, clean, materials))
    assert (wide, tall) == (160, 120)
    assert left <= 300
    assert left + wide >= 390
    assert top <= 200
    assert top + tall >= 260
    changed = clean.copy()
    changed[0:40, 0:40] = 255 - changed[0:40, 0:40]
    assert window(case_of(mask * 0, changed, clean, materials))[:2] == (0, 0)
    assert window(case_of(mask * 0, clean, clean, materials)) == (120, 90, 160, 120)


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3), (40, 48), (1000, 1500)])
def test_panels_are_as_wide_as_asked_for_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    image = cv2.resize(photo(1), size[::-1])
    case = case_of(np.zeros(size, np.uint8), image, image, small_suite(tmp_path))
    shown = panel(image, window(case))
    assert shown.shape[1] == (min(320, size[1]) // 2 * 2 or 1)


def test_error_maps_are_dark_where_nothing_is_left_and_white_from_the_full_scale_on() -> None:
    clean = np.zeros((4, 4, 3), np.uint8)
    levels = [error_map(np.full_like(clean, level), clean).astype(int).sum() for level in (0, 8, 24, 40, FULL, 255)]
    assert levels == sorted(levels)
    assert levels[0] <= 4 * 16
    assert levels[-1] == levels[-2] == 255 * 3 * 16


def test_a_noisy_picture_still_fits_the_limit() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    assert len(webp(noise, 20_000)) <= 20_000

"""What measures real and synthetic defects says of shapes whose answer is known."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from project_scripts import script

SHARED = Path(__file__).parents[2] / "shared" / "data"


def drawn(*ends: tuple[int, int, int, int], width: int = 4) -> np.ndarray:
    mask = np.zeros((200, 300), np.uint8)
    for x0, y0, x1, y1 in ends:
        cv2.line(mask, (x0, y0), (x1, y1), 1, width)
    return mask.astype(bool)


def test_a_line_has_its_length_and_its_width() -> None:
    y, x = np.mgrid[:200, :300]
    along, across = 0.8 * (x - 40) + 0.6 * (y - 30), 0.8 * (y - 30) - 0.6 * (x - 40)
    (line,) = script("defect_measures").lines((np.abs(across) < 2.5) & (along > 0) & (along < 200))
    assert line.length * 200 == pytest.approx(200, rel=0.04)
    assert line.width * 200 == pytest.approx(5, rel=0.05)
    assert line.straight > 0.95


def test_a_branch_makes_one_fork_and_its_angle_tells_a_t_from_a_y() -> None:
    measures = script("defect_measures")
    tee = drawn((20, 100, 280, 100), (150, 100, 150, 190))
    star = drawn((150, 100, 240, 100), (150, 100, 105, 178), (150, 100, 105, 22))
    assert [line.forks for line in measures.lines(tee)] == [1]
    assert measures.fork_angles(tee) == pytest.approx([180], abs=12)
    assert measures.fork_angles(star) == pytest.approx([120], abs=12)


def test_clusters_are_told_from_chance_and_from_a_grid() -> None:
    measures, rng = script("defect_measures"), np.random.default_rng(3)
    anywhere = rng.random((150, 2))
    gathered = rng.random((10, 1, 2)) + 0.01 * rng.standard_normal((10, 15, 2))
    grid = np.stack(np.meshgrid(np.arange(12), np.arange(12)), axis=2).reshape(-1, 2) / 12
    ratios = [measures.neighbour_ratio(each.reshape(-1, 2), (1, 1), rng) for each in (gathered, anywhere, grid)]
    assert ratios[0] < 0.5
    assert ratios[1] == pytest.approx(1, abs=0.15)
    assert ratios[2] > 1.5
    assert measures.pairs_ratio(gathered.reshape(-1, 2), (1, 1), 0.05, rng) > 5
    assert measures.pairs_ratio(anywhere, (1, 1), 0.05, rng) == pytest.approx(1, abs=0.3)


def test_the_profile_across_a_crease_shows_its_width_and_its_dark_rim() -> None:
    profiles = script("defect_profiles")
    away = np.arange(120, dtype=np.float64)[:, None] - 60 + np.zeros((1, 200))
    plain = 60 + 140 * np.exp(-(away**2) / (2 * 1.5**2))
    rimmed = plain - 28 * np.exp(-((away - 6) ** 2) / 4)
    mask = (np.abs(away) <= 2).astype(bool)
    made = [profiles.profiles(np.rint(each).astype(np.uint8), mask).mean(axis=0) for each in (plain, rimmed)]
    soft, hard = (profiles.across(each) for each in made)
    assert soft.width == pytest.approx(2.355 * 1.5, rel=0.05)  # of a Gaussian
    assert soft.rim < 0.02
    assert hard.rim == pytest.approx(0.2, abs=0.04)


def test_a_straight_edge_is_smoother_than_a_walk() -> None:
    profiles, rng = script("defect_profiles"), np.random.default_rng(1)
    places = np.arange(400)
    shapes = 60 + 0.2 * places, 80 + np.cumsum(rng.standard_normal(400))
    lost = [np.arange(200)[:, None] < shape[None] for shape in shapes]
    straight, rough = (profiles.roughness(profiles.edge_line(each)) for each in lost)
    assert straight[1] < 0.02 < rough[1]


def test_what_a_folder_lacks_is_left_out(tmp_path: Path) -> None:
    measure = script("measure_defects")
    for each in measure.COMPARISONS:
        real = list(each.real(tmp_path))
        assert [measure.measured(real, quantity) for quantity in each.quantities] == [None] * len(each.quantities)
    page = script("defect_page")
    rows = [
        page.Row(each.title, quantity.name, quantity.unit, {"real": None, each.made[0]: None})
        for each in measure.COMPARISONS
        for quantity in each.quantities
    ]
    text = page.table(rows, {each.title: each.note for each in measure.COMPARISONS})
    assert all(f"## {each.title}" in text for each in measure.COMPARISONS)
    assert text.count(" | – | – |") == len(rows)
    assert text.endswith("|\n")


@pytest.mark.data
def test_synthetic_creases_are_as_wide_and_as_forked_as_real_ones() -> None:
    if not (SHARED / "old_masks").is_dir():
        pytest.skip("the damaged prints are not here")
    measure, sets = script("measure_defects"), script("defect_sets")
    real, made = list(sets.prints(SHARED)), list(sets.made("Creases", 12))
    for quantity in (measure.HALF_SHARE, measure.FORKS):
        one, other = (measure.measured(pictures, quantity) for pictures in (real, made))
        assert max(one["low"], other["low"]) < min(one["high"], other["high"])  # the intervals meet


def test_only_long_lines_that_cross_nothing_count_as_lone() -> None:
    measures = script("defect_measures")
    crossed = ((20, 120, 120, 120), (70, 80, 70, 180))
    lone, short = (150, 40, 280, 40), (20, 30, 26, 30)
    assert len(measures.lone_straightness(drawn(*crossed, lone, short, width=1))) == 1
    assert measures.lone_straightness(drawn(*crossed, short, width=1)) == []


def test_closing_joins_what_a_narrow_gap_interrupts_and_leaves_a_wide_one() -> None:
    closed = script("defect_measures").closed_lengths
    assert len(closed(drawn((20, 100, 100, 100), (103, 100, 180, 100), width=3))) == 1
    assert len(closed(drawn((20, 100, 100, 100), (120, 100, 200, 100), width=3))) == 2

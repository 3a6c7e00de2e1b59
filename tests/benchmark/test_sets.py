"""Distances between two sets of features: against what is printed, known truths, and few photos."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import sqrtm
from scipy.stats import wasserstein_distance
from threadpoolctl import threadpool_limits

from benchmark.sets import fid, kid, wasserstein
from restore_models.restorer import ModelError

Doubles = NDArray[np.float64]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1, user_api="blas"):  # products of small matrices are slower on several
        yield


def normal(rows: int, width: int, seed: int, shift: float = 0.0) -> Doubles:
    return np.random.default_rng(seed).normal(shift, 1, (rows, width))


def test_kid_is_the_unbiased_estimate_over_all_pairs() -> None:
    one, other = normal(12, 5, 1), normal(9, 5, 2, shift=0.4)

    def kernel(x: Doubles, y: Doubles) -> float:
        return float((x @ y / 5 + 1) ** 3)

    within = [
        np.mean([kernel(x, y) for i, x in enumerate(each) for j, y in enumerate(each) if i != j])
        for each in (one, other)
    ]
    across = np.mean([kernel(x, y) for x in one for y in other])
    assert kid(one, other).value == pytest.approx(within[0] + within[1] - 2 * across, abs=1e-10)


def test_kid_of_two_sets_of_one_kind_is_around_nothing_whatever_their_size() -> None:
    for rows in (10, 40):
        values = [kid(normal(rows, 8, seed), normal(rows, 8, 100 + seed)).value for seed in range(40)]
        assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(40)


def test_the_interval_of_kid_holds_the_truth_and_knows_a_shift() -> None:
    alike = [kid(normal(40, 8, seed), normal(50, 8, 200 + seed)).interval for seed in range(40)]
    assert sum(each is not None and each[0] <= 0 <= each[1] for each in alike) >= 38
    truth = kid(normal(800, 8, 1), normal(800, 8, 2, shift=0.6)).value
    moved = [kid(normal(40, 8, seed), normal(50, 8, 300 + seed, shift=0.6)).interval for seed in range(40)]
    assert sum(each is not None and each[0] <= truth <= each[1] for each in moved) >= 34
    assert all(each is not None and each[0] > 0 for each in moved)


def test_copies_of_a_photo_widen_the_interval_when_they_are_said_to_be_copies() -> None:
    one, other = (np.repeat(normal(10, 6, seed), 5, axis=0) for seed in (1, 2))
    names = [f"{row // 5}" for row in range(50)], [f"b{row // 5}" for row in range(50)]
    free, tied = kid(one, other).interval, kid(one, other, names).interval
    assert free is not None
    assert tied is not None
    assert tied[1] - tied[0] > 1.5 * (free[1] - free[0])


def test_fid_is_frechets_distance() -> None:
    one, other = normal(200, 6, 1) @ normal(6, 6, 7), normal(150, 6, 2, shift=0.5)
    covariances = [np.cov(each, rowvar=False) for each in (one, other)]
    root = sqrtm(covariances[0] @ covariances[1]).real
    wanted = np.square(one.mean(0) - other.mean(0)).sum() + np.trace(covariances[0] + covariances[1] - 2 * root)
    assert fid(one, other).value == pytest.approx(wanted, rel=1e-9)
    few = one[:5], other[:4]  # fewer photos than dimensions
    covariances = [np.cov(each, rowvar=False) for each in few]
    eigenvalues = np.linalg.eigvals(covariances[0] @ covariances[1]).real
    shared = np.sqrt(np.maximum(eigenvalues, 0)).sum()
    wanted = np.square(few[0].mean(0) - few[1].mean(0)).sum() + np.trace(covariances[0] + covariances[1]) - 2 * shared
    assert fid(*few).value == pytest.approx(wanted, rel=1e-6)


def test_fid_of_one_kind_is_large_for_few_photos_and_says_how_many_there_were() -> None:
    few = fid(normal(20, 64, 1), normal(20, 64, 2))
    many = fid(normal(2000, 64, 1), normal(2000, 64, 2))
    assert few.value > 20 * many.value
    assert str(few).endswith("n = 20 and 20")
    assert str(kid(normal(9, 4, 1), normal(8, 4, 2))).endswith("], n = 9 and 8")
    assert fid(normal(30, 5, 3), normal(30, 5, 3)).value == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("sizes", [(40, 40), (31, 47), (2, 9)])
def test_distance_of_codes_in_one_dimension_is_that_of_scipy(sizes: tuple[int, int]) -> None:
    one, other = normal(sizes[0], 1, 1, shift=0.7), normal(sizes[1], 1, 2)
    wanted = wasserstein_distance(one[:, 0], other[:, 0]) / other.std()
    assert wasserstein(one, other).value == pytest.approx(wanted, rel=1e-9)


def test_distance_of_codes_knows_no_unit_and_grows_with_the_gap() -> None:
    clean = normal(60, 16, 1)
    near, far = (normal(60, 16, 2, shift) for shift in (0.1, 1.0))
    assert wasserstein(1000 * near, 1000 * clean).value == pytest.approx(wasserstein(near, clean).value, rel=1e-9)
    assert wasserstein(clean, clean).value == 0
    assert wasserstein(far, clean).value > 2 * wasserstein(near, clean).value
    assert wasserstein(far, clean) == wasserstein(far, clean)


def test_what_are_no_two_sets_is_named() -> None:
    fine = normal(5, 3, 1)
    for compare in (kid, fid, wasserstein):
        with pytest.raises(ModelError, match="two photos or more"):
            compare(fine[:1], fine)
        with pytest.raises(ModelError, match="of 3 and of 2 dimensions"):
            compare(fine, fine[:, :2])
        with pytest.raises(ModelError, match="not finite"):
            compare(fine, np.where(fine > 0, np.nan, fine))
    with pytest.raises(ModelError, match="no spread"):
        wasserstein(fine, np.ones((4, 3)))
    with pytest.raises(ModelError, match="1 and 5 photos for 5 and 5"):
        kid(fine, fine, (["a"], ["b"] * 5))


def test_two_photos_each_have_numbers() -> None:
    one, other = normal(2, 3, 1), normal(2, 3, 2)
    found = kid(one, other)
    assert np.isfinite(found.value)
    assert found.interval is None or np.isfinite(found.interval).all()
    assert np.isfinite(fid(one, other).value)
    assert kid(np.ones((4, 3)), np.ones((5, 3))).value == pytest.approx(0, abs=1e-12)

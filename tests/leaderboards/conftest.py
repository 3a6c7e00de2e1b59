"""A small sweep and its entries, made once for all tests of the boards; tests that change them copy them first."""

import shutil
from pathlib import Path

import pytest
from small_suites import small_suite

from benchmark.suite import Damage, Photos, Plan
from foxing import main

PLAN = Plan(
    "few",
    "for tests",
    Photos("folder", {}, "any"),
    (Damage("none", "none", 0), Damage("effect", "GaussianNoise", 3), Damage("effect", "Scratches", 4)),
    ("psnr", "mae"),
)


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of two filters and the untouched photo, outputs kept."""
    folder = tmp_path_factory.mktemp("small-run")
    suite = small_suite(folder, PLAN).folder
    words = ["benchmark", "run", "--suite", str(suite), "--out", str(folder), "--keep", "--threads", "1"]
    assert main([*words, "--model", "median", "--model", "auto-levels"]) == 0
    return folder


@pytest.fixture(scope="session")
def small_entries(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of the entries of that sweep."""
    root = tmp_path_factory.mktemp("small-entries")
    assert main(["leaderboard", "add", str(small_run), "--entries", str(root), "--pictures"]) == 0
    return root


@pytest.fixture
def root(small_entries: Path, tmp_path: Path) -> Path:
    """A copy of the entries, to be changed."""
    return Path(shutil.copytree(small_entries, tmp_path / "entries"))


@pytest.fixture
def entry(root: Path) -> Path:
    """One of these."""
    return next(path for path in root.iterdir() if path.is_dir()) / "median"

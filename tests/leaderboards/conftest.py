"""A small sweep, its entries and a study, made once for all tests; tests that change them copy them first."""

import shutil
from pathlib import Path

import pytest
from small_fingerprints import DAMAGES, scene
from small_studies import restored_folders
from small_suites import small_suite

from benchmark.making import Making, made_suite
from benchmark.materials import Materials
from benchmark.scoring import metrics_named
from benchmark.suite import Damage, Photos, Plan
from degrade.io import write_png
from foxing import main
from leaderboards.fingerprint import Fingerprint, taken

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


@pytest.fixture(scope="session")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study for six raters, and the photos that it was made of."""
    root = tmp_path_factory.mktemp("small-study")
    words = [*restored_folders(root / "in"), "--out", str(root / "study"), "--seed", "7"]
    assert main(["leaderboard", "study", "make", *words, "--raters", "6", "--pairs", "12"]) == 0
    return root


@pytest.fixture
def study(small_study: Path, tmp_path: Path) -> Path:
    """A copy of the study, to be changed."""
    shutil.copytree(small_study, tmp_path, dirs_exist_ok=True)
    return tmp_path / "study"


@pytest.fixture
def run(small_run: Path, tmp_path: Path) -> Path:
    """A copy of the sweep, to be changed."""
    return Path(shutil.copytree(small_run, tmp_path / "run"))


@pytest.fixture(scope="session")
def seen_suite(tmp_path_factory: pytest.TempPathFactory) -> Materials:
    """A suite of four scenes with damage at severity 4 each."""
    root = tmp_path_factory.mktemp("suite")
    for number in range(4):
        write_png(root / "clean" / f"photo{number}.png", scene(number))
    plan = Plan("seen", "for tests", Photos("folder", {}, "any"), DAMAGES, ("psnr",))
    specs = tuple(metric.spec for metric in metrics_named(plan))
    return made_suite(plan, root / "clean", root / "suite", Making(specs, workers=1))


@pytest.fixture(scope="session")
def fingerprint(seen_suite: Materials) -> Fingerprint:
    """What the items of that suite look like."""
    return taken(seen_suite)

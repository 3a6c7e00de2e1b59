"""Suites on which models find damage, and suites of old photos that nobody has clean: the whole way of an entry."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from small_suites import small_suite

from benchmark.known import known_ids, made_with
from benchmark.suite import Damage, Photos, Plan
from degrade.io import write_png
from foxing import main
from leaderboards.cli_for import fingerprint_of

Console = pytest.CaptureFixture[str]

MARKED = Plan(
    "marked",
    "for tests",
    Photos("folder", {}, "any"),
    (Damage("none", "none", 0), Damage("effect", "Tear", 5)),
    ("roc-auc", "auprc"),
    masks="none",
    task="detect",
)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sweep of a detector in run/, and its entry in entries/."""
    folder = tmp_path_factory.mktemp("marked")
    suite = small_suite(folder, MARKED).folder
    (folder / "card.toml").write_text('name = "Brightness"\nabout = "A filter."\nkind = "classical"\n', "utf-8")
    run, root = str(folder / "run"), str(folder / "entries")
    words = ["--suite", str(suite), "--model", "bright@misbehaving:bright", "--keep", "--no-probe"]
    assert main(["benchmark", "run", *words, "--threads", "1", "--out", run]) == 0
    suite.rename(folder / "run" / "suite")
    card = ["--card", str(folder / "card.toml"), "--pictures", "--entries", root]
    assert main(["leaderboard", "add", run, "--model", "bright", *card]) == 0
    return folder


def test_an_entry_of_a_detector_is_verified_from_its_masks(marked: Path, capsys: Console) -> None:
    entry = next((marked / "entries").glob("*/bright"))
    more = ["--level", "3", "--outputs", str(marked / "run" / "outputs"), "--suite", str(marked / "run" / "suite")]
    assert main(["leaderboard", "verify", str(entry), *more]) == 0
    assert "/bright: re-scored" in capsys.readouterr().out


def test_pages_of_detectors_say_what_doing_nothing_is(marked: Path, tmp_path: Path, capsys: Console) -> None:
    root = ["--entries", str(marked / "entries")]
    assert main(["leaderboard", "build", str(tmp_path / "site"), *root]) == 0
    suite = next((tmp_path / "site").glob("marked-*/index.html")).read_text("utf-8")
    assert "masks are what is to be found" in suite
    assert "doing nothing is a mask that finds none" in suite
    assert "no masks are given" not in suite
    model = next((tmp_path / "site").glob("marked-*/bright/index.html")).read_text("utf-8")
    assert "by region of the mask" not in model
    assert "true mask: what is to be found" in model
    assert "clean: what it should be" not in model
    capsys.readouterr()
    assert main(["leaderboard", "compare", str(marked / "run"), *root]) == 0
    said = capsys.readouterr().out
    assert "than finding nothing" in said or "from finding nothing" in said
    assert "leaving the photo as it is" not in said
    assert main(["benchmark", "report", str(marked / "run"), "--html", str(tmp_path / "report")]) == 0
    assert "a mask that finds none" in capsys.readouterr().out
    report = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert "the share of the error of finding nothing that a model leaves" in report
    assert "untouched photo" not in report.partition('id="pictures"')[0]


def test_a_suite_without_kinds_of_damage_is_no_help_for_a_photo(marked: Path, tmp_path: Path, capsys: Console) -> None:
    root = ["--entries", str(marked / "entries")]
    assert main(["leaderboard", "fingerprint", str(marked / "run" / "suite"), *root]) == 2
    assert "no kinds of damage to tell apart" in capsys.readouterr().err
    write_png(tmp_path / "old.png", np.full((80, 80, 3), 128, np.uint8))
    assert main(["leaderboard", "for", str(tmp_path / "old.png"), *root]) == 2
    said = capsys.readouterr().err
    assert "say nothing of what restores which damage" in said
    assert said.count("\n") == 1


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sweep of a filter on three photos that nobody has clean."""
    pytest.importorskip("skimage")
    folder = tmp_path_factory.mktemp("old")
    for number in range(3):
        grain = np.random.default_rng(number).integers(0, 256, (20, 20, 3), np.uint8)
        picture = cv2.resize(grain, (200, 200), interpolation=cv2.INTER_CUBIC)
        write_png(folder / "photos" / f"{number}.png", picture)
    words = ["--photos", str(folder / "photos"), "--model", "median", "--no-probe", "--threads", "1"]
    assert main(["benchmark", "run", "--suite", "real-old", *words, "--out", str(folder / "run")]) == 0
    return folder


def test_what_is_not_measured_on_old_photos_is_said(old: Path, tmp_path: Path, capsys: Console) -> None:
    capsys.readouterr()
    run, root = str(old / "run"), ["--entries", str(tmp_path / "entries")]
    assert main(["benchmark", "report", run, "--html", str(tmp_path / "report")]) == 0
    said = capsys.readouterr().out
    assert "less is better" in said
    assert "no error, gain or repair can be measured" in said
    assert "relative error" not in said
    report = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert "Nothing is known of the damage of these photos." in report
    assert "100 is what doing nothing gives" not in report
    assert main(["leaderboard", "add", run, *root]) == 0
    assert main(["leaderboard", "verify", str(tmp_path / "entries")]) == 0
    capsys.readouterr()
    assert main(["leaderboard", "compare", run, *root]) == 0
    said = capsys.readouterr().out
    assert "not how true it is" in said
    assert "relative error" not in said


def test_pages_of_old_photos_show_the_score_and_no_error(old: Path, tmp_path: Path) -> None:
    root = ["--entries", str(tmp_path / "entries")]
    assert main(["leaderboard", "add", str(old / "run"), *root]) == 0
    assert main(["leaderboard", "build", str(tmp_path / "site"), *root]) == 0
    front = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "NIQE-SELF ↓" in front
    assert "error left" not in front
    suite = next((tmp_path / "site").glob("real-old-*/index.html")).read_text("utf-8")
    assert "no clean photos, no masks" in suite
    assert "no error, gain or repair can be measured" in suite
    assert "harms</li>" not in suite
    assert "relative error" not in (tmp_path / "site" / "LEADERBOARD.md").read_text("utf-8").partition("## ")[2]


def test_the_fingerprint_of_tiny_is_made_where_none_is_kept(tmp_path: Path, capsys: Console) -> None:
    pytest.importorskip("skimage")
    tiny = known_ids()["tiny"]
    if made_with(tiny):
        pytest.skip(f"other pixels{made_with(tiny)}")
    found = fingerprint_of(tmp_path, tiny.suite_id)
    assert found.photos == 4
    assert len(found.likeness.cells) == 14
    assert "making one for now" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]

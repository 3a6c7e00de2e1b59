"""Photos on which somebody drew the damage, as a suite for detectors."""

import json
from pathlib import Path

import numpy as np
import pytest
from small_suites import photo, write_photos

from benchmark.cases import DOUBTFUL as LEVEL
from benchmark.detecting import DOUBTFUL, TRUE
from benchmark.materials import opened_suite
from benchmark.suite import SuiteError
from benchmark.suite_file import read_plan
from degrade.io import write_png
from foxing import main


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    write_photos(tmp_path / "photos")
    for number in range(3):
        mask = np.zeros((40, 48), np.uint8)
        mask[10:20, 5:30] = 255
        mask[20:30, 5:30] = 128
        write_png(tmp_path / "masks" / f"photo{number}.png", mask)
    return tmp_path


def words(folders: Path, *more: str) -> list[str]:
    return ["--photos", str(folders / "photos"), "--masks", str(folders / "masks"), *more]


def test_the_level_of_doubt_counts_neither_way() -> None:
    assert DOUBTFUL <= LEVEL < TRUE


@pytest.mark.parametrize("light", [[], ["--light"]])
def test_a_suite_is_made_of_photos_and_drawn_masks(folders: Path, light: list[str]) -> None:
    out = folders / "suite"
    assert main(["benchmark", "make", "scratch-detection", str(out), *words(folders, *light)]) == 0
    made = opened_suite(out)
    assert made.suite.suite_id.startswith("scratch-detection-drawn:")
    assert made.suite.task == "detect"
    case = made.case(made.suite.named("drawn/photo1"))
    assert np.array_equal(case.degraded, photo(1))
    assert case.clean is None
    assert [int(case.mask[y, 6]) for y in (0, 15, 25)] == [0, 255, LEVEL]


def test_a_detector_is_cut_where_it_says(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["benchmark", "run", "--suite", "scratch-detection", *words(folders), "--model", "cut@misbehaving:Marker"]
    out = str(folders / "runs")
    assert main([*asked, "--model", "half@misbehaving:bright", "--out", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"]["cut"] == {"ok": 3}
    found = json.loads((folders / "runs" / "summary.json").read_text("utf-8"))
    score = {
        column["metric"].partition("/")[0]: {name: each["score"]["value"] for name, each in column["models"].items()}
        for column in found["columns"]
    }
    assert score["auprc"]["cut"] == score["auprc"]["half"]
    assert score["f1"]["cut"] != score["f1"]["half"]
    levels = [photo(number).max(axis=2) for number in range(3)]
    expected = []
    for soft in levels:
        called, real = soft >= 51, np.zeros((40, 48), bool)
        real[10:20, 5:30] = True
        counted = np.ones((40, 48), bool)
        counted[20:30, 5:30] = False
        hits = (called & real).sum()
        expected.append(2 * hits / ((called & counted).sum() + real.sum()))
    assert score["f1"]["cut"] == pytest.approx(np.mean(expected), rel=1e-9)


def test_a_users_suite_names_its_drawn_masks(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folders / "mine.toml"
    path.write_text('name = "hands"\nphotos = "photos"\ndrawn_masks = "masks"\n', "utf-8")
    plan, photos, masks = read_plan(path)
    assert (plan.task, plan.drawn, photos, masks) == ("detect", True, folders / "photos", folders / "masks")
    assert main(["benchmark", "make", str(path), str(folders / "suite"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"] == 3


@pytest.mark.parametrize("more", ['task = "restore"', "[[damage]]\neffect = 'Foxing'", "no_harm = true"])
def test_drawn_masks_are_for_detectors_alone(folders: Path, more: str) -> None:
    path = folders / "mine.toml"
    path.write_text(f'name = "hands"\nphotos = "photos"\ndrawn_masks = "masks"\n{more}\n', "utf-8")
    with pytest.raises(SuiteError, match="photos with drawn masks are for task detect alone"):
        read_plan(path)


def test_what_lacks_its_partner_or_is_not_there_is_named(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make = ["benchmark", "make", "scratch-detection", str(folders / "suite")]
    assert main([*make, "--photos", str(folders / "photos"), "--masks", str(folders / "nowhere")]) == 2
    assert "nowhere: no such folder" in capsys.readouterr().err
    assert main(["benchmark", "make", "tiny", str(folders / "tiny"), "--masks", str(folders / "masks")]) == 2
    assert "suite tiny makes its own masks" in capsys.readouterr().err
    (folders / "masks" / "photo1.png").unlink()
    assert main([*make, *words(folders)]) == 2
    assert "no mask for 1 of the names: photo1" in capsys.readouterr().err
    write_png(folders / "masks" / "photo1.png", np.zeros((20, 48), np.uint8))
    assert main([*make, *words(folders)]) == 2
    err = capsys.readouterr().err
    assert "48 x 20 pixels, its photo" in err
    assert err.count("\n") == 1

"""What `make learn` plans, keeps and says, without any training."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from project_scripts import script


def estimate(mean: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.1, "high": mean + 0.1}


def detector_row(on: str, pooled: float) -> dict[str, Any]:
    found = {name: estimate(0.1) for name in ("auc", "auprc", "auc_gain", "auprc_gain")}
    return found | {"on": on, "name": "detector", "photos": 2, "share": 0.04, "pooled_auc": 0.9, "pooled_auprc": pooled}


def test_every_pixel_counted_stands_beside_the_score_that_leaves_the_doubtful_out() -> None:
    finds, page = script("learn_finds"), script("learn_page")
    rows = [
        detector_row(on, pooled) for on, pooled in zip((finds.SYNTHETIC, finds.EVERYWHERE), (0.6, 0.59), strict=True)
    ]
    assert page.aims({"restorers": [], "detectors": [*rows, detector_row(finds.REAL, 0.5)]}) == [
        ("AUPRC 0.6 on synthetic pairs, pooled", "0.600", "yes"),
        ("AUPRC 0.6 on synthetic pairs, every pixel counted, pooled", "0.590", "no"),
        ("mean AUC on real photos above the plain top-hat's", "0.100, which is +0.100 [+0.000, +0.200]", "yes"),
        ("mean AUPRC on real photos above the plain top-hat's", "0.100, which is +0.100 [+0.000, +0.200]", "yes"),
    ]


def test_a_pixel_hardly_covered_counts_in_one_of_the_two_alone() -> None:
    finds = script("learn_finds")

    class Made:
        key, degraded = "p", np.zeros((1, 3, 3), np.uint8)
        mask = np.array([[0, 40, 255]], np.uint8)

    counted = [finds.labelled(Made, 0.3, doubtful).counted.tolist() for doubtful in (0.05, 0.0)]
    assert counted == [[[True, False, True]], [[True, True, True]]]


def test_a_run_is_told_with_the_settings_that_it_had(tmp_path: Path) -> None:
    learn = script("learn")
    config = {"width": 5, "encoder": [1, 1], "middle": 7, "decoder": [2], "window": 9}
    said = {"stages": {}, "scores": {}, "training": {}, "perceptual": "", "config": config}
    weights = tmp_path / "nafnet" / "weights" / "config.json"
    weights.parent.mkdir(parents=True)
    weights.write_text(json.dumps({"record": said}))
    told = learn.record(tmp_path / "nafnet")["settings"]
    assert told == ["width=5", "encoder=[1,1]", "middle=7", "decoder=[2]", "window=9"]


@pytest.mark.parametrize(("typed", "words"), [(["--steps", "7"], ["--steps", "7"]), ([], ["--max-minutes"])])
def test_a_training_is_as_long_as_was_typed(
    typed: list[str], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = script("learn")
    run: list[str] = []
    monkeypatch.setattr(learn, "foxing", lambda *each: run.extend(map(str, each)))
    plan, page = learn.asked(["data", "--only", "detector", *typed])
    learn.trained(plan, Path("marks"), "detector")
    assert " ".join(words) in " ".join(run)
    assert ("--max-minutes" in run) != ("--steps" in run)
    assert plan.only == ("detector",)
    assert page == Path("out/learn/LEARNED.md")


def test_the_trainings_leave_ten_of_forty_minutes_for_the_rest() -> None:
    """The longest is taken up first, by whichever lane is free."""
    learn = script("learn")
    plan, _ = learn.asked(["data"])
    lanes = [0.0] * plan.lanes
    for name in sorted(plan.only, key=plan.minutes_of, reverse=True):
        lanes[lanes.index(min(lanes))] += plan.minutes_of(name)
    assert max(lanes) < 30
    assert plan.minutes_of("nafnet") == plan.minutes_of("pix2pix")
    assert sum(lanes) == pytest.approx(plan.minutes, abs=0.01)

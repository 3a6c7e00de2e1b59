"""The last step of a fit: knobs turned by what photos say, made-up knobs and a preset that is wrong on purpose."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from project_scripts import script

from degrade.calibration.trials import Picture, degraded
from degrade.pipeline_file import digest
from degrade.presets import PRESETS
from degrade.realism.measuring import measured_photo


@pytest.fixture(scope="module")
def polish() -> ModuleType:
    return script("print_polish")


def knobs_that_do(source: np.random.Generator, statistics: int) -> dict[tuple[str, str], np.ndarray]:
    return {(name, ""): source.normal(size=statistics) for name in ("blur", "grain", "fading")}


def test_what_two_knobs_did_is_undone_by_them(polish: ModuleType) -> None:
    does = knobs_that_do(np.random.default_rng(1), 12)
    wrong = 0.4 * does["blur", ""] - 0.3 * does["fading", ""]
    turns = polish.likeliest(wrong, does, 0.01 * np.eye(12), {})
    assert turns["blur", ""] == pytest.approx(-0.4, abs=0.03)
    assert turns["fading", ""] == pytest.approx(0.3, abs=0.03)
    assert turns["grain", ""] == pytest.approx(0, abs=0.03)


def test_turns_that_left_nothing_wrong_are_kept_but_for_their_price(polish: ModuleType) -> None:
    does = knobs_that_do(np.random.default_rng(1), 12)
    before = {("blur", ""): -0.4, ("grain", ""): 0.2, ("fading", ""): 0.3}
    again = polish.likeliest(np.zeros(12), does, 0.01 * np.eye(12), before)
    assert all(again[each] == pytest.approx(before[each], abs=0.03) for each in before)


def test_where_the_prints_say_nothing_no_knob_is_turned(polish: ModuleType) -> None:
    does = knobs_that_do(np.random.default_rng(1), 12)
    turns = polish.likeliest(does["blur", ""], does, 1e6 * np.eye(12), {})
    assert max(abs(turn) for turn in turns.values()) < 1e-3


def test_without_turns_a_pipeline_stays_as_it_is(polish: ModuleType) -> None:
    assert digest(polish.turned_by(PRESETS["old-print"], {})) == digest(PRESETS["old-print"])


def test_a_kind_is_turned_by_what_all_are_and_by_its_own(polish: ModuleType) -> None:
    turns = {("blur.sigma place", ""): 0.5, ("blur.sigma place", "grey"): 0.25}
    found = {name: fields["sigma"] for name, fields in blurs(polish.turned_by(PRESETS["old-print"], turns))}
    before = {name: fields["sigma"] for name, fields in blurs(PRESETS["old-print"])}
    by = {name: found[name].high - before[name].high for name in found}
    assert all(each > 0 for each in by.values())
    assert by["grey blur"] / (before["grey blur"].high - before["grey blur"].low) == pytest.approx(0.75, abs=0.1)


def blurs(pipeline: "object") -> list[tuple[str, dict[str, "object"]]]:
    return [(each.stream_name, each.fields) for each in pipeline.priors() if each.stream_name.endswith(" blur")]


def test_both_sides_of_a_smaller_copy_are_one_knob_and_what_is_not_fitted_is_none(polish: ModuleType) -> None:
    groups = polish.grouped(PRESETS["old-print"])
    assert {knob for _, knob in groups["resolution.side place"]} >= {
        "grey resolution.width place",
        "grey resolution.height place",
    }
    assert not [name for name in groups if name.startswith(("light.size", "film.film", "twice.across"))]


def test_photos_come_nearer_to_prints_that_are_softer(
    polish: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polish, "PHOTOS", 8)
    monkeypatch.setattr(polish, "AGAIN", 6)
    monkeypatch.setattr(polish, "STEPS", 1)
    monkeypatch.setattr(polish, "grouped", only_blur(polish.grouped))
    source = np.random.default_rng(3)
    photos = [
        Picture(f"clean {number}", np.kron(source.integers(0, 255, (40, 40, 3)), np.ones((8, 8, 1))).astype(np.uint8))
        for number in range(10)
    ]
    preset = PRESETS["old-print"]
    softer = polish.turned_by(preset, {("blur.sigma place", ""): 1.2})
    prints = [measured_photo(each.key, degraded(softer, each, 5).image, 0, 0) for each in photos]
    known = polish.Prints.of(prints)
    before = polish.missed(preset, known, photos, 2)
    after = polish.missed(polish.polished(preset, prints, photos, (1, tmp_path)), known, photos, 2)
    assert np.linalg.norm(after) < 0.9 * np.linalg.norm(before)


def only_blur(grouped: "object") -> "object":
    def few(pipeline: "object") -> dict[str, list[tuple[str, str]]]:
        return {name: members for name, members in grouped(pipeline).items() if name == "blur.sigma place"}

    return few

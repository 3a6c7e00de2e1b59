"""The published ids of the built-in suites."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmark.known import as_known, cells_of, difference, is_published, known_ids, to_json
from benchmark.making import Making, made_suite
from benchmark.scoring import metrics_named
from benchmark.suite import Suite
from benchmark.suites import SUITES, TINY
from degrade.record import versions
from foxing import main

PUBLISHED = ("tiny", "mixed", "scratch-detection", "ladder")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    pytest.importorskip("skimage")
    making = Making(tuple(metric.spec for metric in metrics_named(TINY)), pictures=False)
    return made_suite(TINY, None, tmp_path_factory.mktemp("tiny"), making).suite


def test_every_published_suite_is_that_of_todays_plan_and_metrics() -> None:
    assert tuple(known_ids()) == PUBLISHED
    for name, known in known_ids().items():
        assert known.suite_id.startswith(f"{name}:")
        assert known.plan == SUITES[name].digest, "the plan changed: scripts/renew_ids.py"
        assert known.metrics == tuple(metric.spec for metric in metrics_named(SUITES[name]))


def test_tiny_made_here_is_the_published_one(tiny: Suite) -> None:
    known = known_ids()["tiny"]
    if any(versions()[name] != then for name, then in known.versions.items()):
        pytest.skip("published with other versions of what makes pixels")
    assert difference(tiny) == "", "pixels changed: scripts/renew_ids.py"
    assert is_published(tiny)


def test_what_differs_is_named(tiny: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = as_known(tiny)
    monkeypatch.setattr("benchmark.known.known_ids", lambda: {"tiny": ours})
    assert difference(tiny) == ""
    item = next(each for each in tiny.items if each.item.startswith("Foxing-4/"))
    other = replace(tiny, items=tuple(replace(e, degraded_sha256="0") if e == item else e for e in tiny.items))
    assert "other pixels or recipes in Foxing-4 (1 of 14)" in difference(other)
    assert f"is not the published {tiny.suite_id}" in difference(other)
    assert "other metrics: psnr/v2" in difference(replace(tiny, metrics=("psnr/v2", *tiny.metrics)))
    assert "another protocol or engine" in difference(replace(tiny, protocol="mine"))
    elder = replace(ours, versions={"numpy": "1.0"}, cells={**ours.cells, "Tear-2": "x"}, suite_id="tiny:x")
    monkeypatch.setattr("benchmark.known.known_ids", lambda: {"tiny": elder})
    assert f"made with numpy {np.__version__}, there 1.0" in difference(tiny)


def test_of_a_suite_of_ones_own_nothing_was_published(tiny: Suite) -> None:
    for other in (replace(tiny, name="mine"), replace(tiny, commitment="abc"), replace(tiny, plan="other")):
        assert is_published(other) is None
        assert difference(other) == ""


def test_the_file_comes_back_and_has_a_hash_for_each_kind_of_damage(tiny: Suite) -> None:
    assert set(cells_of(tiny)) == {item.item.partition("/")[0] for item in tiny.items}
    assert to_json({"tiny": as_known(tiny)}).startswith('{\n "tiny": {\n  "suite_id": "tiny:')


def test_make_tells_of_a_suite_that_is_not_the_published_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("skimage")
    known = replace(known_ids()["tiny"], suite_id="tiny:0", cells={})
    monkeypatch.setattr("benchmark.known.known_ids", lambda: {"tiny": known})
    assert main(["benchmark", "make", "tiny", str(tmp_path / "suite"), "--light", "--json"]) == 0
    said = capsys.readouterr()
    assert '"published": false' in said.out
    assert "is not the published tiny:0" in said.err
    assert said.err.count("\n") == 1

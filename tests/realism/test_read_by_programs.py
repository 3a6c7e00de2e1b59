"""What programs read is written down."""

from pathlib import Path
from typing import Any

import pytest
from realism.small_sets import plain_set

pytest.importorskip("optuna")
pytest.importorskip("sklearn")

from degrade.calibration import words as calibration
from degrade.calibration.fitting import Outcome
from degrade.calibration.knobs import Knob
from degrade.calibration.search import Search
from degrade.realism.features import ByNetwork
from degrade.realism.gap import Trees, gap
from degrade.realism.report import SYNTHETIC, Report, Side, as_data
from degrade.realism.set_distances import Kernel

DOCS = Path(__file__).parents[2] / "docs" / "realism.md"

DATA = {"versions", "turned", "blockiness", "chroma", "defects", "gradient", "mscn", "noise", "spectrum", "tone"}
"""Whose names, or what is in them, are no fields."""


def fields(found: Any) -> set[str]:
    if isinstance(found, list):
        return {name for each in found for name in fields(each)}
    if not isinstance(found, dict):
        return set()
    return (set(found) - DATA) | {name for key, each in found.items() if key not in DATA for name in fields(each)}


def test_every_field_of_both_reports_is_in_the_docs() -> None:
    first, second = (Side(name, tuple(plain_set(name)), 640) for name in ("a", "b"))
    main = gap(SYNTHETIC, first.photos, second.photos, 0, Trees(2, 1))
    network = ByNetwork(SYNTHETIC, Kernel(0.0, None), 0.0, (20, 20))
    search = Search((Knob("noise", coarse=True),), None, "fit", 0)
    search.run(lambda _: 0.0, lambda done: done == 1, lambda: None)
    asked = Path("mine.toml"), "web-scan", 0
    names = fields(as_data(Report(first, second, first, main, (), 0, "net.onnx", (network,))))
    names |= fields(calibration.as_data(asked, search, Outcome((("base", main),))))
    text = DOCS.read_text("utf-8").partition("## What programs read")[2].partition("\n## ")[0]
    assert {"mmd2", "left_out", "kid_interval", "held_out"} < names
    assert [name for name in sorted(names | {"versions", "turned"}) if f"`{name}`" not in text] == []

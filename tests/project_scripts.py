"""Modules of the folder `scripts`, for tests of what they reckon."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"

NEEDED = ("torch", "skimage", "sklearn")


def script(name: str) -> ModuleType:
    """A module of the scripts; the test is skipped where a library that scripts need is absent."""
    for library in NEEDED:
        pytest.importorskip(library)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        return importlib.import_module(name)

"""Photos that are degraded at the console, and what lies in the folder afterwards."""

import os
import sys
from pathlib import Path

import numpy as np

from degrade.io import write_png
from degrade.presets import PRESETS

ROOT = Path(__file__).parent.parent
FILES = ["degraded.png", "labels.png", "mask.png", "recipe.json"]
PRESET = next(iter(PRESETS))
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
FOXING = [sys.executable, "-m", "foxing"]


def photo(path: Path, seed: int = 1, size: tuple[int, int] = (40, 52)) -> Path:
    write_png(path, np.random.Generator(np.random.SFC64(seed)).integers(0, 256, (*size, 3), dtype=np.uint8))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

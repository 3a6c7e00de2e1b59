"""Small suites for tests of sweeps."""

from pathlib import Path

import cv2
import numpy as np

from benchmark.making import Making, made_suite
from benchmark.materials import Materials
from benchmark.scoring import metrics_named
from benchmark.suite import Damage, Photos, Plan
from degrade.io import write_png
from degrade.types import Image

DAMAGES = (
    Damage("none", "none", 0),
    Damage("effect", "GaussianNoise", 3),
    Damage("effect", "Scratches", 4),
    Damage("effect", "Skew", 3),
)

PLAN = Plan("small", "for tests", Photos("folder", {}, "any"), DAMAGES, ("psnr", "mae"))


def photo(number: int, height: int = 40, width: int = 48) -> Image:
    noise = np.random.default_rng(number).integers(0, 256, (6, 7, 3), np.uint8)
    return cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)


def write_photos(folder: Path, count: int = 3) -> Path:
    for number in range(count):
        write_png(folder / f"photo{number}.png", photo(number))
    return folder


def small_suite(folder: Path, plan: Plan = PLAN, *, pictures: bool = True) -> Materials:
    photos = write_photos(folder / "clean")
    specs = tuple(metric.spec for metric in metrics_named(plan))
    return made_suite(plan, photos, folder / "suite", Making(specs, pictures, workers=1))


def run(suite: Path, out: Path, *words: str) -> list[str]:
    """The words of a sweep on one thread."""
    return ["benchmark", "run", "--suite", str(suite), "--out", str(out), "--threads", "1", *words]

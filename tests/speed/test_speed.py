"""Measurements for `make bench`: every effect, and the whole against primitives and rivals; no test hangs on one."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from statistics import mean
from typing import Any

import cv2
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from speed.measure import by_turns, clock, fastest, per_megapixel, picture
from speed.primitives import BOUND, PRIMITIVES
from speed.table import Table
from speed.usual_way import aged_as_usual

from degrade.drawn import drawn_paper, drawn_scratches
from degrade.effect import Effect
from degrade.effects import EFFECTS
from degrade.effects.gaussian_blur import GaussianBlur
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.effects.jpeg_compression import JpegCompression
from degrade.effects.low_resolution import LowResolution
from degrade.photo import Photo
from degrade.pipeline import Pipeline
from degrade.presets import PRESETS
from degrade.priors import Choice, Group, Integers, Uniform, prior
from degrade.sample import degraded_sample, replayed_sample
from degrade.severity import at_severity

pytestmark = pytest.mark.speed

PAPER = PRESETS["wan2020-paper"]

FOUR = Pipeline(
    "four",
    (
        Group(
            "shuffled",
            (
                prior(GaussianBlur, p=0.7, sigma=Uniform(1, 5), kernel=Choice((3, 5, 7))),
                prior(GaussianNoise, p=0.7, sigma=Uniform(5, 50), channels="three", size=1.0),
                prior(
                    LowResolution, p=0.7, width=Uniform(0.5, 1), height=Uniform(0.5, 1), down="gaussian", up="linear"
                ),
                prior(JpegCompression, p=0.7, quality=Integers(40, 100), subsampling="4:2:0"),
            ),
        ),
    ),
)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    cv2.setNumThreads(1)
    for number in range(40):
        drawn_scratches(number)
    for number in range(24):
        drawn_paper(number)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.__name__)
@pytest.mark.benchmark(timer=clock, disable_gc=True)
def test_effect(effect: type[Effect], benchmark: BenchmarkFixture, table: Table) -> None:
    step, photo = at_severity(effect, 3, seed=7, short_side=1024), Photo.of(picture(1024))
    benchmark.pedantic(step.apply, (photo,), rounds=7, warmup_rounds=1)
    primitive = BOUND.get(effect.__name__, "copy")
    bound = fastest(partial(PRIMITIVES[primitive], photo.image), 15)
    own = benchmark.stats.stats.min
    table.effects.append(
        (effect.__name__, per_megapixel(own, photo.image), primitive, per_megapixel(bound, photo.image))
    )


@pytest.mark.parametrize(("side", "recipes", "aim"), [(256, 120, "18"), (512, 60, ""), (1024, 40, "13")])
def test_preset_against_a_primitive(side: int, recipes: int, aim: str, table: Table) -> None:
    image = picture(side)
    ours, primitive = [], []
    for key in range(recipes):
        times = by_turns(
            {
                "ours": partial(degraded_sample, PAPER, 1, str(key), image),
                "primitive": partial(cv2.GaussianBlur, image, (7, 7), 1.5),
            },
            rounds=3,
        )
        ours.append(times["ours"])
        primitive.append(times["primitive"])
    own, least = per_megapixel(mean(ours), image), per_megapixel(min(primitive), image)
    here = f"{own:.1f} ms/MP, {own / least:.1f} times a 7x7 Gaussian blur"
    table.ratios.append((f"wan2020-paper at {side} px, {recipes} recipes", here, f"at most {aim} times" if aim else ""))


@pytest.mark.parametrize(("side", "draws", "aim"), [(256, 400, "1.4"), (1024, 100, "1.7")])
def test_four_operations_against_albumentations(side: int, draws: int, aim: str, table: Table) -> None:
    image, theirs, keys = picture(side), four_of_theirs(), count()
    works: dict[str, Callable[[], object]] = {
        "ours": lambda: degraded_sample(FOUR, 1, str(next(keys)), image),
        "theirs": lambda: theirs(image=image),
    }
    every = [by_turns_once(works) for _ in range(draws)]
    own, other = (mean(each[name] for each in every) for name in works)
    here = (
        f"{other / own:.2f} times as fast ({per_megapixel(own, image):.1f} and {per_megapixel(other, image):.1f} ms/MP)"
    )
    table.ratios.append((f"four operations at {side} px against albumentations", here, f"at least {aim} times"))


def by_turns_once(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """One call of each: every call draws other numbers, so that none can be repeated."""
    return {name: fastest(work, 1) for name, work in works.items()}


def four_of_theirs() -> Any:
    """The four operations with the same ranges, in random order, each kept with 70 %."""
    A = pytest.importorskip("degrade.adapters.albumentations").A  # noqa: N806  (the name by which all its users know it)
    smaller = {"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}  # as free of aliasing as it gets there
    operations = [
        A.GaussianBlur(blur_limit=(3, 7), sigma_limit=(1, 5), p=0.7),
        A.GaussNoise(std_range=(5 / 255, 50 / 255), p=0.7),
        A.Downscale(scale_range=(0.5, 1), interpolation_pair=smaller, p=0.7),
        A.ImageCompression(quality_range=(40, 100), p=0.7),
    ]
    return A.Compose([A.RandomOrder(operations, n=4, p=1)], seed=1)


def test_whole_chain_against_the_usual_way(table: Table) -> None:
    image, recipes = picture(1024), [PAPER.sample(1, str(key)) for key in range(16)]
    own = mean(fastest(partial(replayed_sample, recipe, "", image), 3) for recipe in recipes)
    usual = mean(fastest(partial(aged_as_usual, recipe, image, 1), 1) for recipe in recipes)
    here = f"{usual / own:.0f} times as fast ({per_megapixel(usual, image):.0f} ms/MP the usual way)"
    table.ratios.append(("wan2020-paper at 1024 px against the usual way", here, "at least 20 times"))


TWELVE = """
import json, sys
from pathlib import Path
sys.path[:0] = sys.argv[1:]
import cv2
cv2.setNumThreads(1)
from speed.measure import fastest, picture
from degrade.presets import PRESETS
from degrade.sample import degraded_sample
from degrade.drawn import drawn_paper, drawn_scratches

def kilobytes(what):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))

image = picture(4000, 3000)
for number in range(40):
    drawn_scratches(number)
    drawn_paper(number % 24)
Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
before = kilobytes("VmRSS")
pipeline = PRESETS["wan2020-paper"]
times = [fastest(lambda: degraded_sample(pipeline, 1, str(key), image), 1) for key in range(12)]
print(json.dumps({"times": times, "peak": 1024 * (kilobytes("VmHWM") - before) / image.nbytes}))
"""


def test_twelve_megapixels(table: Table) -> None:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("peak memory is read from /proc")
    found = json.loads(python(TWELVE, *paths()))
    times = f"{mean(found['times']):.2f} s, at worst {max(found['times']):.2f} s"
    table.ratios.append(("wan2020-paper at 4000 x 3000 px, 12 recipes", times, "at most 0.4 s"))
    table.ratios.append(("its peak memory", f"{found['peak']:.1f} times the picture", "below 8 times"))


def test_import(table: Table) -> None:
    code = (
        "import sys, time; sys.path[:0] = sys.argv[1:]; import degrade.presets, degrade.sample; "
        "print(time.process_time())"
    )
    bare = "import time; print(time.process_time())"
    whole = min(float(python(code, *paths())) for _ in range(5)) - min(float(python(bare)) for _ in range(5))
    table.ratios.append(("import of degrade with its presets", f"{whole:.2f} s", "below 0.4 s"))


def paths() -> Iterator[str]:
    here = Path(__file__).parents[1]
    return iter((str(here.parent), str(here)))


def python(code: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout

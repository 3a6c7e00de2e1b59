"""Fit the preset `old-print` to real prints, and report on those that the fit has not seen.

Needs a folder DATA with old/ and clean/ and their SOURCES.csv. On one core the fit takes about a quarter of an
hour; scripts/report_realism.py tells what came of it.

    python scripts/fit_presets.py fit DATA out/fit
"""

import csv
import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2

from degrade.calibration.fitting import TRIED, Materials, loss_of, to_try
from degrade.calibration.knobs import Knob, knobs, turned
from degrade.calibration.search import Search
from degrade.calibration.trials import Picture
from degrade.effects import (
    BlackAndWhite,
    CharacteristicCurve,
    ColourJitter,
    DoubleJpeg,
    DyeFading,
    FilmGrain,
    GaussianBlur,
    JpegCompression,
    LowResolution,
    SensorNoise,
    Sharpening,
    Toning,
    Yellowing,
)
from degrade.io import read_image, write_text
from degrade.pipeline import Pipeline
from degrade.pipeline_file import to_toml
from degrade.presets.stages import FOXING, HANDLING, SCAN, WATER
from degrade.priors import Along, Choice, Group, Integers, Latent, LogUniform, Prior, Uniform, prior
from degrade.realism.measuring import fitted

SEED = 0

TRIALS = 156

LARGEST = 640

START = Pipeline(
    "old-print",
    (
        prior(GaussianBlur, sigma=Along("age", 0.2, 1.2, spread=0.3), kernel=0),
        Group(
            "one_of",
            (
                prior(
                    BlackAndWhite,
                    film=Choice(("blue-sensitive", "orthochromatic", "panchromatic"), (1, 4, 3)),
                    strength=1.0,
                ),
                Group(
                    "in_order",
                    (
                        prior(BlackAndWhite, film="luma", strength=Uniform(0.25, 0.6), name="pale dyes"),
                        prior(
                            DyeFading,
                            cyan=Along("age", 1, 0.5),
                            magenta=Along("age", 1, 0.85, spread=0.4),
                            yellow=Along("age", 1, 0.65),
                            shift=0.0,
                        ),
                    ),
                    name="colour",
                ),
            ),
            weights=(3, 1),
            name="material",
        ),
        prior(FilmGrain, strength=LogUniform(0.009, 0.034), size=Uniform(0.6, 0.9), exponent=0.8, channels="one"),
        prior(
            CharacteristicCurve,
            dmin=Along("age", 0.02, 0.15),
            dmax=Along("age", 2.4, 1.3),
            slope=Uniform(2.4, 3.5),
            shape=Uniform(0.57, 1.3),
            exposure=Uniform(-0.35, -0.05),
            veil=0.004,
        ),
        prior(
            Toning,
            p=0.6,
            process=Choice(
                ("gelatin-aged", "gelatin-warm", "albumen-aged", "sulfide-sepia", "albumen-fresh", "gold-toned"),
                (4, 2, 2, 2, 1, 1),
            ),
            strength=Uniform(0.4, 1),
            compression=0.0,
        ),
        prior(Yellowing, p=0.6, strength=Along("age", 0, 0.12), unevenness=Uniform(0, 0.8), edges=0.0, reach=0.08),
        FOXING,
        *WATER,
        *HANDLING,
        prior(
            LowResolution,
            p=0.6,
            width=Along("scan", 0.4, 1, spread=0.02),
            height=Along("scan", 0.4, 1, spread=0.02),
            down="gaussian",
            up="cubic",
        ),
        SCAN[0],
        prior(SensorNoise, shadows=LogUniform(0.7, 3), lights=LogUniform(0.34, 0.7), size=0.6, channels="three"),
        prior(Sharpening, p=0.6, sigma=Uniform(0.6, 1), amount=Uniform(0.6, 2)),
        prior(ColourJitter, p=0.5, red=Uniform(-4, 8), green=Uniform(-3, 3), blue=Uniform(-8, 4)),
        prior(BlackAndWhite, p=0.2, film="luma", strength=1.0, name="stored in grey"),
        Group(
            "one_of",
            (
                prior(
                    JpegCompression,
                    quality=Integers(88, 100),
                    subsampling=Choice(("4:2:0", "4:4:4"), (1, 2)),
                ),
                prior(
                    DoubleJpeg,
                    first=Integers(82, 98),
                    second=Integers(92, 100),
                    across=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    down=Choice((0, 1, 2, 3, 4, 5, 6, 7)),
                    subsampling="4:2:0",
                ),
            ),
            weights=(3, 1),
            name="web",
        ),
    ),
    {
        "age": Latent(1.5, 1.5),
        "scan": Latent(1.8, 0.8),
        "chemical": Latent(1.8, 2.6, follows="age", correlation=0.6),
        "mechanical": Latent(1.8, 2.6, follows="age", correlation=0.2),
        "water": Latent(1.5, 1.5, p=0.1),
    },
)
"""Where the fit begins: ranges of docs/physics.md, set by hand until a first fit to two thirds of the half found no end
of a range too near."""

LEFT_ALONE = (
    "chemical",
    "Foxing",
    "/stains",
    "Stains",
    "Fingerprints",
    "Abrasion",
    "Scratches",
    "Creases",
    "/losses",
    "TornEdges",
    "MissingCorner",
    "Tear",
    "Flaking",
    "Tape",
    "Dust",
    "mechanical",
    "BlackAndWhite.film",
    "Toning.process",
    "LowResolution.",
    "DyeFading",
    "CharacteristicCurve.slope",
    "CharacteristicCurve.shape",
    "Sharpening.sigma",
    "ColourJitter",
    "DoubleJpeg",
)
"""Knobs that begin so stay: twenty prints say little about how often each defect or process comes, some change the same
as others do, and both sides of a smaller copy must stay the same share."""


GRAIN = prior(FilmGrain, strength=LogUniform(0.013, 0.07), size=Uniform(0.6, 0.9), exponent=0.8, channels="one")
"""What the preset has instead of the fitted grain (0.0077 to 0.029, of 0.77 to 1.1 px): the range measured on more
prints (docs/physics.md, section 7). The fit's distance does not rise by it: 0.51 against 0.53 on other recipes."""


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    cv2.setNumThreads(1)
    tasks: dict[str, Callable[[Path, Path], None]] = {"fit": fit}
    tasks[arguments[0]](Path(arguments[1]), Path(arguments[2]))


def halves_of(folder: Path, wanted: Callable[[dict[str, str]], bool]) -> tuple[list[str], list[str]]:
    """Names of photos in two halves, for the fit and for the report: dealt out in the order of their names' hashes."""
    with (folder / "SOURCES.csv").open(encoding="utf-8") as file:
        names = [row["file"] for row in csv.DictReader(file) if wanted(row)]
    order = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return order[::2], order[1::2]


def prints(data: Path) -> tuple[list[str], list[str]]:
    """The two halves of the prints."""
    return halves_of(data / "old", lambda row: row["kind"] == "print")


def clean(data: Path) -> tuple[list[str], list[str]]:
    """The two halves of the clean photos."""
    return halves_of(data / "clean", lambda row: True)


def read(folder: Path, names: list[str]) -> tuple[Picture, ...]:
    """The photos, no larger than the report takes them."""
    return tuple(Picture(name, fitted(read_image(folder / name), LARGEST)) for name in names)


def chosen() -> list[Knob]:
    """The knobs that are turned."""
    return [each for each in knobs(START) if not each.name.startswith(LEFT_ALONE)]


def fit(data: Path, out: Path) -> None:
    """Turn the knobs; broken off, the same command goes on."""
    out.mkdir(parents=True, exist_ok=True)
    tried = to_try(read(data / "clean", clean(data)[0][:TRIED]))
    materials = Materials(read(data / "old", prints(data)[0]), tried, (), ())
    search = Search(chosen(), out / "old-print.trials", materials.name(START, SEED), SEED)

    def tick() -> None:
        write_text(out / "old-print.toml", to_toml(settled(turned(START, search.best.turns))))
        sys.stderr.write(f"trial {len(search.trials)}: {search.trials[-1].loss:.3f}, best {search.best.loss:.3f}\n")

    search.run(loss_of(START, materials, SEED, 1), lambda done: done >= TRIALS, tick)


def settled(pipeline: Pipeline) -> Pipeline:
    """The fitted pipeline with the grain of more prints."""
    steps = (GRAIN if isinstance(step, Prior) and step.effect is FilmGrain else step for step in pipeline.steps)
    return replace(pipeline, steps=tuple(steps))


if __name__ == "__main__":
    main(sys.argv[1:])

"""Measure real and synthetic defects alike, and write docs/defects.md and out/defects.json.

    python scripts/measure_defects.py DATA [--json FILE] [--markdown FILE] [--pictures N]

DATA is a folder with any of: `textures/scratch` (overlays of scratches, hairs and dust), `masks` (white is lost or
cracked), `old` and `old_masks` (scans of damaged prints, and what of them is a defect). What is not there is left out.
The synthetic ones are drawn as the presets draw them, on photographs that ship inside scikit-image.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import defect_measures as measures  # these three lie beside this script
import defect_profiles as profiles
import numpy as np
from defect_page import FAINT, Row, table
from defect_sets import Picture, dirt, layers, losses, made, prints
from folders import holding

from degrade.io import write_text

Values = list[float]

DRAWS = 400
"""Bootstrap draws of whole pictures."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that is measured, per picture a list of values."""

    name: str
    unit: str
    of: Callable[[Picture], Values]
    summary: Callable[[Values], float] = np.median


def per_mille(values: Iterable[float]) -> Values:
    return [1000 * value for value in values]


def spread(values: Iterable[float]) -> Values:
    """The standard deviation of the logarithms within one picture; nothing where it has fewer than ten values."""
    logs = np.log(list(values))
    return [float(np.std(logs))] if len(logs) >= 10 else []


def high(values: Values) -> float:
    return float(np.quantile(values, 0.9))


def lines_of(picture: Picture) -> list[measures.Line]:
    return measures.lines(picture.mask)


def forks_per_length(picture: Picture) -> Values:
    found = lines_of(picture)
    total = sum(line.length for line in found)
    return [sum(line.forks for line in found) / total] if total > 0.3 else []


def ratio_of_neighbours(picture: Picture) -> Values:
    found, size = measures.specks(picture.mask), frame(picture)
    rng = np.random.default_rng(1)
    return [measures.neighbour_ratio(found.centres, size, rng)] if len(found.centres) >= 15 else []


def ratio_of_pairs(picture: Picture) -> Values:
    found, size = measures.specks(picture.mask), frame(picture)
    rng = np.random.default_rng(1)
    return [measures.pairs_ratio(found.centres, size, 0.05, rng)] if len(found.centres) >= 15 else []


def frame(picture: Picture) -> tuple[float, float]:
    height, width = picture.mask.shape
    return width / min(height, width), height / min(height, width)


def crossed(of: Callable[[profiles.Across, int], float]) -> Callable[[Picture], Values]:
    """A measure of a picture's mean profile across its creases."""

    def measured(picture: Picture) -> Values:
        if picture.grey is None:
            return []
        found = profiles.profiles(picture.grey, picture.mask)
        return [of(profiles.across(found.mean(axis=0)), min(picture.mask.shape))] if len(found) >= 12 else []

    return measured


def width_variation(picture: Picture) -> Values:
    """The coefficient of variation of the half-height width along a picture's creases."""
    if picture.grey is None:
        return []
    found = profiles.profiles(picture.grey, picture.mask)
    widths = [profiles.across(row).width for row in found]
    return [float(np.std(widths) / np.mean(widths))] if len(widths) >= 12 else []


def rough(which: int) -> Callable[[Picture], Values]:
    def measured(picture: Picture) -> Values:
        path = profiles.edge_line(picture.mask)
        return [profiles.roughness(path)[which]] if len(path) >= 100 else []

    return measured


LENGTH = Quantity("median length", "‰", lambda each: per_mille(line.length for line in lines_of(each)))
LONG = Quantity("90th percentile of length", "‰", lambda each: per_mille(line.length for line in lines_of(each)), high)
SIGMA = Quantity("sd of ln length in a picture", "", lambda each: spread(line.length for line in lines_of(each)))
WIDTH = Quantity("median width", "‰", lambda each: per_mille(line.width for line in lines_of(each)))
WIDE = Quantity("90th percentile of width", "‰", lambda each: per_mille(line.width for line in lines_of(each)), high)
STRAIGHT = Quantity("median straightness", "", lambda each: [line.straight for line in lines_of(each)])
ALONE = Quantity("the same of long lines without forks", "", lambda each: measures.lone_straightness(each.mask))
CLOSED = Quantity("median length, gaps closed", "‰", lambda each: per_mille(measures.closed_lengths(each.mask)))
FORKS = Quantity("forks per short side of line", "", forks_per_length)
ANGLE = Quantity("widest angle at a fork", "°", lambda each: measures.fork_angles(each.mask).tolist())
TEES = Quantity(
    "share of forks above 150°",
    "",
    lambda each: measures.fork_angles(each.mask).tolist(),
    lambda values: float(np.mean(np.array(values) > 150)),
)
DIAMETER = Quantity("median diameter", "‰", lambda each: per_mille(measures.specks(each.mask).diameters))
SIZES = Quantity("sd of ln diameter in a picture", "", lambda each: spread(measures.specks(each.mask).diameters))
NEAR = Quantity("nearest-neighbour ratio", "", ratio_of_neighbours)
PAIRS = Quantity("Ripley's K ratio at 5 %", "", ratio_of_pairs)
HALF = Quantity("half-height width", "px", crossed(lambda each, _: each.width))
HALF_SHARE = Quantity("half-height width", "‰", crossed(lambda each, short: 1000 * each.width / short))
SHOULDER = Quantity("shoulder at twice the half width", "of the core", crossed(lambda each, _: each.shoulder))
RIM = Quantity("dark rim", "of the core", crossed(lambda each, _: each.rim))
VARIES = Quantity("variation of the width", "CV", width_variation)
HURST = Quantity("roughness exponent", "", rough(0))
ROUGH = Quantity("deviation from a sixteenth's chord", "of its length", rough(1))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Real pictures beside synthetic ones."""

    title: str
    real: Callable[[Path], Iterator[Picture]]
    made: tuple[str, ...]
    """Names of effects."""

    quantities: tuple[Quantity, ...]
    note: str

    least: float = 0.5
    """Coverage from which a synthetic defect counts."""


COMPARISONS = (
    Comparison(
        "Scratches",
        layers,
        ("Scratches", "ScratchTexture"),
        (LENGTH, LONG, SIGMA, WIDTH, WIDE, STRAIGHT, ALONE),
        "layers taken off damaged photos and drawn swarms; widths are of what is more than 40 % covered",
    ),
    Comparison(
        "Hairs and fibres",
        dirt,
        ("Hair", "Lint"),
        (LENGTH, LONG, SIGMA, WIDTH, STRAIGHT, ALONE),
        "outlines on scans of empty film frames; a print shows them enlarged, so compare spreads, not sizes",
    ),
    Comparison("Dust", dirt, ("Dust",), (DIAMETER, SIZES, NEAR, PAIRS), "the same scans"),
    Comparison(
        "Spots on prints",
        prints,
        ("Dust", "Flaking"),
        (DIAMETER, SIZES, NEAR, PAIRS),
        "small compact parts of hand-drawn masks: specks, chips and flakes, which nobody told apart",
    ),
    Comparison(
        "Creases and cracks",
        prints,
        ("Creases", "Craquelure"),
        (LENGTH, CLOSED, LONG, SIGMA, STRAIGHT, ALONE, FORKS, ANGLE, TEES),
        "hand-drawn masks of damaged prints; their widths are the annotator's, so they are not compared",
    ),
    Comparison(
        FAINT,
        prints,
        ("Creases", "Craquelure"),
        (LENGTH, CLOSED, LONG, SIGMA, STRAIGHT, ALONE, FORKS),
        "the same. Synthetic: what is covered by more than 20 %, a cut that we chose: what a person marks is not known",
        0.2,
    ),
    Comparison(
        "Across a crease",
        prints,
        ("Creases",),
        (HALF, HALF_SHARE, VARIES, SHOULDER, RIM),
        "brightness across light lines on calm ground, of pictures with twelve such places or more",
    ),
    Comparison(
        "Torn edges", losses, ("TornEdges", "MissingCorner"), (HURST, ROUGH), "masks of torn borders and corners"
    ),
)


def measured(pictures: Sequence[Picture], quantity: Quantity) -> dict[str, float | int] | None:
    """A quantity over pictures, with the interval of resampled pictures; None where nothing shows it."""
    values = [each for each in (quantity.of(picture) for picture in pictures) if each]
    pooled = [value for each in values for value in each if np.isfinite(value)]
    if len(values) < 2 or len(pooled) < 3:
        return None
    rng, again = np.random.default_rng(7), []
    for _ in range(DRAWS):
        some = [value for index in rng.integers(0, len(values), len(values)) for value in values[index]]
        again.append(quantity.summary([value for value in some if np.isfinite(value)]))
    low, top = np.nanquantile(again, [0.025, 0.975])
    return {
        "value": float(quantity.summary(pooled)), "low": float(low), "high": float(top),
        "pictures": len(values), "n": len(pooled),
    }  # fmt: skip


def compare(folder: Path, count: int) -> list[Row]:
    """Every comparison, as data."""
    rows: list[Row] = []
    for each in COMPARISONS:
        sets = {"real": list(each.real(folder)), **{name: list(made(name, count, each.least)) for name in each.made}}
        for quantity in each.quantities:
            result = {name: measured(pictures, quantity) for name, pictures in sets.items()}
            rows.append(Row(each.title, quantity.name, quantity.unit, result))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=holding(), metavar="DATA")
    parser.add_argument("--json", type=Path, default=Path("out/defects.json"))
    parser.add_argument("--markdown", type=Path, default=Path("docs/defects.md"))
    parser.add_argument("--pictures", type=int, default=24, help="synthetic pictures of each effect")
    given = parser.parse_args()
    rows = compare(given.folder, given.pictures)
    write_text(given.json, json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n")
    write_text(given.markdown, table(rows, {each.title: each.note for each in COMPARISONS}))


if __name__ == "__main__":
    main()

"""A fit from beginning to end: what is held out, what a trial costs, and what unseen photos say in the end."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from degrade.calibration.distance import distance
from degrade.calibration.knobs import Turns, turned
from degrade.calibration.trials import PATCHES, Picture, degraded, middle, rows, table
from degrade.io import pixel_digest
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest
from degrade.realism.gap import TREES, Gap, Trees, gap
from degrade.realism.measuring import Measured, measured_photo
from degrade.realism.patches import ANYWHERE
from degrade.seeds import stream

FEWEST_SCANS = 20
"""Old photos that a fit needs: a third of them is held out, and the others are to say what varies among them."""

FEWEST_CLEAN = 30

KNOBS_A_SCAN = 20
"""More are said to be many: the four chains of `old-print` have that from some twenty scans on, `web-scan` has not."""

TRIED = 96
"""Photos that a trial degrades: with half as many a fit learnt their chances by heart. Where there are fewer clean
ones, each comes several times, with other recipes."""

ASKED = 60
"""Clean photos at most that the report degrades."""

HELD = 3
"""One of so many scans is held out."""


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """The photos of a fit, and those that it does not see."""

    scans: tuple[Picture, ...]
    clean: tuple[Picture, ...]
    held_scans: tuple[Picture, ...]
    held_clean: tuple[Picture, ...]

    @classmethod
    def split(cls, scans: Sequence[Picture], clean: Sequence[Picture], seed: int) -> "Materials":
        """A third of the scans and half of the clean photos are held out, by their keys: the others change nothing."""
        ours, theirs = _in_order(scans, seed), _in_order(clean, seed)
        held, half = -(-len(ours) // HELD), len(theirs) // 2
        return cls(tuple(ours[held:]), to_try(theirs[half:]), tuple(ours[:held]), tuple(theirs[: min(half, ASKED)]))

    def name(self, base: Pipeline, seed: int) -> str:
        """What distinguishes this fit from others."""
        parts = [digest(base), str(seed), *_names(self.scans), *_names(self.clean)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def to_try(clean: Sequence[Picture]) -> tuple[Picture, ...]:
    """The middles of clean photos, as many as a trial degrades."""
    middles = [middle(each) for each in clean[:TRIED]]
    return tuple(
        Picture(f"{each.key} {number // len(middles)}", each.image)
        for number, each in zip(range(TRIED), cycle(middles), strict=False)
    )


def _in_order(pictures: Sequence[Picture], seed: int) -> list[Picture]:
    return sorted(pictures, key=lambda each: (stream(seed, "calibrate", "held", each.key).word(), each.key))


def _names(pictures: Sequence[Picture]) -> Iterator[str]:
    return (f"{each.key} {pixel_digest(each.image)}" for each in pictures)


def loss_of(base: Pipeline, materials: Materials, seed: int, workers: int) -> Callable[[Turns], float]:
    """What a trial costs: the distance between the scans and the clean photos as the turned pipeline makes them."""
    real = table(materials.scans, lambda each: rows(each, seed, ANYWHERE // PATCHES), workers)

    def loss(turns: Turns) -> float:
        pipeline = turned(base, turns)
        made = table(materials.clean, lambda each: rows(degraded(pipeline, each, seed), seed), workers)
        return distance(real, made).total

    return loss


@dataclass(frozen=True, slots=True)
class Outcome:
    """What photos say that the fit has not seen."""

    gaps: tuple[tuple[str, Gap], ...]
    """Of the base, the fitted pipeline, clean photos, and the fit's own scans, each against the held-out scans."""


BASE, FITTED, CLEAN, REAL = "base", "fitted", "clean", "scans of the fit"


def judged(pipelines: tuple[Pipeline, Pipeline], materials: Materials, seed: int, trees: Trees = TREES) -> Outcome:
    """Compare the base and the fitted pipeline, by photos and random numbers that the fit has not seen.

    Args:
        pipelines: the base and the fitted one.
        materials: the photos.
        seed: of the fit; the recipes are drawn by another.
        trees: of the forests.
    """
    held = _measured(materials.held_scans, seed)
    sets = {
        name: _measured([degraded(pipeline, each, seed + 1) for each in materials.held_clean], seed)
        for name, pipeline in zip((BASE, FITTED), pipelines, strict=True)
    }
    sets |= {CLEAN: _measured(materials.held_clean, seed), REAL: _measured(materials.scans, seed)}
    return Outcome(tuple((name, gap(name, held, each, seed, trees)) for name, each in sets.items()))


def _measured(pictures: Sequence[Picture], seed: int) -> list[Measured]:
    return [measured_photo(each.key, each.image, seed, 0) for each in pictures]

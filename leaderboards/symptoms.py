"""What is plainly wrong with a photo, or nothing: measures that clean photos at large keep within limits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from degrade.effects import EFFECTS
from degrade.realism.measuring import fitted
from degrade.realism.patch import Patch
from degrade.types import Defect, Image, Mask
from leaderboards.ailing import MARK
from leaderboards.likeness import Cell
from leaderboards.plain_measures import MEASURES

SIDE = 512
"""Shorter side in pixels at which photos are looked at, at most: widths of edges and grain are in its pixels."""


class Symptom(NamedTuple):
    """Something that clean photos hardly ever show."""

    key: str
    says: str
    """What it is a sign of."""

    name: str
    """Of the measure."""

    unit: str
    limit: float
    """Up to where clean photos go."""

    effects: frozenset[str]
    """What makes it."""


def named(*names: str) -> frozenset[str]:
    """The names of effects as a set."""
    return frozenset(names)


SINGLE = frozenset(each.__name__ for each in EFFECTS)

STRUCTURED = frozenset(each.__name__ for each in EFFECTS if each.defect is not Defect.INTACT)

SYMPTOMS = (
    Symptom("masked", "structured damage", "masked", "% of the photo", 0.2, STRUCTURED),
    Symptom(
        "noise",
        "grain or noise",
        "noise in the most even places",
        "levels",
        3.4,
        named(
            "FilmGrain",
            "ShotNoise",
            "GaussianNoise",
            "SpeckleNoise",
            "SensorNoise",
            "SaltAndPepper",
            "PaperTexture",
            "Halftone",
        ),
    ),
    Symptom(
        "blur",
        "blurred",
        "the sharpest edges",
        "pixels wide",
        1.15,
        named("GaussianBlur", "BoxBlur", "Defocus", "MotionBlur", "AnisotropicBlur", "LowResolution"),
    ),
    Symptom(
        "faded",
        "faded: nothing is black, and the darkest tones have a colour",
        "colour of the most neutral dark",
        "C*",
        9.0,
        named("DyeFading", "SilverFading", "ContrastLoss", "CharacteristicCurve", "Toning", "GammaShift", "Flare"),
    ),
    Symptom(
        "flat",
        "flat: neither black nor white",
        "tones short of the whole range",
        "L*",
        72.0,
        named("DyeFading", "SilverFading", "ContrastLoss", "CharacteristicCurve", "GammaShift", "Flare"),
    ),
    Symptom(
        "yellowed",
        "yellowed or toned",
        "cast of the least yellow light tone",
        "b*",
        12.0,
        named("Yellowing", "Toning", "ColourJitter", "DyeFading", "SilverFading"),
    ),
    Symptom(
        "blocks", "JPEG blocks", "steps on a grid", "of the mean step", 0.4, named("JpegCompression", "DoubleJpeg")
    ),
    Symptom(
        "marks",
        "thin marks, or a pattern as thin",
        "thin marks in even places",
        "of 1000 pixels",
        25.0,
        STRUCTURED,
    ),
)
"""Limits lie between what the seven photographs that come with scikit-image have as they are, and what effects of
severity 3 make of them (`scripts/judge_symptoms.py`). With 21 of the 24 of Kodak nothing is wrong; these were looked at
when the limit of yellow was set, and only then. Of a picture that is texture all over no such measure can say whether
it is noise; and most marks of severity 3, dust or a tear, are not seen without a mask."""


class Shown(NamedTuple):
    """A symptom as a photo shows it."""

    symptom: Symptom
    value: float


def symptoms(image: Image, mask: Mask | None = None) -> tuple[Shown, ...]:
    """What is plainly wrong with a photo, in the order of SYMPTOMS; nothing of a clean one.

    Args:
        image: the photo.
        mask: (H, W); what structured damage covers, where somebody has looked.
    """
    patch = Patch.of(fitted(image, SIDE))
    found = {key: measure(patch) for key, measure in MEASURES.items()}
    if mask is not None:
        found["masked"] = 100 * float(np.mean(mask >= MARK))
        del found["marks"]  # the mask says more
    elif found["blocks"] > limit_of("blocks"):
        del found["marks"]  # the rings around edges stand out, too
    return tuple(
        Shown(each, found[each.key]) for each in SYMPTOMS if each.key in found and found[each.key] > each.limit
    )


def limit_of(key: str) -> float:
    """The limit of a symptom."""
    return next(each.limit for each in SYMPTOMS if each.key == key)


UNSEEN = 0.25
"""How often an effect does not show its symptom: about so many of severities 2 to 4 do not."""

UNSEEN_MARKS = 0.5
"""The same of marks, where nobody has drawn them."""

STRAY = 0.1
"""How often a symptom shows though nothing that makes it was done: of clean photos, at most so many."""


def reweighted(likely: Mapping[Cell, float], shown: Iterable[Shown], *, masked: bool) -> dict[Cell, float]:
    """The weights of cells, each by how likely it is to show those symptoms and no others.

    Mixtures of effects may show any.

    Args:
        likely: weights by defect and severity.
        shown: what the photo shows.
        masked: whether the mask is known, so that marks would be seen.
    """
    seen = [each.symptom for each in shown]
    found = {cell: weight * chance(cell, seen, masked=masked) for cell, weight in likely.items()}
    whole = sum(found.values())
    return {cell: each / whole for cell, each in found.items()}


def chance(cell: Cell, seen: Sequence[Symptom], *, masked: bool) -> float:
    """How likely photos of a cell are to show those symptoms and no others, to a factor that all cells share."""
    defect, severity = cell
    own = [each for each in SYMPTOMS if defect in each.effects]
    if severity != 0 and defect not in SINGLE:
        return 1.0
    shows = any(each in seen for each in own) or not own
    missed = 1.0 if shows or severity == 0 else UNSEEN_MARKS if defect in STRUCTURED and not masked else UNSEEN
    return missed * STRAY ** sum(each not in own for each in seen)

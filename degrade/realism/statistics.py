"""What is measured on a patch: the families one after the other, as one vector whose names are in `words`."""

from collections.abc import Callable

import numpy as np

from degrade.realism.colour import chroma, tone
from degrade.realism.grain import noise
from degrade.realism.marks import defects
from degrade.realism.patch import Doubles, Numbers, Patch
from degrade.realism.spectrum import blockiness, spectrum
from degrade.realism.texture import gradient, mscn
from degrade.realism.words import STATISTICS
from degrade.types import Image

MEASURES: dict[str, Callable[[Patch], Numbers]] = {
    "chroma": chroma,
    "noise": noise,
    "mscn": mscn,
    "spectrum": spectrum,
    "gradient": gradient,
    "blockiness": blockiness,
    "tone": tone,
    "defects": defects,
}

NAMES = tuple(each.name for each in STATISTICS)

COLUMNS = {family: [number for number, each in enumerate(STATISTICS) if each.family == family] for family in MEASURES}
"""Where each family lies in the vector."""


def measured(image: Image) -> Doubles:
    """Every statistic of a patch, in the order of `STATISTICS`; all are finite."""
    patch = Patch.of(image)
    numbers: Numbers = {}
    for measure in MEASURES.values():
        numbers |= measure(patch)
    return np.array([numbers[name] for name in NAMES])


def measured_marks(image: Image) -> Doubles:
    """The statistics of defects alone."""
    numbers = defects(Patch.of(image))
    return np.array([numbers[NAMES[column]] for column in COLUMNS["defects"]])

"""Kinds of old prints, and what a fit may change of each: where it begins, and how far it may go.

A range is said as (low, high, law): `even`, `log`, or `aged`, which follows the latent quantity age from low to high.
"""

from collections.abc import Sequence

import numpy as np

from degrade.realism.measuring import Measured
from degrade.realism.statistics import NAMES

KINDS = ("grey", "warm", "yellowed", "colour")
"""Stored without colour; hardly tinted; yellow or brown; with hues of its own."""

Law = tuple[float, float, str]

RANGES: dict[str, Law] = {
    "blur": (0.1, 1.1, "aged"),
    "vignette": (0.05, 0.3, "even"),
    "light": (0.03, 0.25, "log"),
    "grain": (0.012, 0.06, "log"),
    "grain size": (0.55, 0.95, "even"),
    "coarse grain": (0.006, 0.04, "log"),
    "coarse grain size": (1.0, 2.2, "even"),
    "dmin": (0.0, 0.12, "aged"),
    "dmax": (2.8, 1.3, "aged"),
    "slope": (2.4, 4.0, "even"),
    "shape": (0.57, 1.3, "even"),
    "exposure": (-0.35, 0.12, "even"),
    "surface": (0.001, 0.012, "log"),
    "fading of highlights": (0.02, 0.3, "aged"),
    "fading": (0.02, 0.2, "aged"),
    "blacks": (0, 40, "even"),
    "whites": (0, 30, "even"),
    "resolution": (0.4, 1.0, "even"),
    "noise in shadows": (0.7, 3, "log"),
    "noise in lights": (0.3, 0.9, "log"),
    "noise size": (0.4, 0.9, "even"),
    "sharpening": (0.2, 1.6, "even"),
    "sharpening sigma": (0.5, 1.2, "even"),
    "cut blacks": (0, 35, "even"),
    "cut whites": (0, 25, "even"),
    "gamma": (0.7, 1.35, "log"),
    "jpeg": (75, 100, "even"),
    "first of two": (70, 98, "even"),
    "second of two": (85, 100, "even"),
    "first copy": (60, 98, "even"),
    "resized": (0.45, 0.98, "even"),
    "second copy": (85, 100, "even"),
    "thumbnail": (0.25, 0.65, "even"),
    "larger": (1.2, 2.5, "log"),
    "larger jpeg": (60, 96, "even"),
}
"""All kinds begin with these, and differ as far as the prints ask for it."""

CAST: dict[str, Law] = {
    "red": (-6, 8, "even"),
    "green": (-3, 3, "even"),
    "blue": (-12, 6, "even"),
    "yellowing": (0.01, 0.12, "aged"),
    "unevenness": (0, 0.8, "even"),
}

DYES: dict[str, Law] = {
    "paleness": (0.1, 0.7, "even"),
    "cyan": (1, 0.5, "aged"),
    "magenta": (1, 0.8, "aged"),
    "yellow": (1, 0.6, "aged"),
    "shift": (0, 0.03, "even"),
}

OWN: dict[str, dict[str, Law]] = {
    "grey": RANGES,
    "warm": RANGES | CAST | {"tone": (0.1, 0.6, "even"), "tone compression": (0, 0.3, "even")},
    "yellowed": RANGES
    | CAST
    | {"tone": (0.5, 1.0, "even"), "tone compression": (0, 0.3, "even"), "yellowing": (0.03, 0.25, "aged")},
    "colour": RANGES | CAST | DYES,
}

CHANCES = {
    "vignette": 0.15,
    "light": 0.3,
    "fading": 0.35,
    "veil": 0.35,
    "resolution": 0.5,
    "sharpening": 0.45,
    "levels": 0.35,
    "gamma": 0.4,
    "linear resolution": 0.3,
    "linear resized": 0.3,
    "4:2:0": 0.5,
    "noise in three": 0.7,
    "second copy": 0.5,
    "after reduced": 0.25,
    "grain": 0.95,
    "coarse grain": 0.5,
    "thumbnail": 0.08,
}

OWN_CHANCES: dict[str, dict[str, float]] = {
    "grey": CHANCES,
    "warm": CHANCES | {"balance": 0.5, "yellowing": 0.5, "tone": 0.6},
    "yellowed": CHANCES | {"balance": 0.5, "yellowing": 0.5, "tone": 0.93},
    "colour": CHANCES | {"balance": 0.5, "yellowing": 0.5},
}

TONES = {
    "warm": {
        "gelatin-aged": 2.0,
        "gelatin-warm": 4.0,
        "sulfide-sepia": 2.0,
        "albumen-fresh": 2.0,
        "gold-toned": 1.0,
        "platinum": 3.0,
        "albumen-aged": 1.0,
    },
    "yellowed": {
        "gelatin-aged": 4.0,
        "albumen-aged": 3.0,
        "salted-paper": 2.0,
        "sulfide-sepia": 2.0,
        "gold-toned": 1.0,
    },
}
"""Weights of the processes of toning where the fit begins."""

WEB = (0.1, 0.2, 0.1, 0.2, 0.4)
"""Shares of scans that were never compressed, once, twice, once before they were enlarged, once before they were made
smaller: by who put them on the web, or by the report, which makes large scans smaller.
"""

FILMS = {"blue-sensitive": 1.0, "orthochromatic": 4.0, "panchromatic": 3.0}
"""Not fitted."""

BOUNDS: dict[str, tuple[float, float]] = {
    "blur": (0, 2),
    "vignette": (0, 0.45),
    "light": (0.02, 0.5),
    "grain": (0.003, 0.15),
    "grain size": (0.45, 1.2),
    "coarse grain": (0.002, 0.1),
    "coarse grain size": (0.8, 3),
    "dmin": (0, 0.22),
    "dmax": (0.9, 4),
    "slope": (1.5, 6.2),
    "shape": (0.45, 1.35),
    "exposure": (-0.55, 0.35),
    "surface": (0.0004, 0.035),
    "fading of highlights": (0, 0.55),
    "fading": (0, 0.32),
    "blacks": (0, 60),
    "whites": (0, 52),
    "resolution": (0.25, 1),
    "noise in shadows": (0.35, 8),
    "noise in lights": (0.2, 2.3),
    "noise size": (0.28, 1.35),
    "sharpening": (0, 2.7),
    "sharpening sigma": (0.38, 1.7),
    "cut blacks": (0, 60),
    "cut whites": (0, 50),
    "gamma": (0.52, 1.75),
    "jpeg": (60, 100),
    "first of two": (58, 98),
    "second of two": (74, 100),
    "first copy": (49, 98),
    "resized": (0.4, 1),
    "second copy": (80, 100),
    "thumbnail": (0.15, 0.95),
    "larger": (1.1, 2.8),
    "larger jpeg": (40, 98),
    "red": (-17, 14),
    "green": (-9, 9),
    "blue": (-27, 9),
    "yellowing": (0, 0.55),
    "unevenness": (0, 1),
    "tone": (0, 1),
    "tone compression": (0, 0.55),
    "paleness": (0, 0.92),
    "cyan": (0.38, 1),
    "magenta": (0.62, 1),
    "yellow": (0.48, 1),
    "shift": (0, 0.05),
}
"""About the ranges of print_prior.py: beyond them the emulator has seen nothing."""


def kind_of(photo: Measured) -> str:
    """The kind of a print, by its colours: a rule of thumb, and the only thing about single prints that a fit asks."""
    found = dict(zip(NAMES, photo.patches.mean(axis=0), strict=True))
    if found["chroma"] < 0.6:
        return "grey"
    if found["colour_beside_tone"] > 2.6:
        return "colour"
    return "yellowed" if found["mean_b"] > 9 else "warm"


def shares(prints: Sequence[Measured]) -> list[float]:
    """The share of each kind, one print more of each than there are."""
    counts = np.array([sum(kind_of(each) == kind for each in prints) + 1 for kind in KINDS])
    return [float(each) for each in counts / counts.sum()]

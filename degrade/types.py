"""The words of the project as types: what a number means, where it may lie, and what a picture is."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""(H, W, 3), RGB, display-encoded (sRGB)."""

Mask = NDArray[np.uint8]
"""(H, W); 0 intact to 255 fully covered by a structured defect."""

Labels = NDArray[np.uint8]
"""(H, W); the `Defect` that covers each pixel, 0 where the photo is intact."""

Field = NDArray[np.float32]
"""(H, W); a smooth or rough quantity over the picture."""

Box = tuple[int, int, int, int]
"""top, left, height, width in pixels; may stick out of the picture."""


class Defect(IntEnum):
    """The classes of structured defects, in the order of the label map."""

    INTACT = 0
    SCRATCH = 1
    DUST = 2
    HAIR = 3
    CREASE = 4
    CRACK = 5
    LOSS = 6
    STAIN = 7
    FOXING = 8
    FINGERPRINT = 9
    MIRRORING = 10
    TAPE = 11
    PAPER = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """The closed interval in which a number must lie, and its unit."""

    low: float
    high: float
    unit: str = ""
    odd: bool = False
    """Only odd whole numbers, and zero."""


Fraction = Annotated[float, Interval(0, 1)]
"""A share of full scale, an opacity, a probability."""

Share = Annotated[float, Interval(0, 2, "of the shorter side")]
"""A length that the eye sees as an object, so that it looks alike at 512 and at 4096 pixels."""

PerSquare = Annotated[float, Interval(0, 20000, "per square of the shorter side")]
"""How many objects lie in a square as wide as the picture's shorter side."""

Pixels = Annotated[float, Interval(0, 256, "px")]
"""An optical or grain size on the pixel grid; `degrade.severity` scales it with the picture."""

KeptPixels = Annotated[float, Interval(0.004, 1, "of the pixels along a side")]
"""How much smaller a copy is; `degrade.severity` gives larger pictures smaller shares, so that the copies are alike."""

Kernel = Annotated[int, Interval(0, 255, "px", odd=True)]
"""The width of a convolution kernel: odd, or 0 for as wide as it needs to be."""

Degrees = Annotated[float, Interval(-180, 180, "degrees")]

Levels = Annotated[float, Interval(0, 255, "grey levels")]

SignedLevels = Annotated[float, Interval(-255, 255, "grey levels")]

Density = Annotated[float, Interval(0, 4, "log10")]
"""Optical density: the negative decimal logarithm of the reflected light."""

Positive = Annotated[float, Interval(0.01, 100)]
"""A factor, an exponent, a slope."""

Count = Annotated[int, Interval(0, 1000)]

Quality = Annotated[int, Interval(1, 100, "libjpeg quality")]

Seed = Annotated[int, Interval(0, 2**32 - 1)]
"""Names the random field of an effect; two effects with the same numbers and seed paint the same pixels."""

Channels = Literal["auto", "one", "three"]
"""Noise: the same in all channels, different in each, or "auto": the same on a grey or toned photo only."""


@dataclass(frozen=True, slots=True)
class TextureKind:
    """The folder of the user's textures from which a field may name a file."""

    folder: str


ScratchTextureName = Annotated[str, TextureKind("scratch")]
"""Empty for the built-in generator, else `file.png@0123456789ab`: a user's file and the head of its SHA-256."""

PaperTextureName = Annotated[str, TextureKind("paper")]
"""The same, for scans of paper."""

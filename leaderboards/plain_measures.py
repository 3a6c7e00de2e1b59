"""Measures that damage moves and what is in a photo hardly does, so that one limit does for all clean photos."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from degrade.realism.patch import Floats, Patch
from degrade.realism.spectrum import blockiness

BLOCK = 16

REBLUR = 1.0
"""Deviation in pixels of the blur with which edges are compared."""

THIN = 7
"""Diameter in pixels of the disc that marks are thinner than."""

QUIET = 4
"""Levels of what stands out around a pixel, up to which its surroundings are even."""

TEXTURE = 31
"""Side in pixels of the surroundings."""

HUES = 0.99
"""One hue all over: the length of the mean colour by the mean length of colours."""

DARK = 9.5
"""L* of the darkest tone from where nothing is black."""


def noise(patch: Patch) -> float:
    """Levels of what is finer than two pixels, in the most even fiftieth of blocks; black and white ones do not count.

    Film is grainy everywhere, while hardly any photo has fine texture everywhere. Where what is left is smooth from one
    pixel to the next it is texture, and no noise: 0.

    Source: Immerkær 1996, "Fast noise variance estimation", for the part that no smooth structure has.
    """
    light = patch.light
    middle = in_blocks(light).mean(axis=1)
    kept = (middle > 20) & (middle < 235)
    if kept.mean() < 0.05:
        kept[:] = True
    rough = np.percentile(in_blocks(light - cv2.GaussianBlur(light, (0, 0), 2.0)).std(axis=1)[kept], 2)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    white = np.abs(in_blocks(cv2.filter2D(light, -1, kernel))).mean(axis=1) * np.sqrt(np.pi / 2) / 6
    return float(rough) if np.percentile(white[kept], 2) > WHITE else 0.0


WHITE = 1.2
"""Levels of noise that is independent from pixel to pixel."""


def in_blocks(field: Floats) -> Floats:
    """(blocks, pixels) of a field, as far as whole blocks go."""
    rows, columns = (size // BLOCK for size in field.shape)
    cut = field[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return np.asarray(cut.transpose(0, 2, 1, 3).reshape(rows * columns, -1))


def blur(patch: Patch) -> float:
    """The width of the sharpest quarter of strong edges, as the deviation in pixels of a blur that a step has had.

    Source: Zhuo and Sim 2011, "Defocus map estimation from a single image", equation 5: how much another blur lowers an
    edge's slope. Deviation: the sharper end of all edges, as all of a blurred photo are wide and some of any other.
    """
    slope = slopes(patch.light)
    strong = (slope >= max(float(np.percentile(slope, 95)), 4.0)) & (slope >= 0.98 * cv2.dilate(slope, np.ones((3, 3))))
    if strong.sum() < 20:
        return 0.0
    again = slopes(cv2.GaussianBlur(patch.light, (0, 0), REBLUR))
    ratio = np.maximum(slope[strong] / np.maximum(again[strong], 1e-6), 1.0001)
    return float(np.percentile(REBLUR / np.sqrt(ratio**2 - 1), 25))


def slopes(light: Floats) -> Floats:
    """How steep each pixel is, in levels."""
    across, down = (cv2.Sobel(light, cv2.CV_32F, *way, ksize=3) / 8 for way in ((1, 0), (0, 1)))
    return np.asarray(np.hypot(across, down))


def faded(patch: Patch) -> float:
    """C* of the most neutral twentieth of the darkest tenth, where even the darkest tone is not black; else 0.

    Silver and dyes that have gone leave no black, and what is left has a colour.
    """
    light = patch.lab[..., 0]
    if np.percentile(light, 1) < DARK:
        return 0.0
    dark = light <= np.percentile(light, 10)
    return float(np.percentile(chroma(patch.lab)[dark], 5))


def flat(patch: Patch) -> float:
    """L* that are missing between the darkest and the lightest tone."""
    dark, light = np.percentile(patch.lab[..., 0], [1, 99])
    return 100 - float(light - dark)


def yellowed(patch: Patch) -> float:
    """b* of the least yellow twentieth of the lighter half; of a photo that is all in one hue, at least its mean C*."""
    light, yellow = patch.lab[..., 0], patch.lab[..., 2]
    found = float(np.percentile(yellow[light >= np.median(light)], 5))
    mean = float(np.hypot(*patch.lab[..., 1:].mean(axis=(0, 1))))
    one = mean > HUES * float(chroma(patch.lab).mean())
    return max(found, mean) if one else found


def chroma(lab: Floats) -> Floats:
    """C* of each pixel."""
    return np.asarray(np.hypot(lab[..., 1], lab[..., 2]))


def marks(patch: Patch) -> float:
    """Of 1000 pixels in even surroundings, those that stand out from them as a thin thing does.

    Source: Meyer 1979, white and black top-hat.
    """
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (THIN, THIN))
    hats = [cv2.morphologyEx(patch.grey, kind, disc) for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)]
    hat = np.maximum(*hats)
    around: NDArray[np.float32] = cv2.medianBlur(hat, TEXTURE).astype(np.float32)
    even = around <= QUIET
    stands = even & (hat > np.maximum(12, 8 * (around + 1)))
    return 1000 * float(stands.sum()) / max(float(even.sum()), 0.02 * even.size)


MEASURES: Mapping[str, Callable[[Patch], float]] = {
    "noise": noise,
    "blur": blur,
    "faded": faded,
    "flat": flat,
    "yellowed": yellowed,
    "blocks": lambda patch: blockiness(patch)["blocks"],
    "marks": marks,
}

"""Whether a photo has as much detail at every fineness as it should: too little is smoothing, too much is noise."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmark.fidelity import QUANT
from benchmark.metric import Metric, Scores, spec
from benchmark.pair import Doubles, OfPair, Pair
from benchmark.regions import WHOLE
from degrade.realism.spectrum import power

BANDS = 32
"""Of equal width, from above 0 to half a cycle per pixel."""

SMALLEST = 2 * BANDS
"""Pixels, so that every band has frequencies."""


def spectrum_error(both: Pair) -> Scores:
    """The mean distance in dB between the power spectra of the luma of both photos, over bands of fineness.

    Our own: |10 log10 of the ratio of power| under a Hann window, in rings 1/64 cycle per pixel wide. The power of
    rounding to whole levels, a twelfth (Bennett 1948), is added to both: what is below it is not in the file, and flat
    photos have a value. It knows nothing of where detail lies, so it has no regions and is no measure by itself.
    """
    both.demand(SMALLEST, "luma-spectrum")
    restored, clean = (_rings(power(each)) for each in both.lumas)
    rounding = _rounding(*both.clean.shape[:2])
    return {WHOLE: float(np.abs(10 * np.log10((restored + rounding) / (clean + rounding))).mean())}


def _rings(powers: Doubles) -> Doubles:
    height, half = powers.shape
    ring, counts = _grid(height, half)
    return np.bincount(ring, powers.ravel(), BANDS + 1)[:BANDS] / counts


@lru_cache(maxsize=4)
def _grid(height: int, half: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The ring of each frequency, with all that lie in none in one more; and how many are in each."""
    down, along = np.fft.fftfreq(height)[:, None], np.arange(half) / (2 * half - 2)
    ring = np.minimum(np.ceil(2 * BANDS * np.hypot(down, along)).astype(np.intp) - 1, BANDS).ravel()
    ring[0] = BANDS  # the mean
    return ring, np.bincount(ring, minlength=BANDS + 1)[:BANDS]


def _rounding(height: int, width: int) -> float:
    """The power of whole levels' rounding in every frequency: white noise under the window of `power`."""
    return (3 / 8) ** 2 * height * width / 12  # the mean square of a Hann window is 3/8, along each side


SPECTRUM = Metric(
    "luma-spectrum",
    spec("luma-spectrum", 1, {"space": "luma601", "window": "hann", "bands": BANDS, "floor": "1/12", **QUANT}),
    False,
    OfPair(spectrum_error),
)

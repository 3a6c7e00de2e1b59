"""Statistics of texture: contrast-normalised luma as natural scenes have it, and edges."""

from functools import lru_cache
from math import exp, lgamma

import cv2
import numpy as np

from degrade.realism.patch import Doubles, Floats, Numbers, Patch

SHAPES = np.arange(0.2, 10.001, 0.001)


@lru_cache(maxsize=1)
def _ratios() -> Doubles:
    """Mean absolute value squared over the power, for each of `SHAPES`; it grows with the shape."""
    return np.array([exp(2 * lgamma(2 / a) - lgamma(1 / a) - lgamma(3 / a)) for a in SHAPES])


def _shape(ratio: float) -> float:
    """The shape with that ratio: 2 for Gaussian numbers, 1 for Laplacian ones."""
    return float(np.interp(ratio, _ratios(), SHAPES))


def generalised_gaussian(values: Doubles | Floats) -> tuple[float, float]:
    """Shape and standard deviation of numbers around 0, by moments.

    Source: Sharifi and Leon-Garcia 1995; shape as in NIQE (Mittal et al. 2013) from 0.2 to 10.
    """
    power = float(np.mean(values * values))
    if power < 1e-8:
        return 10.0, 0.0
    return _shape(float(np.mean(np.abs(values))) ** 2 / power), power**0.5


def asymmetric_gaussian(values: Doubles | Floats) -> tuple[float, float, float, float]:
    """Shape, mean, and the spread below and above 0, by moments.

    Source: Lasmar et al. 2009, eq. 5-8, as NIQE and BRISQUE use it (Mittal et al. 2012, 2013).
    """
    square = values * values
    below, above = values < 0, values > 0
    left = float(np.sqrt(square[below].mean())) if below.any() else 0.0
    right = float(np.sqrt(square[above].mean())) if above.any() else 0.0
    power = float(square.mean())
    if power < 1e-8 or not (left and right):
        return 10.0 if power < 1e-8 else 0.2, float(np.mean(values)), left, right
    lean = left / right
    ratio = float(np.mean(np.abs(values))) ** 2 / power * (lean**3 + 1) * (lean + 1) / (lean**2 + 1) ** 2
    shape = _shape(ratio)
    scale = exp((lgamma(1 / shape) - lgamma(3 / shape)) / 2) * exp(lgamma(2 / shape) - lgamma(1 / shape))
    return shape, (right - left) * scale, left, right


def mscn(patch: Patch) -> Numbers:
    """Mean-subtracted, contrast-normalised luma and its neighbours' products, at full and half size.

    Source: Mittal et al. 2013 (NIQE). Here the four directions are two: beside (rows and columns) and diagonal.
    """
    half: Floats = cv2.resize(patch.light, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return _at_scale("fine", normalised(patch.light)) | _at_scale("coarse", normalised(half))


def normalised(light: Floats) -> Floats:
    """Luma less its local mean over its local contrast; 7 by 7 Gaussian of 7/6 pixels, and 1 level against flatness."""
    mean = cv2.GaussianBlur(light, (7, 7), 7 / 6)
    square = cv2.GaussianBlur(light * light, (7, 7), 7 / 6)
    contrast: Floats = np.sqrt(np.maximum(square - mean * mean, 0)) + np.float32(1)
    return (light - mean) / contrast


def _at_scale(scale: str, field: Floats) -> Numbers:
    shape, spread = generalised_gaussian(field)
    numbers = {f"{scale}_shape": shape, f"{scale}_spread": spread}
    beside = field[:, 1:] * field[:, :-1], field[1:] * field[:-1]
    diagonal = field[1:, 1:] * field[:-1, :-1], field[1:, :-1] * field[:-1, 1:]
    for name, products in (("beside", beside), ("diagonal", diagonal)):
        fitted = asymmetric_gaussian(np.concatenate([each.ravel() for each in products]))
        keys = (f"{scale}_{name}_{what}" for what in ("shape", "mean", "unlike", "alike"))
        numbers |= dict(zip(keys, fitted, strict=True))
    return numbers


def gradient(patch: Patch) -> Numbers:
    """Quantiles of the steepness of luma, in doublings, and how much of it is from one pixel to the next."""
    across: Floats = cv2.Sobel(patch.light, cv2.CV_32F, 1, 0, ksize=1) / 2
    down: Floats = cv2.Sobel(patch.light, cv2.CV_32F, 0, 1, ksize=1) / 2
    steepness = np.sqrt(across * across + down * down)  # the last digit of cv2.magnitude hangs on the alignment
    at = (10, 25, 50, 75, 90, 99)
    quantiles = np.log2(np.percentile(steepness, at) + 0.25)
    curvature = cv2.Laplacian(patch.light, cv2.CV_32F)
    slope = float(np.sqrt(np.mean(steepness**2)))
    bend = float(np.sqrt(np.mean(curvature**2)))
    return {f"edge_{each}": float(value) for each, value in zip(at, quantiles, strict=True)} | {
        "edge_contrast": float(quantiles[5] - quantiles[2]),
        "crispness": float(np.log2((bend + 0.1) / (slope + 0.1))),
    }

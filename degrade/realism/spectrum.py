"""Statistics of detail by its fineness, and of the grid that JPEG and enlarging leave."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from degrade.realism.patch import Doubles, Floats, Numbers, Patch

COARSE, FINE = (0.02, 0.12), (0.15, 0.45)
"""Ranges of the two slopes in cycles per pixel, as in physics.md section 11."""


class _Grid:
    """The frequencies of a spectrum, once for each size."""

    def __init__(self, height: int, width: int) -> None:
        self.down = np.abs(np.fft.fftfreq(height))[:, None]
        self.along = np.fft.rfftfreq(width)[None, :]
        self.radius: Doubles = np.hypot(self.down, self.along)
        self.step = 1 / max(height, width)
        self.ring: NDArray[np.intp] = np.rint(self.radius / self.step).astype(np.intp)
        self.window: Doubles = np.outer(_hann(height), _hann(width))
        twice = np.full(self.along.shape, 2.0)  # the half that a real picture's spectrum leaves out
        twice[0, 0] = 1.0
        self.weight: Doubles = np.broadcast_to(twice, self.radius.shape)
        self.count: Doubles = np.bincount(self.ring.ravel(), self.weight.ravel()).astype(np.float64)


def _hann(length: int) -> Doubles:
    return 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(length) + 0.5) / length)


@lru_cache(maxsize=4)
def _grid(height: int, width: int) -> _Grid:
    return _Grid(height, width)


def power(field: Floats | Doubles) -> Doubles:
    """The power spectrum of a field less its mean, under a Hann window; half of it, as `rfft2` gives it."""
    grid = _grid(*field.shape)
    return np.asarray(np.abs(np.fft.rfft2((field - field.mean()) * grid.window)) ** 2 + 1e-6)


def slope(field: Floats | Doubles, between: tuple[float, float]) -> float:
    """The exponent of the power spectrum over frequency: -2 for 1/f noise, 0 for white noise."""
    return _slope(power(field), _grid(*field.shape), between)


def _slope(powers: Doubles, grid: _Grid, between: tuple[float, float]) -> float:
    rings = np.arange(round(between[0] / grid.step), round(between[1] / grid.step) + 1)
    rings = rings[rings > 0]
    mean = np.bincount(grid.ring.ravel(), (powers * grid.weight).ravel())[rings] / grid.count[rings]
    x, y = np.log(rings), np.log(mean)
    weight = 1 / rings  # so that each octave counts alike
    x = x - np.average(x, weights=weight)
    return float(np.sum(weight * x * y) / np.sum(weight * x * x))


def spectrum(patch: Patch) -> Numbers:
    """Shares of octaves, slopes, direction, regular patterns, and colour at the fine end; powers of ten."""
    powers, grid = power(patch.light), _grid(*patch.grey.shape)
    weighted = powers * grid.weight
    octaves = {period: _within(weighted, grid, 1 / (2 * period), 1 / period) for period in (32, 16, 8, 4, 2)}
    total = sum(octaves.values())
    along = float(weighted[(grid.along > 0.15) & (grid.down < 0.05)].sum())
    down = float(weighted[(grid.down > 0.15) & (grid.along < 0.05)].sum())
    rings = np.bincount(grid.ring.ravel(), weighted.ravel()) / grid.count
    peak = float((powers / rings[grid.ring])[grid.radius > 0.1].max())
    colour = sum(_within(power(each) * grid.weight, grid, 0.125, 0.5) for each in patch.opponent)
    grey = octaves[4] + octaves[2]
    return {f"band_{period}": float(np.log10(share / total)) for period, share in octaves.items()} | {
        "slope_coarse": _slope(powers, grid, COARSE),
        "slope_fine": _slope(powers, grid, FINE),
        "rows_over_columns": float(np.log10(along / down)),
        "peaks": float(np.log10(peak)),
        "fine_colour": max(float(np.log10(colour / grey)), -4.0),
    }


def _within(weighted: Doubles, grid: _Grid, low: float, high: float) -> float:
    return float(weighted[(grid.radius >= low) & (grid.radius < high)].sum())


def blockiness(patch: Patch) -> Numbers:
    """How much steeper the picture is on a grid than beside it, wherever the grid lies.

    Source: the idea of Wang, Bovik and Evans 2000 (steps at block borders against those inside), without knowing where
    the borders are: a photo may have been cropped.
    """
    equal = np.mean(patch.grey[:, 1:] == patch.grey[:, :-1]) + np.mean(patch.grey[1:] == patch.grey[:-1])
    steps = _steps(patch.light), _steps(patch.light.T)
    colour = patch.opponent[0]
    return {
        "blocks": sum(_grid_contrast(each, 8, 1) for each in steps) / 2,
        "colour_blocks": sum(_grid_contrast(_steps(each), 16, 2) for each in (colour, colour.T)) / 2,
        "equal_pixels": float(equal) / 2,
        "doubled_pixels": sum(_alternation(each) for each in steps) / 2,
    }


def _steps(field: Floats) -> Doubles:
    """The mean step from each column to the next."""
    return np.abs(np.diff(field, axis=1)).mean(axis=0, dtype=np.float64)


def _grid_contrast(steps: Doubles, period: int, borders: int) -> float:
    """How far the steps of one phase rise above their neighbours, more than those of any phase that is no border."""
    rise = steps[1:-1] - (steps[:-2] + steps[2:]) / 2
    phases = np.array([rise[phase::period].mean() for phase in range(period)])
    phases.sort()
    return float((phases[-1] - phases[-1 - borders]) / (steps.mean() + 0.5))


def _alternation(steps: Doubles) -> float:
    """1 where every other step is none."""
    even, odd = float(steps[::2].mean()), float(steps[1::2].mean())
    return abs(even - odd) / (even + odd + 0.1)

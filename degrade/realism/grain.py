"""Statistics of grain and noise, taken where the picture itself is even."""

import cv2
import numpy as np

from degrade.realism.patch import Doubles, Floats, Numbers, Patch, correlation

BLOCK = 16
"""Side in pixels of the blocks in which noise is measured, as in physics.md section 11."""

EVEN = 0.25
"""Share of the blocks that counts as even: those that vary least."""


def noise(patch: Patch) -> Numbers:
    """How strong, how coarse, how alike in the three channels, and how it hangs on the tone.

    Colour noise is what is left in blue and red of what luma explains: toning colours the grain and adds no noise.

    Source: physics.md section 11 (noise of 1 to 8 levels in the flattest blocks of prints, correlated over two pixels);
    degrade.md (d) (noise of its own in each channel is what gives the field's synthetic photos away).
    """
    colours = _blocks(_residual(patch.image.astype(np.float32)))  # (blocks, BLOCK, BLOCK, 3)
    grey = colours @ np.array([0.299, 0.587, 0.114])
    spread = grey.std(axis=(1, 2))
    order = np.argsort(spread, kind="stable")
    even = order[: max(1, round(EVEN * len(order)))]
    colours, quiet = colours[even], grey[even]
    red, green, blue = (colours[..., channel] - colours[..., channel].mean() for channel in range(3))
    quiet = quiet - quiet.mean()
    power = float(np.mean(quiet**2))
    opponent = [each - quiet * float(np.mean(each * quiet)) / max(power, 1e-12) for each in (blue, red)]
    coloured = float(np.sqrt(np.mean(opponent[0] ** 2 + opponent[1] ** 2) / 2))
    coloured = coloured if coloured > 1e-4 else 0.0  # nothing but rounding
    strength = power**0.5
    return {
        "red_with_green": correlation(red, green),
        "green_with_blue": correlation(green, blue),
        "red_with_blue": correlation(red, blue),
        "flat_noise": _log(strength),
        "flat_colour_noise": _log(coloured),
        "colour_to_grey_noise": coloured / (coloured + strength + 0.01),
        **_size(quiet),
        "colour_noise_size": correlation(opponent[0][:, :, 1:], opponent[0][:, :, :-1]) if coloured else 0.0,
        "noise_tails": _kurtosis(quiet),
        **_by_tone(spread, _blocks(patch.light[..., None])[..., 0].mean(axis=(1, 2))),
        "all_noise": _log(float(np.median(spread))),
    }


def _residual(image: Floats) -> Floats:
    """What a blur of two pixels takes away."""
    blurred: Floats = cv2.GaussianBlur(image, (0, 0), 2.0)
    return image - blurred


def _blocks(field: Floats) -> Doubles:
    """(blocks, BLOCK, BLOCK, channels) of a field (H, W, channels), as far as whole blocks go."""
    rows, columns = field.shape[0] // BLOCK, field.shape[1] // BLOCK
    cut = field[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK, -1)
    return cut.transpose(0, 2, 1, 3, 4).reshape(rows * columns, BLOCK, BLOCK, -1).astype(np.float64)


def _size(quiet: Doubles) -> Numbers:
    """How alike noise is one pixel further along each direction, and two pixels further."""
    if float(np.mean(quiet**2)) < 1e-6:
        return dict.fromkeys(("noise_along", "noise_down", "noise_across", "noise_two_apart"), 0.0)
    two = correlation(quiet[:, :, 2:], quiet[:, :, :-2]) + correlation(quiet[:, 2:], quiet[:, :-2])
    return {
        "noise_along": correlation(quiet[:, :, 1:], quiet[:, :, :-1]),
        "noise_down": correlation(quiet[:, 1:], quiet[:, :-1]),
        "noise_across": correlation(quiet[:, 1:, 1:], quiet[:, :-1, :-1]),
        "noise_two_apart": two / 2,
    }


def _by_tone(spread: Doubles, light: Doubles) -> Numbers:
    """Noise of the darkest and of the lightest third of the blocks against the middle, in doublings."""
    dark, middle, bright = (part for part in np.array_split(spread[np.argsort(light, kind="stable")], 3))
    least = [_log(float(np.percentile(part, 25))) for part in (dark, middle, bright)]
    return {"dark_noise": least[0] - least[1], "light_noise": least[2] - least[1]}


def _kurtosis(values: Doubles) -> float:
    """3 for Gaussian noise; at most 20."""
    power = float(np.mean(values**2))
    return min(float(np.mean(values**4)) / power**2, 20.0) if power > 1e-6 else 3.0


def _log(levels: float) -> float:
    return float(np.log2(levels + 0.1))

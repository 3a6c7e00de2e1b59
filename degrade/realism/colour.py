"""Statistics of colour and tone."""

import numpy as np

from degrade.realism.patch import Doubles, Numbers, Patch

PERCENTILES = (1, 5, 25, 50, 75, 95, 99)


def chroma(patch: Patch) -> Numbers:
    """Moments of CIELAB, and how much of the colour follows the tone.

    Source: physics.md section 11 (toned prints: b* of 5 to 24, all on one line of hue, tied to the tone).
    """
    light, a, b = (patch.lab[..., channel].astype(np.float64).ravel() for channel in range(3))
    strength = np.hypot(a, b)
    thirds = np.percentile(light, (100 / 3, 200 / 3))
    across = light - light.mean()
    return {
        "mean_a": float(a.mean()),
        "mean_b": float(b.mean()),
        "spread_a": float(a.std()),
        "spread_b": float(b.std()),
        "chroma": float(strength.mean()),
        "chroma_top": float(np.percentile(strength, 95)),
        "one_hue": _on_one_line(a, b),
        "yellow_by_tone": float(np.mean(across * b)) / max(float(np.mean(across**2)), 1.0),
        "light_minus_dark_b": float(b[light >= thirds[1]].mean() - b[light <= thirds[0]].mean()),
        "colour_beside_tone": _beside_tone(light, a, b),
    }


def _on_one_line(a: Doubles, b: Doubles) -> float:
    """The share of the variance of colour along its main direction, 0.5 to 1; 1 where there is none."""
    (aa, ab), (_, bb) = np.cov(a, b)
    total = float(aa + bb)
    return float((total + np.hypot(aa - bb, 2 * ab)) / (2 * total)) if total > 0.02 else 1.0  # less is rounding


def _beside_tone(light: Doubles, a: Doubles, b: Doubles) -> float:
    """The standard deviation of colour among pixels of one tone."""
    tone = np.clip(light / 5, 0, 20).astype(np.intp)
    count = np.maximum(np.bincount(tone, minlength=21), 1)
    left = 0.0
    for each in (a, b):
        mean = np.bincount(tone, each, 21) / count
        left += float(np.mean((each - mean[tone]) ** 2))
    return float(left**0.5)


def tone(patch: Patch) -> Numbers:
    """Percentiles of L*, contrast, and what is clipped or combed."""
    light = patch.lab[..., 0]
    levels = np.bincount(patch.grey.ravel(), minlength=256)
    reached = np.cumsum(levels) / patch.grey.size
    low, high = int(np.searchsorted(reached, 0.01)), int(np.searchsorted(reached, 0.99))
    inside = levels[low : high + 1]
    percentiles = np.percentile(light, PERCENTILES)
    return {f"tone_{at}": float(value) for at, value in zip(PERCENTILES, percentiles, strict=True)} | {
        "tone_spread": float(light.std(dtype=np.float64)),
        "burnt": float(np.mean(patch.grey >= 254)),
        "blocked": float(np.mean(patch.grey <= 1)),
        "combed": float(np.mean(inside == 0)),
    }

"""Numbers as people read them on a page: rounded, with a true minus, and an interval in one form everywhere."""

from collections.abc import Callable

from leaderboards.board_numbers import Estimate

DECIBELS = ("psnr", "psnr-y", "ciede2000", "mae", "luma-spectrum")
"""Metrics of which two digits after the point say enough."""


def unit_of(metric: str) -> int:
    """Digits after the point of a metric's values."""
    return 2 if metric in DECIBELS else 3


def estimated(value: float, digits: int) -> str:
    """A value to so many digits after the point; never minus nought."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def spread(found: Estimate, say: Callable[[float], str]) -> str:
    """The interval, as 26.9 … 27.7; empty where there is none."""
    if found.low is None or found.high is None:
        return ""
    return f"{say(found.low)} … {say(found.high)}"


def amount(value: float | None) -> str:
    """Three digits that count, without an exponent."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}" if value >= 0.001 or value == 0 else f"{value:.1e}"


def count(value: float) -> str:
    """A count in thousands, millions or milliards."""
    for limit, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:.0f}"


def exact(value: float | None) -> str:
    """What a column is sorted by: nine digits, as summaries keep them."""
    return "" if value is None else f"{value:.9g}"


STEPS = (20, 40, 60, 80, 95)
"""Per cent of the untouched input's error: below the first almost all is gone."""

HARMS = (105, 130, 200)


def shade(relative_error: float | None) -> str:
    """How far a relative error is from doing nothing: g5 to g1 help, h1 to h3 harm, nothing between 95 and 105."""
    if relative_error is None:
        return ""
    if relative_error < STEPS[-1]:
        return f"g{sum(relative_error < step for step in STEPS)}"
    harm = sum(relative_error > step for step in HARMS)
    return f"h{harm}" if harm else ""

"""Ranges of numbers that a fit moves and widens, within what the field of an effect allows."""

import math
from dataclasses import replace

from degrade.effect import FieldType
from degrade.priors import Along, Integers, LogUniform, Normal, Uniform

Range = Uniform | LogUniform | Integers | Along | Normal

WIDER = 1.1
"""By how much a knob turned fully moves the logarithm of a range's width: three times as wide."""

FURTHER = 1.1
"""The same of the logarithm of both ends of a range of factors."""


def turned_range(given: Range, place: float, width: float, kind: FieldType) -> Range:
    """The range moved by `place` and widened by `width`, each from -1 to 1; at 0 it stays as it is, digit by digit.

    A range of factors moves by a factor; any other by its width, or by half its middle where that is more.

    Args:
        given: the range.
        place: which way and how far its middle moves.
        width: how much wider or narrower it gets.
        kind: of the field, whose interval it stays in.
    """
    if not (place or width):
        return given
    if isinstance(given, Normal):
        mean = tidy(given.mean + 2 * given.spread * place)
        spread = tidy(given.spread * math.exp(WIDER * width))
        return replace(given, mean=min(max(mean, given.low), given.high), spread=spread)
    if isinstance(given, LogUniform):
        ends = _moved(math.log(given.low), math.log(given.high), FURTHER * place, width)
        low, high = (math.exp(each) for each in ends)
    else:
        reach = max(abs(given.high - given.low), abs(given.high + given.low) / 4)
        low, high = _moved(given.low, given.high, reach * place, width)
    low, high = (_within(each, kind) for each in (low, high))
    if isinstance(given, Integers):
        return Integers(round(low), round(high))
    return replace(given, low=low, high=high)


def _moved(low: float, high: float, by: float, width: float) -> tuple[float, float]:
    middle, half = (low + high) / 2 + by, (high - low) / 2 * math.exp(WIDER * width)
    return middle - half, middle + half


def _within(value: float, kind: FieldType) -> float:
    """The value in two digits, whole where the field is, and inside its interval."""
    rounded = round(value) if kind.kind is int else tidy(value)
    return rounded if kind.interval is None else min(max(rounded, kind.interval.low), kind.interval.high)


def tidy(value: float) -> float:
    """To two digits: what a few scans cannot tell is not written down."""
    return float(f"{value:.2g}")

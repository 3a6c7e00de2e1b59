"""Student's t distribution for whole degrees of freedom, in closed form."""

import math
from functools import lru_cache

import numpy as np

from degrade.light import Doubles


def upper_tail(values: Doubles, freedom: int) -> Doubles:
    """How often a variable of that distribution lies above each value.

    Source: Abramowitz and Stegun 1964, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4. Differences of numbers
    near one leave no digits below 1e-15, which is therefore the least that is answered.
    """
    size = np.abs(np.asarray(values, np.float64))
    with np.errstate(over="ignore"):
        angle = np.arctan(size / math.sqrt(freedom))
    square = np.cos(angle) ** 2
    odd = freedom % 2
    term = np.cos(angle) if odd else np.ones_like(angle)
    total = term.copy() if freedom > 1 else np.zeros_like(angle)
    for count in range(3 if odd else 2, freedom - 1, 2):
        term = term * square * (count - 1) / count
        total += term
    inside = 2 / math.pi * (angle + np.sin(angle) * total) if odd else np.sin(angle) * total
    above = np.maximum((1 - inside) / 2, 1e-15)
    return np.where(np.asarray(values) >= 0, above, 1 - above)


@lru_cache(maxsize=64)
def upper_quantile(share: float, freedom: int) -> float:
    """The value above which that share of the distribution lies, of shares from 1e-9 to a half."""
    low, high = 0.0, 1.0
    while upper_tail(np.array(high), freedom) > share:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if upper_tail(np.array(middle), freedom) > share else (low, middle)
    return (low + high) / 2

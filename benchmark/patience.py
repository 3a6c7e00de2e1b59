"""How long a model may take where nobody gives a limit: after what it took before."""

import math
from dataclasses import dataclass, field

from benchmark.contestants import Opening

FIRST = 3600.0
"""Seconds for a model's first answer, of which nobody knows how long it should take."""

LEAST, TIMES = 600.0, 30
"""Every further answer may take so many seconds, or so many times what the slowest pixel so far took."""

TOLD = 600.0
"""Seconds after which somebody who looks is told which item a model is at; and so often again."""


def opening_of(device: str, timeout: float, tile: int = -1) -> Opening:
    """What was typed of it: the longest time for one photo, 0 for none, less for what is made of a model's own speed.

    Raises:
        SuiteError: there is no such device, or the limit is none.
    """
    seconds, patience = (0.0, FIRST) if timeout < 0 else (timeout, 0.0)
    return Opening(device, tile, seconds, patience, "foreign")


@dataclass(slots=True)
class Limits:
    """How long the next answer of a model may take, after those before it."""

    first: float = FIRST
    """For the first one; 0 for as long as they like, all of them."""

    _slowest: float = field(default=0.0, init=False)
    """Seconds per pixel."""

    def of(self, pixels: int) -> float:
        """For a photo of so many pixels."""
        if not self.first:
            return math.inf
        if not self._slowest:
            return self.first
        return max(min(LEAST, self.first), TIMES * self._slowest * pixels)

    def took(self, seconds: float, pixels: int) -> None:
        """Note an answer that came."""
        self._slowest = max(self._slowest, seconds / pixels)


def stopped(limit: float) -> str:
    """What is recorded of an answer that did not come."""
    return f"took over {limit:.0f} seconds and was stopped; --timeout SECONDS sets another limit, 0 none"

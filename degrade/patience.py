"""Photos read again after a moment, where what failed may pass, as when a network share is away."""

import time
from collections.abc import Callable
from typing import TypeVar

from degrade.io import PassingError

PAUSES = (0.1, 0.5, 2.0)
"""Seconds before each further try."""

Result = TypeVar("Result")


def patient(read: Callable[[], Result]) -> Result:
    """What `read` gives, at the last of several tries if need be.

    Raises:
        PassingError: it failed every time.
        Exception: whatever else it raises, at once.
    """
    for pause in PAUSES:
        try:
            return read()
        except PassingError:
            time.sleep(pause)
    return read()

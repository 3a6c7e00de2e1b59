"""The number of an epoch, which worker processes hear of even where they outlive it."""

from collections.abc import Callable
from ctypes import c_int64
from multiprocessing.context import assert_spawning
from multiprocessing.sharedctypes import RawValue
from typing import Any


class Epoch:
    """A number in memory that is shared with the processes that this one starts; any other copy is on its own."""

    def __init__(self, memory: Any = None) -> None:
        self._memory = RawValue(c_int64, 0) if memory is None else memory

    @property
    def number(self) -> int:
        """As it was set last, by whichever process."""
        return int(self._memory.value)

    def set(self, number: int) -> None:
        """From now on, for all that share it."""
        self._memory.value = number

    def __reduce__(self) -> tuple[Callable[[Any], "Epoch"], tuple[Any]]:
        try:
            assert_spawning(self)
        except RuntimeError:  # a copy for a file, or for another machine
            return _alone, (self.number,)
        return Epoch, (self._memory,)


def _alone(number: int) -> Epoch:
    epoch = Epoch()
    epoch.set(number)
    return epoch

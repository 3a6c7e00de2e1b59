"""Random numbers addressed by name, the same today and in ten years.

NumPy promises that the raw output of a bit generator never changes, and promises nothing of the kind for its
distributions. So only raw bits are taken from it, and everything else is made of them here.
"""

import hashlib
import math
import struct
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")

STANDARD = NormalDist()


class Stream:
    """A source of random numbers; two streams of the same name give the same numbers, any others independent ones.

    Single numbers come from a hash of the name and a counter, arrays from the raw output of an SFC64 generator seeded
    by the name: the first is quicker to set up, the second quicker to run.
    """

    __slots__ = ("_bits", "_blocks", "_key", "_words")

    def __init__(self, name: bytes) -> None:
        self._key = hashlib.blake2b(name, digest_size=32).digest()
        self._blocks = 0
        self._words: list[int] = []
        self._bits: np.random.SFC64 | None = None

    def word(self) -> int:
        """64 random bits."""
        if not self._words:
            block = hashlib.blake2b(self._blocks.to_bytes(8, "little"), key=self._key).digest()
            self._words.extend(struct.unpack("<8Q", block))
            self._blocks += 1
        return self._words.pop()

    def raw(self, count: int) -> NDArray[np.uint64]:
        """Numbers of 64 random bits."""
        if self._bits is None:
            words = np.frombuffer(self._key, "<u4")
            self._bits = np.random.SFC64(np.random.SeedSequence(words))
        return self._bits.random_raw(count)

    def raw16(self, count: int) -> NDArray[np.uint16]:
        """Uniform 16-bit numbers."""
        return self.raw((count + 3) // 4).astype("<u8", copy=False).view("<u2")[:count]

    def unit(self) -> float:
        """A number in [0, 1)."""
        return (self.word() >> 11) * 2.0**-53

    def units(self, *shape: int) -> NDArray[np.float64]:
        """Numbers in [0, 1)."""
        raw = self.raw(math.prod(shape))
        return ((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)

    def uniform(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.unit()

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + math.floor((high - low + 1) * self.unit())

    def seed(self) -> int:
        """A number that names another stream."""
        return self.word() & 0xFFFFFFFF

    def normal(self) -> float:
        """A number of the standard normal distribution."""
        return STANDARD.inv_cdf(((self.word() >> 12) + 0.5) * 2.0**-52)

    def normals(self, *shape: int) -> NDArray[np.float32]:
        """Numbers of the standard normal distribution, taken from 65,536 equally likely ones up to 4.3."""
        return normal_table()[self.raw16(math.prod(shape))].reshape(shape)

    def choice(self, items: Sequence[Item], weights: Sequence[float] | None = None) -> Item:
        """One of the items."""
        if weights is None:
            return items[self.integer(0, len(items) - 1)]
        mark = self.unit() * math.fsum(weights)
        for item, weight in zip(items, weights, strict=True):
            mark -= weight
            if mark < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in random order."""
        deck = list(items)
        for last in range(len(deck) - 1, 0, -1):
            other = self.integer(0, last)
            deck[last], deck[other] = deck[other], deck[last]
        return deck


def stream(seed: int, *names: str | int) -> Stream:
    """The stream of that name: `stream(7, "a.jpg", "FilmGrain")`."""
    parts = [f"{len(str(part))}:{part}" for part in (seed, *names)]
    return Stream("/".join(parts).encode("utf-8", "surrogateescape"))


@lru_cache(maxsize=1)
def normal_table() -> NDArray[np.float32]:
    """The standard normal distribution as 65,536 equally likely values, exactly symmetric, with unit variance."""
    upper = np.array([STANDARD.inv_cdf((i + 0.5) / 65536) for i in range(32768, 65536)])
    upper /= math.sqrt(float(np.mean(upper**2)))
    table = np.concatenate([-upper[::-1], upper]).astype(np.float32)
    table.flags.writeable = False
    return table

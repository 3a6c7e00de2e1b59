"""How the benchmarks measure: CPU time of one thread, rivals by turns, on the same photograph."""

import time
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

Work = Callable[[], object]

clock = time.thread_time
"""CPU time of this thread: what else the machine does matters little."""


@lru_cache
def picture(width: int, height: int = 0) -> NDArray[np.uint8]:
    """A colour photograph of that size."""
    data = pytest.importorskip("skimage.data")
    size = (width, height or width)
    return cv2.resize(data.astronaut(), size, interpolation=cv2.INTER_AREA if width < 512 else cv2.INTER_CUBIC)


def seconds(work: Work) -> float:
    """What one call takes."""
    start = clock()
    work()
    return clock() - start


def fastest(work: Work, rounds: int) -> float:
    """The shortest of several calls: what disturbs only adds."""
    return min(seconds(work) for _ in range(rounds))


def by_turns(works: dict[str, Work], rounds: int) -> dict[str, float]:
    """The shortest of several calls of each, one after the other in each round."""
    for work in works.values():
        work()
    times = [{name: seconds(work) for name, work in works.items()} for _ in range(rounds)]
    return {name: min(each[name] for each in times) for name in works}


def per_megapixel(duration: float, picture: NDArray[np.uint8]) -> float:
    """Milliseconds per megapixel."""
    return 1e9 * duration / (picture.shape[0] * picture.shape[1])

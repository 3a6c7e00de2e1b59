"""Models of every kind of misbehaviour, as users write them: named in tests as `misbehaving:name`."""

import os
import signal
import sys
import time

import numpy as np
from numpy.typing import NDArray

from restore_models.notes import note

Image = NDArray[np.uint8]


def good(image: Image) -> Image:
    return np.clip(image.astype(np.int16) + 1, 0, 255).astype(np.uint8)


def slow(image: Image) -> Image:
    time.sleep(0.25)
    return good(image)


def hangs(image: Image) -> Image:
    if int(image[0, 0, 0]) % 2:
        time.sleep(60)
    return image


def dies(image: Image) -> Image:
    if int(image[0, 0, 0]) % 2:
        os._exit(9)
    return image


def crashes(image: Image) -> Image:
    if int(image[0, 0, 0]) % 2:
        os.kill(os.getpid(), signal.SIGSEGV)
    return image


def hangs_in_c(image: Image) -> Image:
    """In a wait that no alarm of the system breaks off, as a library's loop."""
    if int(image[0, 0, 0]) % 2:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(60)
    return image


def hangs_when_told(image: Image) -> Image:
    if os.environ.get("MISBEHAVE") == "hang":
        time.sleep(60)
    return image


def raises(image: Image) -> Image:
    raise RuntimeError("no luck\ntoday")


def wrong_size(image: Image) -> Image:
    return image[:-1]


def floats(image: Image) -> NDArray[np.float64]:
    return image / 255


def not_numbers(image: Image) -> NDArray[np.float64]:
    return np.full(image.shape, np.nan)


def grey(image: Image) -> Image:
    return image[..., 0]


def nothing(image: Image) -> None:
    return None


def noisy(image: Image) -> Image:
    noise = np.random.randint(-9, 10, image.shape)  # noqa: NPY002 - as people write it
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def short_of_memory(image: Image) -> Image:
    if not TRIED:
        TRIED.append(True)
        raise MemoryError
    return image


TRIED: list[bool] = []


def bright(image: Image) -> Image:
    return image.max(axis=2)


def sleepy(image: Image) -> Image:
    if int(image[0, 0, 0]) % 2:
        time.sleep(60)
    return good(image)


class Marker:
    """Finds what is bright, and says where it is cut."""

    threshold = 0.2

    def restore(self, image: Image) -> Image:
        return image.max(axis=2)


def in_smaller_tiles(image: Image) -> Image:
    note("out of memory; went on with tiles of 64 pixels")
    return image


def tones(image: Image) -> NDArray[np.float64]:
    return np.array([*image.mean(axis=(0, 1)), *image.std(axis=(0, 1))])


class EverythingError(BaseException):
    pass


def gives_up(image: Image) -> Image:
    raise EverythingError("all")


def leaves(image: Image) -> Image:
    sys.exit(3)


def talks(image: Image) -> Image:
    print("a model's own words")  # noqa: T201 - as people write it
    return image


def paints_the_terminal(image: Image) -> Image:
    raise RuntimeError("\x1b[31mred")

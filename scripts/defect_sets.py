"""The pictures whose defects are measured: real ones from a folder, synthetic ones as the presets draw them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from degrade.effect import Effect
from degrade.effects import EFFECTS
from degrade.effects.missing_corner import MissingCorner
from degrade.effects.torn_edges import TornEdges
from degrade.light import luma
from degrade.photo import Photo
from degrade.presets import PRESETS

Mask = NDArray[np.bool_]

SHORT = 400
"""Shorter side of the synthetic pictures: the median of the real scans is 386."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's brightness and where its defects are; brightness is empty where there is only a mask."""

    mask: Mask
    grey: NDArray[np.uint8] | None = None


def layers(folder: Path) -> Iterator[Picture]:
    """Layers of scratches from damaged photos, and drawn swarms."""
    for path in sorted((folder / "textures/scratch").glob("*.png")):
        if path.name.startswith(("megatam", "fds_scratches")):
            yield Picture(coverage(path) > 100)


def coverage(path: Path) -> NDArray[np.uint8]:
    """The alpha channel of an overlay, or its brightness."""
    read = np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))
    if read.ndim == 2:
        return read
    return np.ascontiguousarray(read[..., 3] if read.shape[2] == 4 else read.max(axis=2))


def dirt(folder: Path) -> Iterator[Picture]:
    """Scans of empty film, cut into quarters."""
    for path in sorted((folder / "textures/scratch").glob("fds_realscan*")):
        whole = coverage(path) > 100
        height, width = (side // 2 for side in whole.shape)
        for down in (0, height):
            for along in (0, width):
                yield Picture(np.ascontiguousarray(whole[down : down + height, along : along + width]))


def prints(folder: Path) -> Iterator[Picture]:
    """Damaged prints with what somebody marked as damaged."""
    for path in sorted((folder / "old_masks").glob("*.png")):
        photo = path.with_suffix(".photo.png")
        found = [photo] if photo.exists() else sorted((folder / "old").glob(f"{path.stem}.*"))
        if path.name.endswith(".photo.png") or not found:
            continue
        drawn, grey = (np.asarray(cv2.imread(str(each), cv2.IMREAD_GRAYSCALE)) for each in (path, found[0]))
        yield Picture(drawn == 255, grey)


def losses(folder: Path) -> Iterator[Picture]:
    """Masks of torn borders and corners."""
    for kind in ("border", "corner"):
        for path in sorted((folder / "masks").glob(f"doccreator_{kind}*")):
            yield Picture(coverage(path) > 127)


def made(name: str, count: int, least: float = 0.5) -> Iterator[Picture]:
    """An effect as the presets draw it, on photographs; its mask is what is covered by more than `least`."""
    photographs = [resized(picture) for picture in (data.astronaut(), data.coffee(), data.chelsea(), data.rocket())]
    for number, step in enumerate(drawn(name, count)):
        if isinstance(step, TornEdges | MissingCorner):
            step = replace(step, rim=0.0)  # noqa: PLW2901 - the real masks end where the paper ends
        photo = step.apply(Photo.of(photographs[number % 4]))
        seen = cv2.GaussianBlur(photo.image, (0, 0), SCANNER)
        yield Picture(photo.mask > 255 * least, luma(seen))


SCANNER = 0.7
"""Blur of a scan in pixels, so that profiles compare: real scans have edges of 2.0 px, untouched photographs of 1.6."""


def resized(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    share = SHORT / min(picture.shape[:2])
    size = round(picture.shape[1] * share), round(picture.shape[0] * share)
    return np.ascontiguousarray(
        cv2.resize(picture, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC)
    )


def drawn(name: str, count: int) -> list[Effect]:
    """The first so many times that presets draw an effect."""
    wanted = next(effect for effect in EFFECTS if effect.__name__ == name)
    found: list[Effect] = []
    for number in range(40 * count):
        for preset in DRAWN_FROM:
            found += [step for step in PRESETS[preset].sample(number, "defects").steps if isinstance(step, wanted)]
        if len(found) >= count:
            break
    return found[:count]


DRAWN_FROM = ("severe", "medium", "marks")

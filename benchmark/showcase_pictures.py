"""What an item looks like, small enough for a page: the whole, a part at twice its size, and what errors are left."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from benchmark.cases import Case
from degrade.types import Image, Mask

WIDTH = 320
"""Of a picture on the page, in pixels; small photos are not enlarged."""

LIMIT = 60_000
"""Bytes of a picture."""

GAP = 6
"""White lines between the whole and its part."""

FULL = 64
"""Levels of difference that the error map shows as white: the same for all, so that maps can be compared."""

FRAME = (255, 196, 0)

ANCHORS = ((0, 0, 4), (66, 20, 92), (176, 50, 78), (242, 130, 40), (252, 224, 120), (255, 255, 255))
"""From no error to `FULL`: as bright as the error is large, for eyes that see no colour too."""

Box = tuple[int, int, int, int]
"""Left, top, width and height."""


def reference(case: Case, task: str) -> Image | None:
    """What the output should have been: the clean photo, or the mask of the damage as a picture."""
    if task == "detect":
        return grey(case.mask)
    return case.clean


def grey(mask: Mask) -> Image:
    """A map as a picture."""
    return np.ascontiguousarray(np.repeat(mask[:, :, None], 3, axis=2))


def window(case: Case) -> Box:
    """The part to be looked at closely: where most of the mask is, or else where most was changed.

    Shown at twice its size it is as wide as the whole.
    """
    high, across = case.degraded.shape[:2]
    wide = max(1, min(WIDTH, across) // 2)
    tall = max(1, min(wide * 3 // 4, high))
    weight = case.mask.astype(np.float32)
    if not case.mask.any() and case.clean is not None:
        weight = cv2.absdiff(case.degraded, case.clean).mean(axis=2).astype(np.float32)
    sums = cv2.boxFilter(weight, -1, (wide, tall), normalize=False, borderType=cv2.BORDER_CONSTANT, anchor=(0, 0))
    inside = sums[: high - tall + 1, : across - wide + 1]
    top, left = np.unravel_index(int(np.argmax(inside)), inside.shape) if weight.any() else _middle(inside)
    return int(left), int(top), wide, tall


def _middle(inside: NDArray[np.float32]) -> tuple[int, int]:
    return (inside.shape[0] - 1) // 2, (inside.shape[1] - 1) // 2


def error_map(restored: Image, clean: Image) -> Image:
    """The mean difference over the channels, dark where there is none."""
    left = cv2.absdiff(restored, clean).mean(axis=2)
    share = np.minimum(left / FULL, 1) * (len(ANCHORS) - 1)
    places = np.arange(len(ANCHORS))
    channels = [np.interp(share, places, [anchor[channel] for anchor in ANCHORS]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=2)).astype(np.uint8)


def panel(image: Image, box: Box) -> Image:
    """The whole with the part framed, and below it the part at twice its size, its pixels left square."""
    high, across = image.shape[:2]
    wide = min(WIDTH, across) // 2 * 2 or 1
    share = wide / across
    whole = cv2.resize(image, (wide, max(1, round(high * share))), interpolation=cv2.INTER_AREA)
    left, top, box_wide, box_tall = box
    corner = (round(left * share), round(top * share))
    far = (round((left + box_wide) * share) - 1, round((top + box_tall) * share) - 1)
    cv2.rectangle(whole, corner, far, FRAME, 1)
    part = image[top : top + box_tall, left : left + box_wide]
    close = cv2.resize(part, (wide, 2 * box_tall), interpolation=cv2.INTER_NEAREST)
    return np.concatenate([whole, np.full((GAP, wide, 3), 255, np.uint8), close])


def webp(image: Image, limit: int = LIMIT) -> bytes:
    """The picture as WebP, as good as the limit allows; made smaller where even the least quality is too large."""
    picture = Pillow.fromarray(image)
    while True:
        for quality in (90, 80, 70, 55, 40):
            written = io.BytesIO()
            picture.save(written, "WEBP", quality=quality, method=4)
            if written.tell() <= limit:
                return written.getvalue()
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))

"""Draw the picture on the README's first screen: photos of scikit-image, what presets make of them, and the classes."""

import io
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow

from degrade.demo import shipped_photos
from degrade.io import write_bytes
from degrade.presets import PRESETS
from degrade.record import PALETTE
from degrade.sample import degraded_sample
from degrade.types import Image

COLUMNS = (
    ("astronaut", "albumen-1880", 4),
    ("camera", "gelatin-1930", 1),
    ("coffee", "chrome-1975", 3),
    ("chelsea", "severe", 2),
    ("rocket", "severe", 2),
)
"""Photo, preset and seed, chosen so that different damage is seen."""

SIDE, GAP = 256, 5


def square(photo: Image) -> Image:
    """The middle of a photo, with a margin cut off."""
    side = min(photo.shape[:2])
    top, left = (photo.shape[0] - side) // 2, (photo.shape[1] - side) // 2
    smaller: Image = cv2.resize(photo[top : top + side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return smaller


def main(path: Path) -> None:
    photos = shipped_photos()
    colours = np.frombuffer(PALETTE, np.uint8).reshape(-1, 3)
    sheet = np.full((3 * SIDE + 2 * GAP, len(COLUMNS) * (SIDE + GAP) - GAP, 3), 255, np.uint8)
    for column, (name, preset, seed) in enumerate(COLUMNS):
        sample = degraded_sample(PRESETS[preset], seed, name, square(photos[name]))
        opacity = np.sqrt(sample.mask / 255)[..., None]  # thin damage is shown thin
        classes = np.rint(colours[sample.labels] * opacity + colours[0] * (1 - opacity)).astype(np.uint8)
        for row, tile in enumerate((sample.clean, sample.degraded, classes)):
            top, left = row * (SIDE + GAP), column * (SIDE + GAP)
            sheet[top : top + SIDE, left : left + SIDE] = tile
    written = io.BytesIO()
    Pillow.fromarray(sheet).save(written, "WEBP", quality=82, method=6)
    write_bytes(path, written.getvalue())
    print(f"{path}: {len(written.getvalue()) // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Pictures to and from files: upright, RGB, 8 bits, whatever the file holds."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow


def read_rgba(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3), or (H, W, 4) where the file has transparency."""
    with Pillow.open(path) as picture:
        return np.asarray(picture.convert("RGBA" if "A" in picture.getbands() else "RGB"))

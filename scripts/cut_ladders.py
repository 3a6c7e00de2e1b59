"""Cut every effect's ladder into five rungs of equal SSIM loss, and write degrade/severities.json.

    python scripts/cut_ladders.py [EFFECT ...]

The photographs are four that ship inside scikit-image, 384 px on the shorter side, so that anybody gets the same file.
SSIM is Wang's (Gaussian window of sigma 1.5), the mean of red, green and blue, so that a loss of colour counts; its
loss is averaged over the photographs and over two seeds. Severity 5 is the ladder's end, severity 1 is where a fifth
of its loss is reached (or the ladder's start, where that loses more), and those between are at equal steps of loss. An
effect that makes any photo monochrome is measured on grey ones.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from degrade.effect import Effect
from degrade.effects import EFFECTS
from degrade.light import luma
from degrade.photo import Photo
from degrade.severity import on_ladder

SHORT = 384
POINTS = 17
SEEDS = (1, 2)
OUTPUT = Path(__file__).parent.parent / "degrade" / "severities.json"


def photographs() -> list[NDArray[np.uint8]]:
    pictures = []
    for picture in (data.astronaut(), data.coffee(), data.chelsea(), data.rocket()):
        scale = SHORT / min(picture.shape[:2])
        size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        pictures.append(cv2.resize(picture, size, interpolation=interpolation))
    return pictures


def ssim(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean structural similarity over the picture and its channels (Wang et al. 2004, eq. 13)."""
    x, y = one.astype(np.float32), other.astype(np.float32)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    value = (2 * mx * my + c1) * (2 * cov + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return float(value[5:-5, 5:-5].mean())


def losses(effect: type[Effect], pictures: list[NDArray[np.uint8]]) -> NDArray[np.float64]:
    """The mean SSIM loss at equal steps along the ladder."""
    curve = []
    for share in np.linspace(0, 1, POINTS):
        lost = []
        for number, picture in enumerate(pictures):
            for seed in SEEDS:
                photo = on_ladder(effect, float(share), 10 * seed + number, SHORT).apply(Photo.of(picture))
                lost.append(1 - ssim(photo.image, photo.clean))
        curve.append(float(np.mean(lost)))
    return np.array(curve)


def cut(effect: type[Effect], pictures: list[NDArray[np.uint8]]) -> dict[str, list[float]]:
    if on_ladder(effect, 0.0).apply(Photo.of(pictures[0])).monochrome:
        pictures = [np.repeat(luma(picture)[..., None], 3, axis=2) for picture in pictures]
    curve = losses(effect, pictures)
    rising = np.maximum.accumulate(curve) + np.arange(POINTS) * 1e-9
    targets = np.linspace(max(rising[0], rising[-1] / 5), rising[-1], 5)
    rungs = np.interp(targets, rising, np.linspace(0, 1, POINTS))
    flaw = "  <-- its low end is high" if rising[0] > rising[-1] / 5 else ""
    dips = float(np.max(np.maximum.accumulate(curve) - curve))
    flaw += f"  <-- dips by {dips:.3f}" if dips > 0.1 * rising[-1] else ""
    print(f"{effect.__name__:20s} loss {curve[0]:.3f} to {curve[-1]:.3f}  rungs {np.round(rungs, 3)}{flaw}", flush=True)
    return {
        "rungs": [round(float(rung), 4) for rung in rungs],
        "ssim_loss": [round(float(np.interp(rung, np.linspace(0, 1, POINTS), rising)), 4) for rung in rungs],
    }


def main(names: list[str]) -> None:
    pictures = photographs()
    known = json.loads(OUTPUT.read_text("utf-8"))["effects"] if OUTPUT.exists() else {}
    table = {}
    for effect in EFFECTS:
        wanted = not names or effect.__name__ in names or effect.__name__ not in known
        table[effect.__name__] = cut(effect, pictures) if wanted else known[effect.__name__]
    about = "how far up its ladder each severity of an effect lies; made by scripts/cut_ladders.py"
    lines = ",\n".join(f'    "{name}": {json.dumps(each)}' for name, each in sorted(table.items()))
    OUTPUT.write_text(f'{{\n  "about": "{about}",\n  "effects": {{\n{lines}\n  }}\n}}\n', "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""A clean and a restored picture, a hole in them, and the value that a metric has of such a pair."""

import cv2
import numpy as np
from charts import chart
from numpy.typing import NDArray

from benchmark.metrics import METRICS
from degrade.types import Image, Mask

Doubles = NDArray[np.float64]


def noisy(picture: Image, sigma: float, seed: int = 1) -> Image:
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


CLEAN = chart(97, 120)
RESTORED = noisy(cv2.GaussianBlur(CLEAN, (0, 0), 1.2), 9)

HOLE = np.zeros((97, 120), np.uint8)
HOLE[30:60, 20:25] = 255
HOLE[70:90, 60:100] = 90


def value(name: str, restored: Image, clean: Image, mask: Mask | None = None, region: str = "whole") -> float:
    return METRICS[name].score(restored, clean, mask)[region]


def luma(picture: Image) -> Doubles:
    return picture.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
